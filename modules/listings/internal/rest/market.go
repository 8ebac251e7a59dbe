package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// registerMarket registers what sellers and moderators do with published listings.
func (a *api) registerMarket(routes huma.API) {
	action := func(id, path, summary, description string, p identity.Permission, statuses ...int) huma.Operation {
		return httpserver.Guarded(huma.Operation{
			OperationID: id,
			Method:      http.MethodPost,
			Path:        resource + path,
			Summary:     summary,
			Description: description,
			Tags:        []string{"Listings"},
			Errors:      append([]int{http.StatusNotFound, http.StatusConflict}, statuses...),
		}, p)
	}
	const unprocessable = http.StatusUnprocessableEntity
	huma.Register(routes, action("publish-listing", "/publish", "Publish a draft",
		"Puts the draft on the market: it opens at its start, or now. All that forbids it is told at once.",
		listingsapi.Sell, unprocessable), a.publish)
	huma.Register(routes, action("append-description", "/additions", "Add to the description",
		"Appends a dated text to the description: all that may change once there are bids. At most 50 times.",
		listingsapi.Sell, unprocessable), a.describe)
	huma.Register(routes, action("cancel-listing", "/cancel", "Call a listing off",
		"By the seller while it is scheduled, or with 12 hours or more to the end, or while no bid was ever accepted; by a "+
			"moderator with a reason at any time before the end.",
		listingsapi.Sell, unprocessable), a.cancel)
	huma.Register(routes, action("cancel-bids", "/cancel-bids", "Cancel a bidder's bids",
		"Takes out all bids of a bidder and excludes him from the listing; by its seller or a moderator.",
		listingsapi.Sell, unprocessable), a.cancelBidsOf)
	huma.Register(routes, action("freeze-listing", "/freeze", "Freeze a listing",
		"Stops the listing: every command but cancelling it is refused, and its end passing does not close it.",
		listingsapi.Moderate, unprocessable), a.freeze)
	huma.Register(routes, action("unfreeze-listing", "/unfreeze", "Unfreeze a listing",
		"Lets the listing go on, for a day at least.",
		listingsapi.Moderate, unprocessable), a.unfreeze)
}

func (a *api) publish(ctx context.Context, in *commandInput) (*httpserver.Cached[Listing], error) {
	err := a.PublishListing.Do(ctx, app.PublishListingCommand{Listing: in.ID, By: viewer(ctx), Key: app.Key(in.IdempotencyKey)})
	if err != nil {
		return nil, inBody(err, bodyNames)
	}
	return a.present(ctx, in.ID)
}

// AdditionBody is what is to be added to a description.
type AdditionBody struct {
	Text string `json:"text" doc:"Text of up to 20,000 characters."`
}

type additionInput struct {
	ListingPath
	httpserver.Repeatable
	Body AdditionBody
}

func (a *api) describe(ctx context.Context, in *additionInput) (*httpserver.Cached[Listing], error) {
	err := a.AppendDescription.Do(ctx, app.AppendDescriptionCommand{
		Listing: in.ID, By: viewer(ctx), Text: in.Body.Text, Key: app.Key(in.IdempotencyKey),
	})
	if err != nil {
		return nil, inBody(err, additionNames)
	}
	return a.present(ctx, in.ID)
}

// ReasonBody says why.
type ReasonBody struct {
	Reason string `json:"reason" example:"The serial number does not match." doc:"Why, in at most 1,000 characters."`
}

// MaybeReasonBody may say why.
type MaybeReasonBody struct {
	Reason string `json:"reason,omitempty" doc:"Why, in at most 1,000 characters; told to the bidders. A seller need not say."`
}

type cancelInput struct {
	ListingPath
	httpserver.Repeatable
	Body *MaybeReasonBody
}

func (a *api) cancel(ctx context.Context, in *cancelInput) (*httpserver.Cached[Listing], error) {
	cmd := app.CancelListingCommand{Listing: in.ID, By: viewer(ctx), Key: app.Key(in.IdempotencyKey)}
	if in.Body != nil {
		cmd.Reason = in.Body.Reason
	}
	if err := a.CancelListing.Do(ctx, cmd); err != nil {
		return nil, err
	}
	return a.present(ctx, in.ID)
}

// CancelBidsBody says whose bids are cancelled, and why.
type CancelBidsBody struct {
	BidderID uuid.UUID `json:"bidder_id" format:"uuid" doc:"The bidder, as the list of bids names him to the seller and to moderators."`
	Reason   string    `json:"reason" example:"The bidder did not answer." doc:"Why, in at most 1,000 characters; for the bidder and the moderators."`
}

type cancelBidsInput struct {
	ListingPath
	httpserver.Repeatable
	Body CancelBidsBody
}

func (a *api) cancelBidsOf(ctx context.Context, in *cancelBidsInput) (*withdrawalOutput, error) {
	withdrawal, err := a.CancelBids.Do(ctx, app.CancelBidsCommand{
		Listing: in.ID, Bidder: in.Body.BidderID, By: viewer(ctx), Reason: in.Body.Reason, Key: app.Key(in.IdempotencyKey),
	})
	if err != nil {
		return nil, err
	}
	return withdrawalOf(withdrawal), nil
}

type reasonInput struct {
	ListingPath
	httpserver.Repeatable
	Body ReasonBody
}

func (a *api) freeze(ctx context.Context, in *reasonInput) (*httpserver.Cached[Listing], error) {
	err := a.FreezeListing.Do(ctx, app.FreezeListingCommand{
		Listing: in.ID, By: viewer(ctx), Reason: in.Body.Reason, Key: app.Key(in.IdempotencyKey),
	})
	if err != nil {
		return nil, err
	}
	return a.present(ctx, in.ID)
}

func (a *api) unfreeze(ctx context.Context, in *reasonInput) (*httpserver.Cached[Listing], error) {
	err := a.UnfreezeListing.Do(ctx, app.UnfreezeListingCommand{
		Listing: in.ID, By: viewer(ctx), Reason: in.Body.Reason, Key: app.Key(in.IdempotencyKey),
	})
	if err != nil {
		return nil, err
	}
	return a.present(ctx, in.ID)
}
