// Package platformtest holds the seams through which tests swap parts of the production graph.
package platformtest

import (
	"fmt"
	"reflect"

	"go.uber.org/fx"
)

// Swap replaces what the graph provides as the interface T by value, which must be comparable (a pointer), and fails the
// start of the program when the graph provides no T or when something else ends up in its place. fx.Replace alone matches
// the concrete type of what it is given, and says nothing when it replaced nothing.
//
// The swapped constructor is never called, so what it would have opened stays closed.
func Swap[T any](value T) fx.Option {
	name := reflect.TypeFor[T]().String()
	return fx.Options(
		fx.Replace(fx.Annotate(value, fx.As(new(T)))),
		fx.Invoke(func(got T) error {
			if any(got) != any(value) {
				return fmt.Errorf("swap %s: the graph uses %T instead of %T", name, got, value)
			}
			return nil
		}),
	)
}
