package domain_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

func TestNothingPrintsASecret(t *testing.T) {
	t.Parallel()
	a := published(t, reserve("54321.00"))
	answer, err := a.bid("A", "12345.00", 0)
	require.NoError(t, err)
	s := a.state()
	things := map[string]any{
		"listing":  a.listing,
		"state":    s,
		"a state":  &s,
		"terms":    s.Terms,
		"standing": s.Standing,
		"secret":   s.Secret,
		"event":    a.last(),
		"events":   a.log,
		"sealed":   a.last().Sealed,
		"bids":     a.live(),
		"answer":   answer,
		"wrapped":  struct{ State domain.State }{s},
	}
	for name, thing := range things {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
			text := fmt.Sprintf(verb, thing)
			require.NotContains(t, text, "1234500", "%s with %s", name, verb)
			require.NotContains(t, text, "12345.00", "%s with %s", name, verb)
			require.NotContains(t, text, fmt.Sprintf("%x", 1234500), "%s with %s", name, verb)
			require.NotContains(t, text, "5432100", "%s with %s", name, verb)
			require.NotContains(t, text, fmt.Sprintf("%x", 5432100), "%s with %s", name, verb)
			require.NotContains(t, text, fmt.Sprintf("%x", s.Secret[:]), "%s with %s", name, verb)
			require.NotContains(t, text, fmt.Sprint(s.Secret[:]), "%s with %s", name, verb)
		}
	}
}
