package fault_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/fault"
)

var errTooLow = fault.New(fault.Invalid, "too_low", "Offer more.")

func TestCopiesAreTheSameRule(t *testing.T) {
	t.Parallel()
	copied := errTooLow.With("minimum", "2.00").Detailf("Offer %s or more.", "2.00")
	err := fmt.Errorf("place a bid: %w", copied)
	require.ErrorIs(t, err, errTooLow)
	require.Equal(t, "too_low: Offer 2.00 or more.", fault.Of(err).Error())
	require.Equal(t, map[string]any{"minimum": "2.00"}, fault.Of(err).Fields())

	require.Equal(t, "Offer more.", errTooLow.Detail(), "what was declared stays")
	require.Empty(t, errTooLow.Fields())
	copied.Fields()["minimum"] = "1.00"
	require.Equal(t, "2.00", copied.Fields()["minimum"])
	require.Len(t, copied.With("currency", "USD").Fields(), 2)
	require.Len(t, copied.Fields(), 1)
}

func TestOtherRulesAreOthers(t *testing.T) {
	t.Parallel()
	for name, other := range map[string]error{
		"another code":         fault.New(fault.Invalid, "too_high", "Offer more."),
		"another kind":         fault.New(fault.Conflict, "too_low", "Offer more."),
		"an error like others": errors.New("too_low"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.NotErrorIs(t, errTooLow, other)
			require.NotErrorIs(t, other, errTooLow)
		})
	}
}

func TestWhatAnErrorCountsAs(t *testing.T) {
	t.Parallel()
	inner := fault.New(fault.NotFound, "gone", "It is gone.")
	for name, test := range map[string]struct {
		err  error
		kind fault.Kind
		code string
	}{
		"no error":              {nil, "", ""},
		"a fault":               {errTooLow, fault.Invalid, "too_low"},
		"a fault in an error":   {fmt.Errorf("bid: %w", errTooLow), fault.Invalid, "too_low"},
		"a fault beside others": {errors.Join(errors.New("disk full"), errTooLow), fault.Invalid, "too_low"},
		"the outermost of two":  {fmt.Errorf("%w: %w", errTooLow, inner), fault.Invalid, "too_low"},
		"no fault":              {errors.New("disk full"), fault.Internal, "internal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.kind, fault.KindOf(test.err))
			require.Equal(t, test.code, fault.CodeOf(test.err))
		})
	}
	require.Nil(t, fault.Of(nil))
}

func TestWhatIsNoFaultGivesNothingAway(t *testing.T) {
	t.Parallel()
	shown := fault.Of(errors.New("password of database: hunter2"))
	text, err := json.Marshal([]any{shown.Error(), shown.Fields()})
	require.NoError(t, err)
	require.NotContains(t, string(text), "hunter2")
	require.NotErrorIs(t, shown, errTooLow)
}
