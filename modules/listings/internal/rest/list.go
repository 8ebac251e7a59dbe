package rest

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// listInput are the filters of a list of listings.
type listInput struct {
	httpserver.ListQuery
	httpserver.Conditional

	Sort       string    `query:"sort" enum:"ending,-ending,newest" default:"ending" doc:"The order: the soonest end first, the latest end first, or the newest first."`
	Words      string    `query:"q" maxLength:"500" doc:"Words, or beginnings of words, that must all occur in title or description, without regard to case and accents."`
	Status     []string  `query:"status,explode" enum:"draft,scheduled,open,sold,unsold_no_bids,unsold_reserve,cancelled" doc:"One of these statuses; give it again for each. Drafts are listed for their seller only, who asks for his own with seller_id."`
	SellerID   givenID   `query:"seller_id" doc:"Sold by this member."`
	Currency   string    `query:"currency" pattern:"^[A-Z]{3}$" doc:"In this currency, an ISO 4217 code."`
	EndsAfter  time.Time `query:"ends_after" doc:"Ending after this instant."`
	EndsBefore time.Time `query:"ends_before" doc:"Ending before this instant."`
	BuyNow     bool      `query:"buy_now" doc:"If true: can be bought at once."`
}

func (in *listInput) filter() app.Filter {
	filter := app.Filter{
		Seller:     in.SellerID.id,
		Words:      in.Words,
		Currency:   in.Currency,
		EndsAfter:  in.EndsAfter,
		EndsBefore: in.EndsBefore,
		BuyNow:     in.BuyNow,
		Sort:       app.Sort(in.Sort),
	}
	for _, status := range in.Status {
		filter.Statuses = append(filter.Statuses, domain.Status(status))
	}
	return filter
}

func (a *api) list(ctx context.Context, in *listInput) (*httpserver.Cached[httpserver.List[Summary]], error) {
	if in.SellerID == (givenID{given: true}) { // which the views would take for no filter
		return httpserver.Respond(in.Conditional, httpserver.List[Summary]{Items: []Summary{}})
	}
	found, err := a.Views.Listings(ctx, in.filter(), viewer(ctx), in.Page(), a.Clock.Now())
	if err != nil {
		return nil, err
	}
	body, err := a.pages.write(found)
	if err != nil {
		return nil, err
	}
	return body.Respond(in.Conditional), nil
}

// givenID is an id in a query, or none: the id that is all zeros is one that nobody has.
type givenID struct {
	id    uuid.UUID
	given bool
}

// UnmarshalText implements encoding.TextUnmarshaler. Errors: no UUID.
func (g *givenID) UnmarshalText(text []byte) error {
	g.given = true
	return g.id.UnmarshalText(text)
}

// Schema describes an id to the readers of the API.
func (givenID) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "uuid"}
}
