package config

import (
	"fmt"
	"os"
	"strings"
)

// secretFromFile reads the secret of a key from the file that the key with _file at
// its end names, if any. set tells which keys have a value.
func secretFromFile(set func(key string) bool, key string, value *Secret, file string) error {
	if file == "" {
		return nil
	}
	if set(key) {
		return fmt.Errorf("%s and %[1]s_file are both set: leave one out", key)
	}
	s, err := readSecret(file)
	if err != nil {
		return fmt.Errorf("%s_file: %w", key, err)
	}
	*value = s
	return nil
}

// readSecret is a file's content without line breaks at its end.
func readSecret(file string) (Secret, error) {
	raw, err := os.ReadFile(file)
	return Secret(strings.TrimRight(string(raw), "\r\n")), err
}
