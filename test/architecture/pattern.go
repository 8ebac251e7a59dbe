package architecture

import (
	"regexp"
	"strings"
	"sync"
)

// Pattern selects files or imports by path. Paths in this repository are relative to its root: a file is
// "platform/uow/unit.go", the import of a package of ours "./platform/uow". Other imports are written as in Go, and
// "std" is the standard library.
//
//	...       anything, slashes included; at the end, "a/..." is a itself and all below it
//	*         anything within one path element
//	{name}    one path element, the same wherever the rule says {name} again
type Pattern string

var placeholder = regexp.MustCompile(`\\\{([a-z]+)\\\}`)

// compile turns the pattern into a regular expression over whole paths. Placeholders that bound has a value for stand
// for that value, the others for any path element.
func (p Pattern) compile(bound map[string]string) *regexp.Regexp {
	expr := regexp.QuoteMeta(string(p))
	expr = placeholder.ReplaceAllStringFunc(expr, func(found string) string {
		name := placeholder.FindStringSubmatch(found)[1]
		if value, ok := bound[name]; ok {
			return regexp.QuoteMeta(value)
		}
		return `(?P<` + name + `>[^/]+)`
	})
	if below, ok := strings.CutSuffix(expr, `/\.\.\.`); ok {
		expr = below + `(/.*)?`
	}
	expr = strings.ReplaceAll(expr, `\.\.\.`, `.*`)
	expr = strings.ReplaceAll(expr, `\*`, `[^/]*`)
	return compiled(`^` + expr + `$`)
}

// expressions remembers what was compiled: the same few patterns meet some thousand imports.
var expressions sync.Map

func compiled(expr string) *regexp.Regexp {
	if known, ok := expressions.Load(expr); ok {
		return known.(*regexp.Regexp)
	}
	fresh := regexp.MustCompile(expr)
	expressions.Store(expr, fresh)
	return fresh
}

// match reports whether the pattern selects the path, and what its placeholders stand for there.
func (p Pattern) match(path string) (map[string]string, bool) {
	expr := p.compile(nil)
	found := expr.FindStringSubmatch(path)
	if found == nil {
		return nil, false
	}
	bound := make(map[string]string)
	for i, name := range expr.SubexpNames() {
		if name != "" {
			bound[name] = found[i]
		}
	}
	return bound, true
}

// matchesImport reports whether the pattern selects the import, its placeholders standing for what bound says.
func (p Pattern) matchesImport(path string, bound map[string]string) bool {
	if p == "std" {
		return isStandard(path)
	}
	return p.compile(bound).MatchString(path)
}

func anyMatchesImport(patterns []Pattern, path string, bound map[string]string) bool {
	for _, p := range patterns {
		if p.matchesImport(path, bound) {
			return true
		}
	}
	return false
}

// isStandard reports whether the import is of the standard library: only there has the first element no dot.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}
