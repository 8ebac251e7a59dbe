package httpserver

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gavelhq/gavel/platform/identity"
)

// authenticate finds out who makes a request and puts the caller into its context. A bearer token counts before the
// session's cookie: who sends one means it. One that is not valid is refused at every address, public ones too, because
// a program must learn that its token has ended; a cookie that is not valid is taken away, and its browser is a guest.
// It asks only about what is shown, and never for probes and metrics, which have a token of their own.
func (s *Server) authenticate(next http.Handler) http.Handler {
	if s.authenticator == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isProbe(r) || r.URL.Path == metricsPath {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Vary", "Authorization, Cookie") // no cache may give one caller's answer to another
		ctx := r.Context()
		shown, err := credential(r)
		if err != nil {
			WriteError(w, r, err)
			return
		}
		if shown.Secret == "" {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-store") // unless the handler knows better
		caller, err := s.authenticator.Authenticate(ctx, shown)
		switch {
		case errors.Is(err, identity.ErrInvalidCredential) && !shown.Token:
			forgetSession(ctx, w)
		case err != nil:
			WriteError(w, r, err) // also when a store fails: who may be a member is never taken for a guest
			return
		}
		next.ServeHTTP(w, r.WithContext(identity.With(ctx, caller)))
	})
}

// credential returns what r shows, nothing where it shows nothing. Errors: identity.ErrInvalidCredential for an
// Authorization that is no bearer token.
func credential(r *http.Request) (identity.Credential, error) {
	switch shown := r.Header.Values("Authorization"); len(shown) {
	case 0:
		return identity.Credential{Secret: CookieValue(r.Context(), SessionCookie)}, nil
	case 1:
		scheme, token, _ := strings.Cut(shown[0], " ")
		token = strings.TrimLeft(token, " ")
		if !strings.EqualFold(scheme, "Bearer") || token == "" || strings.ContainsAny(token, " \t,") {
			return identity.Credential{}, identity.ErrInvalidCredential
		}
		return identity.Credential{Secret: token, Token: true}, nil
	default:
		return identity.Credential{}, identity.ErrInvalidCredential
	}
}

// forgetSession takes the session's cookie away with the answer, unless the answer sets a new one.
func forgetSession(ctx context.Context, rw http.ResponseWriter) {
	gone := NewCookie(ctx, SessionCookie, "", 0)
	rw.(*responseWriter).beforeCommit = func(h http.Header) {
		for _, set := range h.Values("Set-Cookie") {
			if strings.HasPrefix(set, gone.Name+"=") {
				return
			}
		}
		h.Add("Set-Cookie", gone.String())
	}
}
