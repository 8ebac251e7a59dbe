package architecture

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// Violation is one import that a rule refuses.
type Violation struct {
	Rule   string
	File   string
	Import string
	Text   string // the whole sentence, for people
}

// Applies reports whether the rule holds for the file, and what the placeholders of its patterns stand for there.
func (r Rule) Applies(file File) (map[string]string, bool) {
	if file.IsTest() && !r.Tests {
		return nil, false
	}
	for _, except := range r.Except {
		if _, ok := except.match(file.Path); ok {
			return nil, false
		}
	}
	for _, in := range r.In {
		if bound, ok := in.match(file.Path); ok {
			return bound, true
		}
	}
	return nil, false
}

// Check returns every import of the graph that the rule refuses, in the order of the files.
func (r Rule) Check(graph Graph) []Violation {
	var violations []Violation
	for _, file := range graph.Files {
		bound, ok := r.Applies(file)
		if !ok {
			continue
		}
		if r.Deep {
			violations = append(violations, r.checkDeep(graph, file, bound)...)
			continue
		}
		for _, imported := range file.Imports {
			if r.refuses(imported, bound) {
				violations = append(violations, r.violation(file, imported, imported))
			}
		}
	}
	return violations
}

func (r Rule) refuses(imported string, bound map[string]string) bool {
	if len(r.Only) > 0 && !anyMatchesImport(r.Only, imported, bound) {
		return true
	}
	return anyMatchesImport(r.Never, imported, bound) && !anyMatchesImport(r.Unless, imported, bound)
}

// checkDeep follows each import of the file, so that the sentence names the import by which the trouble came in.
func (r Rule) checkDeep(graph Graph, file File, bound map[string]string) []Violation {
	refused := func(imported string) bool { return anyMatchesImport(r.Never, imported, bound) }
	var violations []Violation
	for _, imported := range file.Imports {
		if refused(imported) {
			violations = append(violations, r.violation(file, imported, imported))
		} else if way := graph.Chain(imported, refused); way != nil {
			violations = append(violations, r.violation(file, way[len(way)-1], strings.Join(way, " → ")))
		}
	}
	return violations
}

func (r Rule) violation(file File, imported, way string) Violation {
	return Violation{
		Rule:   r.Name,
		File:   file.Path,
		Import: imported,
		Text:   fmt.Sprintf("%s imports %s: %s: %s", file.Path, way, r.Name, r.Because),
	}
}

// VagueNames returns the files whose own name, or that of a directory above them, says nothing about their content.
func VagueNames(graph Graph) []string {
	var vague []string
	for _, file := range graph.Files {
		for element := range strings.SplitSeq(file.Path, "/") {
			name := strings.TrimSuffix(strings.TrimSuffix(element, ".go"), "_test")
			if slices.Contains(vagueNames, name) {
				vague = append(vague, file.Path)
				break
			}
		}
	}
	return vague
}

// ModuleCycle returns modules that call one another in a circle, the first one again at the end, or nil. The compiler
// refuses circles of packages only: two modules may well each import the other's api. To hear of a module's events is no
// call: that is how what happens comes back to those on whom the module rests.
func ModuleCycle(graph Graph) []string {
	calls := make(map[string][]string)
	for _, file := range graph.Files {
		from, ok := moduleOf(file.Package())
		if !ok || file.IsTest() {
			continue
		}
		for _, imported := range file.Imports {
			if to, ok := moduleOf(imported); ok && to != from && !slices.Contains(file.Heard, imported) && !slices.Contains(calls[from], to) {
				calls[from] = append(calls[from], to)
			}
		}
	}
	modules := Graph{Packages: calls}
	for _, from := range slices.Sorted(maps.Keys(calls)) {
		if way := modules.Chain(from, func(to string) bool { return slices.Contains(calls[to], from) }); way != nil {
			return append(way, from)
		}
	}
	return nil
}

// moduleOf returns the business module that a package of the repository belongs to.
func moduleOf(importPath string) (string, bool) {
	within, ok := strings.CutPrefix(importPath, "./modules/")
	if !ok {
		return "", false
	}
	module, _, _ := strings.Cut(path.Clean(within), "/")
	return module, true
}
