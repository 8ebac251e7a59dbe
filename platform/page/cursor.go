package page

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/gavelhq/gavel/platform/fault"
)

// Cursor says where a page begins. It is opaque to callers: they hand back what they were given. It is not secret and
// not signed, so it must hold nothing but values that the caller has seen, and a view must treat it as input.
type Cursor string

// ErrInvalidCursor reports a cursor that was not made by this list. The edge answers it as a malformed request.
var ErrInvalidCursor = fault.New(fault.Invalid, "invalid_cursor",
	"This cursor does not belong to this list. Take next_cursor from an answer of the same list, sorted the same way.")

// version is the first field of every cursor; a change of the layout raises it, which retires the cursors made before.
const version = 1

// maxCursor bounds what Decode looks at. Keys are a few short values.
const maxCursor = 1024

// envelope is the layout of a cursor.
type envelope struct {
	Version int             `json:"v"`
	List    string          `json:"l"`
	Key     json.RawMessage `json:"k"`
}

// Encode returns the cursor that continues a list after key. The list's name includes its order, such as
// "listings/ending_soon", so that a cursor of one order is refused by another. It panics when encoding/json cannot write
// the key, which no input can cause: keys are structs of plain fields.
func Encode[K any](list string, key K) Cursor {
	raw, err := json.Marshal(key)
	if err != nil {
		panic(fmt.Sprintf("page: cursor key of %s: %v", list, err))
	}
	text, err := json.Marshal(envelope{Version: version, List: list, Key: raw})
	if err != nil {
		panic(fmt.Sprintf("page: cursor of %s: %v", list, err))
	}
	return Cursor(base64.RawURLEncoding.EncodeToString(text))
}

// Decode returns the key inside a cursor of the given list, and false for the empty cursor, which begins the list.
// Errors: ErrInvalidCursor for a cursor that Encode did not make for this list.
func Decode[K any](list string, c Cursor) (key K, ok bool, err error) {
	if c == "" {
		return key, false, nil
	}
	if len(c) > maxCursor {
		return key, false, ErrInvalidCursor
	}
	text, err := base64.RawURLEncoding.Strict().DecodeString(string(c))
	if err != nil {
		return key, false, fmt.Errorf("decode cursor of %s: %w", list, ErrInvalidCursor)
	}
	var e envelope
	if strict(text, &e) != nil || e.Version != version || e.List != list || strict(e.Key, &key) != nil {
		var zero K
		return zero, false, fmt.Errorf("read cursor of %s: %w", list, ErrInvalidCursor)
	}
	return key, true, nil
}

// strict reads one JSON value into v and refuses fields that v does not have, null and what follows the value.
func strict(text []byte, v any) error {
	if len(text) == 0 || bytes.Equal(bytes.TrimSpace(text), []byte("null")) {
		return errors.New("no value")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}
