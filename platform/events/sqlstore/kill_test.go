package sqlstore_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/dbtest"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/delivery"
	"github.com/gavelhq/gavel/platform/events/deliverytest"
	"github.com/gavelhq/gavel/platform/events/sqlstore"
	"github.com/gavelhq/gavel/platform/uow"
)

// subscribers are those of a server that is killed.
var subscribers = []string{"steady", "moody"}

// newDeliverer returns a server's.
func newDeliverer(pool *db.Pool) (*delivery.Deliverer, error) {
	deliveries, bell := sqlstore.NewDeliveries(pool), delivery.NewBell()
	outbox := sqlstore.NewOutbox(pool)
	steady, moody := deliverytest.Counting(deliveries, "steady", "a.v1"), deliverytest.Counting(deliveries, "moody", "a.v1")
	count := moody.Handle
	moody.Handle = func(ctx context.Context, m events.Message) error {
		if err := count(ctx, m); err != nil || rand.N(5) > 0 {
			return err
		}
		return errors.New("not this time") // after the effect
	}
	metrics, err := delivery.NewMetrics(prometheus.NewRegistry())
	if err != nil {
		return nil, err
	}
	return delivery.NewDeliverer(delivery.Parts{
		Work: uow.New(outbox, uow.Settings{Published: bell.Ring}), Log: outbox, Subscriptions: sqlstore.NewSubscriptions(pool),
		Deliveries: deliveries, Views: sqlstore.NewViews(pool), Subscribers: []events.Subscriber{steady, moody}, Bell: bell,
		Clock: clock.NewReal(), Logger: zap.NewNop(), Metrics: metrics,
		Settings: delivery.Settings{
			Patience: delivery.Patience{Attempts: 1000, First: time.Millisecond, Longest: 4 * time.Millisecond},
			Poll:     5 * time.Millisecond, Hold: 100 * time.Millisecond,
		},
	})
}

// serve delivers until the process is killed, or the one that began it ends.
func serve(url string) {
	pool, err := db.Open(db.Settings{URL: url})
	if err == nil {
		var d *delivery.Deliverer
		if d, err = newDeliverer(pool); err == nil {
			err = d.Start(context.Background())
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// spawn starts a server and returns when it delivers.
func spawn(t *testing.T, url string) (kill func()) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), serverVariable+"="+url)
	cmd.Stderr = os.Stderr
	_, err = cmd.StdinPipe() // which ends with this process
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "ready\n", line)
	return sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

// TestServersThatAreKilledWhileTheyDeliver kills a server again and again, TEST_DELIVERY_KILLS times, while another program commits
// events and a second server delivers, too. Afterwards every event has counted, once and in its turn.
func TestServersThatAreKilledWhileTheyDeliver(t *testing.T) {
	t.Parallel()
	kills := 3
	if text := os.Getenv("TEST_DELIVERY_KILLS"); text != "" {
		var err error
		kills, err = strconv.Atoi(text)
		require.NoError(t, err)
	}
	for name, open := range map[string]func(t *testing.T) string{
		"sqlite": func(t *testing.T) string {
			t.Helper()
			url := "sqlite:" + filepath.Join(t.TempDir(), "gavel.db")
			dbtest.Migrate(t, dbtest.Open(t, db.Settings{URL: url}), sqlstore.Migrations())
			return url
		},
		"postgres": func(t *testing.T) string { t.Helper(); return dbtest.PostgresURL(t, sqlstore.Migrations()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			killServers(t, open(t), kills)
		})
	}
}

func killServers(t *testing.T, url string, kills int) {
	t.Helper()
	pool := dbtest.Open(t, db.Settings{URL: url})
	t.Cleanup(spawn(t, url)) // the subscribers are known from here on
	happened := make(chan map[uuid.UUID]int64)
	stop := make(chan struct{})
	go func() { happened <- trade(t, pool, stop) }()
	for range kills {
		kill := spawn(t, url)
		time.Sleep(50*time.Millisecond + rand.N(200*time.Millisecond))
		kill()
	}
	close(stop)
	want := <-happened
	t.Cleanup(spawn(t, url))
	for _, name := range subscribers {
		awaitCounts(t, pool, name, want)
	}
	t.Logf("%d kills, %d events, each counted once by %d subscribers", kills, sum(want), len(subscribers))
}

// stall is how long nothing may be counted while something is left to be.
const stall = time.Minute

// awaitCounts waits, as long as there is progress, until the subscriber has counted every event, and requires that it has
// counted each once and in its turn.
func awaitCounts(t *testing.T, pool *db.Pool, name string, want map[uuid.UUID]int64) {
	t.Helper()
	views := sqlstore.NewViews(pool)
	total := sum(want)
	for before, since := int64(-1), time.Now(); ; time.Sleep(20 * time.Millisecond) {
		dead, err := deliverytest.Listed(t.Context(), views, delivery.Filter{Dead: true})
		require.NoError(t, err)
		counted := deliverytest.Counted(dead, name)
		now := sum(counted)
		switch {
		case now >= total:
			require.Equal(t, want, counted, "each once, in its turn")
			return
		case now != before:
			before, since = now, time.Now()
		case time.Since(since) > stall:
			waiting, err := deliverytest.Listed(t.Context(), views, delivery.Filter{})
			require.FailNow(t, "nothing is counted any more", "%s: %d of %d; %v; put aside: %+v", name, now, total, err, waiting)
		}
	}
}

func sum(counts map[uuid.UUID]int64) (total int64) {
	for _, n := range counts {
		total += n
	}
	return total
}

// trade commits events of a few aggregates until it is told to stop, and returns how many of each.
func trade(t *testing.T, pool *db.Pool, stop chan struct{}) map[uuid.UUID]int64 {
	outbox := sqlstore.NewOutbox(pool)
	work := uow.New(outbox, uow.Settings{})
	happened := map[uuid.UUID]int64{}
	aggregates := make([]uuid.UUID, 7)
	for i := range aggregates {
		aggregates[i] = uuid.New()
	}
	for {
		select {
		case <-stop:
			return happened
		case <-time.After(rand.N(4 * time.Millisecond)):
		}
		aggregate := aggregates[rand.N(len(aggregates))]
		happened[aggregate]++
		m := events.Message{
			ID: uuid.New(), Kind: "a.v1", Aggregate: aggregate, Seq: happened[aggregate], At: time.Now(), Payload: []byte("{}"),
		}
		if err := work.Do(t.Context(), func(ctx context.Context) error {
			return outbox.Append(ctx, []events.Message{m})
		}); err != nil {
			t.Errorf("commit an event: %v", err)
		}
	}
}
