package httpserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// jsonFormat is how bodies are read and written. It is stricter than encoding/json, which takes the last of two equal
// keys and mends invalid UTF-8, so that two readers of one body can see two different things.
var jsonFormat = huma.Format{Marshal: writeJSON, Unmarshal: readJSON}

// writeJSON writes v to a client. A value that is no JSON is our mistake and panics before anything is written, so that
// the recovery can answer; a client that has gone is none.
func writeJSON(w io.Writer, v any) error {
	if done, ok := v.(interface{ encoded() []byte }); ok {
		_, _ = w.Write(done.encoded())
		return nil
	}
	text, err := encode(v)
	if err != nil {
		panic(err)
	}
	_, _ = w.Write(text)
	return nil
}

// encode returns v as clients get it. Errors: a value that is no JSON.
func encode(v any) ([]byte, error) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("write answer as JSON: %w", err)
	}
	return text.Bytes(), nil
}

// errNUL refuses what JSON can say but no text of ours holds, and what a database would fail at.
var errNUL = errors.New("the body holds a NUL character")

// readJSON reads one JSON value into v.
// Errors: those of encoding/json, and for invalid UTF-8 and for a key that an object has twice and for a NUL
// character.
func readJSON(body []byte, v any) error {
	if !utf8.Valid(body) {
		return errors.New("the body is not UTF-8")
	}
	if err := json.Unmarshal(body, v); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	return rejectAmbiguous(d)
}

// rejectAmbiguous reads one value of d, which is valid JSON and no deeper than encoding/json allows, and refuses what
// readJSON refuses in it.
func rejectAmbiguous(d *json.Decoder) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	if text, ok := token.(string); ok && !isText(text) {
		return errNUL
	}
	opened, compound := token.(json.Delim)
	if !compound {
		return nil
	}
	keys := map[string]struct{}{}
	for d.More() {
		if opened == '{' {
			key, err := d.Token()
			if err != nil {
				return err
			}
			name := key.(string)
			if !isText(name) {
				return errNUL
			}
			if _, twice := keys[name]; twice {
				return fmt.Errorf("the key %q is there twice", name)
			}
			keys[name] = struct{}{}
		}
		if err := rejectAmbiguous(d); err != nil {
			return err
		}
	}
	_, err = d.Token() // the closing delimiter
	return err
}
