package stack_test

import (
	"fmt"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/stack"
)

// bid is given a secret, and panics. The secret is an array, because Go hands arrays over in memory, where runtime/debug
// finds them; what comes in a register may have been overwritten.
//
//go:noinline
func bid(maximum [2]int64, stackOf func() string) (text string) {
	defer func() {
		if recover() != nil {
			text = stackOf()
		}
	}()
	panic(maximum)
}

func TestTextSaysWhereButNotWithWhat(t *testing.T) {
	t.Parallel()
	const maximum = 71_394_826_153_47
	secret := [2]int64{maximum, maximum}
	text := bid(secret, stack.Text)
	lines := strings.Split(text, "\n")
	require.Contains(t, lines[0], "stack_test.bid.func1", "the innermost call comes first")
	require.Regexp(t, `^\t.*stack_test\.go:\d+$`, lines[1])
	require.Contains(t, text, "TestTextSaysWhereButNotWithWhat")
	require.Contains(t, text, "gopanic")
	hexadecimal := fmt.Sprintf("%x", int64(maximum))
	require.NotContains(t, text, hexadecimal)
	require.Contains(t, bid(secret, func() string { return string(debug.Stack()) }), hexadecimal, "as runtime/debug would")
}
