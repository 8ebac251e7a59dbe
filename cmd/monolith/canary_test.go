package main

import (
	"net/http"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
)

// Nobody but whom they belong to is shown a maximum, a reserve, a password, a session or a token, on any channel.
func TestNoSecretLeavesTheHouse(t *testing.T) {
	t.Parallel()
	houses := map[string]func(t *testing.T) *watched{
		"sqlite, logging JSON":      func(t *testing.T) *watched { return openWatched(t, sqlite, "json") },
		"postgres, logging columns": func(t *testing.T) *watched { return openWatched(t, postgres, "console") },
	}
	if os.Getenv("TEST_CANARIES") != "all" {
		delete(houses, "postgres, logging columns") // the story takes a while
	}
	for name, open := range houses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			story := play(w)
			w.collect()
			report, err := w.scanner.Scan()
			require.NoError(t, err)
			require.Empty(t, report.Leaks)
			require.Empty(t, report.Missing, "whom it belongs to was shown it")
			require.NotEmpty(t, w.linkKeys, "nobody was mailed a link that ends letters")
			for name, text := range w.linkKeys {
				story.never(name, text, inAnswers, place(http.MethodGet, "/api/v1/me/settings", "wanda-the-witness"))
				story.never(name, text, inNATS, "profiles.joined.v1")
				story.never(name, text, inLog, "the log")
				break // one stands for all
			}
			total := 0
			for _, channel := range []string{inAnswers, inLog, inMetrics, inOutbox, inNATS, inTables, inFiles, inLetters, inProfiles, inTraces} {
				if channel != inFiles || w.pool.Dialect() == db.SQLite {
					require.Positive(t, report.Channels[channel], "nothing was captured in %s", channel)
				}
				total += report.Channels[channel]
			}
			t.Logf("%d canaries in %d forms searched for in %d bytes on %d channels: %d found",
				report.Secrets, report.Forms, total, len(report.Channels), len(report.Leaks))
			story.plantsNearMisses()
		})
	}
}
