package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"runtime/pprof"
	"runtime/trace"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/platformtest/canary"
)

// leak is a way in which a secret gets onto a channel.
type leak struct {
	name, channel string
	plant         func(secret string)
}

// A search that finds nothing is worth as much as what it would have found.
//
//nolint:tparallel // the leaks are planted in one house, one after the other
func TestALeakOnAnyChannelIsFound(t *testing.T) {
	t.Parallel()
	var header, body atomic.Value
	header.Store("")
	body.Store("")
	w := openWatched(t, sqlite, "json", fx.Provide(httpserver.AsRoutes(func() httpserver.Routes {
		return httpserver.Routes{Name: "leaks", Register: func(_ huma.API, router chi.Router) {
			router.Get("/leak", func(rw http.ResponseWriter, _ *http.Request) {
				rw.Header().Set("X-Leak", header.Load().(string))
				_, _ = rw.Write([]byte(body.Load().(string)))
			})
		}}
	})))
	unit := func(fn func(ctx context.Context) error) { require.NoError(t, w.work.Do(t.Context(), fn)) }
	leaks := []leak{
		{"a header", inAnswers, func(secret string) {
			header.Store(secret)
			w.browser("ann").get("/leak").is(http.StatusOK)
		}},
		{"a body", inAnswers, func(secret string) {
			body.Store(secret)
			w.browser("ann").get("/leak").is(http.StatusOK)
		}},
		{"a message in the log", inLog, func(secret string) { w.logger.Debug("bid " + secret) }},
		{"a field in the log", inLog, func(secret string) { w.logger.Info("bid", zap.Any("maximum", map[string]string{"amount": secret})) }},
		{"a label", inMetrics, func(secret string) {
			bids := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "leaked_" + metricName(secret), Help: "A leak."}, []string{"maximum"})
			require.NoError(t, w.counters.Register(bids))
			bids.WithLabelValues(secret).Inc()
		}},
		{"a message in the outbox", inOutbox, func(secret string) {
			unit(func(ctx context.Context) error {
				return w.outbox.Append(ctx, []events.Message{{
					ID: uuid.New(), Kind: "leaks.leaked.v1", Aggregate: uuid.New(), Seq: 1, At: noon, Payload: fmt.Appendf(nil, `{"max":%q}`, secret),
				}})
			})
		}},
		{"an event on its way to another server", inNATS, func(secret string) {
			unit(func(ctx context.Context) error {
				return w.outbox.Append(ctx, []events.Message{{
					ID: uuid.New(), Kind: "leaks.carried.v1", Aggregate: uuid.New(), Seq: 1, At: noon, Payload: fmt.Appendf(nil, `{"max":%q}`, secret),
				}})
			})
		}},
		{"a reason in the audit log", inTables, func(secret string) {
			unit(func(ctx context.Context) error {
				return w.acts.Record(ctx, audit.Entry{At: noon, Act: "leaks.leak", Target: uuid.New(), Reason: "He bid " + secret})
			})
		}},
		{"a file", inFiles, func(secret string) {
			require.NoError(t, os.WriteFile(filepath.Join(w.data, uuid.NewString()), []byte(secret), 0o600))
		}},
		{"the text of a letter", inLetters, func(secret string) { w.writes(mail.Message{Subject: "Outbid", Text: secret, HTML: "<p>"}) }},
		{"the page of a letter", inLetters, func(secret string) { w.writes(mail.Message{Subject: "Outbid", Text: "-", HTML: secret}) }},
		{"the subject of a letter", inLetters, func(secret string) { w.writes(mail.Message{Subject: secret, Text: "-"}) }},
		{"a goroutine's label", inProfiles, func(secret string) {
			pprof.Do(t.Context(), pprof.Labels("maximum", secret), func(context.Context) { w.profile() })
		}},
		{"a region of a trace", inTraces, func(secret string) {
			w.trace(func() { trace.Log(t.Context(), "maximum", secret) })
		}},
		{"a message on standard error", inOutput, func(secret string) {
			got := monolith(t, []string{"config", "check", "--log.level=" + secret})
			w.scanner.Capture(inOutput, "config check", []byte(got.stdout+got.stderr))
		}},
	}

	found, planted := 0, 0
	for _, leak := range leaks {
		t.Run(leak.name, func(t *testing.T) {
			w.scanner = canary.NewScanner()
			secrets := map[string]canary.Secret{}
			for disguise, of := range disguises {
				planted++
				secret, text := of(planted)
				secrets[disguise] = secret
				leak.plant(text)
			}
			w.collect()
			w.scanner.Watch(slices.Collect(maps.Values(secrets))...)
			report, err := w.scanner.Scan()
			require.NoError(t, err)
			for disguise, secret := range secrets {
				sights := slices.DeleteFunc(slices.Clone(report.Leaks), func(s canary.Sight) bool { return s.Secret != secret.Name || s.Channel != leak.channel })
				require.NotEmpty(t, sights, "%s as %s", leak.name, disguise)
				found++
			}
		})
	}
	t.Logf("%d of %d planted leaks found", found, planted)
}

