package jobs_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/internal/jobs"
	issues "github.com/gavelhq/gavel/modules/issues/internal/memory"
	"github.com/gavelhq/gavel/platform/clock"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// desk is a help desk in memory, on a virtual clock that stands at noon.
type desk struct {
	t      *testing.T
	clock  *clock.Virtual
	work   *uow.Work
	issues domain.Repository
	views  app.Views
	keep   *app.KeepTime
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	db := memory.NewDatabase()
	store := issues.NewStore(db)
	d := &desk{t: t, clock: clock.NewVirtual(noon), views: issues.NewViews(store)}
	d.work, d.issues = uow.New(outbox.NewOutbox(db), uow.Settings{}), issues.NewIssues(store, app.Message)
	d.keep = app.NewKeepTime(app.NewDesk(app.Parts{Work: d.work, Issues: d.issues, Clock: d.clock}), issues.NewSchedule(store))
	return d
}

// report stores an issue that a member has reported now.
func (d *desk) report() uuid.UUID {
	d.t.Helper()
	id := uuid.New()
	require.NoError(d.t, d.work.Do(d.t.Context(), func(ctx context.Context) error {
		issue, err := domain.ReportByMember(domain.Report{ID: id, Title: "A question"}, uuid.New(), domain.DefaultTargets(), d.clock.Now())
		if err != nil {
			return err
		}
		return d.issues.Add(ctx, issue)
	}))
	return id
}

// missed returns when the targets of the issue were missed.
func (d *desk) missed(id uuid.UUID) (at []time.Time) {
	d.t.Helper()
	timeline, err := d.views.Timeline(d.t.Context(), id, domain.AudienceStaff, page.Request{Limit: page.MaxLimit})
	require.NoError(d.t, err)
	for _, e := range timeline.Items {
		if e.Kind() == domain.KindBreached {
			at = append(at, e.At)
		}
	}
	return at
}

// start starts a timekeeper that stops with the test, and waits until so many sleep.
func (d *desk) start(timekeepers int) {
	d.t.Helper()
	k, err := jobs.NewTimekeeper(d.keep, d.clock, zap.NewNop(), prometheus.NewRegistry())
	require.NoError(d.t, err)
	require.NoError(d.t, k.Start(d.t.Context()))
	d.t.Cleanup(k.Stop)
	require.NoError(d.t, d.clock.AwaitScheduled(d.t.Context(), timekeepers))
}

func TestTargetsAreMissedOnTimeAndOnceWhateverTheNumberOfServers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var ids []uuid.UUID
	for range 3 {
		ids = append(ids, d.report())
	}
	d.start(1)
	d.start(2)
	due := noon.Add(domain.DefaultTargets().For(domain.PriorityNormal).FirstResponse)
	d.clock.Set(due.Add(-time.Microsecond))
	require.NoError(t, d.clock.AwaitScheduled(t.Context(), 2))
	for _, id := range ids {
		require.Empty(t, d.missed(id))
	}
	for d.clock.StepTo(due.Add(2 * time.Second)) {
		require.NoError(t, d.clock.AwaitScheduled(t.Context(), 2))
	}
	for _, id := range ids {
		require.Equal(t, []time.Time{due}, d.missed(id))
	}
}

func TestWhatIsOverdueIsDoneBeforeTheStartIsOver(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.report()
	target := domain.DefaultTargets().For(domain.PriorityNormal)
	d.clock.Set(noon.AddDate(1, 0, 0))
	d.start(1)
	require.Equal(t, []time.Time{noon.Add(target.FirstResponse), noon.Add(target.Resolution)}, d.missed(id))
}
