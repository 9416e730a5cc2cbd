package batch

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

// variableParts are the parts of a message that differ between two errors of
// one cause: quoted values, addresses, hex, and numbers.
var variableParts = []*regexp.Regexp{
	regexp.MustCompile(`"[^"]*"|'[^']*'`),
	regexp.MustCompile(`[a-z][a-z0-9+.-]*://\S+`),
	regexp.MustCompile(`\b(?:0x)?[0-9a-f]{8,}(?:-[0-9a-f]{4,})*\b`),
	regexp.MustCompile(`\d+(?:[.,:]\d+)*`),
}

// Fingerprint is 12 hex digits that are the same for two errors of one cause:
// a hash of category, stage, error type, and message with its variable parts
// removed.
func Fingerprint(c Category, s Stage, errorType, message string) string {
	m := strings.ToLower(message)
	for _, re := range variableParts {
		m = re.ReplaceAllString(m, "#")
	}
	m = strings.Join(strings.Fields(m), " ")
	sum := sha256.Sum256([]byte(strings.Join([]string{string(c), string(s), errorType, m}, "\x00")))
	return hex.EncodeToString(sum[:6])
}
