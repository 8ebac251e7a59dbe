package valuetest_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
)

// parcel has what Walk has to go through.
type parcel struct {
	Sent   time.Time
	weight int
	Hash   [4]byte
	Stops  []*time.Time
	Labels map[string]any
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// verdict is a test that only remembers whether it failed.
type verdict struct {
	testing.TB
	failed bool
}

func (v *verdict) Helper()               {}
func (v *verdict) Errorf(string, ...any) { v.failed = true }
func (v *verdict) FailNow()              { v.failed = true }

func TestWalkSeesEverything(t *testing.T) {
	t.Parallel()
	seen := map[string]reflect.Kind{}
	whole := parcel{Sent: noon, weight: 3, Stops: []*time.Time{&noon}, Labels: map[string]any{"to": "Ada"}}
	valuetest.Walk("parcel", reflect.ValueOf(whole), func(path string, v reflect.Value) { seen[path] = v.Kind() })
	require.Equal(t, map[string]reflect.Kind{
		"parcel":            reflect.Struct,
		"parcel.Sent":       reflect.Struct,
		"parcel.weight":     reflect.Int,
		"parcel.Hash":       reflect.Array,
		"parcel.Stops":      reflect.Slice,
		"parcel.Stops[0]":   reflect.Struct, // after the pointer
		"parcel.Labels":     reflect.Map,
		"parcel.Labels.key": reflect.String,
		"parcel.Labels[to]": reflect.String, // after the interface
	}, seen)
}

func TestRequireSame(t *testing.T) {
	t.Parallel()
	valuetest.RequireSame(t, []int(nil), []int{}, "an empty list and none")
	v := &verdict{TB: t}
	valuetest.RequireSame(v, []int{1, 2}, []int{2, 1}, "order")
	require.True(t, v.failed)
}

func TestRequireUTC(t *testing.T) {
	t.Parallel()
	fine := noon.Add(time.Microsecond)
	valuetest.RequireUTC(t, parcel{Sent: noon, Stops: []*time.Time{&fine}})
	for name, at := range map[string]time.Time{
		"elsewhere": noon.In(time.FixedZone("UTC", 0)),
		"too fine":  noon.Add(time.Nanosecond),
	} {
		v := &verdict{TB: t}
		valuetest.RequireUTC(v, parcel{Stops: []*time.Time{&fine, &at}})
		require.True(t, v.failed, name)
	}
}
