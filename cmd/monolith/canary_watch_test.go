package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httputil"
	"os"
	"path/filepath"
	"runtime/pprof"
	"runtime/trace"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/events"
	"github.com/gavelhq/gavel/platform/events/broker/brokertest"
	"github.com/gavelhq/gavel/platform/log"
	"github.com/gavelhq/gavel/platform/mail"
	"github.com/gavelhq/gavel/platform/platformtest"
	"github.com/gavelhq/gavel/platform/platformtest/canary"
	"github.com/gavelhq/gavel/platform/uow"
)

// The channels on which something leaves the program. A new one, such as spans for a collector, goes here and into
// watched.collect, and gets a leak in TestALeakOnAnyChannelIsFound.
const (
	inAnswers  = "answers"  // every HTTP answer, headers and body
	inLog      = "log"      // at debug level
	inMetrics  = "metrics"  // /metrics
	inOutbox   = "outbox"   // the rows of the outbox
	inNATS     = "NATS"     // every message on the server, and not only those of the stream
	inTables   = "tables"   // those of all other tables
	inFiles    = "files"    // the bytes of the data folder
	inLetters  = "letters"  // every part of each letter
	inProfiles = "profiles" // of the running program, some while requests are under way
	inTraces   = "traces"   // Go's execution trace: the program traces nothing else yet
	inOutput   = "output"   // what the commands print
)

// watched is a house of which everything that leaves it is captured.
type watched struct {
	*house
	scanner *canary.Scanner
	link    func() string // the setup link
	data    string        // the data folder
	metrics string        // the token that /metrics asks for
	lines   *lineBuffer
	clock   *brokenClock
	broken  *brokenOutbox
	ears    *brokertest.Listener // on NATS

	linkKeys map[string]string // the texts of those that are known, by their names

	pool     *db.Pool
	logger   *zap.Logger
	counters prometheus.Registerer
	work     *uow.Work
	outbox   events.Outbox
	acts     audit.Log
	post     mail.Post
}

// lineBuffer keeps a log in memory.
type lineBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer. Errors: none.
func (b *lineBuffer) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(line)
}

func (b *lineBuffer) bytes() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return bytes.Clone(b.text.Bytes())
}

// openWatched opens a house that logs everything, in the format.
func openWatched(t *testing.T, e engine, format string, options ...fx.Option) *watched {
	t.Helper()
	flags := flagsOf(e.open(t))
	w := &watched{
		scanner: canary.NewScanner(), data: flags["data.dir"], metrics: "metrics-of-the-house-5820917346",
		lines: &lineBuffer{}, clock: &brokenClock{Real: clock.NewReal()}, broken: &brokenOutbox{},
	}
	nats := brokertest.Start(t, nil)
	w.ears = nats.Listen()
	maps.Copy(flags, map[string]string{
		"log.level": "debug", "log.format": format, "metrics.token": w.metrics,
		"events.nats.url":  nats.URL(),
		"command.deadline": "5m", // some are held up to be looked at
	})
	w.house = openHouse(t, flags, append(options,
		fx.Replace(log.Output{Writer: w.lines}),
		platformtest.Swap[clock.Clock](w.clock),
		fx.Decorate(w.broken.around),
		fx.Populate(&w.pool, &w.logger, &w.counters, &w.work, &w.outbox, &w.acts, &w.post),
	)...)
	w.link = func() string {
		link, ok, err := w.setup.Draw(t.Context(), w.base)
		require.NoError(t, err)
		require.True(t, ok)
		return link
	}
	w.scanner.Watch(canary.Text("metrics token", w.metrics))
	return w
}

// browser is a guest's, under a name; every answer that it gets is captured.
func (w *watched) browser(name string) *visitor {
	v := w.guest()
	v.handle, v.email = name, name+"@example.org"
	v.client.Transport = &recorder{next: w.api, to: name, scanner: w.scanner}
	return v
}

// unchecked is the same browser, whose answers need not be as documented: they may be failures of the server.
func (w *watched) unchecked(v *visitor) *visitor {
	same := *v
	client := *v.client
	client.Transport = &recorder{next: &http.Transport{DisableKeepAlives: true}, to: v.handle, scanner: w.scanner}
	same.client = &client
	return &same
}

// bearer is a program of the member's that shows the token.
func (w *watched) bearer(of *visitor, token string) *visitor {
	p := w.browser(of.handle + "'s program")
	p.id, p.email, p.token = of.id, of.email, token
	return p
}

