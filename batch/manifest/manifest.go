// Package manifest reads the list of documents that make up a batch, from CSV,
// JSON or JSONL, one entry at a time: a manifest of any length takes the memory
// of one entry.
//
// A manifest is UTF-8, with or without a byte order mark.
//
// CSV has a header. One column is named path (or uri, url, file, in any case), one may
// be named id; every other column is metadata. Cells are separated by commas and
// quoted as RFC 4180 says; spaces before a cell are dropped.
//
// JSON is one array, JSONL one value per line. A value is a path, or an object
// with the keys path (or uri, url, file), id, and metadata, an object of strings,
// numbers and booleans. Other keys of the object are metadata, as the other
// columns of CSV are.
//
// Metadata keys are in lower case whatever the manifest has, and empty values
// are left out.
package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"strings"
	"unicode/utf8"
)

// Format is the syntax of a manifest.
type Format string

// The formats.
const (
	CSV   Format = "csv"
	JSON  Format = "json"
	JSONL Format = "jsonl"
)

// Limits of a manifest.
const (
	MaxEntryBytes   = 1 << 20 // of one line, and of one entry on several lines
	MaxMetadataKeys = 64      // of one entry
	MaxIDBytes      = 256
)

// Entry is one document of a manifest.
type Entry struct {
	Line     int               // where the entry starts, from 1
	Path     string            // path or URI as written; never blank
	ID       string            // the caller's ID, or ""
	Metadata map[string]string // nil if there is none
}

// EntryError says what is wrong with one entry. The entries after it are read
// all the same.
type EntryError struct {
	Line   int    // where the entry starts, from 1
	Reason string // without values from the manifest
}

func (e *EntryError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// SyntaxError says why a manifest cannot be read, or not any further.
type SyntaxError struct {
	Line   int // from 1
	Reason string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// ErrUnknownFormat says that neither a file's name nor its content tells a
// format.
var ErrUnknownFormat = errors.New("unknown manifest format: use .csv with a header, .json with an array, or .jsonl with one entry per line")

// FormatOf tells the format from the extension of a file name or URI path.
func FormatOf(name string) (Format, bool) {
	switch strings.ToLower(path.Ext(name)) {
	case ".csv":
		return CSV, true
	case ".json":
		return JSON, true
	case ".jsonl", ".ndjson":
		return JSONL, true
	}
	return "", false
}

// DetectFormat tells the format from the name's extension or else from head,
// the first bytes of the content. Its error is ErrUnknownFormat.
func DetectFormat(name string, head []byte) (Format, error) {
	if f, ok := FormatOf(name); ok {
		return f, nil
	}
	head = bytes.TrimSpace(bytes.TrimPrefix(head, utf8BOM))
	if len(head) == 0 {
		return "", ErrUnknownFormat
	}
	switch head[0] {
	case '[':
		return JSON, nil
	case '{':
		return JSONL, nil
	}
	first, _, _ := bytes.Cut(head, []byte("\n"))
	if !utf8.Valid(first) || bytes.IndexByte(first, 0) >= 0 {
		return "", ErrUnknownFormat
	}
	for cell := range strings.SplitSeq(string(first), ",") {
		if isPathKey(key(strings.Trim(strings.TrimSpace(cell), `"`))) {
			return CSV, nil
		}
	}
	return "", ErrUnknownFormat
}

// Read gives the entries of a manifest in order. An *EntryError is about one
// entry, and reading goes on after it; any other error, such as a *SyntaxError
// or one of r's, is the last thing that is given.
func Read(r io.Reader, f Format) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		var err error
		switch f {
		case CSV:
			err = readCSV(newLines(r), yield)
		case JSON:
			err = readJSON(r, yield)
		case JSONL:
			err = readJSONL(newLines(r), yield)
		default:
			err = fmt.Errorf("format %q: %w", f, ErrUnknownFormat)
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(Entry{}, err)
		}
	}
}

// errStopped says that the reader of the entries wants no more of them.
var errStopped = errors.New("stopped")

// key is the form in which columns and object keys are compared.
func key(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

const idKey = "id"

func isPathKey(k string) bool {
	switch k {
	case "path", "uri", "url", "file":
		return true
	}
	return false
}

// check says what is wrong with the entry, or "".
func (e *Entry) check() string {
	switch {
	case strings.TrimSpace(e.Path) == "":
		return "no path"
	case strings.IndexByte(e.Path, 0) >= 0:
		return "NUL byte in the path"
	case len(e.ID) > MaxIDBytes:
		return fmt.Sprintf("id longer than %d bytes", MaxIDBytes)
	case strings.ContainsFunc(e.ID, isControl):
		return "control character in the id"
	case len(e.Metadata) > MaxMetadataKeys:
		return fmt.Sprintf("more than %d metadata keys", MaxMetadataKeys)
	}
	return ""
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// set adds a metadata value, unless it is empty.
func (e *Entry) set(k, v string) {
	if v == "" {
		return
	}
	if e.Metadata == nil {
		e.Metadata = make(map[string]string)
	}
	e.Metadata[k] = v
}
