package builders

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/uow"
)

// Store makes the listing in the repository, in one unit of work.
func (l *Listing) Store(t *testing.T, work *uow.Work, listings domain.Repository) {
	t.Helper()
	commands := l.Commands(listings)
	for i, err := range work.DoAll(t.Context(), commands) {
		require.NoError(t, err, "command %d of %d", i+1, len(commands))
	}
}

// Commands returns the making of the draft and the commands that follow, as they are run on a repository.
func (l *Listing) Commands(listings domain.Repository) []uow.Command {
	all := []uow.Command{{Run: func(ctx context.Context) error {
		draft, err := l.draft()
		if err != nil {
			return err
		}
		return listings.Add(ctx, draft)
	}}}
	for _, s := range l.steps {
		all = append(all, uow.Command{
			Run:   func(ctx context.Context) error { return l.perform(ctx, listings, s) },
			Hints: []uow.Hint{listings.Loads(l.id), uow.CommandID(s.by.ID)},
		})
	}
	return all
}

func (l *Listing) perform(ctx context.Context, listings domain.Repository, s step) error {
	listing, err := listings.Get(ctx, l.id)
	if err != nil {
		return err
	}
	live := func() ([]domain.LiveBid, error) { return listings.LiveBids(ctx, l.id) }
	if err := s.run(listing, live, s.by, s.at); err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	return nil
}
