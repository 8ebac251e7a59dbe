package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/browser"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// passwords answers those who want another password, and whoever sets the house up.
type passwords struct {
	views   app.Views
	request *app.RequestPasswordReset
	reset   *app.ResetPassword
	change  *app.ChangePassword
	setup   *app.Setup
}

// NewPasswordRoutes returns the routes of those who want another password, and of whoever sets the house up.
func NewPasswordRoutes(
	views app.Views, request *app.RequestPasswordReset, reset *app.ResetPassword, change *app.ChangePassword, setup *app.Setup,
) httpserver.Routes {
	p := &passwords{views: views, request: request, reset: reset, change: change, setup: setup}
	return httpserver.Routes{Name: "profiles: passwords", Register: p.routes}
}

func (p *passwords) routes(routes huma.API, _ chi.Router) {
	huma.Register(routes, httpserver.Public(huma.Operation{
		OperationID:   "request-password-reset",
		Method:        http.MethodPost,
		Path:          root + "/password-resets",
		Summary:       "Ask for a new password",
		Description:   "Sends a letter with a link that sets a new password. The answer is the same whether or not there is an account.",
		Tags:          []string{tagAccount},
		DefaultStatus: http.StatusAccepted,
		Errors:        []int{http.StatusUnprocessableEntity},
	}), p.doRequest)
	huma.Register(routes, httpserver.Public(huma.Operation{
		OperationID: "reset-password",
		Method:      http.MethodPost,
		Path:        root + "/password-resets/confirm",
		Summary:     "Set a new password by a mailed link",
		Description: "Sets the password, ends all sessions and signs this browser in.",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusForbidden, http.StatusConflict, http.StatusUnprocessableEntity},
	}), p.doReset)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "change-password",
		Method:      http.MethodPost,
		Path:        me + "/password",
		Summary:     "Change your password",
		Description: "Ends all your other sessions.",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}, profilesapi.ManageAccount), p.doChange)
	huma.Register(routes, httpserver.Public(huma.Operation{
		OperationID:   "set-up",
		Method:        http.MethodPost,
		Path:          root + "/setup",
		Summary:       "Make the first admin",
		Description:   "For whoever has opened the setup link that the server printed at its start, in the browser that opened it.",
		Tags:          []string{tagAdministration},
		DefaultStatus: http.StatusCreated,
		Errors:        []int{http.StatusForbidden, http.StatusConflict, http.StatusUnprocessableEntity},
	}), p.doSetup)
}

// Address is the body that asks for a letter.
type Address struct {
	Email string `json:"email" maxLength:"1000"`
}

type addressInput struct {
	Body Address
}

func (p *passwords) doRequest(ctx context.Context, in *addressInput) (*letterOutput, error) {
	defer httpserver.Even(ctx, time.Now())
	err := p.request.Do(ctx, app.RequestPasswordResetCommand{Email: in.Body.Email, Client: browser.Client(ctx)})
	if err != nil {
		return nil, err
	}
	return letterSent("A letter is on its way to this address. Go on with the link in it, within 30 minutes."), nil
}

// PasswordReset is the body that sets a new password.
type PasswordReset struct {
	Token    string `json:"token" maxLength:"1000" doc:"From the link in the letter."`
	Password string `json:"password" maxLength:"2000" doc:"The new one: 10 to 256 characters."`
}

type resetInput struct {
	Body PasswordReset
}

func (p *passwords) doReset(ctx context.Context, in *resetInput) (*signedInOutput, error) {
	signedIn, err := p.reset.Do(ctx, app.ResetPasswordCommand{
		Token: in.Body.Token, Password: in.Body.Password, Client: browser.Client(ctx),
	})
	if err != nil {
		return nil, err
	}
	return respondSignedIn(ctx, p.views, signedIn, browser.SignIn(ctx, signedIn))
}

// PasswordChange is the body that changes a password.
type PasswordChange struct {
	Password    string `json:"password" maxLength:"2000" doc:"Your present one."`
	NewPassword string `json:"new_password" maxLength:"2000" doc:"10 to 256 characters."`
}

type changeInput struct {
	Body PasswordChange
}

func (p *passwords) doChange(ctx context.Context, in *changeInput) (*struct{}, error) {
	return nil, p.change.Do(ctx, app.ChangePasswordCommand{
		By: identity.From(ctx), Old: in.Body.Password, New: in.Body.NewPassword, Client: browser.Client(ctx),
	})
}

// FirstAdmin is the body that sets the house up.
type FirstAdmin struct {
	Token    string `json:"token" maxLength:"1000" doc:"From the setup link."`
	Email    string `json:"email" maxLength:"1000" doc:"Your address. It counts as verified."`
	Handle   string `json:"handle" maxLength:"200" doc:"How others know you, for life: 3 to 30 of a-z, 0-9, _ and -, beginning with a letter."`
	Password string `json:"password" maxLength:"2000" doc:"10 to 256 characters."`
}

type setupInput struct {
	Body FirstAdmin
}

func (p *passwords) doSetup(ctx context.Context, in *setupInput) (*signedInOutput, error) {
	signedIn, err := p.setup.Do(ctx, app.SetupCommand{
		Token:    in.Body.Token,
		Browser:  browser.Setup(ctx),
		Email:    in.Body.Email,
		Handle:   in.Body.Handle,
		Password: in.Body.Password,
		Client:   browser.Client(ctx),
	})
	if err != nil {
		return nil, err
	}
	return respondSignedIn(ctx, p.views, signedIn, browser.EndSetup(ctx, signedIn))
}
