package extract

import (
	"strings"
	"time"
)

// maxMetadataBytes bounds one metadata value, in bytes of UTF-8.
const maxMetadataBytes = 4 << 10

// Keys of metadata that several formats give. docs/formats.md says what they
// mean.
const (
	metaAuthor     = "author"
	metaModifiedBy = "last-modified-by"
	metaCreated    = "created"
	metaModified   = "modified"

	metaSent        = "sent"
	metaReceived    = "received"
	metaThreadTopic = "thread-topic"
	metaThreadIndex = "thread-index"
)

// metadata is what a file says of itself, by lower-case key.
type metadata map[string]string

// set keeps value under key, on one line, unless it is blank or the key is
// already set.
func (m metadata) set(key, value string) {
	value = cutString(strings.Join(strings.Fields(Normalize(value)), " "), maxMetadataBytes)
	if _, ok := m[key]; !ok && value != "" {
		m[key] = value
	}
}

// setTime keeps a time of XML Schema's form as RFC 3339. One that names no zone
// is kept without: whose clock it was by, the file does not say.
func (m metadata) setTime(key, value string) {
	value = strings.TrimSpace(value)
	for _, form := range []struct{ in, out string }{
		{time.RFC3339Nano, time.RFC3339}, {"2006-01-02T15:04:05.999999999", "2006-01-02T15:04:05"}, {"2006-01-02T15:04", "2006-01-02T15:04:05"},
	} {
		if t, err := time.Parse(form.in, value); err == nil {
			m.set(key, t.Format(form.out))
			return
		}
	}
	m.set(key, value)
}
