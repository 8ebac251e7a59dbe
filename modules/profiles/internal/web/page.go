package web

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/gavelhq/gavel/platform/httpserver"
)

//go:embed templates/page.html
var pageHTML string

//go:embed templates/style.css
var styleCSS string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// policy is the content policy of every page: it is complete, so a browser may not load anything for it, and sends its
// form nowhere but here.
var policy = func() string {
	hash := sha256.Sum256([]byte(styleCSS))
	return fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		base64.StdEncoding.EncodeToString(hash[:]))
}()

// page is what a page shows, from top to bottom.
type page struct {
	Site, Title string
	Style       template.CSS
	// Note says that something worked, Problem why something did not.
	Note, Problem string
	Text          []string
	Facts         []named
	Form          *form
	Links         []named
}

// named is a value with a name: a fact, a hidden field, a link.
type named struct{ Name, Value string }

// form is what a page sends to the address that it has.
type form struct {
	Action, Button string
	Hidden         []named
	Fields         []field
}

// field is one input. All are required.
type field struct {
	Name, Label, Hint  string
	Type, Autocomplete string
	Value              string
	MaxLength          int
	Error              string
}

// Describes returns the ids of what is said about the field, for those who cannot see it.
func (f field) Describes() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.Name+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.Name+"-error")
	}
	return strings.Join(ids, " ")
}

// show answers with the page.
//
// The address of many of them holds a token. It must stay in no cache, and go to no other site: strict-origin names the
// site at most. With no-referrer, browsers would not even say that the form comes from here, and over plain http it
// would be taken for another site's.
func (s *site) show(w http.ResponseWriter, r *http.Request, status int, p page) {
	p.Site, p.Style = s.name, template.CSS(styleCSS) //nolint:gosec // embedded, not input
	var text bytes.Buffer
	if err := pageTemplate.Execute(&text, p); err != nil {
		httpserver.WriteError(w, r, fmt.Errorf("write page %q: %w", p.Title, err))
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "strict-origin")
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes()) // fails only when the client has gone
}
