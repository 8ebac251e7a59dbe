package rest

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// registerDrafts registers what sellers do with drafts, and with listings that nobody has bid on.
func (a *api) registerDrafts(routes huma.API) {
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID:   "create-listing",
		Method:        http.MethodPost,
		Path:          collection,
		Summary:       "Begin a listing",
		Description:   "Makes a draft, which only its seller sees. It may be incomplete, but its amounts must be amounts.",
		Tags:          []string{"Listings"},
		DefaultStatus: http.StatusCreated,
		Errors:        []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}, listingsapi.Sell), a.create)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "edit-listing",
		Method:      http.MethodPut,
		Path:        resource,
		Summary:     "Edit a listing",
		Description: "Replaces the whole content of a draft, or of a listing that nobody has ever bid on. Once it is published, " +
			"currency and increment table stay, once it is open also the start. What is left out is none.",
		Tags:   []string{"Listings"},
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity},
	}, listingsapi.Sell), a.edit)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "delete-listing",
		Method:      http.MethodDelete,
		Path:        resource,
		Summary:     "Delete a draft",
		Description: "Nothing that was published is ever deleted.",
		Tags:        []string{"Listings"},
		Errors:      []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed},
	}, listingsapi.Sell), a.delete)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID:   "relist-listing",
		Method:        http.MethodPost,
		Path:          resource + "/relist",
		Summary:       "Try again",
		Description:   "Makes a new draft of a listing that is over, with the same content and a link to it.",
		Tags:          []string{"Listings"},
		DefaultStatus: http.StatusCreated,
		Errors:        []int{http.StatusNotFound, http.StatusConflict},
	}, listingsapi.Sell), a.relist)
}

// CreateBody asks for a draft.
type CreateBody struct {
	ID       *uuid.UUID `json:"id,omitempty" format:"uuid" doc:"The listing's id, a UUIDv7 of the client's choice; absent for one of the server's."`
	Currency string     `json:"currency,omitempty" maxLength:"100" example:"USD" doc:"ISO 4217 code, fixed from now on; absent for the site's."`
	Content
}

type createInput struct {
	httpserver.Repeatable
	Body CreateBody
}

func (a *api) create(ctx context.Context, in *createInput) (*httpserver.Created[Listing], error) {
	id, err := a.CreateDraft.Do(ctx, app.CreateDraftCommand{
		ID:       idOf(in.Body.ID),
		Seller:   viewer(ctx).ID,
		Currency: in.Body.Currency,
		Table:    in.Body.IncrementTable,
		Content:  in.Body.content(),
		Key:      app.Key(in.IdempotencyKey),
	})
	if err != nil {
		return nil, inBody(err, bodyNames)
	}
	return a.created(ctx, id)
}

type editInput struct {
	ListingPath
	httpserver.Edit
	Body Content
}

func (a *api) edit(ctx context.Context, in *editInput) (*httpserver.Cached[Listing], error) {
	version, err := a.asRead(ctx, in.ID, in.Edit)
	if err != nil {
		return nil, err
	}
	err = a.EditListing.Do(ctx, app.EditListingCommand{
		Listing: in.ID,
		By:      viewer(ctx),
		Version: version,
		Content: in.Body.content(),
		Table:   in.Body.IncrementTable,
	})
	if err != nil {
		return nil, inBody(err, bodyNames)
	}
	return a.present(ctx, in.ID)
}

type deleteInput struct {
	ListingPath
	httpserver.Edit
}

func (a *api) delete(ctx context.Context, in *deleteInput) (*struct{}, error) {
	version, err := a.asRead(ctx, in.ID, in.Edit)
	if err != nil {
		return nil, err
	}
	return nil, a.DeleteDraft.Do(ctx, app.DeleteDraftCommand{Listing: in.ID, By: viewer(ctx), Version: version})
}

// RelistBody asks for a new try.
type RelistBody struct {
	ID *uuid.UUID `json:"id,omitempty" format:"uuid" doc:"The new draft's id, a UUIDv7 of the client's choice; absent for one of the server's."`
}

type relistInput struct {
	ListingPath
	httpserver.Repeatable
	Body *RelistBody
}

func (a *api) relist(ctx context.Context, in *relistInput) (*httpserver.Created[Listing], error) {
	cmd := app.RelistListingCommand{Listing: in.ID, By: viewer(ctx), Key: app.Key(in.IdempotencyKey)}
	if in.Body != nil {
		cmd.ID = idOf(in.Body.ID)
	}
	id, err := a.RelistListing.Do(ctx, cmd)
	if err != nil {
		return nil, err
	}
	return a.created(ctx, id)
}

// asRead returns the version of the listing if it is what the client has read, 0 (which is any) if any is right to the
// client. Who changes it before the command does is then found out by the version. Errors:
// httpserver.ErrVersionMismatch, domain.ErrListingNotFound, what the store reports.
func (a *api) asRead(ctx context.Context, id uuid.UUID, read httpserver.Edit) (int64, error) {
	if read.AnyVersion() {
		return 0, nil
	}
	record, err := a.Views.Listing(ctx, id, viewer(ctx), a.Clock.Now())
	if err != nil {
		return 0, err
	}
	return record.Version, read.Check(listingOf(record))
}

// created answers with a new listing, or with the one that the same request made before. Errors: app.ErrDraftDeleted when it
// is gone, or what the store reports.
func (a *api) created(ctx context.Context, id uuid.UUID) (*httpserver.Created[Listing], error) {
	record, err := a.Views.Listing(ctx, id, viewer(ctx), a.Clock.Now())
	switch {
	case errors.Is(err, domain.ErrListingNotFound):
		return nil, app.ErrDraftDeleted
	case err != nil:
		return nil, err
	}
	return httpserver.RespondCreated(collection+"/"+id.String(), listingOf(record))
}

// present answers with a listing as it is now.
func (a *api) present(ctx context.Context, id uuid.UUID) (*httpserver.Cached[Listing], error) {
	record, err := a.Views.Listing(ctx, id, viewer(ctx), a.Clock.Now())
	if err != nil {
		return nil, err
	}
	return httpserver.Respond(httpserver.Conditional{}, listingOf(record))
}

// idOf is zero for nil.
func idOf(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
}
