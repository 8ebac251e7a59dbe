package audittest

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/page"
)

// pageCases say what a list of entries holds, in which order, cut where.
var pageCases = []testCase{
	{"every combination of filters keeps what it should, the newest first", everyFilter},
	{"an instant between two microseconds is a bound like others", boundsBetweenMicros},
	{"acts that there cannot be keep nothing", impossibleActs},
	{"an empty log has an empty page", emptyPage},
	{"a page holds 20 unless asked otherwise, at most 100", pageSizes},
	{"pages go on where they were, whatever is recorded meanwhile", pagesAmongRecords},
	{"a cursor belongs to the log", cursorsChecked},
}

func everyFilter(t *testing.T, s *subject) {
	actors, targets := []uuid.UUID{newID(), newID()}, []uuid.UUID{newID(), newID()}
	acts := []string{"listings.freeze", "listings.unfreeze", "members.suspend"}
	chance := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // repeatable, not secret
	var log []audit.Entry
	for range 120 {
		log = append(log, audit.Entry{
			ID:     newID(),
			At:     noon.Add(time.Duration(chance.IntN(8)) * time.Microsecond), // many at one instant: ids decide
			Actor:  actors[chance.IntN(2)],
			Act:    acts[chance.IntN(3)],
			Target: targets[chance.IntN(2)],
		})
	}
	chance.Shuffle(len(log), func(i, j int) { log[i], log[j] = log[j], log[i] })
	s.record(t, log...)

	for _, actor := range []uuid.UUID{{}, actors[0], newID()} {
		for _, target := range []uuid.UUID{{}, targets[1], newID()} {
			for _, wanted := range [][]string{nil, {acts[0]}, {acts[0], acts[2], acts[0]}, {"members.delete"}} {
				for _, from := range []time.Time{{}, noon.Add(2 * time.Microsecond)} {
					for _, before := range []time.Time{{}, noon.Add(5 * time.Microsecond)} {
						f := audit.Filter{Actor: actor, Target: target, Acts: wanted, From: from, Before: before}
						want := expected(log, f)
						for _, limit := range []int{1 + chance.IntN(10), 50} {
							require.Equal(t, want, s.all(t, f, limit), fmt.Sprintf("%+v by %d", f, limit))
						}
					}
				}
			}
		}
	}
}

// expected computes naively what the filter keeps.
func expected(log []audit.Entry, f audit.Filter) []audit.Entry {
	kept := []audit.Entry{}
	for _, e := range log {
		if (f.Actor == uuid.UUID{} || f.Actor == e.Actor) && (f.Target == uuid.UUID{} || f.Target == e.Target) &&
			(f.Acts == nil || slices.Contains(f.Acts, e.Act)) &&
			(f.From.IsZero() || e.At.Compare(f.From) >= 0) && (f.Before.IsZero() || e.At.Compare(f.Before) < 0) {
			kept = append(kept, e)
		}
	}
	slices.SortFunc(kept, func(a, b audit.Entry) int { return -cmp.Or(a.At.Compare(b.At), bytes.Compare(a.ID[:], b.ID[:])) })
	return kept
}

func boundsBetweenMicros(t *testing.T, s *subject) {
	entry := newEntry()
	s.record(t, entry)
	for name, c := range map[string]struct {
		filter audit.Filter
		found  int
	}{
		"from the instant":              {audit.Filter{From: noon}, 1},
		"from a nanosecond later":       {audit.Filter{From: noon.Add(1)}, 0},
		"from a nanosecond earlier":     {audit.Filter{From: noon.Add(-1)}, 1},
		"before the instant":            {audit.Filter{Before: noon}, 0},
		"before a nanosecond later":     {audit.Filter{Before: noon.Add(1)}, 1},
		"before a microsecond later":    {audit.Filter{Before: noon.Add(time.Microsecond)}, 1},
		"before a nanosecond earlier":   {audit.Filter{Before: noon.Add(-1)}, 0},
		"from and before, in no order":  {audit.Filter{From: noon.Add(time.Hour), Before: noon}, 0},
		"from another zone's same time": {audit.Filter{From: noon.In(time.FixedZone("", 3600))}, 1},
	} {
		require.Len(t, s.all(t, c.filter, 0), c.found, name)
	}
}

func impossibleActs(t *testing.T, s *subject) {
	entry := newEntry()
	s.record(t, entry)
	for _, act := range []string{"", "\x00", "\xff", "members.%", "' OR 1=1 --", "MEMBERS.SUSPEND"} {
		require.Empty(t, s.all(t, audit.Filter{Acts: []string{act}}, 0), "%q", act)
		require.Len(t, s.all(t, audit.Filter{Acts: []string{act, entry.Act}}, 0), 1, "%q", act)
	}
}

func emptyPage(t *testing.T, s *subject) {
	p, err := s.View.Entries(t.Context(), audit.Filter{}, page.Request{})
	require.NoError(t, err)
	require.NotNil(t, p.Items, "JSON writes an empty list, not null")
	require.Empty(t, p.Items)
	require.Empty(t, p.Next)
}

func pageSizes(t *testing.T, s *subject) {
	entries := make([]audit.Entry, page.MaxLimit+1)
	for i := range entries {
		entries[i] = newEntry()
	}
	s.record(t, entries...)
	for limit, want := range map[int]int{-1: 20, 0: 20, 1: 1, 99: 99, 100: 100, 101: 100} {
		p, err := s.View.Entries(t.Context(), audit.Filter{}, page.Request{Limit: limit})
		require.NoError(t, err)
		require.Len(t, p.Items, want, "limit %d", limit)
		require.NotEmpty(t, p.Next)
	}
	p, err := s.View.Entries(t.Context(), audit.Filter{Target: entries[0].Target}, page.Request{Limit: 1})
	require.NoError(t, err)
	require.Empty(t, p.Next, "a page that is exactly full is the last one")
}

func pagesAmongRecords(t *testing.T, s *subject) {
	var entries []audit.Entry
	for n := range 4 {
		e := newEntry()
		e.At = noon.Add(time.Duration(n) * time.Second)
		entries = append(entries, e)
	}
	s.record(t, entries...)
	first, err := s.View.Entries(t.Context(), audit.Filter{}, page.Request{Limit: 2})
	require.NoError(t, err)
	require.Equal(t, []audit.Entry{entries[3], entries[2]}, first.Items)

	later := newEntry()
	later.At = noon.Add(time.Hour)
	s.record(t, later)
	second, err := s.View.Entries(t.Context(), audit.Filter{}, page.Request{Limit: 2, Cursor: first.Next})
	require.NoError(t, err)
	require.Equal(t, []audit.Entry{entries[1], entries[0]}, second.Items)
	require.Empty(t, second.Next)
}

func cursorsChecked(t *testing.T, s *subject) {
	s.record(t, newEntry(), newEntry())
	p, err := s.View.Entries(t.Context(), audit.Filter{}, page.Request{Limit: 1})
	require.NoError(t, err)
	for _, cursor := range []page.Cursor{
		"nonsense", p.Next + "A", page.Encode("listings/newest", audit.Key{At: 1, ID: newID()}), page.Encode("audit", 7),
	} {
		_, err := s.View.Entries(t.Context(), audit.Filter{}, page.Request{Cursor: cursor})
		require.ErrorIs(t, err, page.ErrInvalidCursor, "%q", cursor)
	}
}
