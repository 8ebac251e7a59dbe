package contract

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
)

// requireSame fails unless both are the same, but for lists that are nil in one and empty in the other.
func requireSame[T any](t require.TestingT, want, got T, what string) {
	if reflect.DeepEqual(want, got) { // much faster, and nearly always true
		return
	}
	require.Empty(t, cmp.Diff(want, got, cmpopts.EquateEmpty()), what)
}

// walk calls visit for v and everything inside it, unexported fields included, with the way to it. It does not look into
// instants and bytes, which visit gets whole.
func walk(path string, v reflect.Value, visit func(path string, v reflect.Value)) {
	if !v.IsValid() {
		return
	}
	visit(path, v)
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		walk(path, v.Elem(), visit)
	case reflect.Struct:
		if v.Type() == instantType {
			return
		}
		for i := range v.NumField() {
			walk(path+"."+v.Type().Field(i).Name, v.Field(i), visit)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i), visit)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			walk(path+".key", key, visit)
			walk(fmt.Sprintf("%s[%v]", path, key), v.MapIndex(key), visit)
		}
	default:
	}
}

var instantType = reflect.TypeFor[time.Time]()

// requireUTC fails unless every instant in what was loaded is in UTC and in whole microseconds.
func requireUTC(t *testing.T, loaded any) {
	t.Helper()
	walk("", reflect.ValueOf(loaded), func(path string, v reflect.Value) {
		if v.Type() != instantType {
			return
		}
		at := v.Interface().(time.Time)
		require.Same(t, time.UTC, at.Location(), "%s is not in UTC", path)
		require.Zero(t, at.Nanosecond()%1000, "%s is not in whole microseconds", path)
	})
}
