package malform

import (
	"bytes"
	"encoding/json"
	"strings"
)

// node is a JSON value that can be written wrongly: keys in any order and twice, and any text in place of a value.
type node struct {
	object  bool
	array   bool
	members []member // of an object
	items   []*node  // of an array
	raw     string   // of anything else, as it is written
}

type member struct {
	key   string // as it is written, with its quotes
	value *node
}

// scalar is a value that is no object and no array.
func scalar(v any) *node { return &node{raw: marshal(v)} }

// literal is a text that stands where a value is expected.
func literal(raw string) *node { return &node{raw: raw} }

func marshal(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // a value of this package's own making
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (n *node) write(b *bytes.Buffer) {
	switch {
	case n.object:
		b.WriteByte('{')
		for i, m := range n.members {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(m.key)
			b.WriteByte(':')
			m.value.write(b)
		}
		b.WriteByte('}')
	case n.array:
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.write(b)
		}
		b.WriteByte(']')
	default:
		b.WriteString(n.raw)
	}
}

// places returns n and everything below it.
func (n *node) places() []*node {
	all := []*node{n}
	for _, m := range n.members {
		all = append(all, m.value.places()...)
	}
	for _, item := range n.items {
		all = append(all, item.places()...)
	}
	return all
}

// find returns the values that suit, anywhere in n.
func (n *node) find(suits func(*node) bool) []*node {
	var found []*node
	for _, place := range n.places() {
		if suits(place) {
			found = append(found, place)
		}
	}
	return found
}

func (n *node) isText() bool { return strings.HasPrefix(n.raw, `"`) }

func (n *node) isNumber() bool {
	return n.raw != "" && strings.Contains("-0123456789", n.raw[:1])
}

// get returns the member of an object, nil where it has none.
func (n *node) get(name string) *node {
	for _, m := range n.members {
		if m.key == marshal(name) {
			return m.value
		}
	}
	return nil
}