// disguises are forms in which secrets leave.
var disguises = map[string]func(n int) (secret canary.Secret, text string){
	"text": func(n int) (canary.Secret, string) {
		text := fmt.Sprintf(`ann's "kestrel" & heron %d-4410992`, 100+n)
		return canary.Text(fmt.Sprint("planted ", n), text), text
	},
	"base64": func(n int) (canary.Secret, string) {
		text := fmt.Sprintf("kestrel-%d-4410992", 100+n)
		return canary.Text(fmt.Sprint("planted ", n), text), base64.StdEncoding.EncodeToString([]byte("at " + text))
	},
	"minor units": func(n int) (canary.Secret, string) {
		minor := plantedAmount(n)
		return canary.Amount(fmt.Sprint("planted ", n), minor), fmt.Sprint(minor)
	},
	"major units": func(n int) (canary.Secret, string) {
		minor := plantedAmount(n)
		return canary.Amount(fmt.Sprint("planted ", n), minor), fmt.Sprintf("%d.%02d", minor/100, minor%100)
	},
}

func plantedAmount(n int) int64 { return 55_394_826_153_47 + int64(n)*1_000_007_001_03 }

// metricName makes a name for a metric of a text.
func metricName(text string) string { return fmt.Sprintf("%x", text) }

// writes posts a letter and waits for it.
func (w *watched) writes(letter mail.Message) {
	w.t.Helper()
	n := len(w.letters.To("leak@example.org"))
	letter.ID, letter.To = uuid.NewString(), "leak@example.org"
	w.post.Post(mail.Written(letter))
	_, err := w.letters.Await(w.t.Context(), letter.To, n+1)
	require.NoError(w.t, err)
}

// holding keeps an amount in a goroutine until it is released.
//
//go:noinline
func holding(amount int64, ready chan<- struct{}, release <-chan struct{}) int64 {
	close(ready)
	<-release
	return amount + 1
}

// An amount that a function was given is in the dump of its goroutine, as a number.
func TestAnArgumentInAGoroutinesDumpIsFound(t *testing.T) {
	t.Parallel()
	w := &watched{house: &house{t: t}, scanner: canary.NewScanner()}
	minor := plantedAmount(77)
	ready, release, done := make(chan struct{}), make(chan struct{}), make(chan int64)
	go func() { done <- holding(minor, ready, release) }()
	<-ready
	w.profile()
	close(release)
	<-done
	w.scanner.Watch(canary.Amount("maximum", minor))
	report, err := w.scanner.Scan()
	require.NoError(t, err)
	require.NotEmpty(t, report.Leaks)
	require.Equal(t, inProfiles, report.Leaks[0].Channel)
}
