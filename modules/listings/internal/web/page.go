package web

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/httpserver"
)

//go:embed templates/sheets.html
var sheetsHTML string

//go:embed templates/style.css
var styleCSS string

// pages are the templates: ask, and begin, row and end of a sheet.
var pages = template.Must(template.New("").Parse(sheetsHTML))

// policy is the content policy of every page: it is complete, so a browser may not load anything for it, and sends its
// forms nowhere but here.
var policy = func() string {
	hash := sha256.Sum256([]byte(styleCSS))
	return fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		base64.StdEncoding.EncodeToString(hash[:]))
}()

// frame is what is the same on every page.
type frame struct {
	Site  string
	Style template.CSS
}

func (s *site) frame() frame {
	return frame{Site: s.name, Style: template.CSS(styleCSS)} //nolint:gosec // embedded, not input
}

// question is the page that asks which sheet is wanted, with what was asked before.
type question struct {
	frame

	Problem, From, To, Listing string
}

// show answers with the question.
func (s *site) show(w http.ResponseWriter, r *http.Request, status int, q question) {
	q.frame = s.frame()
	var text bytes.Buffer
	if err := pages.ExecuteTemplate(&text, "ask", q); err != nil {
		httpserver.WriteError(w, r, fmt.Errorf("write the page of sheets: %w", err))
		return
	}
	begin(w, status)
	_, _ = w.Write(text.Bytes()) // fails only when the client has gone
}

// refuse asks again, and says what was wrong. What is a failure of ours is answered, and logged, as everywhere.
func (s *site) refuse(w http.ResponseWriter, r *http.Request, q question, err error) {
	status := httpserver.Refusal(w.Header(), err)
	if status >= http.StatusInternalServerError {
		httpserver.WriteError(w, r, err)
		return
	}
	q.Problem = fault.Of(err).Detail()
	s.show(w, r, status, q)
}

// heading says what a sheet is about.
type heading struct {
	Title, About, Download string
}

// printed is what a sheet begins with.
type printed struct {
	frame
	heading

	Made, Zone string
	Columns    []app.Column
}

// shown is a cell as a page shows it. The first of a row names it.
type shown struct {
	Text          string
	First, Number bool
}

// print answers with the sheet, row by row: it may be longer than fits into memory.
func (s *site) print(w http.ResponseWriter, r *http.Request, sheet app.Sheet, h heading) {
	begin(w, http.StatusOK)
	body := httpserver.NewPatientWriter(w)
	if err := s.write(body, sheet, h); err != nil && body.Err() == nil && r.Context().Err() == nil {
		// The answer has begun: breaking the connection is the only way to say that it is not whole.
		panic(fmt.Errorf("stream the page of %s: %w", h.Title, err))
	}
}

// write writes the page. Errors: what the store or the writer reports.
func (s *site) write(w *httpserver.PatientWriter, sheet app.Sheet, h heading) error {
	err := pages.ExecuteTemplate(w, "begin", printed{
		frame: s.frame(), heading: h, Made: s.instant(s.sheets.Clock.Now()), Zone: s.sheets.Zone.String(), Columns: sheet.Columns,
	})
	if err != nil {
		return err
	}
	empty := true
	for cells, err := range sheet.Rows {
		if err != nil {
			return err
		}
		empty = false
		if err := pages.ExecuteTemplate(w, "row", s.row(sheet.Columns, cells)); err != nil {
			return err
		}
	}
	return pages.ExecuteTemplate(w, "end", empty)
}

func (s *site) row(columns []app.Column, cells []app.Cell) []shown {
	row := make([]shown, len(cells))
	for i, cell := range cells {
		row[i] = shown{Text: cell.Text, First: i == 0, Number: columns[i].Number}
		if !cell.At.IsZero() {
			row[i].Text = s.instant(cell.At)
		}
	}
	return row
}

// instant writes an instant in the site's time zone.
func (s *site) instant(at time.Time) string {
	return at.In(s.sheets.Zone).Format("2006-01-02 15:04:05 MST")
}

// begin begins a page. It may show addresses of people, so it stays in no cache.
func begin(w http.ResponseWriter, status int) {
	setSafe(w.Header())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", policy)
	w.WriteHeader(status)
}

// setSafe keeps an answer out of caches, and its address from other sites.
func setSafe(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "strict-origin")
}
