package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/browser"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// sessions answers those who come and go.
type sessions struct {
	views        app.Views
	signIn       *app.SignIn
	signOut      *app.SignOut
	revoke       *app.RevokeSession
	revokeOthers *app.RevokeOtherSessions
	clock        clock.Clock
}

// NewSessionRoutes returns the routes of those who come and go.
func NewSessionRoutes(
	views app.Views, signIn *app.SignIn, signOut *app.SignOut, revoke *app.RevokeSession,
	revokeOthers *app.RevokeOtherSessions, c clock.Clock,
) httpserver.Routes {
	s := &sessions{views: views, signIn: signIn, signOut: signOut, revoke: revoke, revokeOthers: revokeOthers, clock: c}
	return httpserver.Routes{Name: "profiles: sessions", Register: s.routes}
}

func (s *sessions) routes(routes huma.API, _ chi.Router) {
	huma.Register(routes, httpserver.Public(huma.Operation{
		OperationID:   "sign-in",
		Method:        http.MethodPost,
		Path:          root + "/sessions",
		Summary:       "Sign in",
		Description:   "Sets the cookies of a new session. Each failure beyond a few makes the next attempt wait longer.",
		Tags:          []string{tagAccount},
		DefaultStatus: http.StatusCreated,
		Errors:        []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}), s.doSignIn)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "sign-out",
		Method:      http.MethodDelete,
		Path:        root + "/sessions/current",
		Summary:     "Sign out",
		Description: "Ends the session and takes its cookie away.",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusUnauthorized},
	}, profilesapi.ManageAccount), s.doSignOut)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "list-sessions",
		Method:      http.MethodGet,
		Path:        me + "/sessions",
		Summary:     "List your sessions",
		Description: "Lists the browsers that are signed in, the newest first.",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusBadRequest, http.StatusUnprocessableEntity},
	}, profilesapi.ManageAccount), s.list)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "revoke-session",
		Method:      http.MethodDelete,
		Path:        me + "/sessions/{id}",
		Summary:     "End one of your sessions",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, profilesapi.ManageAccount), s.doRevoke)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "revoke-other-sessions",
		Method:      http.MethodDelete,
		Path:        me + "/sessions",
		Summary:     "End all your other sessions",
		Description: "All but the one that asks.",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusUnauthorized},
	}, profilesapi.ManageAccount), s.doRevokeOthers)
}

// SignIn is the body of a sign-in.
type SignIn struct {
	Email    string `json:"email" maxLength:"1000"`
	Password string `json:"password" maxLength:"2000"`
}

type signInInput struct {
	Body SignIn
}

// NewSession says who has signed in. The session itself is in the cookie.
type NewSession struct {
	Member    Member             `json:"member"`
	ExpiresAt httpserver.Instant `json:"expires_at" doc:"When the session ends at the latest. A day without a request ends it, too."`
}

type signedInOutput struct {
	Location     string        `header:"Location" doc:"Where the member's sessions are."`
	SetCookie    []http.Cookie `header:"Set-Cookie"`
	CacheControl string        `header:"Cache-Control"`
	Body         NewSession
}

func (s *sessions) doSignIn(ctx context.Context, in *signInInput) (*signedInOutput, error) {
	signedIn, err := s.signIn.Do(ctx, app.SignInCommand{Email: in.Body.Email, Password: in.Body.Password, Client: browser.Client(ctx)})
	if err != nil {
		return nil, err
	}
	return respondSignedIn(ctx, s.views, signedIn, browser.SignIn(ctx, signedIn))
}

// respondSignedIn answers with who has signed in, and signs the browser in. Errors: what the store reports.
func respondSignedIn(ctx context.Context, views app.Views, s app.SignedIn, cookies []http.Cookie) (*signedInOutput, error) {
	member, err := views.Member(ctx, s.Account)
	if err != nil {
		return nil, err
	}
	return &signedInOutput{
		Location:     me + "/sessions",
		SetCookie:    cookies,
		CacheControl: noStore,
		Body:         NewSession{Member: memberOf(member), ExpiresAt: httpserver.Instant(s.ExpiresAt)},
	}, nil
}

type signedOutOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

func (s *sessions) doSignOut(ctx context.Context, _ *struct{}) (*signedOutOutput, error) {
	if err := s.signOut.Do(ctx, app.SignOutCommand{By: identity.From(ctx)}); err != nil {
		return nil, err
	}
	return &signedOutOutput{SetCookie: browser.SignOut(ctx)}, nil
}

// Session is a browser that is signed in.
type Session struct {
	ID        uuid.UUID          `json:"id" format:"uuid"`
	Current   bool               `json:"current" doc:"It is the one that asks."`
	CreatedAt httpserver.Instant `json:"created_at" doc:"The sign-in."`
	SeenAt    httpserver.Instant `json:"seen_at" doc:"The last request, to a few minutes."`
	ExpiresAt httpserver.Instant `json:"expires_at" doc:"When it ends if no further request comes."`
	Client    string             `json:"client" doc:"The network that signed in."`
	UserAgent string             `json:"user_agent" doc:"What the browser called itself."`
}

type sessionsInput struct {
	httpserver.ListQuery
}

type sessionsOutput struct {
	Body httpserver.List[Session]
}

func (s *sessions) list(ctx context.Context, in *sessionsInput) (*sessionsOutput, error) {
	caller := identity.From(ctx)
	found, err := s.views.Sessions(ctx, caller.ID, s.clock.Now(), in.Page())
	if err != nil {
		return nil, err
	}
	return &sessionsOutput{Body: httpserver.ListOf(found, func(r app.SessionRecord) Session {
		return Session{
			ID:        r.ID,
			Current:   r.ID == caller.Credential,
			CreatedAt: httpserver.Instant(r.CreatedAt),
			SeenAt:    httpserver.Instant(r.SeenAt),
			ExpiresAt: httpserver.Instant(r.ExpiresAt),
			Client:    r.Client,
			UserAgent: r.UserAgent,
		}
	})}, nil
}

type sessionInput struct {
	ID uuid.UUID `path:"id" format:"uuid" doc:"The session."`
}

func (s *sessions) doRevoke(ctx context.Context, in *sessionInput) (*struct{}, error) {
	return nil, s.revoke.Do(ctx, app.RevokeSessionCommand{By: identity.From(ctx), Session: in.ID})
}

func (s *sessions) doRevokeOthers(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, s.revokeOthers.Do(ctx, app.RevokeOtherSessionsCommand{By: identity.From(ctx)})
}
