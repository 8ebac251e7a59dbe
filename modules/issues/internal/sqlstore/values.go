package sqlstore

import (
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// maybeHash is a column of 32 bytes; all zeros are NULL.
type maybeHash domain.Hash

// Value implements driver.Valuer. Errors: none.
func (h maybeHash) Value() (driver.Value, error) {
	if h == (maybeHash{}) {
		return nil, nil
	}
	return h[:], nil
}

// Scan implements sql.Scanner. Errors: the column holds something other than 32 bytes.
func (h *maybeHash) Scan(value any) error {
	if value == nil {
		*h = maybeHash{}
		return nil
	}
	bytes, ok := value.([]byte)
	if !ok || len(bytes) != len(h) {
		return fmt.Errorf("%w: a hash has 32 bytes, not %d in a %T", db.ErrUnreadable, len(bytes), value)
	}
	copy(h[:], bytes)
	return nil
}

// hashes is a column of so many times 32 bytes; none are NULL.
type hashes []domain.Hash

// Value implements driver.Valuer. Errors: none.
func (h hashes) Value() (driver.Value, error) {
	if len(h) == 0 {
		return nil, nil
	}
	var all []byte
	for _, hash := range h {
		all = append(all, hash[:]...)
	}
	return all, nil
}

// Scan implements sql.Scanner. Errors: the column holds something other than hashes.
func (h *hashes) Scan(value any) error {
	*h = nil
	if value == nil {
		return nil
	}
	bytes, ok := value.([]byte)
	if !ok || len(bytes)%len(domain.Hash{}) != 0 {
		return fmt.Errorf("%w: hashes have 32 bytes each, not %d in a %T", db.ErrUnreadable, len(bytes), value)
	}
	for part := range slices.Chunk(bytes, len(domain.Hash{})) {
		*h = append(*h, domain.Hash(part))
	}
	return nil
}

// hexHash is a hash as JSON.
type hexHash domain.Hash

// MarshalText implements encoding.TextMarshaler. Errors: none.
func (h hexHash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText implements encoding.TextUnmarshaler. Errors: not 64 hexadecimal digits.
func (h *hexHash) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(h)) {
		return fmt.Errorf("%w: a hash has 64 digits, not %d", db.ErrUnreadable, len(text))
	}
	_, err := hex.Decode(h[:], text)
	return err
}

// list is a text column with a JSON array.
type list[T any] []T

// noElements is a list without any.
const noElements = "[]"

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

// microseconds returns the duration that a column holds.
func microseconds(n int64) time.Duration { return time.Duration(n) * time.Microsecond }
