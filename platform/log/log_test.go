package log_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/log"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sink remembers what was written, and counts how often it was synced.
type sink struct {
	mu     sync.Mutex
	text   bytes.Buffer
	syncs  int
	answer error
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *sink) Sync() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.syncs++
	return s.answer
}

func TestALineOfJSON(t *testing.T) {
	t.Parallel()
	var out sink
	logger, err := log.New(config.Log{Level: "info", Format: "json"}, log.Output{Writer: &out})
	require.NoError(t, err)
	logger.Debug("below the level")
	logger.Named("jobs").Warn("late", zap.Duration("by", 1500*time.Millisecond),
		zap.Time("due", time.Date(2026, 5, 4, 3, 2, 1, 123456789, time.FixedZone("", 7200))))

	var line map[string]string
	require.NoError(t, json.Unmarshal(out.text.Bytes(), &line), "one line and nothing else")
	require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$`, line["time"])
	delete(line, "time")
	require.Equal(t, map[string]string{
		"level": "warn", "logger": "jobs", "message": "late", "by": "1.5s", "due": "2026-05-04T01:02:01.123456Z",
	}, line)
}

func TestFormats(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		format          string
		terminal, color bool
		want            string
	}{
		"json":                      {format: "json", terminal: true, color: true, want: `"level":"info"`},
		"console":                   {format: "console", want: "Z\tINFO\thello\n"},
		"console in colour":         {format: "console", color: true, want: "\x1b[34mINFO\x1b[0m"},
		"auto on a terminal":        {format: "auto", terminal: true, want: "Z\tINFO\thello\n"},
		"auto elsewhere":            {format: "auto", want: `"message":"hello"`},
		"colour is never for files": {format: "auto", color: true, want: `"level":"info"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out sink
			logger, err := log.New(config.Log{Level: "info", Format: test.format},
				log.Output{Writer: &out, Terminal: test.terminal, Color: test.color})
			require.NoError(t, err)
			logger.Info("hello")
			require.Contains(t, out.text.String(), test.want)
		})
	}
}

func TestNewRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	_, err := log.New(config.Log{Level: "loud", Format: "json"}, log.Output{Writer: &sink{}})
	require.ErrorContains(t, err, "log.level")
	_, err = log.New(config.Log{Level: "info", Format: "xml"}, log.Output{Writer: &sink{}})
	require.ErrorContains(t, err, "log.format")
}

func TestModule(t *testing.T) {
	t.Parallel()
	program := func(level string, out *sink, options ...fx.Option) *fx.App {
		return fx.New(log.Module, fx.Supply(config.Log{Level: level, Format: "json"}, log.Output{Writer: out}),
			fx.Options(options...), fx.Invoke(func(logger *zap.Logger) { logger.Info("built") }))
	}
	run := func(t *testing.T, app *fx.App) error {
		t.Helper()
		require.NoError(t, app.Err())
		require.NoError(t, app.Start(t.Context()))
		return app.Stop(t.Context())
	}

	t.Run("syncs the log at the end", func(t *testing.T) {
		t.Parallel()
		var out sink
		require.NoError(t, run(t, program("info", &out)))
		require.Equal(t, 1, out.syncs)
	})
	t.Run("forgives terminals and pipes, which cannot be synced", func(t *testing.T) {
		t.Parallel()
		for _, answer := range []error{syscall.EINVAL, syscall.ENOTTY} {
			require.NoError(t, run(t, program("info", &sink{answer: answer})))
		}
		require.ErrorIs(t, run(t, program("info", &sink{answer: syscall.ENOSPC})), syscall.ENOSPC)
	})
	t.Run("logs what fx does at debug only", func(t *testing.T) {
		t.Parallel()
		var quiet, chatty sink
		require.NoError(t, run(t, program("info", &quiet)))
		require.NotContains(t, quiet.text.String(), `"logger":"fx"`)
		require.NoError(t, run(t, program("debug", &chatty)))
		require.Contains(t, chatty.text.String(), `"logger":"fx"`)
	})
	t.Run("leaves an error of the start to whoever starts the program, so that it is told once", func(t *testing.T) {
		t.Parallel()
		var out sink
		taken := errors.New("address already in use")
		app := program("info", &out, fx.Invoke(func(lifecycle fx.Lifecycle) {
			lifecycle.Append(fx.StartHook(func() error { return taken }))
		}))
		require.ErrorIs(t, app.Start(t.Context()), taken)
		require.NotContains(t, out.text.String(), taken.Error())
	})
}
