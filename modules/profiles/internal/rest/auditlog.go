package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// auditLog shows what moderators and admins did.
type auditLog struct{ view audit.View }

// NewAuditRoutes returns the route of the audit log.
func NewAuditRoutes(view audit.View) httpserver.Routes {
	return httpserver.Routes{Name: "profiles: audit", Register: (&auditLog{view: view}).routes}
}

func (a *auditLog) routes(routes huma.API, _ chi.Router) {
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "list-audit-entries",
		Method:      http.MethodGet,
		Path:        root + "/audit",
		Summary:     "Read the audit log",
		Description: "Lists every administrative and moderating act, the newest first. All filters must hold.",
		Tags:        []string{tagAdministration},
		Errors:      []int{http.StatusBadRequest, http.StatusUnprocessableEntity},
	}, profilesapi.ReadAudit), a.list)
}

// AuditEntry is one act.
type AuditEntry struct {
	ID       uuid.UUID          `json:"id" format:"uuid"`
	At       httpserver.Instant `json:"at"`
	ActorID  *uuid.UUID         `json:"actor_id,omitempty" format:"uuid" doc:"The member who acted; absent for the operator at the command line and the program itself."`
	Act      string             `json:"act" example:"members.suspend"`
	TargetID *uuid.UUID         `json:"target_id,omitempty" format:"uuid" doc:"The member, listing or other thing that it was done to."`
	Reason   string             `json:"reason,omitempty" doc:"What the actor gave as the reason."`
	Detail   string             `json:"detail,omitempty" doc:"More, where the act alone does not tell, such as the role that was granted."`
}

func entryOf(e audit.Entry) AuditEntry {
	return AuditEntry{
		ID: e.ID, At: httpserver.Instant(e.At), ActorID: httpserver.SomeID(e.Actor), Act: e.Act, TargetID: httpserver.SomeID(e.Target), Reason: e.Reason, Detail: e.Detail,
	}
}

type auditInput struct {
	httpserver.ListQuery

	ActorID  uuid.UUID `query:"actor_id" format:"uuid" doc:"What this member did."`
	TargetID uuid.UUID `query:"target_id" format:"uuid" doc:"What was done to this member, listing or other thing."`
	Act      []string  `query:"act,explode" maxItems:"50" doc:"One of these acts, such as members.suspend; give it again for each."`
	From     time.Time `query:"from" doc:"At this instant or later."`
	Before   time.Time `query:"before" doc:"Before this instant."`
}

// Resolve refuses ids of nobody: they would filter nothing. Errors: one for each.
func (in *auditInput) Resolve(ctx huma.Context) []error {
	var refused []error
	for name, id := range map[string]uuid.UUID{"actor_id": in.ActorID, "target_id": in.TargetID} {
		if shown := ctx.Query(name); shown != "" && id == uuid.Nil {
			refused = append(refused, &huma.ErrorDetail{Location: "query." + name, Message: "is the id of nobody", Value: shown})
		}
	}
	return refused
}

type auditOutput struct {
	Body httpserver.List[AuditEntry]
}

func (a *auditLog) list(ctx context.Context, in *auditInput) (*auditOutput, error) {
	found, err := a.view.Entries(ctx, audit.Filter{
		Actor: in.ActorID, Target: in.TargetID, Acts: in.Act, From: in.From, Before: in.Before,
	}, in.Page())
	if err != nil {
		return nil, err
	}
	return &auditOutput{Body: httpserver.ListOf(found, entryOf)}, nil
}
