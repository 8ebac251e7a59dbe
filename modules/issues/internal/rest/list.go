package rest

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/issuesapi"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// registerLists registers the lists of issues.
func (a *api) registerLists(routes huma.API) {
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "list-issues",
		Method:      http.MethodGet,
		Path:        collection,
		Summary:     "List issues",
		Description: "Lists all issues for staff, whose programs need issues.work, too; for everybody else those that he reported or takes " +
			"part in. All filters must hold; those that say so are for staff.",
		Tags:   []string{tag},
		Errors: []int{http.StatusBadRequest, http.StatusUnprocessableEntity},
	}, issuesapi.Follow), a.list)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "count-issues",
		Method:      http.MethodGet,
		Path:        collection + "/categories",
		Summary:     "Count issues by category",
		Description: "Counts the issues that match the filters. Categories without any are left out.",
		Tags:        []string{tag},
		Errors:      []int{http.StatusUnprocessableEntity},
	}, issuesapi.Work), a.count)
}

// Filters narrow a list of issues. They are exported because huma looks into no other embedded struct.
type Filters struct {
	View       string   `query:"view" enum:"queue,mine,unassigned" doc:"A list of the help desk's, which other filters narrow: queue is what waits to be picked; mine is what you work on; unassigned is what is open and nobody works on. Sorted like a queue unless sort says otherwise. For staff."`
	State      []string `query:"state,explode" enum:"reported,triaged,assigned,waiting,resolved,closed,rejected,merged" doc:"In one of these states; give it again for each."`
	Words      string   `query:"q" maxLength:"500" doc:"Words, or beginnings of words, that must all occur in title or report, without regard to case and accents."`
	Category   string   `query:"category" enum:"account,listing,bidding,payment,delivery,abuse,site,other" doc:"In this category. For staff."`
	Untriaged  bool     `query:"untriaged" doc:"If true: in no category yet. For staff."`
	AssigneeID givenID  `query:"assignee_id" doc:"Worked on by this member. For staff."`
	Unassigned bool     `query:"unassigned" doc:"If true: nobody works on it. For staff."`
	ReporterID givenID  `query:"reporter_id" doc:"Reported by this member. Others than yourself are for staff."`
}

type listInput struct {
	httpserver.ListQuery
	Filters

	Sort string `query:"sort" enum:"queue,newest,oldest" doc:"The order, newest without a view: by priority and then age, which is for staff; or by the report, the newest or the oldest first."`
}

type listOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         httpserver.List[Summary]
}

func (a *api) list(ctx context.Context, in *listInput) (*listOutput, error) {
	caller := identity.From(ctx)
	if caller.Guest() {
		return nil, identity.ErrSignIn // a visitor's link leads to one issue, not to a list
	}
	if err := in.check(caller, in.Sort); err != nil {
		return nil, err
	}
	filter, possible := in.filter(caller)
	if !possible {
		return &listOutput{CacheControl: noStore, Body: httpserver.List[Summary]{Items: []Summary{}}}, nil
	}
	filter.Sort = cmp.Or(app.Sort(in.Sort), filter.Sort)
	found, err := a.List.Do(ctx, caller, filter, in.Page())
	if err != nil {
		return nil, err
	}
	return &listOutput{CacheControl: noStore, Body: httpserver.ListOf(found, summaryOf)}, nil
}

// CategoryCount is how many issues are in a category.
type CategoryCount struct {
	Category string `json:"category,omitempty" enum:"account,listing,bidding,payment,delivery,abuse,site,other" doc:"Absent for issues that are not triaged yet."`
	Issues   int    `json:"issues" minimum:"1"`
}

type countInput struct {
	Filters
}

type countOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Items []CategoryCount `json:"items"`
	}
}

func (a *api) count(ctx context.Context, in *countInput) (*countOutput, error) {
	answer := &countOutput{CacheControl: noStore}
	answer.Body.Items = []CategoryCount{}
	caller := identity.From(ctx)
	filter, possible := in.filter(caller)
	if !possible {
		return answer, nil
	}
	counts, err := a.List.Categories(ctx, caller, filter)
	if err != nil {
		return nil, err
	}
	for _, c := range counts {
		answer.Body.Items = append(answer.Body.Items, CategoryCount{Category: string(c.Category), Issues: c.Issues})
	}
	return answer, nil
}

// check refuses to others than staff what is for staff: the use case would leave it out, and the answer would look as if it
// had been asked. Errors: domain.ErrNotStaff.
func (f *Filters) check(caller identity.Caller, sort string) error {
	forStaff := f.View != "" || f.Category != "" || f.Untriaged || f.AssigneeID.given || f.Unassigned ||
		f.ReporterID.given && f.ReporterID.id != caller.ID || app.Sort(sort) == app.SortQueue
	if forStaff && !caller.May(issuesapi.Work) {
		return domain.ErrNotStaff
	}
	return nil
}

// filter returns the filter of a caller, and false when nothing can match it.
func (f *Filters) filter(caller identity.Caller) (filter app.Filter, possible bool) {
	switch f.View {
	case "queue":
		filter = app.Queue()
	case "mine":
		filter = app.Mine(caller.ID)
	case "unassigned":
		filter = app.Unassigned()
	}
	if len(f.State) > 0 {
		filter.States = f.among(filter.States)
		possible = len(filter.States) > 0
	} else {
		possible = true
	}
	if f.AssigneeID.given {
		possible = possible && (filter.Assignee == uuid.Nil || filter.Assignee == f.AssigneeID.id) && f.AssigneeID.id != uuid.Nil
		filter.Assignee = f.AssigneeID.id
	}
	possible = possible && f.ReporterID != (givenID{given: true}) // which the views would take for no filter
	filter.Unassigned = filter.Unassigned || f.Unassigned
	filter.Reporter, filter.Words = f.ReporterID.id, f.Words
	filter.Category, filter.Untriaged = domain.Category(f.Category), f.Untriaged
	return filter, possible
}

// among returns the wanted states that are among those of the view, which has all if it names none.
func (f *Filters) among(view []domain.State) []domain.State {
	var states []domain.State
	for _, name := range f.State {
		if s := domain.State(name); len(view) == 0 || slices.Contains(view, s) {
			states = append(states, s)
		}
	}
	return states
}
