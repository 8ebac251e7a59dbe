package rest

import (
	"bytes"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/browser"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// leaving answers those who take their data along, and those who leave.
type leaving struct {
	export *app.ExportData
	leave  *app.LeaveHouse
	stay   *app.StayInHouse

	exporting chan struct{} // has as many places as archives are made at once: each is held in memory
}

// exportsAtOnce is how many archives are made at the same time.
const exportsAtOnce = 2

// errExportsBusy answers who would make one more.
var errExportsBusy = fault.New(fault.Limited, "too_many_exports", "Others export their data just now. Try again in a moment.").
	With("retry_after", 5)

// NewLeavingRoutes returns the routes of those who take their data along, and of those who leave.
func NewLeavingRoutes(export *app.ExportData, leave *app.LeaveHouse, stay *app.StayInHouse) httpserver.Routes {
	l := &leaving{export: export, leave: leave, stay: stay, exporting: make(chan struct{}, exportsAtOnce)}
	return httpserver.Routes{Name: "profiles: leaving", Register: l.routes}
}

const zipMediaType = "application/zip"

func (l *leaving) routes(routes huma.API, _ chi.Router) {
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "export-data",
		Method:      http.MethodGet,
		Path:        me + "/export",
		Summary:     "Export your data",
		Description: "Answers with a ZIP archive of JSON files: all that the house keeps about you and that is yours.",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusNotFound, http.StatusTooManyRequests},
		Responses: map[string]*huma.Response{"200": {
			Description: "The archive.",
			Content:     map[string]*huma.MediaType{zipMediaType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
		}},
	}, profilesapi.ManageAccount), l.doExport)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID:   "leave",
		Method:        http.MethodPost,
		Path:          me + "/deletion",
		Summary:       "Ask for the deletion of your account",
		Description:   "It is deleted when nothing has kept it for as long as the grace period. Until then you can change your mind.",
		Tags:          []string{tagAccount},
		DefaultStatus: http.StatusAccepted,
		Errors:        []int{http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}, profilesapi.ManageAccount), l.doLeave)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "stay",
		Method:      http.MethodDelete,
		Path:        me + "/deletion",
		Summary:     "Keep your account after all",
		Tags:        []string{tagAccount},
		Errors:      []int{http.StatusConflict},
	}, profilesapi.ManageAccount), l.doStay)
}

type exportOutput struct {
	ContentType        string `header:"Content-Type"`
	ContentDisposition string `header:"Content-Disposition"`
	CacheControl       string `header:"Cache-Control"`
	Body               []byte
}

func (l *leaving) doExport(ctx context.Context, _ *struct{}) (*exportOutput, error) {
	select {
	case l.exporting <- struct{}{}:
		defer func() { <-l.exporting }()
	default:
		return nil, errExportsBusy
	}
	var archive bytes.Buffer
	if err := l.export.Do(ctx, identity.From(ctx), &archive); err != nil {
		return nil, err
	}
	return &exportOutput{
		ContentType:        zipMediaType,
		ContentDisposition: `attachment; filename="gavel-export.zip"`,
		CacheControl:       noStore,
		Body:               archive.Bytes(),
	}, nil
}

// Leaving is the body that asks for the deletion of the account.
type Leaving struct {
	Password string `json:"password" maxLength:"2000" doc:"Your password."`
}

type leaveInput struct {
	httpserver.Repeatable
	Body Leaving
}

// Departure says what is still in the way of a deletion.
type Departure struct {
	Obligations []profilesapi.Obligation `json:"obligations" doc:"What has to end first; the first hundred for each kind."`
	GraceDays   int                      `json:"grace_days" doc:"How many days after the last obligation's end the account is deleted."`
}

type leaveOutput struct {
	Body Departure
}

func (l *leaving) doLeave(ctx context.Context, in *leaveInput) (*leaveOutput, error) {
	answer, err := l.leave.Do(ctx, app.LeaveHouseCommand{
		By: identity.From(ctx), Password: in.Body.Password, Client: browser.Client(ctx), Key: in.IdempotencyKey,
	})
	if err != nil {
		return nil, err
	}
	return &leaveOutput{Body: Departure{
		Obligations: append([]profilesapi.Obligation{}, answer.Obligations...),
		GraceDays:   answer.GraceDays,
	}}, nil
}

type stayInput struct {
	httpserver.Repeatable
}

func (l *leaving) doStay(ctx context.Context, in *stayInput) (*struct{}, error) {
	return nil, l.stay.Do(ctx, app.StayInHouseCommand{By: identity.From(ctx), Key: in.IdempotencyKey})
}
