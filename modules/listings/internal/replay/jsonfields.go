package replay

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// fields takes the fields out of an object, one after the other, and keeps the first error. Every field has to be taken:
// what is left over is a mistake, often of spelling.
type fields struct {
	document *document
	what     string // "step 3"
	offset   int64
	left     object
	known    []string
	err      *error // shared by all fields of a document
}

// fieldsOf returns the fields of n, which is what the words say.
func fieldsOf(d *document, n *node, what string, err *error) *fields {
	f := &fields{document: d, what: what, offset: n.offset, err: err}
	o, ok := n.value.(object)
	if !ok {
		f.fail(n.offset, "%s must be an object", what)
	}
	f.left = maps.Clone(o)
	return f
}

// fail notes an error if it is the first.
func (f *fields) fail(offset int64, format string, args ...any) {
	if *f.err == nil {
		*f.err = f.document.errorf(offset, format, args...)
	}
}

// has reports whether there is a field of that name.
func (f *fields) has(name string) bool {
	_, there := f.left[name]
	return there
}

// take returns the field; nil, with an error noted, if it is not there.
func (f *fields) take(name string) *node {
	f.known = append(f.known, name)
	m, there := f.left[name]
	if !there {
		f.fail(f.offset, "%s has no %q", f.what, name)
		return nil
	}
	delete(f.left, name)
	return m.value
}

// must notes that the field is not what it must be.
func (f *fields) must(n *node, name, be string) {
	if n != nil {
		f.fail(n.offset, "%s: %q must be %s", f.what, name, be)
	}
}

func (f *fields) text(name string) string {
	n := f.take(name)
	if n == nil {
		return ""
	}
	text, ok := n.value.(string)
	if !ok {
		f.must(n, name, `text in quotes`)
	}
	return text
}

// textOrNull returns nil for null.
func (f *fields) textOrNull(name string) *string {
	n := f.take(name)
	if n == nil || n.value == nil {
		return nil
	}
	text, ok := n.value.(string)
	if !ok {
		f.must(n, name, "text in quotes, or null")
	}
	return &text
}

func (f *fields) flag(name string) bool {
	n := f.take(name)
	if n == nil {
		return false
	}
	flag, ok := n.value.(bool)
	if !ok {
		f.must(n, name, "true or false")
	}
	return flag
}

func (f *fields) seconds(name string) time.Duration {
	n := f.take(name)
	if n == nil {
		return 0
	}
	number, _ := n.value.(json.Number)
	d, ok := span(number.String(), time.Second)
	if !ok {
		f.must(n, name, "a number of seconds, not negative")
	}
	return d
}

func (f *fields) object(name, what string) *fields {
	n := f.take(name)
	if n == nil {
		n = &node{value: object{}}
	}
	return fieldsOf(f.document, n, what, f.err)
}

func (f *fields) list(name string) []*node {
	n := f.take(name)
	if n == nil {
		return nil
	}
	list, ok := n.value.([]*node)
	if !ok {
		f.must(n, name, "a list")
	}
	return list
}

// done notes a field that nobody took: the first in the document.
func (f *fields) done() {
	names := slices.SortedFunc(maps.Keys(f.left), func(a, b string) int { return int(f.left[a].offset - f.left[b].offset) })
	if len(names) > 0 {
		f.fail(f.left[names[0]].offset, "%s has no field %q: it knows %s", f.what, names[0], strings.Join(f.known, ", "))
	}
}
