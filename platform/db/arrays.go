package db

import (
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/google/uuid"
)

// What travels to PostgreSQL in arrays is in its binary format: writing and reading them as text was a fifth of what a bid
// among many cost either side. The connections are told so (binary_parameters), because the driver sends bytes as text
// otherwise. The format is that of array_recv, and of the element's own receive function; all numbers are big-endian.

// array is a parameter in the binary format.
type array []byte

// Value implements driver.Valuer. Errors: none.
func (a array) Value() (driver.Value, error) { return []byte(a), nil }

// oid is the element type's object id, which PostgreSQL fixes for the types that it is born with.
func (t Type) oid() uint32 {
	switch t {
	case Int:
		return 20
	case UUID:
		return 2950
	case Bytes:
		return 17
	case Bool:
		return 16
	case Real:
		return 701
	default:
		return 25
	}
}

// null is the length that says that there is no element.
const null = math.MaxUint32

// newArray returns an array without elements that is to have n, of about size bytes each.
func newArray(t Type, n, size int) array {
	a := make(array, 0, 20+n*(4+size))
	a = binary.BigEndian.AppendUint32(a, 1) // dimension
	a = binary.BigEndian.AppendUint32(a, 1) // there may be nulls
	a = binary.BigEndian.AppendUint32(a, t.oid())
	a = binary.BigEndian.AppendUint32(a, uint32(n)) //nolint:gosec // far less
	return binary.BigEndian.AppendUint32(a, 1)      // the index of the first
}

// arrays turns rows into one array a column.
func (c Columns) arrays(rows [][]any) ([]any, error) {
	arrays := make([]any, len(c))
	for j, column := range c {
		a := newArray(column.Type, len(rows), 16)
		for i, row := range rows {
			var err error
			if a, err = column.Type.appendElement(a, row[j]); err != nil {
				return nil, fmt.Errorf("row %d, column %s: %w", i, column.Name, err)
			}
		}
		arrays[j] = []byte(a)
	}
	return arrays, nil
}

// appendElement appends the value. Errors: one that the type cannot hold.
func (t Type) appendElement(a array, value any) (array, error) {
	switch v := value.(type) {
	case nil:
		return binary.BigEndian.AppendUint32(a, null), nil
	case uuid.UUID:
		if t == UUID {
			return appendBytes(a, v[:]), nil
		}
	case int64:
		if t == Int {
			return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(a, 8), uint64(v)), nil //nolint:gosec // the same bits
		}
	case string:
		switch t {
		case Text:
			return appendBytes(a, v), nil
		case UUID:
			id, err := uuid.Parse(v)
			return appendBytes(a, id[:]), err
		}
	case []byte:
		if t == Text || t == Bytes {
			return appendBytes(a, v), nil
		}
	case bool:
		if t == Bool {
			return append(binary.BigEndian.AppendUint32(a, 1), map[bool]byte{true: 1}[v]), nil
		}
	case float64:
		if t == Real {
			return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(a, 8), math.Float64bits(v)), nil
		}
	default:
		return t.appendConverted(a, value)
	}
	return nil, fmt.Errorf("a %T is no element of %s[]", value, t.postgres())
}

// appendConverted appends what the value, which is none of the driver's, says that it is for a database.
func (t Type) appendConverted(a array, value any) (array, error) {
	plain, err := driver.DefaultParameterConverter.ConvertValue(value)
	if err != nil {
		return nil, err
	}
	switch plain.(type) {
	case nil, string, int64, bool, float64, []byte:
		return t.appendElement(a, plain)
	default:
		return nil, fmt.Errorf("a %T is no element of %s[]", value, t.postgres())
	}
}

func appendBytes[T string | []byte](a array, value T) array {
	return append(binary.BigEndian.AppendUint32(a, uint32(len(value))), value...) //nolint:gosec // far less
}
