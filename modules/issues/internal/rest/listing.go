package rest

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/issuesapi"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// registerListing registers how the help desk acts on the listing that an issue is about.
func (a *api) registerListing(routes huma.API) {
	huma.Register(routes, act("freeze-listing-of-issue", "/listing/freeze", "Freeze the listing that an issue is about",
		"Stops the bidding on the listing, or on that of the bid, and notes it on the issue: both or neither. "+
			"It needs listings.moderate as well.", issuesapi.Work), a.freezeListing)
	huma.Register(routes, act("cancel-listing-of-issue", "/listing/cancel", "Cancel the listing that an issue is about",
		"Calls off the listing, or that of the bid, and notes it on the issue: both or neither. "+
			"It needs listings.moderate as well.", issuesapi.Work), a.cancelListing)
}

// FreezeListingBody says why a listing is frozen.
type FreezeListingBody struct {
	Reason string `json:"reason" doc:"Why, in 1 to 1,000 characters: for the seller and staff. Whoever reported the issue learns only that it was done."`
}

type freezeListingInput struct {
	WorkInput
	Body FreezeListingBody
}

func (a *api) freezeListing(ctx context.Context, in *freezeListingInput) (*httpserver.Cached[Issue], error) {
	return a.done(ctx, in.WorkInput, a.FreezeListing.Do(ctx, app.FreezeListingCommand{
		ActCommand: in.command(ctx), Reason: in.Body.Reason,
	}))
}

// CancelListingBody says why a listing is cancelled.
type CancelListingBody struct {
	Reason string `json:"reason" doc:"Why, in 1 to 1,000 characters: the bidders are told. Whoever reported the issue learns only that it was done."`
}

type cancelListingInput struct {
	WorkInput
	Body CancelListingBody
}

func (a *api) cancelListing(ctx context.Context, in *cancelListingInput) (*httpserver.Cached[Issue], error) {
	return a.done(ctx, in.WorkInput, a.CancelListing.Do(ctx, app.CancelListingCommand{
		ActCommand: in.command(ctx), Reason: in.Body.Reason,
	}))
}
