package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// CheckHeads looks whether each log ends where its listing says: a look that is over quickly, whatever the length of the
// logs, and finds a database that was put together from parts, but not much else. VerifyLogs finds everything.
type CheckHeads struct{ ledger Ledger }

// NewCheckHeads returns the query.
func NewCheckHeads(ledger Ledger) *CheckHeads { return &CheckHeads{ledger: ledger} }

// Do compares the last event of every log with the listing's head and tells each of every log that ends there. Events
// is how many events those logs should have. Errors: what each returns, or what the store reports; a flaw is no error.
func (u *CheckHeads) Do(ctx context.Context, each func(listing uuid.UUID, head domain.Head) error) (LogsVerified, error) {
	var found LogsVerified
	for batch, err := range batches(u.ledger.Published(ctx)) {
		if err == nil {
			err = u.ledger.Consistent(ctx, func(ctx context.Context) error { return u.all(ctx, batch, each, &found) })
		}
		if err != nil {
			return found, fmt.Errorf("check the heads of logs: %w", err)
		}
	}
	return found, nil
}

func (u *CheckHeads) all(
	ctx context.Context, listings []uuid.UUID, each func(uuid.UUID, domain.Head) error, found *LogsVerified,
) error {
	for _, id := range listings {
		found.Listings++
		head, err := u.one(ctx, id)
		var flaw *domain.Flaw
		if errors.As(err, &flaw) {
			found.Flaws = append(found.Flaws, flaw)
			continue
		}
		if err == nil {
			found.Events += head.Seq
			err = each(id, head)
		}
		if err != nil {
			return fmt.Errorf("listing %s: %w", id, err)
		}
	}
	return nil
}

// one compares one log. Errors: *domain.Flaw, or what the store reports.
func (u *CheckHeads) one(ctx context.Context, id uuid.UUID) (domain.Head, error) {
	flaw := func(seq int64, problem domain.Problem, detail string) error {
		return &domain.Flaw{Listing: id, Seq: max(1, seq), Problem: problem, Detail: detail}
	}
	state, err := u.ledger.State(ctx, id)
	if errors.Is(err, domain.ErrListingNotFound) || errors.Is(err, ErrUnreadable) {
		return domain.Head{}, flaw(1, domain.ProblemState, "there is a log, but no listing that can be read")
	}
	if err != nil {
		return domain.Head{}, err
	}
	last, err := u.ledger.Events(ctx, id, EventRange{Descending: true, Limit: 1})
	switch {
	case errors.Is(err, ErrUnreadable):
		return domain.Head{}, flaw(state.Head.Seq, domain.ProblemMalformed, ErrUnreadable.Error())
	case err != nil:
		return domain.Head{}, err
	case len(last) == 0:
		return domain.Head{}, flaw(1, domain.ProblemMissing, "the listing has a head, but no log")
	case last[0].Seq != state.Head.Seq || last[0].Hash != state.Head.Hash:
		return domain.Head{}, flaw(last[0].Seq, domain.ProblemHead, fmt.Sprintf(
			"the log ends with event %d, the listing's head is event %d, or another one of that number", last[0].Seq, state.Head.Seq))
	default:
		return state.Head, nil
	}
}
