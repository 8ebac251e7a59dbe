package jobs_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/jobs"
	"github.com/gavelhq/gavel/platform/clock"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// work is a jobs.Work: notices that are due, and a mail server that may be down.
type work struct {
	clock *clock.Virtual

	mu     sync.Mutex
	due    []app.MailDue
	down   error                      // of the mail server
	broken error                      // of the store
	cursed map[uuid.UUID]func() error // what becomes of taking one of them
	tried  []time.Time
	sent   map[uuid.UUID]time.Time
	during func(context.Context) // called while a mail is on its way
	asked  int
}

func (w *work) Due(context.Context, int) ([]app.MailDue, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	slices.SortStableFunc(w.due, func(a, b app.MailDue) int { return a.At.Compare(b.At) })
	return append([]app.MailDue(nil), w.due...), w.broken
}

func (w *work) Do(ctx context.Context, id uuid.UUID) (app.MailReport, error) {
	w.mu.Lock()
	during := w.during
	w.mu.Unlock()
	if during != nil {
		during(ctx)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.clock.Now()
	w.tried = append(w.tried, now)
	if curse := w.cursed[id]; curse != nil {
		return app.MailReport{Notice: id}, curse()
	}
	if err := ctx.Err(); err != nil {
		return app.MailReport{Outcome: app.MailFailed, Notice: id, Failure: err}, nil
	}
	for i, d := range w.due {
		if d.ID != id {
			continue
		}
		if w.down != nil {
			w.due[i].At = now.Add(10 * time.Minute)
			return app.MailReport{Outcome: app.MailFailed, Notice: id, Domain: "example.org", Attempts: 1, Failure: w.down}, nil
		}
		w.due = append(w.due[:i:i], w.due[i+1:]...)
		w.sent[id] = now
		return app.MailReport{Outcome: app.MailSent, Notice: id}, nil
	}
	return app.MailReport{Outcome: app.MailPassed, Notice: id}, nil
}

// add makes notices due.
func (w *work) add(at ...time.Time) (ids []uuid.UUID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, t := range at {
		id := uuid.New()
		ids = append(ids, id)
		w.due = append(w.due, app.MailDue{ID: id, At: t})
	}
	return ids
}

func (w *work) set(change func(w *work)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(w)
}

func (w *work) sentAt(id uuid.UUID) time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sent[id]
}

// office is a post office with its surroundings, on a virtual clock that stands at noon.
type office struct {
	*jobs.PostOffice
	t     *testing.T
	work  *work
	bell  *jobs.Bell
	units *uow.Work
	clock *clock.Virtual
	logs  *observer.ObservedLogs
}

func newOffice(t *testing.T) *office {
	t.Helper()
	c := clock.NewVirtual(noon)
	core, logs := observer.New(zapcore.InfoLevel)
	metrics, err := jobs.NewMetrics(prometheus.NewRegistry())
	require.NoError(t, err)
	w := &work{clock: c, sent: map[uuid.UUID]time.Time{}}
	o := &office{
		t: t, work: w, bell: jobs.NewBell(), clock: c, logs: logs,
		units: uow.New(outbox.NewOutbox(memory.NewDatabase()), uow.Settings{}),
	}
	o.PostOffice = jobs.NewPostOffice(w, o.bell, c, zap.New(core), metrics)
	return o
}

// start starts the office until the test ends, and waits until it sleeps.
func (o *office) start() {
	o.t.Helper()
	o.Start()
	o.t.Cleanup(func() { o.Stop(context.Background()) })
	o.awaitSleep()
}

func (o *office) awaitSleep() {
	o.t.Helper()
	require.NoError(o.t, o.clock.AwaitScheduled(o.t.Context(), 1))
}

// moveTo moves the clock; the office does what it has to do on the way.
func (o *office) moveTo(at time.Time) {
	o.t.Helper()
	for o.clock.StepTo(at) {
		o.awaitSleep()
	}
}

func TestMailsLeaveWhenTheyAreDue(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	due := []time.Time{noon.Add(-time.Hour), noon, noon.Add(time.Microsecond), noon.Add(90 * time.Second)}
	ids := o.work.add(due...)
	o.start()
	o.moveTo(noon.Add(2 * time.Minute))
	for i, want := range []time.Time{noon, noon, due[2], due[3]} {
		require.Equal(t, want, o.work.sentAt(ids[i]))
	}
}

func TestTheBellRingsWithTheCommit(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.start()
	tell := func(err error) error {
		return o.units.Do(t.Context(), func(ctx context.Context) error {
			require.NoError(t, o.bell.Ring(ctx))
			require.NoError(t, o.bell.Ring(ctx))
			return err
		})
	}
	require.ErrorIs(t, o.bell.Ring(t.Context()), uow.ErrNoUnit)
	failed := errors.New("rolled back")
	asked := func() (n int) {
		o.work.set(func(w *work) { n = w.asked })
		return n
	}
	before := asked()
	require.ErrorIs(t, tell(failed), failed)
	require.Equal(t, before, asked())

	id := o.work.add(noon)[0]
	require.NoError(t, tell(nil))
	require.Eventually(t, func() bool { return !o.work.sentAt(id).IsZero() }, time.Minute, time.Millisecond)
	require.Equal(t, noon, o.work.sentAt(id), "without waiting")
}

func TestNoticesOfOtherServersAreFoundWithinSeconds(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.start()
	id := o.work.add(noon)[0]
	o.moveTo(noon.Add(5 * time.Second))
	require.False(t, o.work.sentAt(id).IsZero())
}

// TestAMailServerThatIsDownIsAskedNowAndThen counts how many of many notices use up an attempt in an hour.
func TestAMailServerThatIsDownIsAskedNowAndThen(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.work.set(func(w *work) { w.down = errors.New("nobody answers") })
	due := make([]time.Time, 500)
	for i := range due {
		due[i] = noon
	}
	ids := o.work.add(due...)
	o.start()
	o.moveTo(noon.Add(time.Hour))
	o.work.set(func(w *work) {
		require.Less(t, len(w.tried), 70)
		require.Greater(t, len(w.tried), 60)
		w.down = nil
	})
	o.moveTo(noon.Add(time.Hour + time.Minute))
	later := 0
	for _, id := range ids {
		if o.work.sentAt(id).IsZero() {
			later++ // it was tried before
		}
	}
	require.Less(t, later, 15)
	o.moveTo(noon.Add(time.Hour + 11*time.Minute))
	for _, id := range ids {
		require.False(t, o.work.sentAt(id).IsZero(), "all are sent afterwards")
	}
	require.Positive(t, o.logs.FilterMessage("a notice could not be mailed and is tried again").Len())
}

func TestABrokenStoreIsReportedOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.work.set(func(w *work) { w.broken = errors.New("the disk is full") })
	id := o.work.add(noon)[0]
	o.start()
	o.moveTo(noon.Add(time.Minute))
	require.Equal(t, 1, o.logs.FilterMessage("cannot mail notices").Len())
	o.work.set(func(w *work) { w.broken = nil })
	o.moveTo(noon.Add(2 * time.Minute))
	require.Equal(t, 1, o.logs.FilterMessage("notices are mailed again").Len())
	require.False(t, o.work.sentAt(id).IsZero())
}

// TestNoticesThatCannotBeTakenKeepNobodyWaiting has four notices that come first fail in every round.
func TestNoticesThatCannotBeTakenKeepNobodyWaiting(t *testing.T) {
	t.Parallel()
	for name, curse := range map[string]func() error{
		"cannot mail notices":      func() error { return errors.New("a row is broken") },
		"mailing notices panicked": func() error { panic("a row is broken") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			long := noon.Add(-time.Hour)
			cursed := o.work.add(long, long, long, long)
			o.work.set(func(w *work) {
				w.cursed = map[uuid.UUID]func() error{}
				for _, id := range cursed {
					w.cursed[id] = curse
				}
			})
			id := o.work.add(noon)[0]
			o.start()
			require.True(t, o.work.sentAt(id).IsZero(), "the round has ended before it")
			o.moveTo(noon.Add(5 * time.Second))
			require.Equal(t, noon.Add(5*time.Second), o.work.sentAt(id))
			require.Positive(t, o.logs.FilterMessage(name).Len())

			o.work.set(func(w *work) { w.cursed = nil })
			o.moveTo(noon.Add(20 * time.Second))
			for _, id := range cursed {
				require.False(t, o.work.sentAt(id).IsZero(), "they are tried again")
			}
			require.Equal(t, 1, o.logs.FilterMessage("notices are mailed again").Len())
		})
	}
}

// awaited is a context that tells when somebody waits for its end.
type awaited struct {
	context.Context
	waiting chan struct{}
	once    sync.Once
}

func (a *awaited) Done() <-chan struct{} {
	a.once.Do(func() { close(a.waiting) })
	return a.Context.Done()
}

// stopDuring stops the office while the mail is on its way; finish is called when it waits for that.
func stopDuring(t *testing.T, o *office, finish func(takes chan<- struct{}, giveUp context.CancelFunc)) {
	t.Helper()
	begun, takes := make(chan struct{}), make(chan struct{})
	o.work.set(func(w *work) {
		w.during = func(ctx context.Context) {
			close(begun)
			select {
			case <-takes:
			case <-ctx.Done():
			}
		}
	})
	o.Start()
	<-begun
	patient, giveUp := context.WithCancel(context.Background())
	defer giveUp()
	ctx, stopped := &awaited{Context: patient, waiting: make(chan struct{})}, make(chan struct{})
	go func() {
		defer close(stopped)
		o.Stop(ctx)
	}()
	select {
	case <-ctx.waiting:
	case <-stopped: // without waiting
	}
	finish(takes, giveUp)
	<-stopped
}

func TestStopFinishesTheMailThatIsOnItsWay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ids := o.work.add(noon, noon.Add(-time.Hour))
	stopDuring(t, o, func(takes chan<- struct{}, _ context.CancelFunc) { close(takes) })
	require.False(t, o.work.sentAt(ids[1]).IsZero())
	require.True(t, o.work.sentAt(ids[0]).IsZero(), "no other is begun")
	newOffice(t).Stop(t.Context()) // one that was never started
}

func TestStopInterruptsAMailThatTakesTooLong(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ids := o.work.add(noon)
	stopDuring(t, o, func(_ chan<- struct{}, giveUp context.CancelFunc) { giveUp() })
	require.True(t, o.work.sentAt(ids[0]).IsZero())
}
