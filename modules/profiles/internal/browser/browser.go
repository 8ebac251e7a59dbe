// Package browser is what the API and the pages both know of browsers: the cookies of a sign-in, and who shows them.
package browser

import (
	"context"
	"net/http"
	"time"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// The base names of cookies beside the session's; see httpserver.NewCookie for the whole ones.
const (
	// DeviceCookie lets a browser be known again: strangers who guess passwords elsewhere do not delay it.
	DeviceCookie = "gavel-device"
	// SetupCookie binds the setup link to the browser that opened it first.
	SetupCookie = "gavel-setup"
)

// setupLifetime is as long as a setup link is good.
const setupLifetime = 30 * time.Minute

// Client returns who makes the request that ctx belongs to.
func Client(ctx context.Context) domain.Client {
	return domain.Client{
		Network:   httpserver.ClientNetwork(ctx),
		UserAgent: httpserver.UserAgent(ctx),
		Device:    httpserver.CookieValue(ctx, DeviceCookie),
	}
}

// SignIn returns the cookies that sign the browser in. They outlive the session's idle time, which the server keeps.
func SignIn(ctx context.Context, s app.SignedIn) []http.Cookie {
	return []http.Cookie{
		httpserver.NewCookie(ctx, httpserver.SessionCookie, s.Session, domain.SessionAbsolute),
		httpserver.NewCookie(ctx, DeviceCookie, s.Device, domain.DeviceLifetime),
	}
}

// SignOut returns the cookies that sign the browser out. It stays known.
func SignOut(ctx context.Context) []http.Cookie {
	return []http.Cookie{httpserver.NewCookie(ctx, httpserver.SessionCookie, "", 0)}
}

// BindSetup returns the cookie that binds the setup link to this browser.
func BindSetup(ctx context.Context, value string) http.Cookie {
	return httpserver.NewCookie(ctx, SetupCookie, value, setupLifetime)
}

// EndSetup returns the cookies of a browser that has set the house up and is signed in.
func EndSetup(ctx context.Context, s app.SignedIn) []http.Cookie {
	return append(SignIn(ctx, s), httpserver.NewCookie(ctx, SetupCookie, "", 0))
}

// Setup returns what binds a setup link to the browser that makes the request; empty without.
func Setup(ctx context.Context) string { return httpserver.CookieValue(ctx, SetupCookie) }
