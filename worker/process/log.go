package process

import (
	"context"
	"log/slog"

	"go.temporal.io/sdk/log"
)

// SDKLogger gives l to the Temporal SDK without the SDK's informational lines,
// unless l logs debugging ones too.
func SDKLogger(l *slog.Logger) log.Logger {
	if l.Enabled(context.Background(), slog.LevelDebug) {
		return log.NewStructuredLogger(l)
	}
	return log.NewStructuredLogger(slog.New(warnings{l.Handler()}))
}

// warnings passes on what is at least a warning.
type warnings struct{ slog.Handler }

func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

// attemptFailed is what the SDK says, as an error, of every attempt of an
// activity that failed. A damaged document is no error of the program.
const attemptFailed = "Activity error."

func (w warnings) Handle(ctx context.Context, r slog.Record) error {
	if r.Message == attemptFailed {
		r.Level, r.Message = slog.LevelInfo, "attempt failed"
		if !w.Handler.Enabled(ctx, r.Level) {
			return nil
		}
	}
	return w.Handler.Handle(ctx, r)
}

func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }
