package sqlstore

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// errUnreadable says that what is stored cannot be understood, so this program did not write it.
var errUnreadable = errors.New("what is stored here makes no sense")

// The domain says "none" with zero values, tables with NULL. These types stand between the two.

// maybeID is a uuid column; uuid.Nil is NULL.
type maybeID uuid.UUID

// Value implements driver.Valuer. Errors: none.
func (id maybeID) Value() (driver.Value, error) {
	if uuid.UUID(id) == uuid.Nil {
		return nil, nil
	}
	return uuid.UUID(id).Value()
}

// Scan implements sql.Scanner. Errors: the column holds no uuid.
func (id *maybeID) Scan(value any) error {
	if err := (*uuid.UUID)(id).Scan(value); err != nil {
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return nil
}

// maybeTime is a column of microseconds; the zero instant is NULL.
type maybeTime time.Time

// Value implements driver.Valuer. Errors: none.
func (t maybeTime) Value() (driver.Value, error) {
	if time.Time(t).IsZero() {
		return nil, nil
	}
	return db.Micros(t).Value()
}

// Scan implements sql.Scanner. Errors: the column holds something other than an integer.
func (t *maybeTime) Scan(value any) error {
	if value == nil {
		*t = maybeTime{}
		return nil
	}
	return (*db.Micros)(t).Scan(value)
}

// maybeText is a text column; the empty text is NULL.
type maybeText string

// Value implements driver.Valuer. Errors: none.
func (s maybeText) Value() (driver.Value, error) {
	if s == "" {
		return nil, nil
	}
	return string(s), nil
}

// Scan implements sql.Scanner. Errors: the column holds no text.
func (s *maybeText) Scan(value any) error {
	text, err := textOf(value)
	*s = maybeText(text)
	return err
}

// digest is a column of the 32 bytes of a hash.
type digest domain.Hash

// Value implements driver.Valuer. Errors: none.
func (d digest) Value() (driver.Value, error) { return d[:], nil }

// Scan implements sql.Scanner. Errors: the column holds something other than 32 bytes.
func (d *digest) Scan(value any) error {
	bytes, ok := value.([]byte)
	if !ok || len(bytes) != len(d) {
		return fmt.Errorf("%w: a hash has 32 bytes, not %d in a %T", errUnreadable, len(bytes), value)
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
		return fmt.Errorf("%w: a secret has %d bytes, not %d in a %T", errUnreadable, len(s), len(bytes), value)
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
	text, err := textOf(value)
	if err != nil || text == noElements {
		return err
	}
	if err := json.Unmarshal([]byte(text), (*[]T)(l)); err != nil {
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return nil
}

// textOf understands what the drivers make of a text column. Errors: errUnreadable.
func textOf(value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	default:
		return "", fmt.Errorf("%w: a text is kept as a %T", errUnreadable, value)
	}
}

// notBefore returns the first whole microsecond that is not before t.
func notBefore(t time.Time) db.Micros { return db.Micros(t.Add(time.Microsecond - 1)) }

// storable reports whether a text can be in a database at all: PostgreSQL takes no text that is no text.
func storable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }
