package postman_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/mail/mailtest"
	"github.com/gavelhq/gavel/platform/mail/memory"
	"github.com/gavelhq/gavel/platform/mail/postman"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// round is a Postman with what he logs and counts.
type round struct {
	*postman.Postman
	logs     *observer.ObservedLogs
	registry *prometheus.Registry
}

func newRound(t *testing.T, mailer mail.Mailer, s postman.Settings) round {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	registry := prometheus.NewPedanticRegistry()
	metrics, err := postman.NewMetrics(registry)
	require.NoError(t, err)
	return round{postman.NewPostman(mailer, s, zap.New(core), metrics), logs, registry}
}

// counted requires what became of the letters, and that the log tells nothing of them.
func (r round) counted(t *testing.T, sent, failed, dropped int) {
	t.Helper()
	for result, want := range map[string]int{"sent": sent, "failed": failed, "dropped": dropped} {
		families, err := r.registry.Gather()
		require.NoError(t, err)
		for _, m := range families[0].GetMetric() {
			if m.GetLabel()[0].GetValue() == result {
				require.Equal(t, want, int(m.GetCounter().GetValue()), result)
			}
		}
	}
	n, err := testutil.GatherAndCount(r.registry, "mail_letters_total")
	require.NoError(t, err)
	require.Equal(t, 3, n)
	require.Equal(t, failed+dropped, r.logs.Len(), "each is logged")
	for _, entry := range r.logs.All() {
		text := fmt.Sprint(entry.Message, entry.ContextMap())
		require.NotContains(t, text, "s3cret")
		require.NotContains(t, text, "ada@")
		require.Contains(t, text, "example.org")
		require.Contains(t, entry.ContextMap(), "letter")
	}
}

var usual = postman.Settings{Queue: 10, Timeout: time.Minute}

func TestPostman(t *testing.T) {
	t.Parallel()

	t.Run("sends what is posted, in its order", func(t *testing.T) {
		t.Parallel()
		mailer := memory.NewMailer()
		r := newRound(t, mailer, usual)
		first, second := mailtest.Letter("ada@example.org"), mailtest.Letter("ada@example.org")
		r.Post(mail.Written(first))
		require.Empty(t, mailer.All(), "before he starts letters wait")
		require.NoError(t, r.Start(t.Context()))
		r.Post(mail.Written(second))
		letters, err := mailer.Await(t.Context(), "ada@example.org", 2)
		require.NoError(t, err)
		require.Equal(t, []mail.Message{first, second}, letters)
		require.NoError(t, r.Stop(t.Context()))
		r.counted(t, 2, 0, 0)
	})
	t.Run("sends what waits before he stops, and nothing later", func(t *testing.T) {
		t.Parallel()
		mailer := memory.NewMailer()
		r := newRound(t, mailer, usual)
		for range 10 {
			r.Post(mail.Written(mailtest.Letter("ada@example.org")))
		}
		require.NoError(t, r.Start(t.Context()))
		require.NoError(t, r.Stop(t.Context()))
		require.Len(t, mailer.All(), 10)
		r.Post(mail.Written(mailtest.Letter("ada@example.org")))
		require.NoError(t, r.Stop(t.Context()), "stopping twice is stopping")
		require.Len(t, mailer.All(), 10)
		r.counted(t, 10, 0, 1)
	})
	t.Run("drops what does not fit into the queue, without waiting", func(t *testing.T) {
		t.Parallel()
		r := newRound(t, memory.NewMailer(), usual)
		for range 11 {
			r.Post(mail.Written(mailtest.Letter("ada@example.org")))
		}
		r.counted(t, 0, 0, 1)
		require.NoError(t, r.Stop(t.Context()), "he never started")
		r.counted(t, 0, 0, 11)
	})
	t.Run("goes on after a letter that cannot be sent", func(t *testing.T) {
		t.Parallel()
		mailer := memory.NewMailer()
		r := newRound(t, mailer, usual)
		r.Post(mail.Written(mail.Message{ID: "x", To: "ada@example.org", Subject: "s3cret\n", Text: "s3cret"}))
		r.Post(mail.Written(mailtest.Letter("ada@example.org")))
		require.NoError(t, r.Start(t.Context()))
		require.NoError(t, r.Stop(t.Context()))
		require.Len(t, mailer.All(), 1)
		r.counted(t, 1, 1, 0)
	})
	for name, thrown := range map[string]any{
		"a text":                "s3cret for ada@example.org",
		"an error":              errors.New("s3cret for ada@example.org"),
		"a mistake of the code": nil,
	} {
		t.Run("survives a mailer that panics with "+name, func(t *testing.T) {
			t.Parallel()
			r := newRound(t, mailerFunc(func(context.Context, mail.Message) error {
				if thrown == nil {
					var none []string
					_ = none[len(none)]
				}
				panic(thrown)
			}), usual)
			r.Post(mail.Written(mailtest.Letter("ada@example.org")))
			r.Post(mail.Written(mailtest.Letter("ada@example.org")))
			require.NoError(t, r.Start(t.Context()))
			require.NoError(t, r.Stop(t.Context()))
			r.counted(t, 0, 2, 0)
		})
	}
	t.Run("gives each letter its time", func(t *testing.T) {
		t.Parallel()
		r := newRound(t, mailerFunc(hang), postman.Settings{Queue: 2, Timeout: time.Millisecond})
		r.Post(mail.Written(mailtest.Letter("ada@example.org")))
		r.Post(mail.Written(mailtest.Letter("ada@example.org")))
		require.NoError(t, r.Start(t.Context()))
		require.NoError(t, r.Stop(t.Context()))
		r.counted(t, 0, 2, 0)
	})
	t.Run("leaves what cannot be sent before the program must end", func(t *testing.T) {
		t.Parallel()
		hanging := make(chan struct{})
		var once sync.Once
		r := newRound(t, mailerFunc(func(ctx context.Context, letter mail.Message) error {
			once.Do(func() { close(hanging) })
			return hang(ctx, letter)
		}), usual)
		for range 3 {
			r.Post(mail.Written(mailtest.Letter("ada@example.org")))
		}
		require.NoError(t, r.Start(t.Context()))
		<-hanging
		ctx, end := context.WithCancel(t.Context())
		end()
		require.ErrorIs(t, r.Stop(ctx), context.Canceled)
		r.counted(t, 0, 1, 2)
	})
	t.Run("is used by many at once", func(t *testing.T) {
		t.Parallel()
		mailer := memory.NewMailer()
		r := newRound(t, mailer, postman.Settings{Queue: 1000, Timeout: time.Minute})
		require.NoError(t, r.Start(t.Context()))
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				for range 50 {
					r.Post(mail.Written(mailtest.Letter("ada@example.org")))
				}
			})
		}
		all.Wait()
		require.NoError(t, r.Stop(t.Context()))
		require.Len(t, mailer.All(), 1000)
		r.counted(t, 1000, 0, 0)
	})
}

func TestMetricsAreRegisteredOnce(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	_, err := postman.NewMetrics(registry)
	require.NoError(t, err)
	_, err = postman.NewMetrics(registry)
	require.Error(t, err)
}

// mailerFunc is a Mailer that does what it says.
type mailerFunc func(context.Context, mail.Message) error

func (f mailerFunc) Send(ctx context.Context, letter mail.Message) error { return f(ctx, letter) }

// hang sends nothing until nobody waits any more.
func hang(ctx context.Context, _ mail.Message) error {
	<-ctx.Done()
	return ctx.Err()
}
