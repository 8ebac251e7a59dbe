package db

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// ErrUnreadable says that what is stored cannot be understood, so this program did not write it.
var ErrUnreadable = errors.New("what is stored here makes no sense")

// Domains say "none" with zero values, tables with NULL. These types stand between the two.

// MaybeID is a uuid column; uuid.Nil is NULL.
type MaybeID uuid.UUID

// Value implements driver.Valuer. Errors: none.
func (id MaybeID) Value() (driver.Value, error) {
	if uuid.UUID(id) == uuid.Nil {
		return nil, nil
	}
	return uuid.UUID(id).Value()
}

// Scan implements sql.Scanner. Errors: ErrUnreadable when the column holds no uuid.
func (id *MaybeID) Scan(value any) error {
	if err := (*uuid.UUID)(id).Scan(value); err != nil {
		return fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return nil
}

// MaybeTime is a column of microseconds; the zero instant is NULL.
type MaybeTime time.Time

// Value implements driver.Valuer. Errors: none.
func (t MaybeTime) Value() (driver.Value, error) {
	if time.Time(t).IsZero() {
		return nil, nil
	}
	return Micros(t).Value()
}

// Scan implements sql.Scanner. Errors: as Micros.Scan.
func (t *MaybeTime) Scan(value any) error {
	if value == nil {
		*t = MaybeTime{}
		return nil
	}
	return (*Micros)(t).Scan(value)
}

// MaybeText is a text column; the empty text is NULL.
type MaybeText string

// Value implements driver.Valuer. Errors: none.
func (s MaybeText) Value() (driver.Value, error) {
	if s == "" {
		return nil, nil
	}
	return string(s), nil
}

// Scan implements sql.Scanner. Errors: ErrUnreadable when the column holds no text.
func (s *MaybeText) Scan(value any) error {
	text, err := TextOf(value)
	*s = MaybeText(text)
	return err
}

// TextOf returns what a driver has read from a text column; NULL is the empty text. Errors: ErrUnreadable for what is no
// text.
func TextOf(value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	default:
		return "", fmt.Errorf("%w: a text is kept as a %T", ErrUnreadable, value)
	}
}
