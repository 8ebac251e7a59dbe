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

// joining answers those who become members and show that their address is theirs.
type joining struct {
	register *app.Register
	verify   *app.VerifyEmail
	request  *app.RequestVerification
	change   *app.RequestEmailChange
	confirm  *app.ConfirmEmailChange
}

// NewJoiningRoutes returns the routes of those who become members and show that their address is theirs.
func NewJoiningRoutes(
	register *app.Register, verify *app.VerifyEmail, request *app.RequestVerification, change *app.RequestEmailChange,
	confirm *app.ConfirmEmailChange,
) httpserver.Routes {
	j := &joining{register: register, verify: verify, request: request, change: change, confirm: confirm}
	return httpserver.Routes{Name: "profiles: joining", Register: j.routes}
}

func (j *joining) routes(routes huma.API, _ chi.Router) {
	huma.Register(routes, httpserver.Public(huma.Operation{
		OperationID: "register",
		Method:      http.MethodPost,
		Path:        members,
		Summary:     "Register",
		Description: "Makes an account and sends a letter with a link that verifies the address. The answer is the same " +
			"whether or not an account has the address already; its owner is told by e-mail.",
		Tags:          []string{tagAccount},
		DefaultStatus: http.StatusAccepted,
		Errors:        []int{http.StatusForbidden, http.StatusConflict, http.StatusUnprocessableEntity},
	}), j.doRegister)
	huma.Register(routes, httpserver.Public(huma.Operation{
		OperationID: "verify-email",
		Method:      http.MethodPost,
		Path:        root + "/email-verifications/confirm",
		Summary:     "Show that an e-mail address is yours",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}), j.doVerify)
	huma.Register(routes, httpserver.Public(huma.Operation{
		OperationID: "request-verification",
		Method:      http.MethodPost,
		Path:        root + "/email-verifications",
		Summary:     "Ask for the verifying letter again",
		Description: "Sends a letter with a link to an address that was registered and is not verified, and one that says why " +
			"not to any other. The answer is the same for every address. The link of the letter before no longer works.",
		Tags:          []string{tagAccount},
		DefaultStatus: http.StatusAccepted,
		Errors:        []int{http.StatusUnprocessableEntity},
	}), j.doRequest)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID:   "change-email",
		Method:        http.MethodPost,
		Path:          me + "/email-changes",
		Summary:       "Change your e-mail address",
		Description:   "Sends a letter with a link to the new address; the change is made when that is confirmed.",
		Tags:          []string{tagAccount},
		DefaultStatus: http.StatusAccepted,
		Errors:        []int{http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}, profilesapi.ManageAccount), j.doChange)
	huma.Register(routes, httpserver.Public(huma.Operation{
		OperationID: "confirm-email-change",
		Method:      http.MethodPost,
		Path:        root + "/email-changes/confirm",
		Summary:     "Confirm a new e-mail address",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}), j.doConfirm)
}

// Registration is the body of a registration.
type Registration struct {
	Email      string `json:"email" maxLength:"1000" doc:"An address at which letters reach you."`
	Handle     string `json:"handle" maxLength:"200" example:"ada" doc:"How others know you, for life: 3 to 30 of a-z, 0-9, _ and -, beginning with a letter."`
	Password   string `json:"password" maxLength:"2000" doc:"10 to 256 characters."`
	Invitation string `json:"invitation,omitempty" maxLength:"1000" doc:"From the link of an invitation, where one is needed."`
}

type registerInput struct {
	httpserver.Repeatable
	Body Registration
}

// LetterSent answers what goes on by e-mail.
type LetterSent struct {
	Message string `json:"message" doc:"What to do next, for people."`
}

type letterOutput struct {
	Body LetterSent
}

func letterSent(message string) *letterOutput {
	return &letterOutput{Body: LetterSent{Message: message}}
}

func (j *joining) doRegister(ctx context.Context, in *registerInput) (*letterOutput, error) {
	err := j.register.Do(ctx, app.RegisterCommand{
		Email:      in.Body.Email,
		Handle:     in.Body.Handle,
		Password:   in.Body.Password,
		Invitation: in.Body.Invitation,
		Client:     browser.Client(ctx),
		Key:        in.IdempotencyKey,
	})
	if err != nil {
		return nil, err
	}
	return letterSent("A letter is on its way to this address. Go on with the link in it."), nil
}

type tokenInput struct {
	Body MailedToken
}

func (j *joining) doVerify(ctx context.Context, in *tokenInput) (*struct{}, error) {
	return nil, j.verify.Do(ctx, app.VerifyEmailCommand{Token: in.Body.Token})
}

func (j *joining) doRequest(ctx context.Context, in *addressInput) (*letterOutput, error) {
	defer httpserver.Even(ctx, time.Now())
	err := j.request.Do(ctx, app.RequestVerificationCommand{Email: in.Body.Email, Client: browser.Client(ctx)})
	if err != nil {
		return nil, err
	}
	return letterSent("A letter is on its way to this address. Go on with the link in it, within a day."), nil
}

// EmailChange is the body that asks for another address.
type EmailChange struct {
	Email    string `json:"email" maxLength:"1000" doc:"The new address."`
	Password string `json:"password" maxLength:"2000" doc:"Your password."`
}

type emailChangeInput struct {
	Body EmailChange
}

func (j *joining) doChange(ctx context.Context, in *emailChangeInput) (*letterOutput, error) {
	err := j.change.Do(ctx, app.RequestEmailChangeCommand{
		By:       identity.From(ctx),
		NewEmail: in.Body.Email,
		Password: in.Body.Password,
		Client:   browser.Client(ctx),
	})
	if err != nil {
		return nil, err
	}
	return letterSent("A letter is on its way to the new address. The change is made with the link in it."), nil
}

func (j *joining) doConfirm(ctx context.Context, in *tokenInput) (*struct{}, error) {
	return nil, j.confirm.Do(ctx, app.ConfirmEmailChangeCommand{Token: in.Body.Token})
}
