package architecture

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
)

// heard returns the imports by which the file at the path gets to know nothing of other modules but the events that they
// publish. Errors: a file that does not parse.
func heard(at string, file File, module string) ([]string, error) {
	from, ok := moduleOf(file.Package())
	if !ok || !slices.ContainsFunc(file.Imports, func(imported string) bool {
		to, ok := moduleOf(imported)
		return ok && to != from
	}) {
		return nil, nil
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), at, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", at, err)
	}
	named := namesOf(parsed)
	var found []string
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("unquote the import %s: %w", spec.Path.Value, err)
		}
		as := path.Base(imported)
		if spec.Name != nil {
			as = spec.Name.Name
		}
		to, ok := moduleOf(relative(imported, module))
		if names := named[as]; ok && to != from && len(names) > 0 && !slices.ContainsFunc(names, unpublished) {
			found = append(found, relative(imported, module))
		}
	}
	return found, nil
}

// unpublished reports whether a name of an api package is that of anything but an event or the kind of one.
func unpublished(name string) bool { return name != "Event" && !strings.HasPrefix(name, "Kind") }

// namesOf returns what the file names behind a dot, by what stands before it.
func namesOf(file *ast.File) map[string][]string {
	names := map[string][]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if of, ok := selector.X.(*ast.Ident); ok {
				names[of.Name] = append(names[of.Name], selector.Sel.Name)
			}
		}
		return true
	})
	return names
}
