package config

import (
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/caseload/caseload/batch"
)

// A kind reads values of type T. Raw values are strings, as environment
// variables and flags have them, or what YAML makes of a file's.
type kind[T any] struct {
	name string // the type's name for people
	want string // what is allowed, completing "want …"
	read func(raw any) (T, bool)
}

func text(want string, valid func(string) bool) kind[string] {
	return kind[string]{"text", want, func(raw any) (string, bool) {
		s, ok := raw.(string)
		return s, ok && valid(s)
	}}
}

func anyText(string) bool { return true }

func nonEmpty(s string) bool { return strings.TrimSpace(s) != "" }

func matching(pattern string) func(string) bool { return regexp.MustCompile(pattern).MatchString }

// path reads a file system path; a leading ~/ is the home folder.
func path(want string, valid func(string) bool) kind[string] {
	return kind[string]{"path", want, func(raw any) (string, bool) {
		s, ok := raw.(string)
		return expandHome(s), ok && valid(s)
	}}
}

func expandHome(p string) string {
	if rest, ok := strings.CutPrefix(p, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	return p
}

func address() kind[string] {
	k := text("host:port", func(s string) bool {
		if s == "" {
			return true
		}
		_, port, err := net.SplitHostPort(s)
		n, bad := strconv.Atoi(port)
		return err == nil && bad == nil && n >= 1 && n <= 65535
	})
	k.name = "address"
	return k
}

func secret() kind[Secret] {
	return kind[Secret]{"secret", "text, in quotes if it could be read as a number", func(raw any) (Secret, bool) {
		s, ok := raw.(string)
		return Secret(s), ok
	}}
}

func integer(least, most int) kind[int] {
	want := fmt.Sprintf("a whole number from %d to %d", least, most)
	return kind[int]{"number", want, func(raw any) (int, bool) {
		n, ok := raw.(int)
		if s, isText := raw.(string); isText {
			var err error
			n, err = strconv.Atoi(s)
			ok = err == nil
		}
		return n, ok && n >= least && n <= most
	}}
}

func boolean() kind[bool] {
	return kind[bool]{"boolean", "true or false", func(raw any) (bool, bool) {
		if s, ok := raw.(string); ok {
			b, err := strconv.ParseBool(s)
			return b, err == nil
		}
		b, ok := raw.(bool)
		return b, ok
	}}
}

func duration(least, most time.Duration) kind[time.Duration] {
	want := fmt.Sprintf("a number and a unit, from %s to %s", batch.FormatDuration(least), batch.FormatDuration(most))
	return kind[time.Duration]{"duration", want, func(raw any) (time.Duration, bool) {
		s, ok := raw.(string)
		if !ok {
			return 0, false
		}
		d, err := time.ParseDuration(s)
		return d, err == nil && d >= least && d <= most
	}}
}

func size(least, most Size) kind[Size] {
	want := fmt.Sprintf("bytes, with or without a unit, from %s to %s", least, most)
	return kind[Size]{"size", want, func(raw any) (Size, bool) {
		n, err := ParseSize(fmt.Sprint(raw))
		return n, err == nil && n >= least && n <= most
	}}
}

// choice reads one of a few words.
func choice[T ~string](words ...T) kind[T] {
	return kind[T]{"text", oneOf(words), func(raw any) (T, bool) {
		s, ok := raw.(string)
		return T(s), ok && slices.Contains(words, T(s))
	}}
}

func oneOf[T ~string](words []T) string {
	var b strings.Builder
	for i, w := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			b.WriteString(" or ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(string(w))
	}
	return b.String()
}

func logLevel() kind[slog.Level] {
	levels := map[string]slog.Level{
		"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
	}
	return kind[slog.Level]{"text", "debug, info, warn or error", func(raw any) (slog.Level, bool) {
		s, _ := raw.(string)
		l, ok := levels[s]
		return l, ok
	}}
}

// list reads a YAML list, or words separated by commas.
func list(want string, convert func(string) string, valid func(string) bool) kind[[]string] {
	return kind[[]string]{"list", want, func(raw any) ([]string, bool) {
		items, ok := split(raw)
		for i, s := range items {
			ok = ok && valid(s)
			items[i] = convert(s)
		}
		return items, ok
	}}
}

func split(raw any) (items []string, ok bool) {
	switch v := raw.(type) {
	case string:
		for s := range strings.SplitSeq(v, ",") {
			if s = strings.TrimSpace(s); s != "" {
				items = append(items, s)
			}
		}
		return items, true
	case []any:
		for _, x := range v {
			s, isText := x.(string)
			if !isText || s == "" {
				return nil, false
			}
			items = append(items, s)
		}
		return items, true
	}
	return nil, false
}

// bands reads the names of priority bands.
func bands() kind[[]string] {
	all := batch.Bands()
	return kind[[]string]{"list", "one or more of " + oneOf(all) + ", each once", func(raw any) ([]string, bool) {
		items, ok := split(raw)
		for i, s := range items {
			ok = ok && slices.Contains(all, batch.Band(s)) && !slices.Contains(items[:i], s)
		}
		return items, ok && len(items) > 0
	}}
}
