package config

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "***"

// Secret is a string that no printing, logging or encoding shows: they yield
// "***", or nothing when it is empty. Converting it to string reveals it.
type Secret string

func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// Format keeps every verb of package fmt from the value.
func (s Secret) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, s.String()) // fmt.State is a buffer and cannot fail
}

// LogValue keeps log handlers from the value.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText keeps JSON, YAML and other encoders from the value.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
