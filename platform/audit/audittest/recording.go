package audittest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/uow"
)

// recordingCases say what becomes of entries.
var recordingCases = []testCase{
	{"an entry comes back as it was recorded", roundTrip},
	{"an entry needs no target, reason or detail, and the operator has no id", sparseEntry},
	{"an entry without an id gets one", idMade},
	{"an instant is kept to the microsecond, in UTC", instantKept},
	{"nothing stays of a unit that failed", rolledBack},
	{"a command that failed leaves no entry among its neighbours", failedNeighbour},
	{"a unit that runs again records once", recordedOnce},
	{"a log is for units of work", unitsOnly},
	{"an id is used once", idTaken},
	{"a reason has an end and stays on its line", reasonsChecked},
	{"an entry says who did what and when", entriesChecked},
}

var errRefused = errors.New("refused")

func roundTrip(t *testing.T, s *subject) {
	entry := newEntry()
	entry.Reason = `Ünïcode "quoted" \ 'and' 茶碗 🏺`
	entry.Detail = `{"role": "moderator"}`
	s.record(t, entry)
	require.Equal(t, []audit.Entry{entry}, s.all(t, audit.Filter{}, 0))
}

func sparseEntry(t *testing.T, s *subject) {
	entry := audit.Entry{ID: newID(), At: noon, Act: "members.setup"}
	s.record(t, entry)
	require.Equal(t, []audit.Entry{entry}, s.all(t, audit.Filter{}, 0))
}

func idMade(t *testing.T, s *subject) {
	entry := newEntry()
	entry.ID = uuid.Nil
	s.record(t, entry, entry)
	all := s.all(t, audit.Filter{}, 0)
	require.Len(t, all, 2)
	require.NotEqual(t, all[0].ID, all[1].ID)
	for _, e := range all {
		require.EqualValues(t, 7, e.ID.Version())
	}
}

func instantKept(t *testing.T, s *subject) {
	entry := newEntry()
	entry.At = time.Date(2026, 10, 25, 2, 30, 0, 123_456_999, time.FixedZone("", 2*60*60))
	s.record(t, entry)
	require.Equal(t, time.Date(2026, 10, 25, 0, 30, 0, 123_456_000, time.UTC), s.all(t, audit.Filter{}, 0)[0].At)
}

func rolledBack(t *testing.T, s *subject) {
	require.ErrorIs(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
		return errors.Join(s.recording(newEntry())(ctx), errRefused)
	}), errRefused)
	require.Panics(t, func() {
		_ = s.Work.Do(t.Context(), func(ctx context.Context) error {
			_ = s.recording(newEntry())(ctx)
			panic("at the wrong moment")
		})
	})
	require.Empty(t, s.all(t, audit.Filter{}, 0))
}

func failedNeighbour(t *testing.T, s *subject) {
	one, other := newEntry(), newEntry()
	outcomes := s.Work.DoAll(t.Context(), []uow.Command{
		{Run: s.recording(one)},
		{Run: func(ctx context.Context) error { return errors.Join(s.recording(newEntry())(ctx), errRefused) }},
		{Run: s.recording(other)},
	})
	require.NoError(t, outcomes[0])
	require.ErrorIs(t, outcomes[1], errRefused)
	require.NoError(t, outcomes[2])
	require.ElementsMatch(t, []audit.Entry{one, other}, s.all(t, audit.Filter{}, 0))
}

func recordedOnce(t *testing.T, s *subject) {
	runs := 0
	require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
		runs++
		if err := s.Log.Record(ctx, newEntry()); err != nil || runs > 2 {
			return err
		}
		return uow.ErrConflict
	}))
	require.Equal(t, 3, runs)
	require.Len(t, s.all(t, audit.Filter{}, 0), 1)
}

func unitsOnly(t *testing.T, s *subject) {
	require.ErrorIs(t, s.Log.Record(t.Context(), newEntry()), uow.ErrNoUnit)
	var kept context.Context
	require.NoError(t, s.Work.Do(t.Context(), func(ctx context.Context) error {
		kept = ctx
		return nil
	}))
	require.ErrorIs(t, s.Log.Record(kept, newEntry()), uow.ErrEnded)
	require.Empty(t, s.all(t, audit.Filter{}, 0))
}

func idTaken(t *testing.T, s *subject) {
	entry, other := newEntry(), newEntry()
	s.record(t, entry)
	other.ID = entry.ID
	require.ErrorIs(t, s.Work.Do(t.Context(), s.recording(newEntry(), other)), audit.ErrEntryExists)
	twin := newEntry()
	require.ErrorIs(t, s.Work.Do(t.Context(), s.recording(twin, twin)), uow.ErrAlreadyAdded)
	require.Equal(t, []audit.Entry{entry}, s.all(t, audit.Filter{}, 0))
}

func reasonsChecked(t *testing.T, s *subject) {
	for name, c := range map[string]struct {
		reason string
		want   error
	}{
		"none":                           {reason: ""},
		"as long as may be":              {reason: strings.Repeat("é", audit.MaxReason)},
		"one character longer":           {reason: strings.Repeat("é", audit.MaxReason) + ".", want: audit.ErrInvalidReason},
		"a new line":                     {reason: "Spam\nand more", want: audit.ErrInvalidReason},
		"a character of no text":         {reason: "Spam\x00", want: audit.ErrInvalidReason},
		"a control character of Latin-1": {reason: "Spam\u0085", want: audit.ErrInvalidReason},
		"no text":                        {reason: "Spam\xff", want: audit.ErrInvalidReason},
	} {
		entry := newEntry()
		entry.Reason = c.reason
		require.ErrorIs(t, s.Work.Do(t.Context(), s.recording(entry)), c.want, name)
		require.ErrorIs(t, audit.CheckReason(c.reason), c.want, name)
		found := len(s.all(t, audit.Filter{Target: entry.Target}, 0))
		require.Equal(t, c.want == nil, found == 1, name)
	}
}

func entriesChecked(t *testing.T, s *subject) {
	for name, spoil := range map[string]func(*audit.Entry){
		"no act":            func(e *audit.Entry) { e.Act = "" },
		"a sentence":        func(e *audit.Entry) { e.Act = "suspended a member" },
		"a long act":        func(e *audit.Entry) { e.Act = strings.Repeat("a", 101) },
		"no instant":        func(e *audit.Entry) { e.At = time.Time{} },
		"a long detail":     func(e *audit.Entry) { e.Detail = strings.Repeat("é", audit.MaxReason+1) },
		"a detail in lines": func(e *audit.Entry) { e.Detail = "one\nother" },
	} {
		entry := newEntry()
		spoil(&entry)
		require.ErrorIs(t, s.Work.Do(t.Context(), s.recording(entry)), audit.ErrIncomplete, name)
	}
	require.Empty(t, s.all(t, audit.Filter{}, 0))
	entry := newEntry()
	entry.Act, entry.Detail = strings.Repeat("a", 100), strings.Repeat("é", audit.MaxReason)
	s.record(t, entry)
	require.Equal(t, []audit.Entry{entry}, s.all(t, audit.Filter{}, 0))
}
