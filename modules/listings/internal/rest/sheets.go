package rest

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/csvsheet"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// sheets answers the requests.
type sheets struct{ *app.Sheets }

// NewSheetRoutes returns the routes of the sheets that a house opens in a spreadsheet.
func NewSheetRoutes(q *app.Sheets) httpserver.Routes {
	return httpserver.Routes{Name: "listings: sheets", Register: (&sheets{q}).register}
}

func (a *sheets) register(routes huma.API, _ chi.Router) {
	huma.Register(routes, sheetOperation(app.SheetLots, "Read the lots of a period",
		"The published listings that end on these days, by end: "+
			"id, title, seller, start_price, price, currency, state, starts_at, ends_at, bids."), a.ofPeriod(app.SheetLots, a.Lots))
	huma.Register(routes, sheetOperation(app.SheetBids, "Read the bids on a listing",
		"The newest first: seq, at, bidder, amount, price, currency, standing. An amount is empty while it is secret.",
		http.StatusNotFound), a.bids)
	huma.Register(routes, sheetOperation(app.SheetWinners, "Read the winners of a period",
		"What was sold on these days, by end, and how to reach who has won it: listing, title, price, currency, winner, "+
			"display_name, email, sold_at, paid_at, handed_over_at, received_at."), a.ofPeriod(app.SheetWinners, a.Winners))
	huma.Register(routes, sheetOperation(app.SheetDues, "Read the dues of a period",
		"What was sold on these days, summed by buyer and currency: buyer, display_name, email, count, owing, paid, currency."),
		a.ofPeriod(app.SheetDues, a.Dues))
}

// sheetOperation returns a new one for every API: huma writes into it.
func sheetOperation(name app.SheetName, summary, description string, more ...int) huma.Operation {
	return httpserver.Guarded(huma.Operation{
		OperationID: "get-sheet-of-" + string(name),
		Method:      http.MethodGet,
		Path:        "/api/v1/sheets/" + string(name) + ".csv",
		Summary:     summary,
		Description: description + " The first row names the columns. Instants are in UTC, amounts decimal text. A cell that a " +
			"spreadsheet would take for a formula has an apostrophe in front.",
		Tags:   []string{"Sheets"},
		Errors: append(more, http.StatusUnprocessableEntity),
		Responses: map[string]*huma.Response{"200": {
			Description: "The sheet.",
			Headers:     map[string]*huma.Param{"Content-Disposition": {Schema: &huma.Schema{Type: huma.TypeString}, Description: "A name for the file."}},
			Content: map[string]*huma.MediaType{"text/csv": {
				Schema: &huma.Schema{Type: huma.TypeString, Description: "Rows, the first with the names of the columns."},
			}},
		}},
	}, listingsapi.Sheets)
}

// periodInput are the days of a sheet.
type periodInput struct {
	From string `query:"from" format:"date" doc:"The first day, in the site's time zone; else there are 30 days."`
	To   string `query:"to" format:"date" doc:"The last day, which is included; else today. There are at most 366 days."`
}

// ofPeriod answers with a sheet of a period.
func (a *sheets) ofPeriod(
	name app.SheetName, read func(context.Context, app.Period) (app.Sheet, error),
) func(context.Context, *periodInput) (*huma.StreamResponse, error) {
	return func(ctx context.Context, in *periodInput) (*huma.StreamResponse, error) {
		period, err := a.Period(in.From, in.To)
		if err != nil {
			return nil, err
		}
		sheet, err := read(ctx, period)
		if err != nil {
			return nil, err
		}
		return download(fmt.Sprintf("%s-%s-%s.csv", name, period.From(), period.To()), sheet), nil
	}
}

type bidSheetInput struct {
	Listing uuid.UUID `query:"listing" format:"uuid" required:"true" doc:"The listing."`
}

func (a *sheets) bids(ctx context.Context, in *bidSheetInput) (*huma.StreamResponse, error) {
	sheet, err := a.Bids(ctx, in.Listing)
	if err != nil {
		return nil, err
	}
	return download(fmt.Sprintf("%s-%s.csv", app.SheetBids, in.Listing), sheet), nil
}

// download answers with a file of that name, which must need no quoting.
func download(file string, sheet app.Sheet) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", "text/csv; charset=utf-8")
		ctx.SetHeader("Content-Disposition", `attachment; filename="`+file+`"`)
		ctx.SetHeader("Cache-Control", "no-store")
		body := httpserver.NewPatientWriter(ctx.BodyWriter())
		if err := writeSheet(body, sheet); err != nil && body.Err() == nil && ctx.Context().Err() == nil {
			// The answer has begun: breaking the connection is the only way to say that it is not whole.
			panic(fmt.Errorf("stream %s: %w", file, err))
		}
	}}
}

// writeSheet writes the sheet as guarded CSV. Errors: what the store or the writer reports.
func writeSheet(w io.Writer, sheet app.Sheet) error {
	rows := csvsheet.NewWriter(w)
	cells := make([]string, len(sheet.Columns))
	for i, column := range sheet.Columns {
		cells[i] = column.Name
	}
	if err := rows.Write(cells...); err != nil {
		return err
	}
	for row, err := range sheet.Rows {
		if err != nil {
			return err
		}
		for i, cell := range row {
			cells[i] = csvText(cell)
		}
		if err := rows.Write(cells...); err != nil {
			return err
		}
	}
	return rows.Flush()
}

func csvText(cell app.Cell) string {
	if cell.At.IsZero() {
		return cell.Text
	}
	return cell.At.UTC().Format("2006-01-02T15:04:05.000000Z07:00")
}
