package extract

import (
	"bytes"
	"regexp"
	"strings"
)

// Header fields by which a message is known (RFC 5322, RFC 2045). Anybody
// writes the first kind, at the head of a memorandum for one; only mail programs
// write the second.
var (
	writtenFields = map[string]bool{"from": true, "to": true, "cc": true, "subject": true, "date": true, "sender": true, "reply-to": true}
	machineFields = map[string]bool{
		"received": true, "return-path": true, "message-id": true, "mime-version": true, "content-type": true,
		"content-transfer-encoding": true, "delivered-to": true, "dkim-signature": true, "authentication-results": true,
		"in-reply-to": true, "references": true, "arc-seal": true,
	}
)

// isMail says whether head begins with the header of a message: nothing but
// fields up to a blank line, at least one that people write and one that only
// programs do, or two of the latter.
func isMail(head []byte) bool {
	written, machine := 0, 0
	ok := mailFields(head, func(name string) {
		if writtenFields[name] {
			written++
		}
		if machineFields[name] || strings.HasPrefix(name, "x-") {
			machine++
		}
	})
	return ok && (machine >= 1 && written >= 1 || machine >= 2)
}

// isBareMail says whether head begins with nothing but fields up to a blank line,
// those among them that every message has (RFC 5322, section 3.6). A memorandum
// may begin so too: something else must say that it is a message.
func isBareMail(head []byte) bool {
	from, date := false, false
	ok := mailFields(head, func(name string) {
		from, date = from || name == "from", date || name == "date"
	})
	return ok && from && date
}

// postmark is the line before a message of a mailbox, with the time at which it came
// (RFC 4155, appendix A); some programs leave out the seconds or name the zone.
var postmark = regexp.MustCompile(`^From [^\r\n]*\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 0-3]?[0-9] [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: [A-Z0-9+-]+)* [0-9]{4}\b`)

// mailFields calls field with the lower-case names of the header fields at the
// beginning of head, after the line of a mailbox if there is one. It is false if
// another line stands before the first blank one.
func mailFields(head []byte, field func(name string)) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), "\r\n")
	for first := true; len(head) > 0; first = false {
		line, rest, ended := bytes.Cut(head, []byte("\n"))
		head = rest
		line = bytes.TrimRight(line, "\r")
		if len(line) == 0 || !ended {
			break
		}
		if first && bytes.HasPrefix(line, []byte("From ")) || line[0] == ' ' || line[0] == '\t' {
			continue
		}
		name, ok := fieldName(line)
		if !ok {
			return false
		}
		field(name)
	}
	return true
}

// fieldName is the lower-case name of a header field's line.
func fieldName(line []byte) (string, bool) {
	name, _, ok := bytes.Cut(line, []byte(":"))
	name = bytes.TrimRight(name, " \t")
	if !ok || len(name) == 0 {
		return "", false
	}
	for _, c := range name {
		if c <= ' ' || c >= 0x7F {
			return "", false
		}
	}
	return strings.ToLower(string(name)), true
}