// recorder captures the answers that one visitor gets. A cookie is a secret, which only the answer that sets it shows.
type recorder struct {
	next    http.RoundTripper
	to      string
	scanner *canary.Scanner
}

// place is where an answer is captured.
func place(method, path, to string) string { return method + " " + path + " to " + to }

// withCookies is the place of one answer that sets cookies: no other may show them.
func withCookies(place string, header http.Header) string {
	return place + " with cookies, request " + header.Get("X-Request-Id")
}

// RoundTrip implements http.RoundTripper. Errors: those of the next.
func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := r.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	raw, err := httputil.DumpResponse(response, true)
	if err != nil {
		return nil, err
	}
	at := place(request.Method, request.URL.Path, r.to)
	if cookies := response.Cookies(); len(cookies) > 0 {
		at = withCookies(at, response.Header)
		for _, cookie := range cookies {
			if cookie.Value != "" {
				name := secretName("cookie "+cookie.Name+" of "+r.to, cookie.Value)
				r.scanner.Watch(canary.Text(name, cookie.Value))
				r.scanner.Expect(name, inAnswers, at)
			}
		}
	}
	r.scanner.Capture(inAnswers, at, raw)
	return response, nil
}

// secretName names a secret that the program drew, by its hash: the same text has the same name wherever it is met.
func secretName(kind, text string) string {
	return fmt.Sprintf("%s %x", kind, sha256.Sum256([]byte(text)))[:len(kind)+9]
}

// raw sends a body of any kind.
func (v *visitor) raw(method, path, mediaType, body string, headers ...string) reply {
	v.h.t.Helper()
	request, err := http.NewRequestWithContext(v.h.t.Context(), method, v.h.base+path, strings.NewReader(body))
	require.NoError(v.h.t, err)
	if body != "" {
		request.Header.Set("Content-Type", mediaType)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := v.client.Do(request)
	require.NoError(v.h.t, err)
	got, err := io.ReadAll(response.Body)
	require.NoError(v.h.t, err)
	require.NoError(v.h.t, response.Body.Close())
	return reply{h: v.h, request: method + " " + path, status: response.StatusCode, header: response.Header, body: got}
}

// collect captures what lies where it was left. Answers, profiles and traces are captured as they come.
func (w *watched) collect() {
	w.t.Helper()
	w.scanner.Capture(inLog, "the log", w.lines.bytes())
	w.scanner.Capture(inMetrics, "/metrics", w.scrape())
	w.collectLetters()
	w.collectTables()
	w.collectFiles()
	w.collectMessages()
	w.watchLinkKeys()
}

// collectMessages captures what passes on NATS, when all events have: events by their kinds, all else by its subject.
func (w *watched) collectMessages() {
	w.t.Helper()
	var events struct {
		Last    int64 `db:"last"`
		Waiting int64 `db:"waiting"`
	}
	require.Eventually(w.t, func() bool {
		err := w.pool.Read().Get(w.t.Context(), &events, `
			SELECT coalesce(max(number), 0) AS last, count(*) - count(number) AS waiting
			FROM outbox`)
		return err == nil && events.Waiting == 0 && w.ears.Ends("gavel", events.Last)
	}, patience, 20*time.Millisecond, "all events pass on NATS")
	for _, m := range w.ears.Heard() {
		w.scanner.Capture(inNATS, cmp.Or(m.Kind, m.Subject), m.Content)
	}
}

// watchLinkKeys makes secrets of the keys with which the links are made that end letters. The table alone has them.
func (w *watched) watchLinkKeys() {
	w.t.Helper()
	var keys [][]byte
	require.NoError(w.t, w.pool.Read().Select(w.t.Context(), &keys, `
		SELECT link_key
		FROM notification_settings
		WHERE link_key IS NOT NULL`))
	w.linkKeys = map[string]string{}
	for _, key := range keys {
		text := base64.RawURLEncoding.EncodeToString(key)
		name := secretName("link key", text)
		w.scanner.Watch(canary.Text(name, text))
		w.scanner.Expect(name, inTables, "notification_settings")
		w.scanner.Permit(name, inFiles, "")
		w.linkKeys[name] = text
	}
}

func (w *watched) scrape() []byte {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(w.t, err)
	scraper := &visitor{h: w.house, token: w.metrics, client: &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}}}
	return scraper.get("/metrics").is(http.StatusOK).body
}

