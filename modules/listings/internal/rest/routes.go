// Package rest answers requests for listings with JSON, under /api/v1. It receives, asks the views and the queries, and
// serialises; what anybody may see is decided by them.
package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// api answers the requests.
type api struct {
	views app.Views
	bids  *app.BidHistory
	log   *app.PublicLog
	clock clock.Clock
}

// NewRoutes returns the routes of the module.
func NewRoutes(views app.Views, bids *app.BidHistory, log *app.PublicLog, c clock.Clock) httpserver.Routes {
	a := &api{views: views, bids: bids, log: log, clock: c}
	return httpserver.Routes{Name: "listings", Register: a.register}
}

const (
	collection = "/api/v1/listings"
	resource   = collection + "/{id}"
)

func (a *api) register(routes huma.API, _ chi.Router) {
	huma.Register(routes, httpserver.Public(huma.Operation{
		OperationID: "list-listings",
		Method:      http.MethodGet,
		Path:        collection,
		Summary:     "List listings",
		Description: "Lists what everybody may see, page by page. All filters must hold.",
		Tags:        []string{"Listings"},
		Errors:      []int{http.StatusBadRequest, http.StatusUnprocessableEntity},
	}), a.list)
	huma.Register(routes, httpserver.Public(huma.Operation{
		OperationID: "get-listing",
		Method:      http.MethodGet,
		Path:        resource,
		Summary:     "Read a listing",
		Tags:        []string{"Listings"},
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity},
		Responses:   map[string]*huma.Response{"304": {Description: "The client has this version already."}},
	}), a.get)
	huma.Register(routes, httpserver.Public(huma.Operation{
		OperationID: "list-bids",
		Method:      http.MethodGet,
		Path:        resource + "/bids",
		Summary:     "List the bids on a listing",
		Description: "Lists the bids, the newest first, under the bidders' aliases. Amounts are absent where they are secret.",
		Tags:        []string{"Listings"},
		Errors:      []int{http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity},
	}), a.listBids)
	huma.Register(routes, httpserver.Public(newLogOperation()), a.readLog)
}

// viewer is who asks. Nobody can sign in yet, so it is a visitor.
func viewer(context.Context) domain.Actor { return domain.Actor{} }

// ListingPath names a listing. It is exported because huma looks into no other embedded struct.
type ListingPath struct {
	ID uuid.UUID `path:"id" format:"uuid" doc:"The listing."`
}

type getInput struct {
	ListingPath
	httpserver.Conditional
}

func (a *api) get(ctx context.Context, in *getInput) (*httpserver.Cached[Listing], error) {
	record, err := a.views.Listing(ctx, in.ID, viewer(ctx), a.clock.Now())
	if err != nil {
		return nil, err
	}
	return httpserver.Respond(in.Conditional, listingOf(record))
}

type bidsInput struct {
	ListingPath
	httpserver.ListQuery
}

type bidsOutput struct {
	Body httpserver.List[Bid]
}

func (a *api) listBids(ctx context.Context, in *bidsInput) (*bidsOutput, error) {
	bids, err := a.bids.Page(ctx, in.ID, viewer(ctx), in.Page())
	if err != nil {
		return nil, err
	}
	return &bidsOutput{Body: httpserver.ListOf(bids, bidOf)}, nil
}
