package characters_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/characters"
)

func TestUnprintable(t *testing.T) {
	t.Parallel()
	for _, r := range "aÅ時 1 .\u00a0\u0301\u200b🪑" {
		require.Falsef(t, characters.Unprintable(r), "%U", r)
	}
	for _, r := range "\x00\t\n\r\x1b\x7f\u0085\u2028\u2029\u200e\u202e\u2066" {
		require.Truef(t, characters.Unprintable(r), "%U", r)
	}
}
