package sqlstore

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// digest is a column of the 32 bytes of a hash.
type digest domain.Hash

// Value implements driver.Valuer. Errors: none.
func (d digest) Value() (driver.Value, error) { return d[:], nil }

// Scan implements sql.Scanner. Errors: the column holds something other than 32 bytes.
func (d *digest) Scan(value any) error {
	bytes, ok := value.([]byte)
	if !ok || len(bytes) != len(d) {
		return fmt.Errorf("%w: a hash has 32 bytes, not %d in a %T", db.ErrUnreadable, len(bytes), value)
	}
	copy(d[:], bytes)
	return nil
}

// maybeSecret is a column of the bytes of a secret; the zero secret is NULL.
type maybeSecret domain.Secret

// Value implements driver.Valuer. Errors: none.
func (s maybeSecret) Value() (driver.Value, error) {
	if s == (maybeSecret{}) {
		return nil, nil
	}
	return s[:], nil
}

// Scan implements sql.Scanner. Errors: the column holds neither nothing nor a secret.
func (s *maybeSecret) Scan(value any) error {
	*s = maybeSecret{}
	if value == nil {
		return nil
	}
	bytes, ok := value.([]byte)
	if !ok || len(bytes) != len(s) {
		return fmt.Errorf("%w: a secret has %d bytes, not %d in a %T", db.ErrUnreadable, len(s), len(bytes), value)
	}
	copy(s[:], bytes)
	return nil
}

// list is a text column with a JSON array.
type list[T any] []T

// Value implements driver.Valuer. Errors: an element that JSON cannot hold.
func (l list[T]) Value() (driver.Value, error) {
	if len(l) == 0 {
		return noElements, nil
	}
	text, err := json.Marshal([]T(l))
	if err != nil {
		return nil, fmt.Errorf("encode a list: %w", err)
	}
	return string(text), nil
}

// noElements is a list without any.
const noElements = "[]"

// Scan implements sql.Scanner. Errors: the column holds no JSON array of such elements.
func (l *list[T]) Scan(value any) error {
	*l = nil
	text, err := db.TextOf(value)
	if err != nil || text == noElements {
		return err
	}
	if err := json.Unmarshal([]byte(text), (*[]T)(l)); err != nil {
		return fmt.Errorf("%w: %w", db.ErrUnreadable, err)
	}
	return nil
}

// notBefore returns the first whole microsecond that is not before t.
func notBefore(t time.Time) db.Micros { return db.Micros(t.Add(time.Microsecond - 1)) }

// storable reports whether a text can be in a database at all: PostgreSQL takes no text that is no text.
func storable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }
