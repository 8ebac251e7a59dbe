package sqlstore

import (
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/platform/db"
)

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
		return fmt.Errorf("%w: %w", app.ErrUnreadable, err)
	}
	return nil
}

// digest is a column of 32 bytes: a hash, an alias or a secret; all zeros are NULL.
type digest [32]byte

// Value implements driver.Valuer. Errors: none.
func (d digest) Value() (driver.Value, error) {
	if d == (digest{}) {
		return nil, nil
	}
	return d[:], nil
}

var errDigest = fmt.Errorf("%w: a hash, an alias or a secret is kept in 32 bytes", app.ErrUnreadable)

// Scan implements sql.Scanner. Errors: the column holds something other than 32 bytes.
func (d *digest) Scan(value any) error {
	if value == nil {
		*d = digest{}
		return nil
	}
	bytes, ok := value.([]byte)
	if !ok || len(bytes) != len(d) {
		return fmt.Errorf("%w, not in a %T of %d", errDigest, value, len(bytes))
	}
	copy(d[:], bytes)
	return nil
}

// end is a column of microseconds in which the zero instant is the last one there is, so that what has no end comes
// after everything that has one.
type end time.Time

// Value implements driver.Valuer. Errors: none.
func (e end) Value() (driver.Value, error) {
	if time.Time(e).IsZero() {
		return noEnd, nil
	}
	return db.Micros(e).Value()
}

// Scan implements sql.Scanner. Errors: the column holds something other than an integer.
func (e *end) Scan(value any) error {
	if value == noEnd {
		*e = end{}
		return nil
	}
	return (*db.Micros)(e).Scan(value)
}
