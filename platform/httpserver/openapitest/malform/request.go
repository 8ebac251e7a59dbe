// Package malform makes requests that an API has to refuse, or at least to survive: it builds a valid request for an
// operation from the API's OpenAPI document and then breaks it in one or more ways.
package malform

import (
	"bytes"
	"fmt"
	"strings"
)

// Request is what is sent, as it goes over the wire: nothing of it is made right on the way.
type Request struct {
	Operation string // the operation's id in the document
	Method    string
	Target    string // path and query, escaped or not
	Header    []Field
	Body      []byte

	// Broken names the ways in which it was broken; empty for a valid request.
	Broken []string
	// Unauthenticated says that the breakage took away or spoilt what the caller shows.
	Unauthenticated bool
	// Cut says that less is sent than the request promises: the client closes its side after it.
	Cut bool
}

// Field is one line of a request's header.
type Field struct{ Name, Value string }

// Wire returns the request as HTTP/1.1 to the host. Unless the header says something of the body's length, it is right.
func (r Request) Wire(host string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", r.Method, r.Target)
	if !r.has("Host") {
		fmt.Fprintf(&b, "Host: %s\r\n", host)
	}
	for _, field := range r.Header {
		fmt.Fprintf(&b, "%s: %s\r\n", field.Name, field.Value)
	}
	if !r.has("Content-Length") && !r.has("Transfer-Encoding") && len(r.Body) > 0 {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(r.Body))
	}
	b.WriteString("\r\n")
	b.Write(r.Body)
	return b.Bytes()
}

// Overlong says that the server need not read the request to its end: it does not fit into one reading, or says something else of its length
// than it is.
func (r Request) Overlong() bool {
	return len(r.Wire("")) > 4000 || r.has("Content-Length") || r.has("Transfer-Encoding")
}

func (r Request) has(name string) bool {
	for _, field := range r.Header {
		if strings.EqualFold(field.Name, name) {
			return true
		}
	}
	return false
}

// add adds a line to the header.
func (r *Request) add(name, value string) {
	r.Header = append(r.Header, Field{Name: name, Value: value})
}

// set replaces every line of that name by one.
func (r *Request) set(name, value string) {
	r.remove(name)
	r.add(name, value)
}

func (r *Request) remove(name string) {
	var kept []Field
	for _, field := range r.Header {
		if !strings.EqualFold(field.Name, name) {
			kept = append(kept, field)
		}
	}
	r.Header = kept
}
