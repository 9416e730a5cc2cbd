package extract

import (
	"bytes"
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
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), "\r\n")
	written, machine := 0, 0
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
		if writtenFields[name] {
			written++
		}
		if machineFields[name] || strings.HasPrefix(name, "x-") {
			machine++
		}
	}
	return machine >= 1 && written >= 1 || machine >= 2
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
