package main

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSeed(t *testing.T) {
	t.Parallel()
	eachStocked(t, func(t *testing.T, args []string) {
		got := monolith(t, append([]string{"seed"}, args...))
		require.Equal(t, exitFailed, got.status)
		require.Contains(t, lastLine(got.stderr), "is not empty, and seed fills only an empty database")
		require.Equal(t, exitOK, monolith(t, append([]string{"verify"}, args...)).status)
	})
}

func TestSeedAnswers(t *testing.T) {
	t.Parallel()
	got := monolith(t, []string{"seed", "--listings", "3", "--seed", "9", "--json", "--data.dir", filepath.Join(t.TempDir(), "new")})
	require.Equal(t, exitOK, got.status, got.stderr)
	var result struct {
		Listings, Bids int
		Statuses       map[string]int
	}
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &result))
	require.Equal(t, 3, result.Listings)
	require.Positive(t, result.Bids)
	require.Equal(t, map[string]int{"open": 1, "sold": 1, "scheduled": 1}, result.Statuses)

	got = monolith(t, []string{"seed", "--site.currency", "JPY", "--data.dir", t.TempDir()})
	require.Equal(t, exitOK, got.status, got.stderr)
	require.Contains(t, got.stdout, "60 listings with ")
}

func TestSeedUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"seed", "--listings", "0"}, {"seed", "--listings", "x"}, {"seed", "--seed", "x"}, {"seed", "now"}} {
		require.Equal(t, exitUsage, monolith(t, args).status, args)
	}
}
