package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/clock"
)

// work pretends to do something every second for n seconds and returns what was told of it.
func work(terminal bool, n int) string {
	var out strings.Builder
	c := clock.NewVirtual(noon)
	p := &progress{out: &out, terminal: terminal, clock: c, what: "bids", next: c.Now().Add(plainProgress)}
	for done := 1; done <= n; done++ {
		c.Advance(time.Second)
		p.of(done, n)
		p.of(done, n) // too soon to be told
	}
	p.end()
	return out.String()
}

func TestProgress(t *testing.T) {
	t.Parallel()
	t.Run("plain lines now and then", func(t *testing.T) {
		t.Parallel()
		require.Empty(t, work(false, 4))
		require.Equal(t, "5 of 12 bids\n10 of 12 bids\n", work(false, 12))
	})
	t.Run("one line that changes and goes away on a terminal", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, "\r1 of 2 bids\x1b[K\r2 of 2 bids\x1b[K\r\x1b[K", work(true, 2))
	})
	t.Run("where nobody knows how much there is", func(t *testing.T) {
		t.Parallel()
		var out strings.Builder
		p := &progress{out: &out, terminal: true, clock: clock.NewFixed(noon), what: "logs verify"}
		p.at(3)
		require.Equal(t, "\r3 logs verify\x1b[K", out.String())
	})
}
