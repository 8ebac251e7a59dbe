package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// registerWatching registers what there is about watch lists.
func (a *api) registerWatching(routes huma.API) {
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "list-watches",
		Method:      http.MethodGet,
		Path:        "/api/v1/me/watches",
		Summary:     "List what you watch",
		Description: "Lists the listings on your watch list as everybody may see them, page by page.",
		Tags:        []string{"Watch list"},
		Errors:      []int{http.StatusBadRequest, http.StatusUnprocessableEntity},
	}, listingsapi.Watch), a.watches)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "get-watch",
		Method:      http.MethodGet,
		Path:        resource + "/watch",
		Summary:     "Read whether you watch a listing",
		Tags:        []string{"Watch list"},
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, listingsapi.Watch), a.readWatch)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "watch-listing",
		Method:      http.MethodPut,
		Path:        resource + "/watch",
		Summary:     "Watch a listing",
		Description: "Puts the listing on your watch list, where 1,000 have room. You are told once when it ends soon, unless it does " +
			"already. If you watch it already nothing changes.",
		Tags:   []string{"Watch list"},
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity},
	}, listingsapi.Watch), a.watch)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "unwatch-listing",
		Method:      http.MethodDelete,
		Path:        resource + "/watch",
		Summary:     "Stop watching a listing",
		Description: "Takes the listing off your watch list. If it is not there nothing changes.",
		Tags:        []string{"Watch list"},
		Errors:      []int{http.StatusUnprocessableEntity},
	}, listingsapi.Watch), a.unwatch)
}

// Watch is a listing on the caller's watch list.
type Watch struct {
	ListingID uuid.UUID          `json:"listing_id" format:"uuid"`
	Since     httpserver.Instant `json:"since" doc:"When it was put on the list."`
}

type watchOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         Watch
}

func (a *api) readWatch(ctx context.Context, in *ListingPath) (*watchOutput, error) {
	since, err := a.Watches.Since(ctx, viewer(ctx).ID, in.ID)
	if err != nil {
		return nil, err
	}
	return &watchOutput{CacheControl: "no-store", Body: Watch{ListingID: in.ID, Since: httpserver.Instant(since)}}, nil
}

func (a *api) watch(ctx context.Context, in *ListingPath) (*watchOutput, error) {
	since, err := a.WatchListing.Do(ctx, app.WatchListingCommand{Listing: in.ID, Member: viewer(ctx).ID})
	if err != nil {
		return nil, err
	}
	return &watchOutput{CacheControl: "no-store", Body: Watch{ListingID: in.ID, Since: httpserver.Instant(since)}}, nil
}

func (a *api) unwatch(ctx context.Context, in *ListingPath) (*struct{}, error) {
	return nil, a.UnwatchListing.Do(ctx, app.UnwatchListingCommand{Listing: in.ID, Member: viewer(ctx).ID})
}

type watchesInput struct {
	httpserver.ListQuery

	Sort  string `query:"sort" enum:"ending,-ending,newest" default:"ending" doc:"The order: the soonest end first, the latest end first, or the newest watch first."`
	Ended bool   `query:"ended" doc:"If true: also what is over."`
}

// Watched is a listing on the caller's watch list, as everybody may see it.
type Watched struct {
	Listing Summary            `json:"listing"`
	Since   httpserver.Instant `json:"since" doc:"When it was put on the list."`
}

type watchesOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         httpserver.List[Watched]
}

func (a *api) watches(ctx context.Context, in *watchesInput) (*watchesOutput, error) {
	filter := app.WatchFilter{Ended: in.Ended, Sort: app.Sort(in.Sort)}
	found, err := a.Watches.Watched(ctx, viewer(ctx).ID, filter, in.Page(), a.Clock.Now())
	if err != nil {
		return nil, err
	}
	return &watchesOutput{CacheControl: "no-store", Body: httpserver.ListOf(found, func(w app.WatchedListing) Watched {
		return Watched{Listing: summaryOf(w.ListingSummary), Since: httpserver.Instant(w.Since)}
	})}, nil
}
