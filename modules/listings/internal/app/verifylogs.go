package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

const (
	// eventsAtOnce bounds the memory of a verification, whatever the length of a log.
	eventsAtOnce = 1000
	// listingsAtOnce bounds how long a verification holds one moment of the store, which databases pay for.
	listingsAtOnce = 50
)

// VerifyLogs checks everything about the logs of all listings: the chains and where they lead, that members, amounts and
// texts are what the entries commit to, that each entry is what the rules make of those before, and that together they
// give the stored listings byte for byte. Bids may go on meanwhile: each listing is checked as of one instant.
type VerifyLogs struct{ ledger Ledger }

// NewVerifyLogs returns the query.
func NewVerifyLogs(ledger Ledger) *VerifyLogs { return &VerifyLogs{ledger: ledger} }

// VerifyLogsQuery asks for a verification.
type VerifyLogsQuery struct {
	// Saved are heads that were saved earlier, by listing. Their listings must be there.
	Saved map[uuid.UUID][]domain.Head
	// Each, if not nil, is told of every log that verifies, with its head. Its error ends the verification.
	Each func(listing uuid.UUID, head domain.Head) error
}

// LogsVerified is what a verification found.
type LogsVerified struct {
	// Listings is how many logs were checked, Events how many events they have up to the first bad one.
	Listings, Events int64
	// Flaws are the first bad events of those logs that do not verify.
	Flaws []*domain.Flaw
}

// Do verifies all logs, also after one that does not verify. Errors: what Each returns, or what the store reports; a flaw
// is no error.
func (u *VerifyLogs) Do(ctx context.Context, query VerifyLogsQuery) (LogsVerified, error) {
	v := &verification{ledger: u.ledger, query: query, unseen: maps.Clone(query.Saved)}
	for batch, err := range batches(u.ledger.Published(ctx)) {
		if err == nil {
			err = u.ledger.Consistent(ctx, func(ctx context.Context) error { return v.all(ctx, batch) })
		}
		if err != nil {
			return v.found, fmt.Errorf("verify logs: %w", err)
		}
	}
	v.missing()
	return v.found, nil
}

// verification is one run.
type verification struct {
	ledger Ledger
	query  VerifyLogsQuery
	found  LogsVerified
	unseen map[uuid.UUID][]domain.Head // saved heads whose listing has not come yet
}

func (v *verification) all(ctx context.Context, listings []uuid.UUID) error {
	for _, id := range listings {
		if err := v.one(ctx, id); err != nil {
			return fmt.Errorf("listing %s: %w", id, err)
		}
	}
	return nil
}

// one verifies one log and notes what it finds.
func (v *verification) one(ctx context.Context, id uuid.UUID) error {
	v.found.Listings++
	delete(v.unseen, id)
	head, err := v.audit(ctx, id)
	var flaw *domain.Flaw
	switch {
	case errors.As(err, &flaw):
		v.found.Flaws = append(v.found.Flaws, flaw)
		return nil
	case err == nil && v.query.Each != nil:
		return v.query.Each(id, head)
	default:
		return err
	}
}

// audit returns the head of a log that verifies. Errors: *domain.Flaw, or what the store reports.
func (v *verification) audit(ctx context.Context, id uuid.UUID) (domain.Head, error) {
	state, err := v.ledger.State(ctx, id)
	if errors.Is(err, domain.ErrListingNotFound) {
		return domain.Head{}, &domain.Flaw{
			Listing: id, Seq: 1, Problem: domain.ProblemState, Detail: "there is a log, but the listing that it belongs to is gone, or a part of it",
		}
	}
	if errors.Is(err, ErrUnreadable) {
		return domain.Head{}, &domain.Flaw{Listing: id, Seq: 1, Problem: domain.ProblemState, Detail: ErrUnreadable.Error()}
	}
	if err != nil {
		return domain.Head{}, err
	}
	audit := domain.NewAudit(state, v.query.Saved[id]...)
	last := int64(0)
	for {
		events, err := v.events(ctx, id, last)
		if err != nil {
			return domain.Head{}, err
		}
		if len(events) == 0 {
			return state.Head, audit.End()
		}
		for _, e := range events {
			if err := audit.Next(e); err != nil {
				return domain.Head{}, err
			}
			last = e.Seq
			v.found.Events++
		}
	}
}

// events returns the next events of a log. What cannot be understood as an event is a flaw of the log and not of the
// store; reading one by one tells which it is.
func (v *verification) events(ctx context.Context, id uuid.UUID, after int64) ([]domain.Event, error) {
	events, err := v.ledger.Events(ctx, id, EventRange{After: after, Limit: eventsAtOnce})
	if !errors.Is(err, ErrUnreadable) {
		return events, err
	}
	events, err = v.ledger.Events(ctx, id, EventRange{After: after, Limit: 1})
	if errors.Is(err, ErrUnreadable) {
		return nil, &domain.Flaw{Listing: id, Seq: after + 1, Problem: domain.ProblemMalformed, Detail: ErrUnreadable.Error()}
	}
	return events, err
}

// missing notes the listings of which heads were saved and nothing is left.
func (v *verification) missing() {
	for _, id := range slices.SortedFunc(maps.Keys(v.unseen), compareIDs) {
		if len(v.unseen[id]) > 0 {
			v.found.Flaws = append(v.found.Flaws, &domain.Flaw{
				Listing: id, Seq: 1, Problem: domain.ProblemMissing, Detail: "a head of its log was saved earlier, and nothing of it is left",
			})
		}
	}
}
