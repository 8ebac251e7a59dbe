package db

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Micros is an instant as databases keep it: a bigint of microseconds since 1970, UTC. Integers compare the same way
// everywhere and have no time zone to lose. An optional instant is a *Micros.
type Micros time.Time

// Time returns the instant in UTC.
func (m Micros) Time() time.Time { return time.Time(m).UTC() }

// Value implements driver.Valuer. What is finer than a microsecond is cut off, as the clock does. Errors: none.
func (m Micros) Value() (driver.Value, error) { return time.Time(m).UnixMicro(), nil }

// Scan implements sql.Scanner. Errors: the column holds something other than an integer.
func (m *Micros) Scan(value any) error {
	micros, ok := value.(int64)
	if !ok {
		return fmt.Errorf("an instant is kept as an integer of microseconds, not as %T", value)
	}
	*m = Micros(time.UnixMicro(micros).UTC())
	return nil
}
