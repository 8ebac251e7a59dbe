package httpserver

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// SessionCookie is the base name of the cookie with the session; see NewCookie for the whole one.
const SessionCookie = "gavel"

// NewCookie returns a cookie for the browser whose request ctx belongs to. Where the site is reached by https, its name
// begins with __Host- and it is Secure; browsers drop both over plain http. It is HttpOnly and SameSite=Lax, and lives
// for maxAge; 0 removes it.
func NewCookie(ctx context.Context, name, value string, maxAge time.Duration) http.Cookie {
	c := http.Cookie{
		Name:     cookieName(ctx, name),
		Value:    value,
		Path:     "/",
		MaxAge:   int(maxAge.Seconds()),
		Secure:   exchangeOf(ctx).https,
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
	}
	if maxAge <= 0 {
		c.MaxAge, c.Value = -1, ""
	}
	return c
}

// CookieValue returns the value of the cookie that NewCookie made under the name; empty without one.
func CookieValue(ctx context.Context, name string) string {
	r := exchangeOf(ctx).request
	if r == nil {
		return ""
	}
	c, err := r.Cookie(cookieName(ctx, name))
	if err != nil {
		return ""
	}
	return c.Value
}

// UserAgent returns what the client calls itself, at most 256 bytes of it; empty outside a request.
func UserAgent(ctx context.Context) string {
	r := exchangeOf(ctx).request
	if r == nil {
		return ""
	}
	agent := r.UserAgent()
	return strings.ToValidUTF8(agent[:min(len(agent), 256)], "") // the cut may be in the middle of a character
}

func cookieName(ctx context.Context, name string) string {
	if exchangeOf(ctx).https {
		return "__Host-" + name
	}
	return name
}
