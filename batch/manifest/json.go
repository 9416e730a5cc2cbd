package manifest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readJSON streams the elements of one array.
func readJSON(r io.Reader, yield func(Entry, error) bool) error {
	br := bufio.NewReader(r)
	if err := skipBOM(br); err != nil {
		return err
	}
	g := newGuard(br)
	dec := json.NewDecoder(g)
	if err := openArray(dec, g); err != nil {
		return err
	}
	for {
		g.release(dec.InputOffset(), dec.Buffered())
		if !dec.More() {
			break
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return jsonError(err, dec, g)
		}
		line := g.line(dec.InputOffset() - int64(len(raw)))
		if !yield(entryAt(line, raw)) {
			return errStopped
		}
	}
	if _, err := dec.Token(); err != nil { // the array's end
		return jsonError(err, dec, g)
	}
	g.release(dec.InputOffset(), dec.Buffered())
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		if e := (*SyntaxError)(nil); errors.As(err, &e) {
			return e
		}
		return &SyntaxError{Line: g.line(dec.InputOffset()), Reason: "text after the end of the array"}
	}
	return nil
}

func openArray(dec *json.Decoder, g *guard) error {
	tok, err := dec.Token()
	if errors.Is(err, io.EOF) {
		return &SyntaxError{Line: 1, Reason: "the manifest is empty; it needs an array of entries"}
	}
	if err != nil {
		return jsonError(err, dec, g)
	}
	if tok != json.Delim('[') {
		return &SyntaxError{Line: g.line(dec.InputOffset()),
			Reason: "not an array; a JSON manifest is an array of paths or objects (name one entry per line .jsonl)"}
	}
	return nil
}

// jsonError gives an error of the decoder its line.
func jsonError(err error, dec *json.Decoder, g *guard) error {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return &SyntaxError{Line: g.line(syntaxOffset(syntax, dec)), Reason: "not JSON: " + jsonReason(syntax)}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &SyntaxError{Line: g.line(g.offset), Reason: "not JSON: the manifest ends before its array does"}
	}
	return err
}

// syntaxOffset is where a syntax error is. The error's own offset leaves out what
// the decoder read as tokens; the same error in what it has buffered is exact.
func syntaxOffset(err *json.SyntaxError, dec *json.Decoder) int64 {
	at := dec.InputOffset()
	rest, _ := io.ReadAll(dec.Buffered()) // from memory: never fails
	var again *json.SyntaxError
	if errors.As(json.Unmarshal(rest, new(skip)), &again) && again.Error() == err.Error() {
		at += max(again.Offset-1, 0)
	}
	return at
}

// jsonReason is what a syntax error says, short of the character it quotes.
func jsonReason(err *json.SyntaxError) string {
	reason := err.Error()
	if i := strings.Index(reason, "character '"); i >= 0 {
		if j := strings.Index(reason[i:], "' "); j >= 0 {
			return reason[:i] + "character " + reason[i+j+2:]
		}
	}
	return reason
}

// readJSONL reads one value per line.
func readJSONL(l *lines, yield func(Entry, error) bool) error {
	for {
		ln, err := l.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var e Entry
		switch {
		case ln.tooLong:
			err = &EntryError{Line: ln.number, Reason: reasonTooLong}
		case len(bytes.TrimSpace(ln.text)) == 0:
			continue
		default:
			e, err = entryAt(ln.number, ln.text)
		}
		if !yield(e, err) {
			return errStopped
		}
	}
}

// entryAt is the entry that a JSON value is. Its error is an *EntryError.
func entryAt(line int, raw []byte) (Entry, error) {
	e, reason := parseEntry(raw)
	if reason == "" {
		reason = e.check()
	}
	if reason != "" {
		return Entry{}, &EntryError{Line: line, Reason: reason}
	}
	e.Line = line
	return e, nil
}

func parseEntry(raw []byte) (e Entry, reason string) {
	var syntax *json.SyntaxError
	if err := json.Unmarshal(raw, new(skip)); errors.As(err, &syntax) {
		return e, "not JSON: " + jsonReason(syntax)
	}
	raw = bytes.TrimSpace(raw)
	switch raw[0] {
	case '"':
		e.Path, _ = scalar(raw)
	case '{':
		reason = e.parseObject(raw)
	default:
		reason = "neither a path nor an object"
	}
	return e, reason
}

// skip is a value whose syntax alone is checked.
type skip struct{}

func (skip) UnmarshalJSON([]byte) error { return nil }

func (e *Entry) parseObject(raw []byte) (reason string) {
	var metadata json.RawMessage
	var pathKey string
	seen := make(map[string]bool)
	reason = eachMember(raw, func(k string, v json.RawMessage) string {
		if seen[k] {
			return "a key twice"
		}
		seen[k] = true
		if k == "metadata" {
			metadata = v
			return ""
		}
		s, ok := scalar(v)
		switch {
		case isPathKey(k) && pathKey != "":
			return fmt.Sprintf("both %q and %q", pathKey, k)
		case isPathKey(k):
			pathKey = k
			if v[0] != '"' {
				return fmt.Sprintf("%s is not a string", k)
			}
			e.Path = s
		case !ok:
			return "a value is neither a string nor a number nor a boolean"
		case k == idKey:
			e.ID = strings.TrimSpace(s)
		default:
			e.set(k, strings.TrimSpace(s))
		}
		return ""
	})
	if reason != "" || len(metadata) == 0 || string(metadata) == "null" {
		return reason
	}
	if metadata[0] != '{' {
		return "metadata is not an object"
	}
	within := make(map[string]bool)
	return eachMember(metadata, func(k string, v json.RawMessage) string {
		s, ok := scalar(v)
		if !ok {
			return "a metadata value is neither a string nor a number nor a boolean"
		}
		if _, clash := e.Metadata[k]; clash || within[k] {
			return "a metadata key twice"
		}
		within[k] = true
		e.set(k, strings.TrimSpace(s))
		return ""
	})
}

// eachMember calls do with the key, in its compared form, and the value of each
// member of an object whose syntax is known to be right, until do gives a reason.
func eachMember(object []byte, do func(k string, v json.RawMessage) string) (reason string) {
	dec := json.NewDecoder(bytes.NewReader(object))
	if _, err := dec.Token(); err != nil {
		return "not JSON"
	}
	for dec.More() {
		tok, err := dec.Token()
		if err != nil {
			return "not JSON"
		}
		k, _ := tok.(string)
		var v json.RawMessage
		if err := dec.Decode(&v); err != nil {
			return "not JSON"
		}
		if reason := do(key(k), v); reason != "" {
			return reason
		}
	}
	return ""
}

// scalar is a string, number or boolean as text, and null as "".
func scalar(v json.RawMessage) (string, bool) {
	switch v[0] {
	case '"':
		var s string
		err := json.Unmarshal(v, &s)
		return s, err == nil
	case '{', '[':
		return "", false
	case 'n':
		return "", true
	}
	return string(v), true
}
