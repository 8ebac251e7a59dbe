package rest

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// SaleUseCases are what reads and changes sales.
type SaleUseCases struct {
	OwnSales       *app.OwnSales
	MarkPaid       *app.MarkPaid
	UnmarkPaid     *app.UnmarkPaid
	MarkHandedOver *app.MarkHandedOver
	MarkReceived   *app.MarkReceived
}

// sales answers the requests.
type sales struct{ SaleUseCases }

// NewSaleRoutes returns the routes of what comes after the sale.
func NewSaleRoutes(u SaleUseCases) httpserver.Routes {
	return httpserver.Routes{Name: "listings: sales", Register: (&sales{u}).register}
}

const (
	salesPath = "/api/v1/sales"
	salePath  = salesPath + "/{id}"
)

func (a *sales) register(routes huma.API, _ chi.Router) {
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "list-sales",
		Method:      http.MethodGet,
		Path:        salesPath,
		Summary:     "List your sales",
		Description: "Lists what you have bought or sold, the newest first, with how to reach the other one.",
		Tags:        []string{"Sales"},
		Errors:      []int{http.StatusBadRequest, http.StatusUnprocessableEntity},
	}, listingsapi.Settle), a.list)
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: "get-sale",
		Method:      http.MethodGet,
		Path:        salePath,
		Summary:     "Read a sale",
		Description: "For its buyer and its seller, who see how to reach each other, and for moderators, who do not.",
		Tags:        []string{"Sales"},
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity},
		Responses:   httpserver.Unchanged(),
	}, listingsapi.Settle), a.get)
	a.mark(routes, http.MethodPost, "paid", "mark-sale-paid", "Say that a sale is paid",
		"By the seller, or by a moderator in his place. What is marked already stays as it is.", a.MarkPaid.Do)
	a.mark(routes, http.MethodDelete, "paid", "unmark-sale-paid", "Take back that a sale is paid",
		"For a mistake: by who may mark it, up to a day after it was marked, and not once the buyer has received what he bought.",
		a.UnmarkPaid.Do)
	a.mark(routes, http.MethodPost, "handed-over", "mark-sale-handed-over", "Say that you have handed over what you sold",
		"By the seller, paid or not.", a.MarkHandedOver.Do)
	a.mark(routes, http.MethodPost, "received", "mark-sale-received", "Say that you have received what you bought",
		"By the buyer.", a.MarkReceived.Do)
}

// mark registers an operation that marks something about a sale and shows what has become of it.
func (a *sales) mark(
	routes huma.API, method, path, id, summary, description string, do func(context.Context, app.SaleCommand) error,
) {
	huma.Register(routes, httpserver.Guarded(huma.Operation{
		OperationID: id,
		Method:      method,
		Path:        salePath + "/" + path,
		Summary:     summary,
		Description: description,
		Tags:        []string{"Sales"},
		Errors: []int{
			http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity,
		},
	}, listingsapi.Settle), func(ctx context.Context, in *markInput) (*httpserver.Edited[Sale], error) {
		version, err := a.asRead(ctx, in.ID, in.Edit)
		if err != nil {
			return nil, err
		}
		cmd := app.SaleCommand{Listing: in.ID, By: viewer(ctx), Version: version, Key: app.Key(in.IdempotencyKey)}
		if err := do(ctx, cmd); err != nil {
			return nil, err
		}
		record, err := a.OwnSales.Of(ctx, in.ID, viewer(ctx))
		if err != nil {
			return nil, err
		}
		return httpserver.RespondEdited(saleOf(record))
	})
}

// SalePath names a sale. It is exported because huma looks into no other embedded struct.
type SalePath struct {
	ID uuid.UUID `path:"id" format:"uuid" doc:"The listing that was sold."`
}

type markInput struct {
	SalePath
	httpserver.Repeatable
	httpserver.Edit
}

// noVersion is one that no sale has.
const noVersion = -1

// asRead returns the version of the sale if it is what the client has read, 0 (which is any) if any is right to the client,
// and otherwise noVersion: then it is for the command to refuse, as it alone knows of what was done already under the same key.
// Errors: domain.ErrSaleNotFound, what the stores report.
func (a *sales) asRead(ctx context.Context, id uuid.UUID, read httpserver.Edit) (int64, error) {
	if read.AnyVersion() {
		return 0, nil
	}
	record, err := a.OwnSales.Of(ctx, id, viewer(ctx))
	if err != nil {
		return 0, err
	}
	err = read.Check(saleOf(record))
	if errors.Is(err, httpserver.ErrVersionMismatch) {
		return noVersion, nil
	}
	return record.Version, err
}

