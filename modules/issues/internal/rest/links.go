package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// registerLinks registers how a visitor gets his links again.
func (a *api) registerLinks(routes huma.API) {
	huma.Register(routes, httpserver.Public(huma.Operation{
		OperationID: "request-issue-link",
		Method:      http.MethodPost,
		Path:        "/api/v1/issue-links",
		Summary:     "Ask for another link to your issues",
		Description: "Mails to the address another link to each of the newest five issues that were reported from it without an account, " +
			"are confirmed, and are open or ended in the last 30 days; or a letter that there are none. The newest ten links to an issue are good. The answer is the same for every address.",
		Tags:          []string{tag},
		DefaultStatus: http.StatusAccepted,
		Errors:        []int{http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}), a.requestLink)
}

// LinkRequestBody names an address.
type LinkRequestBody struct {
	Email string `json:"email" maxLength:"1000" doc:"The address that you gave when you reported."`
}

type linkRequestInput struct {
	Body LinkRequestBody
}

type letterSentOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         LetterSent
}

func (a *api) requestLink(ctx context.Context, in *linkRequestInput) (*letterSentOutput, error) {
	defer httpserver.Even(ctx, time.Now())
	err := a.RequestIssueLink.Do(ctx, app.RequestIssueLinkCommand{Email: in.Body.Email, Network: httpserver.ClientNetwork(ctx)})
	if err != nil {
		return nil, err
	}
	return &letterSentOutput{CacheControl: noStore, Body: LetterSent{
		Message: "A letter is on its way to this address. Go on with the links in it.",
	}}, nil
}
