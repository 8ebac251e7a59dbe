package contract

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
)

// subject is a store with what the cases do to it.
type subject struct {
	Store
}

// keep stores what the builder makes and returns it.
func (s *subject) keep(t *testing.T, l *builders.Listing) builders.Made {
	t.Helper()
	made := l.Make(t)
	l.Store(t, s.Work, s.Listings)
	return made
}

// state returns the stored listing.
func (s *subject) state(t *testing.T, id uuid.UUID) domain.State {
	t.Helper()
	state, err := s.Ledger.State(t.Context(), id)
	require.NoError(t, err)
	return state
}

// log returns the stored log.
func (s *subject) log(t *testing.T, id uuid.UUID) []domain.Event {
	t.Helper()
	log, err := s.Ledger.Events(t.Context(), id, app.EventRange{})
	require.NoError(t, err)
	return log
}

// do runs one command in a unit of its own.
func (s *subject) do(t *testing.T, run func(ctx context.Context) error) error {
	t.Helper()
	return s.Work.Do(t.Context(), run)
}

// bid returns a command that places a bid on a listing in US dollars.
func (s *subject) bid(listing, command, bidder uuid.UUID, maximum string, at time.Time) func(context.Context) error {
	return func(ctx context.Context) error {
		l, err := s.Listings.Get(ctx, listing)
		if err != nil {
			return err
		}
		return placeBid(l, command, bidder, maximum, at)
	}
}

func placeBid(l *domain.Listing, command, bidder uuid.UUID, maximum string, at time.Time) error {
	by := domain.Command{ID: command, Actor: domain.Actor{ID: bidder}}
	_, err := l.PlaceBid(by, domain.Offer{Amount: maximum, Currency: builders.USD.Code}, nil, at)
	return err
}

// requireStored fails unless the listing and its log are stored as made, to the last byte, and prove each other.
func (s *subject) requireStored(t *testing.T, made builders.Made) {
	t.Helper()
	id := made.State.ID
	requireSameState(t, made.State, s.state(t, id))
	log := s.log(t, id)
	requireSameEvents(t, made.Log, log)
	requireProof(t, s.state(t, id), log)
	require.NoError(t, s.do(t, func(ctx context.Context) error {
		l, err := s.Listings.Get(ctx, id)
		if err != nil {
			return err
		}
		requireSameState(t, made.State, l.State())
		return nil
	}))
}

// requireProof fails unless the log's chain verifies, leads to the state's head and, replayed, gives the state.
func requireProof(t *testing.T, state domain.State, log []domain.Event) {
	t.Helper()
	audit := domain.NewAudit(state)
	for _, e := range log {
		require.NoError(t, audit.Next(e))
	}
	require.NoError(t, audit.End())
	if len(log) == 0 {
		return
	}
	replayed, err := domain.Replay(state.Secret, log)
	require.NoError(t, err)
	requireSameState(t, replayed, state)
}

func requireSameState(t *testing.T, want, got domain.State) {
	t.Helper()
	valuetest.RequireSame(t, want, got, "state")
	require.Equal(t, domain.EncodeState(want), domain.EncodeState(got))
	valuetest.RequireUTC(t, got)
}

func requireSameEvents(t *testing.T, want, got []domain.Event) {
	t.Helper()
	valuetest.RequireSame(t, want, got, "events")
	for i := range want {
		require.Equal(t, domain.EncodeEntry(want[i].Entry), domain.EncodeEntry(got[i].Entry), "event %d", i+1)
	}
	valuetest.RequireUTC(t, got)
}

// messagesOf returns the committed messages about one listing.
func (s *subject) messagesOf(t *testing.T, listing uuid.UUID) []events.Message {
	t.Helper()
	var found []events.Message
	for _, m := range s.Messages(t) {
		if m.Aggregate == listing {
			found = append(found, m)
		}
	}
	return found
}