// collectLetters captures the letters. The tokens in a letter are secrets, which its text and its page alone show, and where
// it ends letters like it, its header.
func (w *watched) collectLetters() {
	w.t.Helper()
	for i, letter := range w.letters.All() {
		part := func(name string) string { return fmt.Sprintf("%s of letter %d to %s", name, i, letter.To) }
		w.scanner.Capture(inLetters, part("the id"), []byte(letter.ID))
		w.scanner.Capture(inLetters, part("the subject"), []byte(letter.Subject))
		w.scanner.Capture(inLetters, part("the text"), []byte(letter.Text))
		w.scanner.Capture(inLetters, part("the page"), []byte(letter.HTML))
		w.scanner.Capture(inLetters, part("the end of letters"), []byte(letter.Unsubscribe))
		for _, link := range tokenInLink.FindAllStringSubmatch(letter.Text, -1) {
			name := mailedSecret(link[2])
			w.scanner.Watch(canary.Text(name, link[2]))
			w.scanner.Expect(name, inLetters, part("the text"))
			w.scanner.Expect(name, inLetters, part("the page"))
			if link[1] == "/unsubscribe" {
				w.scanner.Expect(name, inLetters, part("the end of letters"))
			}
		}
	}
}

// mailedSecret names the token of a link.
func mailedSecret(token string) string { return secretName("mailed token", token) }

// collectTables captures every row of every table.
func (w *watched) collectTables() {
	w.t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'table'`
	if w.pool.Dialect() == db.Postgres {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	}
	var names []string
	require.NoError(w.t, w.pool.Read().Select(w.t.Context(), &names, query))
	require.Contains(w.t, names, "outbox")
	for _, name := range names {
		if name == "outbox" {
			w.collectOutbox()
			continue
		}
		rows := bytes.Buffer{}
		for row, err := range db.Values(w.t.Context(), w.pool.Read(), `SELECT * FROM "`+name+`"`) {
			require.NoError(w.t, err)
			rows.Write(written(row))
		}
		w.scanner.Capture(inTables, name, rows.Bytes())
	}
}

// collectOutbox captures the events, each kind at a place of its own.
func (w *watched) collectOutbox() {
	w.t.Helper()
	var kinds []string
	require.NoError(w.t, w.pool.Read().Select(w.t.Context(), &kinds, `SELECT DISTINCT kind FROM outbox`))
	for _, kind := range kinds {
		rows := bytes.Buffer{}
		for row, err := range db.Values(w.t.Context(), w.pool.Read(), `SELECT * FROM outbox WHERE kind = $1`, kind) {
			require.NoError(w.t, err)
			rows.Write(written(row))
		}
		w.scanner.Capture(inOutbox, kind, rows.Bytes())
	}
}

// written is a row with all its values.
func written(row []any) []byte {
	var text bytes.Buffer
	for _, value := range row {
		if raw, ok := value.([]byte); ok {
			text.Write(raw)
		} else {
			fmt.Fprint(&text, value)
		}
		text.WriteByte('\n')
	}
	return text.Bytes()
}

// collectFiles captures the files in the data folder. On PostgreSQL there is none.
func (w *watched) collectFiles() {
	w.t.Helper()
	if w.pool.Dialect() == db.SQLite {
		captureFiles(w.t, w.scanner, w.data)
	}
}

// captureFiles captures the files in a folder.
func captureFiles(t *testing.T, scanner *canary.Scanner, folder string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		scanner.Capture(inFiles, name, content)
		return err
	}))
}

// profile captures all profiles of the running program, with labels and, of goroutines, arguments.
func (w *watched) profile() {
	w.t.Helper()
	for _, p := range pprof.Profiles() {
		for debug := range 3 {
			if debug > 0 && p.Name() != "goroutine" {
				continue // nothing new
			}
			var content bytes.Buffer
			require.NoError(w.t, p.WriteTo(&content, debug))
			w.scanner.Capture(inProfiles, fmt.Sprintf("%s, debug %d", p.Name(), debug), content.Bytes())
		}
	}
}

// tracer is held by who traces: there is one trace in a process at a time.
var tracer sync.Mutex

// trace captures the trace of what fn does.
func (w *watched) trace(fn func()) {
	w.t.Helper()
	tracer.Lock()
	defer tracer.Unlock()
	var content bytes.Buffer
	require.NoError(w.t, trace.Start(&content))
	func() {
		defer trace.Stop()
		fn()
	}()
	w.scanner.Capture(inTraces, "an execution trace", content.Bytes())
}
