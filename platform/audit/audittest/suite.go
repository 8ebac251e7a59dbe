// Package audittest says what an audit log promises, as a suite that every adapter runs.
package audittest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/platformtest/storetest"
	"github.com/gavelhq/gavel/platform/uow"
)

// Store is what an adapter gives to one case of the suite: a log of its own, empty.
type Store struct {
	Work *uow.Work
	Log  audit.Log
	View audit.View
}

// testCase is one promise.
type testCase storetest.Promise[*subject]

// Run checks that an adapter keeps every promise. open is called once for each case, from several goroutines.
func Run(t *testing.T, open func(t *testing.T) Store) {
	t.Helper()
	newSubject := func(t *testing.T) *subject {
		t.Helper()
		return &subject{Store: open(t)}
	}
	storetest.RunPromises(t, newSubject, map[string][]testCase{
		"recording": recordingCases,
		"pages":     pageCases,
	})
}

// subject is a log with what the cases do to it.
type subject struct {
	Store
}

// noon is when the suite's acts were done.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// newEntry returns an entry that was made at noon.
func newEntry() audit.Entry {
	return audit.Entry{
		ID: newID(), At: noon, Actor: newID(), Act: "members.suspend", Target: newID(), Reason: "Spam", Detail: "for 7 days",
	}
}

// record records entries in one unit of work.
func (s *subject) record(t *testing.T, entries ...audit.Entry) {
	t.Helper()
	require.NoError(t, s.Work.Do(t.Context(), s.recording(entries...)))
}

// recording returns a command that records entries.
func (s *subject) recording(entries ...audit.Entry) func(context.Context) error {
	return func(ctx context.Context) error {
		for _, e := range entries {
			if err := s.Log.Record(ctx, e); err != nil {
				return err
			}
		}
		return nil
	}
}

// all returns the whole log, read page by page.
func (s *subject) all(t *testing.T, filter audit.Filter, limit int) []audit.Entry {
	t.Helper()
	all := []audit.Entry{}
	request := page.Request{Limit: limit}
	for {
		p, err := s.View.Entries(t.Context(), filter, request)
		require.NoError(t, err)
		require.NotNil(t, p.Items, "JSON writes an empty list, not null")
		require.LessOrEqual(t, len(p.Items), request.Size())
		all = append(all, p.Items...)
		if p.Next == "" {
			return all
		}
		require.Len(t, p.Items, request.Size(), "only the last page may be short")
		request.Cursor = p.Next
	}
}
