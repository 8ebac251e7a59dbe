package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

func TestOpenIsIdempotentAndStampedWithTheStart(t *testing.T) {
	t.Parallel()
	a := published(t, startingAt(start.Add(time.Hour)))
	require.False(t, a.open(time.Hour-time.Microsecond))
	require.True(t, a.open(5*time.Hour))
	require.False(t, a.open(6*time.Hour))
	require.Equal(t, start.Add(time.Hour), a.last().At)
	require.NotZero(t, a.last().Sealed.Command)
	require.Equal(t, domain.StatusOpen, a.state().Status)
	auditAll(t, a)

	require.False(t, drafted(t).open(time.Hour))
}

func TestCloseWritesTheOutcomeOnceStampedWithTheEnd(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		reserve string
		bids    []string
		want    domain.Status
		winner  string
		price   int64
	}{
		"nobody bid":            {want: domain.StatusUnsoldNoBids},
		"nobody met the price":  {reserve: "50.00", bids: []string{"A", "49.99"}, want: domain.StatusUnsoldReserve},
		"somebody met it":       {reserve: "50.00", bids: []string{"A", "50.00"}, want: domain.StatusSold, winner: "A", price: 5000},
		"the higher of two":     {bids: []string{"A", "20.00", "B", "30.00"}, want: domain.StatusSold, winner: "B", price: 2050},
		"nobody, with a limit ": {reserve: "50.00", want: domain.StatusUnsoldNoBids},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := published(t)
			if tt.reserve != "" {
				a = published(t, reserve(tt.reserve))
			}
			a.bids(0, tt.bids...)
			require.False(t, a.close(end-time.Microsecond))
			require.Equal(t, tt.want, a.state().Phase().At(start.Add(end)), "before any job has run")
			require.True(t, a.close(10*end))
			require.False(t, a.close(11*end))

			s := a.state()
			require.Equal(t, tt.want, s.Status)
			require.Equal(t, start.Add(end), a.last().At)
			require.Equal(t, tt.price, s.FinalPrice)
			if tt.winner != "" {
				require.Equal(t, member(tt.winner), s.Winner)
				require.Equal(t, a.state().Secret.AliasOf(member(tt.winner)), a.last().After.Winner)
			} else {
				require.Zero(t, s.Winner)
			}
			auditAll(t, a)
		})
	}
}

func TestAListingThatNobodySawOpenIsOpenedAndClosed(t *testing.T) {
	t.Parallel()
	a := published(t, startingAt(start.Add(time.Hour)))
	require.True(t, a.close(2*end))
	require.Equal(t, []domain.EventKind{domain.KindPublished, domain.KindOpened, domain.KindClosed}, a.kinds())
	require.Zero(t, a.log[1].Sealed.Command)
	require.NotZero(t, a.log[2].Sealed.Command)
	auditAll(t, a)
}

func TestNothingIsClosedThatIsNotRunning(t *testing.T) {
	t.Parallel()
	require.False(t, drafted(t).close(end))
	a := published(t)
	require.NoError(t, a.cancel(seller, 0))
	require.False(t, a.close(end))
}

func TestPhaseIsDecidedByTheInstantAlone(t *testing.T) {
	t.Parallel()
	begin, finish := start, start.Add(time.Hour)
	tests := map[string]struct {
		phase domain.Phase
		now   time.Time
		want  domain.Status
	}{
		"scheduled, just before the start":  {domain.Phase{Stored: domain.StatusScheduled}, begin.Add(-1), domain.StatusScheduled},
		"scheduled, at the start":           {domain.Phase{Stored: domain.StatusScheduled}, begin, domain.StatusOpen},
		"open, just before the end":         {domain.Phase{Stored: domain.StatusOpen}, finish.Add(-1), domain.StatusOpen},
		"open, at the end":                  {domain.Phase{Stored: domain.StatusOpen}, finish, domain.StatusUnsoldNoBids},
		"scheduled, at the end":             {domain.Phase{Stored: domain.StatusScheduled}, finish, domain.StatusUnsoldNoBids},
		"reserve not met at the end":        {domain.Phase{Stored: domain.StatusOpen, HasLeader: true}, finish, domain.StatusUnsoldReserve},
		"met at the end":                    {domain.Phase{Stored: domain.StatusOpen, HasLeader: true, ReserveMet: true}, finish, domain.StatusSold},
		"frozen before the start":           {domain.Phase{Stored: domain.StatusScheduled, Frozen: true}, begin.Add(-1), domain.StatusScheduled},
		"frozen after the start":            {domain.Phase{Stored: domain.StatusScheduled, Frozen: true}, begin, domain.StatusOpen},
		"frozen past the end":               {domain.Phase{Stored: domain.StatusOpen, Frozen: true}, finish.Add(time.Hour), domain.StatusOpen},
		"a draft whenever":                  {domain.Phase{Stored: domain.StatusDraft}, finish, domain.StatusDraft},
		"cancelled before the start":        {domain.Phase{Stored: domain.StatusCancelled}, begin.Add(-1), domain.StatusCancelled},
		"sold, as stored, even by Buy Now":  {domain.Phase{Stored: domain.StatusSold}, begin, domain.StatusSold},
		"unsold, as stored, before the end": {domain.Phase{Stored: domain.StatusUnsoldReserve}, begin, domain.StatusUnsoldReserve},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.phase.StartsAt, tt.phase.EndsAt = begin, finish
			require.Equal(t, tt.want, tt.phase.At(tt.now))
		})
	}
}