// Sale is what buyer and seller have left to do once a listing is sold.
type Sale struct {
	ListingID    uuid.UUID           `json:"listing_id" format:"uuid"`
	Title        string              `json:"title" doc:"Plain text in one line."`
	SellerID     uuid.UUID           `json:"seller_id" format:"uuid"`
	BuyerID      uuid.UUID           `json:"buyer_id" format:"uuid"`
	Price        Money               `json:"price" doc:"What the buyer pays."`
	Status       string              `json:"status" enum:"owing,overdue,paid,handed_over,received" doc:"Owing or overdue until it is marked paid, whatever else is marked."`
	SoldAt       httpserver.Instant  `json:"sold_at"`
	PayBy        httpserver.Instant  `json:"pay_by" doc:"When it must be paid."`
	PaidAt       *httpserver.Instant `json:"paid_at,omitempty" doc:"When the seller marked it paid."`
	HandedOverAt *httpserver.Instant `json:"handed_over_at,omitempty" doc:"When the seller marked it handed over."`
	ReceivedAt   *httpserver.Instant `json:"received_at,omitempty" doc:"When the buyer marked it received."`
	OverdueAt    *httpserver.Instant `json:"overdue_at,omitempty" doc:"When it was found to be overdue, which stays when it is paid later."`
	RemindedAt   *httpserver.Instant `json:"reminded_at,omitempty" doc:"When the buyer was last reminded."`
	Contact      *Contact            `json:"contact,omitempty" doc:"How to reach the other one; absent for moderators, and when the other one has left."`
}

// Contact is how somebody can be reached with whom one has to deal.
type Contact struct {
	Handle      string `json:"handle"`
	DisplayName string `json:"display_name" doc:"Plain text in one line."`
	Email       string `json:"email,omitempty" doc:"Absent as long as it is not verified."`
}

func saleOf(r app.SaleRecord) Sale {
	sale := Sale{
		ListingID:    r.ID,
		Title:        r.Title,
		SellerID:     r.Seller,
		BuyerID:      r.Buyer,
		Price:        moneyOf(r.Price),
		Status:       string(r.Status),
		SoldAt:       httpserver.Instant(r.SoldAt),
		PayBy:        httpserver.Instant(r.PayBy),
		PaidAt:       httpserver.SomeInstant(r.PaidAt),
		HandedOverAt: httpserver.SomeInstant(r.HandedOverAt),
		ReceivedAt:   httpserver.SomeInstant(r.ReceivedAt),
		OverdueAt:    httpserver.SomeInstant(r.OverdueAt),
		RemindedAt:   httpserver.SomeInstant(r.RemindedAt),
	}
	if r.Contact != nil {
		sale.Contact = &Contact{Handle: r.Contact.Handle, DisplayName: r.Contact.DisplayName, Email: r.Contact.Email}
	}
	return sale
}

type salesInput struct {
	httpserver.ListQuery
	As     string   `query:"as" enum:"buyer,seller" required:"true" doc:"What you have bought, or what you have sold."`
	Status []string `query:"status,explode" enum:"owing,overdue,paid,handed_over,received" doc:"In one of these statuses; give it again for each."`
}

type salesOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         httpserver.List[Sale]
}

func (a *sales) list(ctx context.Context, in *salesInput) (*salesOutput, error) {
	filter := app.SaleFilter{Member: viewer(ctx).ID, Side: app.SaleSide(in.As)}
	for _, status := range in.Status {
		filter.Statuses = append(filter.Statuses, app.SaleStatus(status))
	}
	found, err := a.OwnSales.Page(ctx, filter, in.Page())
	if err != nil {
		return nil, err
	}
	return &salesOutput{CacheControl: "no-store", Body: httpserver.ListOf(found, saleOf)}, nil
}

type getSaleInput struct {
	SalePath
	httpserver.Conditional
}

func (a *sales) get(ctx context.Context, in *getSaleInput) (*httpserver.Cached[Sale], error) {
	record, err := a.OwnSales.Of(ctx, in.ID, viewer(ctx))
	if err != nil {
		return nil, err
	}
	answer, err := httpserver.Respond(in.Conditional, saleOf(record))
	if err == nil {
		answer.CacheControl = "no-store" // it has the other one's address
	}
	return answer, err
}
