// Package web serves the few pages that letters, invitations and the setup link lead to, so that people need no program
// to follow them. They work without scripts. Opening a page changes nothing, because programs that look for bad links open
// every one: what a token is good for is done when its form is sent. The setup link alone is bound by being opened, to the
// browser that does so first.
package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// UseCases are what the pages ask for.
type UseCases struct {
	Views         app.Views
	Register      *app.Register
	VerifyEmail   *app.VerifyEmail
	VerifyAgain   *app.RequestVerification
	ResetPassword *app.ResetPassword
	ConfirmEmail  *app.ConfirmEmailChange
	SignIn        *app.SignIn
	SignOut       *app.SignOut
	Setup         *app.Setup
	Unsubscribe   *app.Unsubscribe
}

// site answers the requests.
type site struct {
	name string
	UseCases
}

// NewRoutes returns the routes of the pages of the site of that name.
func NewRoutes(name string, u UseCases) httpserver.Routes {
	return httpserver.Routes{
		Name: "profiles: pages", Register: (&site{name: name, UseCases: u}).routes,
		// The token in it is all that it is good for, and mail programs in browsers send it from where they are.
		FromAnywhere: []string{"POST /unsubscribe"},
	}
}

func (s *site) routes(_ huma.API, router chi.Router) {
	router.Get("/setup", s.openSetup)
	router.Post("/setup", s.sent(s.setUp))
	router.Get("/verify", s.askVerify)
	router.Post("/verify", s.sent(s.verify))
	router.Get("/verify-again", s.askVerifyAgain)
	router.Post("/verify-again", s.sent(s.verifyAgain))
	router.Get("/reset", s.askReset)
	router.Post("/reset", s.sent(s.reset))
	router.Get("/change-email", s.askChange)
	router.Post("/change-email", s.sent(s.change))
	router.Get("/register", s.askRegister)
	router.Post("/register", s.sent(s.register))
	router.Get("/sign-in", s.askSignIn)
	router.Post("/sign-in", s.sent(s.signIn))
	router.Get("/account", s.account)
	router.Post("/sign-out", s.sent(s.signOut))
	router.Get("/unsubscribe", s.askUnsubscribe)
	router.Post("/unsubscribe", s.sent(s.unsubscribe))
}

// maxForm is the longest form, in bytes.
const maxForm = 16 << 10

// sent reads the form before the handler, and refuses one that is too long or no text.
func (s *site) sent(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		err := r.ParseForm()
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			httpserver.WriteError(w, r, err)
		case err != nil, !isText(r.PostForm):
			httpserver.WriteError(w, r, httpserver.ErrMalformedForm)
		default:
			next(w, r)
		}
	}
}

// isText reports whether everything in the form is UTF-8 without NUL.
func isText(form url.Values) bool {
	for _, values := range form {
		all := strings.Join(values, "")
		if !utf8.ValidString(all) || strings.ContainsRune(all, 0) {
			return false
		}
	}
	return true
}

// goTo answers a form: the browser reads another page, which can be read again without sending the form again.
func goTo(w http.ResponseWriter, r *http.Request, path string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "strict-origin")
	http.Redirect(w, r, path, http.StatusSeeOther)
}

func setCookies(w http.ResponseWriter, cookies []http.Cookie) {
	for i := range cookies {
		http.SetCookie(w, &cookies[i])
	}
}
