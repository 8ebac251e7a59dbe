package jobs_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

func TestTimekeeperOpensAndClosesOnTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	opens, ends := noon.Add(10*time.Minute), noon.Add(2*time.Hour)
	id := h.publish(opens, ends)
	k := h.timekeeper()
	start(t, k, h.clock)

	moveTo(t, h.clock, opens.Add(-time.Microsecond), 1)
	require.Empty(t, h.log(id))
	moveTo(t, h.clock, opens, 1)
	require.Equal(t, map[domain.EventKind]time.Time{domain.KindOpened: opens}, h.log(id))
	moveTo(t, h.clock, ends.Add(-time.Microsecond), 1)
	require.Len(t, h.log(id), 1)
	moveTo(t, h.clock, ends, 1)
	require.Equal(t, map[domain.EventKind]time.Time{domain.KindOpened: opens, domain.KindClosed: ends}, h.log(id))

	require.EqualValues(t, 2, k.counted(t, "listings_timekeeper_changes_total"))
	require.EqualValues(t, 0, k.counted(t, "listings_timekeeper_failures_total"))
}

func TestTimekeeperDoesWhatIsOverdueBeforeItHasStarted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	opens, ends := noon.Add(time.Minute), noon.Add(time.Hour+time.Minute)
	var ids []uuid.UUID
	for range 250 {
		ids = append(ids, h.publish(opens, ends))
	}
	h.clock.Set(noon.Add(48 * time.Hour))
	k := h.timekeeper()
	require.Error(t, k.CheckOverdue(t.Context()))
	require.NoError(t, k.Start(t.Context()))
	defer k.Stop()
	for _, id := range ids {
		require.Equal(t, map[domain.EventKind]time.Time{domain.KindOpened: opens, domain.KindClosed: ends}, h.log(id))
	}
	require.NoError(t, k.CheckOverdue(t.Context()))
}

func TestTimekeeperNoticesWhatIsPlannedWhileItSleeps(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	start(t, h.timekeeper(), h.clock)
	moveTo(t, h.clock, noon.Add(10*time.Second+time.Millisecond), 1)
	opens := h.clock.Now().Add(100 * time.Millisecond)
	id := h.publish(opens, opens.Add(time.Hour))
	moveTo(t, h.clock, opens.Add(time.Second), 1)
	require.Equal(t, map[domain.EventKind]time.Time{domain.KindOpened: opens}, h.log(id), "stamped with the start, however late")
}

func TestTwoTimekeepersCloseEachListingOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ends := noon.Add(time.Hour)
	var ids []uuid.UUID
	for range 150 {
		ids = append(ids, h.publish(noon, ends))
	}
	start(t, h.timekeeper(), h.clock)
	start(t, h.timekeeper(), h.clock)
	require.NoError(t, h.clock.AwaitScheduled(t.Context(), 2))
	moveTo(t, h.clock, ends.Add(2*time.Second), 2)
	for _, id := range ids {
		require.Equal(t, map[domain.EventKind]time.Time{domain.KindOpened: noon, domain.KindClosed: ends}, h.log(id))
	}
}
