// Package valuetest compares values that went through a store with those that went in, and looks inside values of every
// type. Contract suites hold stores to it.
package valuetest

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
)

// RequireSame fails unless both are the same, but for lists that are nil in one and empty in the other.
func RequireSame[T any](t require.TestingT, want, got T, what string) {
	if reflect.DeepEqual(want, got) { // much faster, and nearly always true
		return
	}
	require.Empty(t, cmp.Diff(want, got, cmpopts.EquateEmpty()), what)
}

// Walk calls visit for v and everything inside it, unexported fields included, with the way to it. It does not look into
// instants and bytes, which visit gets whole.
func Walk(path string, v reflect.Value, visit func(path string, v reflect.Value)) {
	if !v.IsValid() {
		return
	}
	visit(path, v)
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		Walk(path, v.Elem(), visit)
	case reflect.Struct:
		if v.Type() == instantType {
			return
		}
		for i := range v.NumField() {
			Walk(path+"."+v.Type().Field(i).Name, v.Field(i), visit)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			Walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i), visit)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			Walk(path+".key", key, visit)
			Walk(fmt.Sprintf("%s[%v]", path, key), v.MapIndex(key), visit)
		}
	default:
	}
}

var instantType = reflect.TypeFor[time.Time]()

// RequireUTC fails unless every instant in what was loaded is in UTC and in whole microseconds.
func RequireUTC(tb testing.TB, loaded any) {
	tb.Helper()
	Walk("", reflect.ValueOf(loaded), func(path string, v reflect.Value) {
		if v.Type() != instantType {
			return
		}
		at := v.Interface().(time.Time)
		require.Same(tb, time.UTC, at.Location(), "%s is not in UTC", path)
		require.Zero(tb, at.Nanosecond()%1000, "%s is not in whole microseconds", path)
	})
}
