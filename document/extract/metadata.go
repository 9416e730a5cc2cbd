package extract

import "strings"

// maxMetadataBytes bounds one metadata value, in bytes of UTF-8.
const maxMetadataBytes = 4 << 10

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
