// Package web serves the sheets of a house as pages to look at and to print: what rest serves for spreadsheets. They work
// without scripts, and change nothing.
package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// site answers the requests.
type site struct {
	name   string
	sheets *app.Sheets
}

// NewRoutes returns the routes of the pages of the site of that name.
func NewRoutes(name string, sheets *app.Sheets) httpserver.Routes {
	return httpserver.Routes{Name: "listings: pages", Register: (&site{name: name, sheets: sheets}).routes}
}

const sheetsPath = "/sheets"

func (s *site) routes(_ huma.API, router chi.Router) {
	router.Get(sheetsPath, s.staff(s.ask))
	router.Get(sheetsPath+"/lots", s.staff(s.ofPeriod(app.SheetLots, "Lots", s.sheets.Lots)))
	router.Get(sheetsPath+"/bids", s.staff(s.bids))
	router.Get(sheetsPath+"/winners", s.staff(s.ofPeriod(app.SheetWinners, "Winners", s.sheets.Winners)))
	router.Get(sheetsPath+"/dues", s.staff(s.ofPeriod(app.SheetDues, "Dues", s.sheets.Dues)))
}

// staff lets those pass who may read sheets. Guests are led to signing in.
func (s *site) staff(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		caller := identity.From(r.Context())
		if caller.Guest() {
			setSafe(w.Header())
			http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
			return
		}
		if err := caller.Check(listingsapi.Sheets); err != nil {
			httpserver.WriteError(w, r, err)
			return
		}
		next(w, r)
	}
}

// ask asks which sheet is wanted.
func (s *site) ask(w http.ResponseWriter, r *http.Request) {
	period, err := s.sheets.Period("", "")
	if err != nil {
		httpserver.WriteError(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, question{From: period.From(), To: period.To()})
}

// ofPeriod shows a sheet of a period.
func (s *site) ofPeriod(
	name app.SheetName, title string, read func(context.Context, app.Period) (app.Sheet, error),
) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		sent := r.URL.Query()
		asked := question{From: sent.Get("from"), To: sent.Get("to")}
		period, err := s.sheets.Period(asked.From, asked.To)
		if err != nil {
			s.refuse(w, r, asked, err)
			return
		}
		sheet, err := read(r.Context(), period)
		if err != nil {
			s.refuse(w, r, asked, err)
			return
		}
		s.print(w, r, sheet, heading{
			Title: title, About: period.From() + " to " + period.To(),
			Download: "/api/v1/sheets/" + string(name) + ".csv?from=" + period.From() + "&to=" + period.To(),
		})
	}
}

// bids shows the bids on a listing.
func (s *site) bids(w http.ResponseWriter, r *http.Request) {
	asked := question{Listing: r.URL.Query().Get("listing")}
	if period, err := s.sheets.Period("", ""); err == nil {
		asked.From, asked.To = period.From(), period.To()
	}
	id, err := uuid.Parse(asked.Listing)
	if err != nil {
		s.refuse(w, r, asked, domain.ErrListingNotFound)
		return
	}
	sheet, err := s.sheets.Bids(r.Context(), id)
	if err != nil {
		s.refuse(w, r, asked, err)
		return
	}
	s.print(w, r, sheet, heading{
		Title: "Bids", About: "listing " + id.String(), Download: "/api/v1/sheets/bids.csv?listing=" + id.String(),
	})
}
