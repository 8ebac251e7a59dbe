// Package rest answers requests for listings with JSON, under /api/v1. It receives, asks the use cases, the views and the
// queries, and serialises; what anybody may do and see is decided by them.
package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// Queries are what reads listings.
type Queries struct {
	Views   app.Views
	Bids    *app.BidHistory
	OwnBids *app.OwnBids
	Watches app.WatchViews
	Log     *app.PublicLog
	Clock   clock.Clock
}

// Commands are what changes them.
type Commands struct {
	CreateDraft       *app.CreateDraft
	EditListing       *app.EditListing
	DeleteDraft       *app.DeleteDraft
	PublishListing    *app.PublishListing
	AppendDescription *app.AppendDescription
	PlaceBid          *app.PlaceBid
	BuyNow            *app.BuyNow
	RetractBids       *app.RetractBids
	CancelBids        *app.CancelBids
	CancelListing     *app.CancelListing
	FreezeListing     *app.FreezeListing
	UnfreezeListing   *app.UnfreezeListing
	RelistListing     *app.RelistListing
	WatchListing      *app.WatchListing
	UnwatchListing    *app.UnwatchListing
}

// api answers the requests.
type api struct {
	Queries
	Commands
	pages    *writtenPages
	listings *writtenListings
}

// NewRoutes returns the routes of the module.
func NewRoutes(q Queries, c Commands) httpserver.Routes {
	a := &api{Queries: q, Commands: c, pages: newWrittenPages(), listings: newWrittenListings()}
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
		Responses:   httpserver.Unchanged(),
	}), a.list)
	huma.Register(routes, httpserver.Public(huma.Operation{
		OperationID: "get-listing",
		Method:      http.MethodGet,
		Path:        resource,
		Summary:     "Read a listing",
		Tags:        []string{"Listings"},
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity},
		Responses:   httpserver.Unchanged(),
	}), a.get)
	huma.Register(routes, httpserver.Public(huma.Operation{
		OperationID: "list-bids",
		Method:      http.MethodGet,
		Path:        resource + "/bids",
		Summary:     "List the bids on a listing",
		Description: "Lists the bids, the newest first, under the bidders' aliases. Amounts are absent where they are secret.",
		Tags:        []string{"Bids"},
		Errors:      []int{http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity},
		Responses:   httpserver.Unchanged(),
	}), a.listBids)
	huma.Register(routes, httpserver.Public(newLogOperation()), a.readLog)
	a.registerDrafts(routes)
	a.registerMarket(routes)
	a.registerTrading(routes)
	a.registerWatching(routes)
}

// viewer is who asks. A token that was not made for moderating makes no moderator, whoever holds it.
func viewer(ctx context.Context) domain.Actor {
	caller := identity.From(ctx)
	return domain.Actor{ID: caller.ID, Moderator: caller.May(listingsapi.Moderate)}
}

// ListingPath names a listing. It is exported because huma looks into no other embedded struct.
type ListingPath struct {
	ID uuid.UUID `path:"id" format:"uuid" doc:"The listing."`
}

type getInput struct {
	ListingPath
	httpserver.Conditional
}

func (a *api) get(ctx context.Context, in *getInput) (*httpserver.Cached[Listing], error) {
	record, err := a.Views.Listing(ctx, in.ID, viewer(ctx), a.Clock.Now())
	if err != nil {
		return nil, err
	}
	body, err := a.listings.write(record)
	if err != nil {
		return nil, err
	}
	return body.Respond(in.Conditional), nil
}

type bidsInput struct {
	ListingPath
	httpserver.ListQuery
	httpserver.Conditional
}

func (a *api) listBids(ctx context.Context, in *bidsInput) (*httpserver.Cached[httpserver.List[Bid]], error) {
	bids, err := a.Bids.Page(ctx, in.ID, viewer(ctx), in.Page())
	if err != nil {
		return nil, err
	}
	return httpserver.Respond(in.Conditional, httpserver.ListOf(bids, bidOf))
}
