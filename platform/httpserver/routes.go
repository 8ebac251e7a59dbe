package httpserver

import (
	"cmp"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// Routes are what one module answers. Modules give theirs to the value group of AsRoutes.
type Routes struct {
	// Name is the module's; the routes of all modules are registered in the order of their names.
	Name string
	// Register adds JSON operations to api, which puts them into the OpenAPI document, and everything else (pages,
	// streams) to router. Middleware that it uses on router holds for its own routes there only.
	Register func(api huma.API, router chi.Router)
	// FromAnywhere are what pages of other sites may send, too, as patterns of http.ServeMux ("POST /unsubscribe"): requests
	// that are good for what they carry and not for who is signed in.
	FromAnywhere []string
}

var (
	errNoRoute          = newProblem(http.StatusNotFound, "route_not_found", "There is nothing at this address.")
	errMethodNotAllowed = newProblem(http.StatusMethodNotAllowed, "method_not_allowed", "This address does not know this method; Allow names those that it does.")
)

// huma keeps these in variables of its package.
func init() {
	huma.DefaultArrayNullable = false // it marks every list as possibly null unless told otherwise; ours never are
	huma.ValidateStrictCasing = true  // it takes {"AMOUNT": 1} for an amount, which other readers of the body do not
}

// newAPI returns the site's API, which modules register their operations with.
func newAPI(guarded huma.Adapter, site, version string) huma.API {
	config := huma.DefaultConfig(site, version)
	config.Info.Description = "Errors are RFC 9457 problems with a stable code. " +
		"An empty parameter of the query and, in a body, null for an optional field are the same as leaving it out."
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", "" // our own, see document.go
	config.CreateHooks = nil                                             // no $schema in our answers
	config.Formats = map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat}
	config.RejectUnknownQueryParameters = true // a misspelt filter must not answer with everything
	config.Transformers = []huma.Transformer{finishProblem}
	return huma.NewAPI(config, guarded)
}

// schemaName names a type in the OpenAPI document. Modules do not know each other's names, so a module's types carry
// its name: ListingsSummary, IssuesSummary.
func schemaName(t reflect.Type, hint string) string {
	return inModule(huma.DefaultSchemaNamer(t, hint), t.PkgPath()+" "+t.Name())
}

// inModule puts the module before a type's name. The origin is the path of the type's package and its full name, in
// which a generic type such as List names the types that it is made of.
func inModule(name, origin string) string {
	_, below, ok := strings.Cut(origin, "/modules/")
	if !ok {
		return name
	}
	module, _, _ := strings.Cut(below, "/")
	if prefix := title(module); !strings.HasPrefix(name, prefix) {
		return prefix + name
	}
	return name
}

// route makes the router: the middleware, what every server answers, and the routes of the modules.
func (s *Server) route(modules []Routes) error {
	sorted := slices.SortedFunc(slices.Values(modules), func(a, b Routes) int { return cmp.Compare(a.Name, b.Name) })
	if err := validateRoutes(sorted); err != nil {
		return err
	}
	crossSite, err := crossSiteProtection(s.origin)
	if err != nil {
		return err
	}
	for _, m := range sorted {
		for _, pattern := range m.FromAnywhere {
			crossSite.AddInsecureBypassPattern(pattern)
		}
	}
	root := chi.NewRouter()
	root.Use(s.observe, secureHeaders, recovery, s.limitRate, crossSite.Handler, s.authenticate, readableAddress, middleware.GetHead)
	root.NotFound(func(w http.ResponseWriter, r *http.Request) { WriteError(w, r, errNoRoute) })
	root.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", strings.Join(allowed(root, r), ", "))
		WriteError(w, r, errMethodNotAllowed)
	})
	s.operate(root)
	s.adapter = &adapter{Adapter: humachi.NewAdapter(root)}
	s.api = newAPI(s.adapter, s.settings.Name, s.build.Version)
	for _, m := range sorted {
		root.Group(func(r chi.Router) { m.Register(s.api, r) })
	}
	if err := s.adapter.err(); err != nil {
		return err
	}
	s.handler, s.router = root, root
	s.document(root)
	return nil
}

func validateRoutes(sorted []Routes) error {
	for i, m := range sorted {
		if m.Name == "" || m.Register == nil {
			return fmt.Errorf("routes %d need a name and a Register function", i)
		}
		if i > 0 && sorted[i-1].Name == m.Name {
			return fmt.Errorf("two modules register routes as %q", m.Name)
		}
	}
	return nil
}

// allowed returns the methods that the path of r knows.
func allowed(root *chi.Mux, r *http.Request) []string {
	path := r.URL.RawPath
	if path == "" {
		path = r.URL.Path
	}
	var methods []string
	for _, m := range []string{
		http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions,
	} {
		known := m
		if m == http.MethodHead {
			known = http.MethodGet // HEAD is answered wherever GET is
		}
		if root.Match(chi.NewRouteContext(), m, path) || root.Match(chi.NewRouteContext(), known, path) {
			methods = append(methods, m)
		}
	}
	return methods
}
