// Package page cuts long lists into pages by keyset: a page begins after the key at which the one before it ended, so
// that deep pages cost no more than the first and rows that come or go meanwhile move nothing.
//
// Views take a Request and return an Of; what carries them to people is platform/httpserver.
package page

// How many items a page holds.
const (
	// DefaultLimit is what a page holds when the caller names no limit.
	DefaultLimit = 20
	// MaxLimit is the most that a caller may ask for.
	MaxLimit = 100
)

// Request asks for one page of a list.
type Request struct {
	Limit  int    // the most items wanted; see Size
	Cursor Cursor // where to begin; empty for the beginning of the list
}

// Size returns how many items the page may hold: Limit, DefaultLimit where none is given, at most MaxLimit.
func (r Request) Size() int {
	if r.Limit <= 0 {
		return DefaultLimit
	}
	return min(r.Limit, MaxLimit)
}

// Of is one page of a list of T.
type Of[T any] struct {
	Items []T    // never nil when it comes from Cut or Map
	Next  Cursor // begins the next page; empty on the last one
}

// Cut makes a page of the rows that a view read for r. The view reads one row more than r.Size(), which tells whether
// there is a next page; next returns the cursor that continues after a given row.
func Cut[T any](r Request, rows []T, next func(T) Cursor) Of[T] {
	size := r.Size()
	if len(rows) <= size {
		return Of[T]{Items: append([]T{}, rows...)}
	}
	return Of[T]{Items: append([]T{}, rows[:size]...), Next: next(rows[size-1])}
}

// Map returns the page with every item converted by convert, and the same cursor.
func Map[T, R any](p Of[T], convert func(T) R) Of[R] {
	items := make([]R, len(p.Items))
	for i, item := range p.Items {
		items[i] = convert(item)
	}
	return Of[R]{Items: items, Next: p.Next}
}
