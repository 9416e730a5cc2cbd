package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// Output formats of read commands.
const (
	formatTable = "table"
	formatJSON  = "json"
)

// outputFlag adds -o table|json to cmd.
func outputFlag(cmd *cobra.Command, format *string) {
	cmd.Flags().StringVarP(format, "output", "o", formatTable, "table or json")
	before := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if *format != formatTable && *format != formatJSON {
			return usagef("-o %s: want table or json", *format)
		}
		if before != nil {
			return before(cmd, args)
		}
		return nil
	}
}

// json writes v as indented JSON to stdout.
func (a *app) json(v any) error {
	enc := json.NewEncoder(a.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}

// newTable is a table on w in the style of all commands. Cells are cut to what
// the terminal has room for.
func newTable(w io.Writer, header ...any) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	style := table.StyleLight
	style.Options = table.OptionsNoBordersAndSeparators
	style.Format.Header = text.FormatDefault
	style.Format.Footer = text.FormatLower
	t.SetStyle(style)
	t.AppendHeader(header)
	if width := terminalWidth(w); width > 0 {
		style.Size.WidthMax = width
		t.SetStyle(style)
	}
	return t
}

// printable is s with its control characters shown, not sent: file names come
// from others, and a terminal obeys what it is sent.
func printable(s string) string {
	if strings.IndexFunc(s, unicode.IsControl) < 0 && utf8.ValidString(s) {
		return s
	}
	quoted := strconv.Quote(s)
	return quoted[1 : len(quoted)-1]
}

// bare is what an error of the file system says besides the operation and the
// path.
func bare(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// terminalWidth is w's width in columns, 0 if it is no terminal.
func terminalWidth(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// short is a duration for people: 850ms, 4.2s, 3m12s, 7h41m.
func short(d time.Duration) string {
	switch {
	case d < 0:
		return "-" + short(-d)
	case d < time.Second:
		d = d.Round(time.Millisecond)
	case d < 10*time.Second:
		d = d.Round(100 * time.Millisecond)
	case d < time.Hour:
		d = d.Round(time.Second)
	default:
		d = d.Round(time.Minute)
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	return s
}

// clock is a time for people, in their zone; a dash for none. It names its zone only
// if that is not the one of now, which zoned names.
func clock(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	t = t.Local()
	s := t.Format("2006-01-02 15:04:05")
	if name, _ := t.Zone(); name != zone() {
		s += " " + name
	}
	return s
}

// moment is a time for people with its zone; a dash for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format("2006-01-02 15:04:05 MST")
}

// zone is the name of this place's zone, now.
func zone() string {
	name, _ := time.Now().Zone()
	return name
}

// zoned is the header of a column of times.
func zoned(header string) string { return header + " (" + zone() + ")" }
