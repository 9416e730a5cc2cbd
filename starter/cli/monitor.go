package cli

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/caseload/caseload/starter/monitor"
)

// Bounds of the monitor's frame, in characters.
const (
	defaultWidth, defaultHeight = 80, 24
	minWidth, minHeight         = 40, 10
	maxWidth, maxHeight         = 1000, 1000
)

type monitorOptions struct {
	once          bool
	width, height int
	format        string
}

func (a *app) monitorCmd() *cobra.Command {
	var o monitorOptions
	cmd := &cobra.Command{
		Use:   "monitor",
		Short: "Watch everything on a live screen, and act on batches",
		Long: `Watch everything on a live screen: batches with bars, rates and ETA; task queues with backlog and age;
workers with CPU, memory and slots; stage latencies; the last 24 hours; the newest causes of failures.

Keys: up and down (or k and j) select a batch, Enter opens it and then its documents, Esc goes back. In
the documents n and b turn the page and f filters by outcome. p pauses, r resumes, u changes the
priority and R recovers, each after a y. q quits.

What does not answer is said where its numbers would be; the rest goes on. --once prints one frame, or
with -o json the same as data. Colour is used where the terminal has it and NO_COLOR is not set.`,
		Example: `  starter monitor
  starter monitor --once
  starter monitor --once --width 140 --height 40
  starter monitor --once -o json | jq '.batches[] | {batch, status, percent}'`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.validate(); err != nil {
				return err
			}
			return a.monitor(cmd.Context(), o)
		},
	}
	cmd.Flags().BoolVar(&o.once, "once", false, "print one frame and end")
	cmd.Flags().IntVar(&o.width, "width", 0, fmt.Sprintf("with --once, of the frame (default: COLUMNS, or the terminal's, or %d)", defaultWidth))
	cmd.Flags().IntVar(&o.height, "height", 0, fmt.Sprintf("with --once, of the frame (default: LINES, or the terminal's, or %d)", defaultHeight))
	outputFlag(cmd, &o.format)
	return cmd
}

func (o monitorOptions) validate() error {
	switch {
	case !o.once && o.format == formatJSON:
		return usagef("-o json goes with --once: the live screen is for people")
	case !o.once && (o.width != 0 || o.height != 0):
		return usagef("--width and --height go with --once: the live screen is as big as the terminal")
	case o.width != 0 && (o.width < minWidth || o.width > maxWidth):
		return usagef("--width %d: want %d to %d", o.width, minWidth, maxWidth)
	case o.height != 0 && (o.height < minHeight || o.height > maxHeight):
		return usagef("--height %d: want %d to %d", o.height, minHeight, maxHeight)
	}
	return nil
}

func (a *app) monitor(ctx context.Context, o monitorOptions) error {
	if !o.once {
		if err := liveTerminal(a.out); err != nil {
			return err
		}
	}
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	patience := livePatience
	if o.once {
		patience = oncePatience
	}
	source := newMonitorSource(ctx, a, st, patience)
	defer source.close()
	look := monitor.Options{Where: a.cfg.DataDir, Glyphs: glyphs()}
	if a.cfg.Temporal.Address != "" {
		look.Where = a.cfg.Temporal.Address
	}
	if o.once {
		width, height := o.frame()
		m := monitor.Once(ctx, source, look, width, height)
		if o.format == formatJSON {
			return a.json(m.Snapshot())
		}
		return m.Print(a.out)
	}
	look.Theme = monitor.Coloured()
	return monitor.Run(ctx, source, monitorActions{a, st}, look, os.Stdin, os.Stdout)
}

// liveTerminal says why the live screen cannot be shown, and what can.
func liveTerminal(out any) error {
	const remedy = "print one frame with `starter monitor --once`, or data with `starter monitor --once -o json`"
	f, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || !term.IsTerminal(int(os.Stdin.Fd())) {
		return usagef("the live screen needs a terminal, and this is none: %s", remedy)
	}
	if os.Getenv("TERM") == "dumb" {
		return usagef("this terminal cannot redraw a screen (TERM=dumb): %s", remedy)
	}
	return nil
}

// frame is how big the frame is that --once prints.
func (o monitorOptions) frame() (width, height int) {
	termWidth, termHeight, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		termWidth, termHeight = 0, 0
	}
	pick := func(flag int, env string, terminal, otherwise, low, high int) int {
		n, err := strconv.Atoi(os.Getenv(env))
		if err != nil {
			n = 0
		}
		for _, v := range []int{flag, n, terminal} {
			if v > 0 {
				return min(max(v, low), high)
			}
		}
		return otherwise
	}
	return pick(o.width, "COLUMNS", termWidth, defaultWidth, minWidth, maxWidth),
		pick(o.height, "LINES", termHeight, defaultHeight, minHeight, maxHeight)
}

// glyphs are those that the locale can show.
func glyphs() monitor.Glyphs {
	for _, key := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToUpper(os.Getenv(key)); v != "" {
			if strings.Contains(v, "UTF-8") || strings.Contains(v, "UTF8") {
				return monitor.Unicode
			}
			return monitor.ASCII
		}
	}
	return monitor.ASCII
}
