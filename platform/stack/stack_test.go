package stack_test

import (
	"fmt"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/stack"
)

// bid is given a secret, and panics.
//
//go:noinline
func bid(maximum int64, stackOf func() string) (text string) {
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
	text := bid(maximum, stack.Text)
	lines := strings.Split(text, "\n")
	require.Contains(t, lines[0], "stack_test.bid.func1", "the innermost call comes first")
	require.Regexp(t, `^\t.*stack_test\.go:\d+$`, lines[1])
	require.Contains(t, text, "TestTextSaysWhereButNotWithWhat")
	require.Contains(t, text, "gopanic")
	hexadecimal := fmt.Sprintf("%x", int64(maximum))
	require.NotContains(t, text, hexadecimal)
	require.Contains(t, bid(maximum, func() string { return string(debug.Stack()) }), hexadecimal, "as runtime/debug would")
}
