package app

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/uow"
)

// Market is what every command on a listing needs: units of work, the listings and the time.
type Market struct {
	work     *uow.Work
	listings domain.Repository
	clock    clock.Clock
	acts     audit.Log         // nil where nobody looks over the moderators' shoulders
	answers  *idempotency.Keys // nil where no command has a key that its log does not remember
}

// NewMarket returns the market over the listings. It records no acts of moderators and remembers no answers but those in
// the logs, which is enough for a play; see Recording.
func NewMarket(work *uow.Work, listings domain.Repository, clock clock.Clock) *Market {
	return &Market{work: work, listings: listings, clock: clock}
}

// Recording returns the market as one that records the acts of moderators, and remembers the answers to commands on
// drafts, which have no log.
func (m *Market) Recording(acts audit.Log, answers *idempotency.Keys) *Market {
	recording := *m
	recording.acts, recording.answers = acts, answers
	return &recording
}

// Key is the idempotency key that a client chose for one request; empty for none. It is scoped to the member and the
// operation: two members may use the same key.
type Key string

// maxKey is the longest idempotency key, in bytes.
const maxKey = 255

// ErrInvalidKey refuses an idempotency key.
var ErrInvalidKey = fault.New(fault.Invalid, "invalid_idempotency_key", "An idempotency key has at most 255 characters.").
	With("field", "idempotency_key")

// commandNamespace makes command ids of keys. It must never change: ids in the logs were made with it.
var commandNamespace = uuid.MustParse("6f0b5c0e-9d1e-5a53-9b7e-2c1d7a6f4b11")

// request is one command on one listing, as its use case was asked for it.
type request struct {
	operation string // in the words of errors and keys: "place bid on"
	listing   uuid.UUID
	actor     domain.Actor
	key       Key
}

// command names what the actor does: by the key if there is one, so that the same request gets the same id again, else
// by a fresh id. Errors: ErrInvalidKey.
func (r request) command() (domain.Command, error) {
	if len(r.key) > maxKey {
		return domain.Command{}, ErrInvalidKey
	}
	if r.key == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return domain.Command{}, fmt.Errorf("draw a command id: %w", err)
		}
		return domain.Command{ID: id, Actor: r.actor}, nil
	}
	name := fmt.Appendf(nil, "%s\n%s\n%s", r.actor.ID, r.operation, r.key)
	return domain.Command{ID: uuid.NewSHA1(commandNamespace, name), Actor: r.actor}, nil
}

// receipt recognises in the log that a request was accepted before.
type receipt[T any] struct {
	same   func(domain.Event) bool // was it this request, or another one under the same key?
	answer func(domain.Event) T    // rebuilds the answer of then
}

// do runs one command on one listing in a unit of work: loaded and locked, changed by run, stored with its log entry, its
// message and, where a moderator acted, the record of that, all or nothing. Before all else a client's key is looked up: what was accepted before is answered from
// the log, and run is not called.
//
// The stamp is taken inside, after the listing is locked, and anew when the unit runs again.
func do[T any](
	ctx context.Context, m *Market, r request, known receipt[T],
	run func(ctx context.Context, listing *domain.Listing, by domain.Command, now time.Time) (T, error),
) (T, error) {
	var answer, none T
	by, err := r.command()
	if err != nil {
		return none, err
	}
	err = m.work.DoShared(ctx, func(ctx context.Context) error {
		earlier, found, err := answered(ctx, m.listings, by.ID, r.key, known)
		if found || err != nil {
			answer = earlier
			return err
		}
		listing, err := m.listings.Get(ctx, r.listing)
		if err != nil {
			return err
		}
		if answer, err = run(ctx, listing, by, m.clock.Now()); err != nil {
			return err
		}
		return m.record(ctx, listing)
	}, m.listings.Loads(r.listing), uow.CommandID(by.ID))
	if err != nil {
		return none, fmt.Errorf("%s %s: %w", r.operation, r.listing, err)
	}
	return answer, nil
}

// answered returns the answer of an earlier acceptance of the same request. Errors: domain.ErrIdempotencyConflict, or
// what the store reports.
func answered[T any](
	ctx context.Context, listings domain.Repository, command uuid.UUID, key Key, known receipt[T],
) (earlier T, found bool, err error) {
	if key == "" {
		return earlier, false, nil
	}
	event, found, err := listings.Accepted(ctx, command)
	switch {
	case err != nil:
		return earlier, false, fmt.Errorf("look up command %s: %w", command, err)
	case !found:
		return earlier, false, nil
	case !known.same(event):
		return earlier, false, domain.ErrIdempotencyConflict
	}
	return known.answer(event), true, nil
}

// nothing is the answer of a command that has none.
type nothing struct{}

// accepted is the receipt of a command that has no answer, recognised by its kind, listing and text.
func accepted(kind domain.EventKind, listing uuid.UUID, text string) receipt[nothing] {
	return receipt[nothing]{
		same: func(e domain.Event) bool {
			return e.Kind == kind && e.Listing == listing && e.Sealed.Text == text
		},
		answer: func(domain.Event) nothing { return nothing{} },
	}
}
