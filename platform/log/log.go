// Package log makes the program's logger from its configuration: zap, in JSON for programs or in columns for people,
// times in UTC to the microsecond.
package log

import (
	"fmt"
	"io"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/gavelhq/gavel/platform/config"
)

// Output is where the log goes.
type Output struct {
	// Writer receives one write per line, never two at a time.
	Writer io.Writer
	// Terminal says that people read it as it comes: log.format auto then means console.
	Terminal bool
	// Color says that levels may be coloured in the console format.
	Color bool
}

const timeLayout = "2006-01-02T15:04:05.000000Z07:00"

// New returns a logger that writes to out from cfg.Level on. Errors: cfg.Level or cfg.Format is none of its values.
func New(cfg config.Log, out Output) (*zap.Logger, error) {
	level, err := zapcore.ParseLevel(cfg.Level)
	if err != nil {
		return nil, fmt.Errorf("log.level: %w", err)
	}
	encoder, err := newEncoder(cfg.Format, out)
	if err != nil {
		return nil, err
	}
	writer := zapcore.Lock(zapcore.AddSync(out.Writer))
	return zap.New(zapcore.NewCore(encoder, writer, level), zap.ErrorOutput(writer)), nil
}

func newEncoder(format string, out Output) (zapcore.Encoder, error) {
	if format == "auto" {
		format = "json"
		if out.Terminal {
			format = "console"
		}
	}
	cfg := zapcore.EncoderConfig{
		TimeKey:        "time",
		LevelKey:       "level",
		NameKey:        "logger",
		MessageKey:     "message",
		LineEnding:     zapcore.DefaultLineEnding,
		EncodeTime:     encodeTime,
		EncodeLevel:    zapcore.LowercaseLevelEncoder,
		EncodeDuration: zapcore.StringDurationEncoder,
	}
	switch format {
	case "json":
		return zapcore.NewJSONEncoder(cfg), nil
	case "console":
		cfg.EncodeLevel = zapcore.CapitalLevelEncoder
		if out.Color {
			cfg.EncodeLevel = zapcore.CapitalColorLevelEncoder
		}
		return zapcore.NewConsoleEncoder(cfg), nil
	}
	return nil, fmt.Errorf("log.format: %q is neither json, console nor auto", format)
}

func encodeTime(t time.Time, encoder zapcore.PrimitiveArrayEncoder) {
	encoder.AppendString(t.UTC().Format(timeLayout))
}
