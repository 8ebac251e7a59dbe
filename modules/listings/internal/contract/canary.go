package contract

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
)

// canary is a listing whose secrets are numbers that occur nowhere else, so that they can be searched for.
type canary struct {
	listing *builders.Listing
	leader  domain.Actor
	amounts []domain.Money
	secret  domain.Secret
}

// newCanary returns an open listing with a reserve that is not met and a leader far above the price.
func newCanary(t *testing.T) canary {
	t.Helper()
	leader, runnerUp := newID(), newID()
	l := builders.Draft().Titled("Canary").WithReserve("9182736455.46").Published().
		BidBy(runnerUp, "30").BidBy(leader, "8273645546.37")
	return canary{
		listing: l,
		leader:  domain.Actor{ID: leader},
		amounts: []domain.Money{builders.USD.Money(9182736455_46), builders.USD.Money(8273645546_37)},
		secret:  l.Make(t).State.Secret,
	}
}

// sold returns the canary without a reserve, after its end, when the winner's maximum is still nobody's business.
func (c canary) sold(t *testing.T) canary {
	t.Helper()
	l := builders.Draft().Titled("Canary").Published().BidBy(newID(), "30").BidBy(c.leader.ID, "8273645546.37").
		After(8 * 24 * time.Hour).Closed()
	return canary{listing: l, leader: c.leader, amounts: c.amounts[1:], secret: l.Make(t).State.Secret}
}

// requireAbsent fails if a secret is anywhere in the value: as a number, in a text, printed or written as JSON.
func (c canary) requireAbsent(t *testing.T, what string, value any) {
	t.Helper()
	valuetest.Walk(what, reflect.ValueOf(value), func(path string, v reflect.Value) {
		require.False(t, c.isSecret(v), "%s is a secret", path)
	})
	written, err := json.Marshal(value)
	require.NoError(t, err)
	for _, text := range []string{fmt.Sprintf("%v", value), fmt.Sprintf("%+v", value), fmt.Sprintf("%#v", value), string(written)} {
		require.False(t, c.inText(text), "a secret is printed in %s", what)
	}
}

func (c canary) isSecret(v reflect.Value) bool {
	switch {
	case v.CanInt():
		return c.isAmount(v.Int())
	case v.Kind() == reflect.String:
		return c.inText(v.String())
	case v.CanInterface() && v.CanConvert(reflect.TypeFor[domain.Secret]()): // any 32 bytes
		return v.Convert(reflect.TypeFor[domain.Secret]()).Interface() == c.secret
	default:
		return false
	}
}

func (c canary) isAmount(minor int64) bool {
	for _, m := range c.amounts {
		if m.Minor == minor || m.Minor/100 == minor {
			return true
		}
	}
	return false
}

func (c canary) inText(text string) bool {
	for _, m := range c.amounts {
		if strings.Contains(text, m.Decimal()) || strings.Contains(text, fmt.Sprint(m.Minor)) {
			return true
		}
	}
	return strings.Contains(text, fmt.Sprintf("%x", c.secret[:]))
}
