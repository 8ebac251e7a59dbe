package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// node is a value in a JSON document that knows where it stands, so that whoever wrote the document is told.
type node struct {
	offset int64
	value  any // object, []*node, string, json.Number, bool, or nil for null
}

// object is a JSON object.
type object map[string]member

// member is a field of an object.
type member struct {
	offset int64 // of the name
	value  *node
}

// JSONError says what is wrong with a JSON document.
type JSONError struct {
	// File is the name of the file.
	File string
	// Line and Column say where, from 1; the column counts bytes.
	Line, Column int
	// Detail says what is wrong.
	Detail string
}

// Error names file, line and column.
func (e *JSONError) Error() string {
	return fmt.Sprintf("%s: line %d, column %d: %s", e.File, e.Line, e.Column, e.Detail)
}

// maxDepth is deeper than any document that is read here.
const maxDepth = 20

// document is a JSON document while it is parsed.
type document struct {
	file    string
	text    []byte
	decoder *json.Decoder
}

// parse returns the one value of the document. Errors: *JSONError.
func parse(file string, text []byte) (*document, *node, error) {
	d := &document{file: file, text: text, decoder: json.NewDecoder(bytes.NewReader(text))}
	d.decoder.UseNumber()
	root, err := d.next(0)
	if err != nil {
		return d, nil, err
	}
	if start := d.start(); start < int64(len(text)) {
		return d, nil, d.errorf(start, "something follows the end of the document")
	}
	return d, root, nil
}

// start is where the next token begins.
func (d *document) start() int64 {
	at := d.decoder.InputOffset()
	return at + int64(len(d.text[at:])-len(bytes.TrimLeft(d.text[at:], " \t\r\n,:")))
}

// errorf returns the error of a place.
func (d *document) errorf(offset int64, format string, args ...any) error {
	before := d.text[:min(offset, int64(len(d.text)))]
	return &JSONError{
		File:   d.file,
		Line:   bytes.Count(before, []byte("\n")) + 1,
		Column: len(before) - bytes.LastIndexByte(before, '\n'),
		Detail: fmt.Sprintf(format, args...),
	}
}

// next parses the next value.
func (d *document) next(depth int) (*node, error) {
	n := &node{offset: d.start()}
	if depth > maxDepth {
		return nil, d.errorf(n.offset, "it is nested too deeply")
	}
	token, err := d.token(n.offset)
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		n.value, err = d.object(depth)
	case json.Delim('['):
		n.value, err = d.array(depth)
	default:
		n.value = token
	}
	return n, err
}

func (d *document) token(offset int64) (json.Token, error) {
	token, err := d.decoder.Token()
	switch {
	case err == io.EOF:
		return nil, d.errorf(offset, "the document ends here, in the middle")
	case err != nil:
		return nil, d.errorf(offset, "this is not JSON: %v", err)
	}
	return token, nil
}

// object parses the rest of an object.
func (d *document) object(depth int) (object, error) {
	fields := object{}
	for d.decoder.More() {
		offset := d.start()
		name, err := d.token(offset)
		if err != nil {
			return nil, err
		}
		value, err := d.next(depth + 1)
		if err != nil {
			return nil, err
		}
		key := name.(string) // the decoder accepts nothing else
		if _, twice := fields[key]; twice {
			return nil, d.errorf(offset, "%q is there twice", key)
		}
		fields[key] = member{offset: offset, value: value}
	}
	_, err := d.token(d.start())
	return fields, err
}

// array parses the rest of an array.
func (d *document) array(depth int) ([]*node, error) {
	values := []*node{}
	for d.decoder.More() {
		value, err := d.next(depth + 1)
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	_, err := d.token(d.start())
	return values, err
}
