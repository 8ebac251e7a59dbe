package app_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
	"github.com/gavelhq/gavel/platform/fault"
)

// aboutIt is a complaint whose evidence is a whole log.
var aboutIt = app.Complaint{Title: "Look", About: app.About{Listing: listing}}

// reporters report something under a key, as a member and as a visitor.
var reporters = map[string]func(ctx context.Context, d *desk, c app.Complaint, key string) error{
	"a member": func(ctx context.Context, d *desk, c app.Complaint, key string) error {
		_, err := app.NewReportByMember(d.Desk).Do(ctx, app.ReportByMemberCommand{By: ada, Complaint: c, Key: key})
		return err
	},
	"a visitor": func(ctx context.Context, d *desk, c app.Complaint, key string) error {
		return app.NewReportByVisitor(d.Desk).Do(ctx, app.ReportByVisitorCommand{Email: "vera@example.org", Complaint: c, Key: key})
	},
}

func TestNoLogIsReadForWhatIsRefused(t *testing.T) {
	t.Parallel()
	for who, report := range reporters {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			blank := app.Complaint{About: aboutIt.About}
			require.ErrorIs(t, report(t.Context(), d, blank, ""), domain.ErrInvalidTitle)
			require.Empty(t, d.house.counted, "what is no report is not counted")
			d.house.limited = errBroken
			require.ErrorIs(t, report(t.Context(), d, aboutIt, ""), errBroken)
			require.Zero(t, d.house.extracted.Load())
			d.house.limited = nil
			require.NoError(t, report(t.Context(), d, aboutIt, ""))
			require.EqualValues(t, 1, d.house.extracted.Load())
		})
	}
}

func TestWhatIsRepeatedIsNeitherCountedNorRead(t *testing.T) {
	t.Parallel()
	for who, report := range reporters {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			require.NoError(t, report(t.Context(), d, aboutIt, "1"))
			d.house.limited, d.house.extract = errBroken, errBroken
			require.NoError(t, report(t.Context(), d, aboutIt, "1"))
			require.Len(t, d.house.counted, 1)
			require.EqualValues(t, 1, d.house.extracted.Load())
		})
	}
}

func TestAnAttemptIsCountedAlsoWhenNothingComesOfIt(t *testing.T) {
	t.Parallel()
	for who, report := range reporters {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.house.extract = errBroken
			for n := range 2 {
				require.ErrorIs(t, report(t.Context(), d, aboutIt, "1"), errBroken)
				require.Len(t, d.house.counted, n+1, "under the same key, because it was not done")
			}
			require.Error(t, report(t.Context(), d, app.Complaint{Title: "Look", About: app.About{Member: nobody}}, "2"))
			require.Len(t, d.house.counted, 3)
		})
	}
}

// TestAnAddressWithTooManyLettersCostsTheSame holds that whoever measures does not learn who else writes to an address.
func TestAnAddressWithTooManyLettersCostsTheSame(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.house.silent = true
	require.NoError(t, reporters["a visitor"](t.Context(), d, aboutIt, "1"))
	require.EqualValues(t, 1, d.house.extracted.Load())
	require.Empty(t, d.letters.take())
	require.NoError(t, reporters["a visitor"](t.Context(), d, aboutIt, "1"))
	require.Len(t, d.house.counted, 1)
}

func TestAllThatIsWrongWithAReportIsToldAtOnce(t *testing.T) {
	t.Parallel()
	for name, about := range map[string]app.About{
		"what is nowhere":              app.Nowhere,
		"a bid without a listing":      {Bid: 3},
		"a bid and a member":           {Listing: listing, Bid: 3, Member: bob.ID},
		"nobody":                       {Member: nobody},
		"a listing that there is not":  {Listing: uuid.UUID{2}},
		"an entry that is not any bid": {Listing: listing, Bid: 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			c := app.Complaint{Title: " ", Text: "\x00", About: about}
			err := app.NewReportByVisitor(d.Desk).Do(t.Context(), app.ReportByVisitorCommand{Email: "vera", Complaint: c})
			require.Equal(t, []string{"title", "text", "email", "subject"}, wrongFields(err))
			_, err = app.NewReportByMember(d.Desk).Do(t.Context(), app.ReportByMemberCommand{Complaint: c})
			require.Equal(t, []string{"title", "text", "reporter", "subject"}, wrongFields(err))
			require.Empty(t, d.house.counted)
		})
	}
	d := newDesk(t)
	c := app.Complaint{Text: "\x00", About: aboutIt.About}
	err := app.NewReportByVisitor(d.Desk).Do(t.Context(), app.ReportByVisitorCommand{Email: "vera@example.org", Complaint: c})
	require.Equal(t, []string{"title", "text"}, wrongFields(err))
	d.house.err = errBroken
	require.ErrorIs(t, app.NewReportByVisitor(d.Desk).Do(t.Context(), app.ReportByVisitorCommand{Complaint: c}), errBroken)
}

// wrongFields returns the fields that a refusal names.
func wrongFields(err error) []string {
	all, _ := fault.Of(err).Fields()["errors"].([]map[string]string)
	var names []string
	for _, one := range all {
		names = append(names, one["field"])
	}
	return names
}

// impatient are listings of which one is looked up by somebody who goes away after that.
type impatient struct {
	listingsapi.Reader
	leave context.CancelCauseFunc
}

func (i impatient) Summary(ctx context.Context, id uuid.UUID) (listingsapi.Summary, error) {
	summary, err := i.Reader.Summary(ctx, id)
	if id == listing {
		i.leave(errBroken)
	}
	return summary, err
}

func TestFewLogsAreReadAtOnce(t *testing.T) {
	t.Parallel()
	const reports, atOnce = 5, 2
	d := newDesk(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	d.parts.Listings = impatient{d.house, cancel}
	d.Desk = app.NewDesk(d.parts)
	begun, end := make(chan struct{}, reports), make(chan struct{})
	d.house.reading = func(context.Context) error {
		begun <- struct{}{}
		<-end
		return nil
	}
	var all sync.WaitGroup
	for n := range reports {
		all.Go(func() {
			c := app.Complaint{Title: "Look", About: app.About{Listing: uuid.UUID{0: listing[0], 15: byte(n + 1)}}}
			_, err := app.NewReportByMember(d.Desk).Do(t.Context(), app.ReportByMemberCommand{By: agent, Complaint: c})
			if err != nil {
				t.Error(err)
			}
		})
	}
	for range atOnce {
		<-begun
	}
	require.ErrorIs(t, reporters["a member"](ctx, d, aboutIt, ""), errBroken, "whoever waits does so as long as he likes")
	require.EqualValues(t, atOnce, d.house.extracted.Load())
	close(end)
	all.Wait()
	require.EqualValues(t, reports, d.house.extracted.Load())
}

func TestAnExtractIsTakenOnceForAPosition(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	about := func(n int) {
		t.Helper()
		c := app.Complaint{Title: "Look", About: app.About{Listing: uuid.UUID{0: listing[0], 15: byte(n)}}}
		require.NoError(t, reporters["a member"](t.Context(), d, c, ""))
	}
	for n := range 8 {
		about(n)
		about(n)
	}
	require.EqualValues(t, 8, d.house.extracted.Load())
	about(0)
	require.EqualValues(t, 8, d.house.extracted.Load(), "so many are kept")
	about(8)
	about(8)
	about(0)
	require.EqualValues(t, 10, d.house.extracted.Load(), "and no more")
	d.house.grown = 1
	about(0)
	require.EqualValues(t, 11, d.house.extracted.Load(), "the log has grown")
}
