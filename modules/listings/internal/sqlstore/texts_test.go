package sqlstore_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/page"
)

// TestTextsBelongToTheirHead lets many append to one description at once. Who waits for the row of the listing sees the
// texts as they were before he waited, which must not be what he appends to.
func TestTextsBelongToTheirHead(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		s := newStore(pool)
		lamp := builders.Draft().Published()
		lamp.Store(t, s.Work, s.Listings)

		const writers = 16
		errs := make([]error, writers)
		var all sync.WaitGroup
		for i := range writers {
			by := domain.Command{ID: builders.ID(), Actor: lamp.Seller()}
			all.Go(func() {
				errs[i] = s.Work.Do(t.Context(), func(ctx context.Context) error {
					l, err := s.Listings.Get(ctx, lamp.ID())
					if err != nil {
						return err
					}
					return l.AppendDescription(by, fmt.Sprintf("Addition %d.", i), builders.Epoch.Add(time.Hour))
				}, s.Listings.Loads(lamp.ID()))
			})
		}
		all.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
		state, err := s.Ledger.State(t.Context(), lamp.ID())
		require.NoError(t, err)
		require.Len(t, state.Additions, writers)
	}, schema...)
}

// TestManyWords has more words in a description than one row of the search holds.
func TestManyWords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, pool *db.Pool) {
		s := newStore(pool)
		var words []string // two letters, and a third that makes more of them than fit into one row
		for n := range 5500 {
			words = append(words, string([]rune{rune('a' + n%26), rune('a' + n/26%26), rune('a' + n/676)}))
		}
		lamp := builders.Draft().Described(strings.Join(words[:4500], " ")).Published().Appended(strings.Join(words[4500:], " "))
		lamp.Store(t, s.Work, s.Listings)

		found := func(query string) int {
			list, err := s.Views.Listings(t.Context(), app.Filter{Words: query}, domain.Actor{}, page.Request{}, builders.Epoch)
			require.NoError(t, err)
			return len(list.Items)
		}
		require.Equal(t, 1, found(words[0]))
		require.Equal(t, 1, found(words[0]+" "+words[len(words)-1]), "words of different rows")
		require.Zero(t, found(words[0]+" zzz"))
	}, schema...)
}
