package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// tokens answers members about what their programs sign in with.
type tokens struct {
	views  app.Views
	create *app.CreateToken
	revoke *app.RevokeToken
}

// NewTokenRoutes returns the routes of API tokens.
func NewTokenRoutes(views app.Views, create *app.CreateToken, revoke *app.RevokeToken) httpserver.Routes {
	t := &tokens{views: views, create: create, revoke: revoke}
	return httpserver.Routes{Name: "profiles: tokens", Register: t.routes}
}

func (t *tokens) routes(routes huma.API, _ chi.Router) {
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "list-tokens",
		Method:      http.MethodGet,
		Path:        me + "/tokens",
		Summary:     "List your API tokens",
		Description: "Lists them, the newest first, without their texts.",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusBadRequest, http.StatusUnprocessableEntity},
	}, profilesapi.ManageAccount), t.list)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID:   "create-token",
		Method:        http.MethodPost,
		Path:          me + "/tokens",
		Summary:       "Make an API token",
		Description:   "The answer is the only place where the token's text is ever shown; a repeated request is answered without it.",
		Tags:          []string{tagAccount},
		DefaultStatus: http.StatusCreated,
		Errors:        []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}, profilesapi.ManageAccount), t.doCreate)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "list-token-scopes",
		Method:      http.MethodGet,
		Path:        me + "/token-scopes",
		Summary:     "List the scopes that your tokens can have",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusUnauthorized},
	}, profilesapi.ManageAccount), t.scopes)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "revoke-token",
		Method:      http.MethodDelete,
		Path:        me + "/tokens/{id}",
		Summary:     "Revoke an API token",
		Description: "It is refused from now on.",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, profilesapi.ManageAccount), t.doRevoke)
}

// Token is what a program signs in with.
type Token struct {
	ID        uuid.UUID           `json:"id" format:"uuid"`
	Name      string              `json:"name"`
	Scopes    []string            `json:"scopes" doc:"Names of permissions."`
	CreatedAt httpserver.Instant  `json:"created_at"`
	ExpiresAt *httpserver.Instant `json:"expires_at,omitempty" doc:"Absent for never."`
	SeenAt    *httpserver.Instant `json:"seen_at,omitempty" doc:"The last use, to a few minutes; absent before the first."`
}

func tokenOf(r app.TokenRecord) Token {
	return Token{
		ID:        r.ID,
		Name:      r.Name,
		Scopes:    append([]string{}, r.Scopes...),
		CreatedAt: httpserver.Instant(r.CreatedAt),
		ExpiresAt: httpserver.SomeInstant(r.ExpiresAt),
		SeenAt:    httpserver.SomeInstant(r.SeenAt),
	}
}

type tokensInput struct {
	httpserver.ListQuery
}

type tokensOutput struct {
	Body httpserver.List[Token]
}

func (t *tokens) list(ctx context.Context, in *tokensInput) (*tokensOutput, error) {
	found, err := t.views.Tokens(ctx, identity.From(ctx).ID, in.Page())
	if err != nil {
		return nil, err
	}
	return &tokensOutput{Body: httpserver.ListOf(found, tokenOf)}, nil
}

// NewToken is the body that makes a token.
type NewToken struct {
	Name      string    `json:"name" maxLength:"1000" doc:"For you to know it by: 1 to 60 characters in one line."`
	Scopes    []string  `json:"scopes" maxItems:"1000" doc:"What it may do: names of permissions, of those that your roles allow."`
	ExpiresAt time.Time `json:"expires_at,omitempty" required:"false" doc:"When it ends; absent for never."`
}

type newTokenInput struct {
	httpserver.Repeatable
	Body NewToken
}

// CreatedToken is a token that was just made.
type CreatedToken struct {
	Token
	Text string `json:"text,omitempty" doc:"What the program sends as a bearer token. Keep it: it is shown this once, and absent when the request was repeated."`
}

type createdTokenOutput struct {
	Location     string `header:"Location" doc:"What to delete to revoke it."`
	CacheControl string `header:"Cache-Control"`
	Body         CreatedToken
}

func (t *tokens) doCreate(ctx context.Context, in *newTokenInput) (*createdTokenOutput, error) {
	created, err := t.create.Do(ctx, app.CreateTokenCommand{
		By:        identity.From(ctx),
		Name:      in.Body.Name,
		Scopes:    in.Body.Scopes,
		ExpiresAt: in.Body.ExpiresAt,
		Key:       in.IdempotencyKey,
	})
	if err != nil {
		return nil, err
	}
	return &createdTokenOutput{
		Location:     me + "/tokens/" + created.Token.ID.String(),
		CacheControl: noStore,
		Body:         CreatedToken{Token: tokenOf(created.Token), Text: created.Text},
	}, nil
}

// Scope is something that a token can be made for.
type Scope struct {
	Name  string `json:"name" example:"listings.bid"`
	About string `json:"about" doc:"Completes the sentence: allows to."`
}

type scopesOutput struct {
	Body httpserver.List[Scope]
}

func (t *tokens) scopes(ctx context.Context, _ *struct{}) (*scopesOutput, error) {
	list := httpserver.List[Scope]{Items: []Scope{}}
	for _, p := range t.create.Scopes(identity.From(ctx)) {
		list.Items = append(list.Items, Scope{Name: p.Name(), About: p.About()})
	}
	return &scopesOutput{Body: list}, nil
}

type tokenPath struct {
	ID uuid.UUID `path:"id" format:"uuid" doc:"The token."`
}

func (t *tokens) doRevoke(ctx context.Context, in *tokenPath) (*struct{}, error) {
	return nil, t.revoke.Do(ctx, app.RevokeTokenCommand{By: identity.From(ctx), Token: in.ID})
}
