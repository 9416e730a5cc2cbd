// Package codec keeps what workflows are given and answer unreadable to whoever
// runs Temporal: payloads are encrypted before they leave this program, and read
// again where a key is at hand. It has a server that decrypts for the Temporal
// Web UI and CLI.
//
// Search attributes, workflow IDs, task queues and fairness keys are not payloads:
// Temporal reads them.
package codec

import (
	"bufio"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// KeyBytes is the length of a key: AES-256.
const KeyBytes = 32

// ActiveNone is the active key of who decrypts and does not encrypt yet.
const ActiveNone = "none"

// Keys are keys by their IDs. One encrypts; all decrypt. The zero value and nil
// hold none: nothing is encrypted.
type Keys struct {
	active string
	byID   map[string]cipher.AEAD
}

var keyID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,32}$`) // too short for a key: one without an ID is not taken for one

// ParseKeys reads keys, each ID=BASE64 of KeyBytes bytes, separated by line breaks
// or commas; blank lines and those that begin with # are left out. The key called
// active encrypts, or, if that is empty, the first; ActiveNone lets none. Errors name
// lines and IDs, never a key.
func ParseKeys(text, active string) (*Keys, error) {
	k := &Keys{byID: map[string]cipher.AEAD{}}
	var order []string
	n := 0
	for s := bufio.NewScanner(strings.NewReader(text)); s.Scan(); {
		n++
		if strings.HasPrefix(strings.TrimSpace(s.Text()), "#") {
			continue
		}
		for entry := range strings.SplitSeq(s.Text(), ",") {
			if entry = strings.TrimSpace(entry); entry == "" {
				continue
			}
			id, err := k.add(entry)
			if err != nil {
				return nil, fmt.Errorf("encryption keys, line %d: %w", n, err)
			}
			order = append(order, id)
		}
	}
	if active == ActiveNone {
		return k, nil
	}
	if len(order) == 0 {
		if active != "" {
			return nil, fmt.Errorf("encryption key %q is to encrypt, but there are no keys: set encryption.keys_file", active)
		}
		return k, nil
	}
	if k.active = active; active == "" {
		k.active = order[0]
	}
	if k.byID[k.active] == nil {
		return nil, fmt.Errorf("encryption key %q is to encrypt, but is not among the keys (%s)", active, strings.Join(order, ", "))
	}
	return k, nil
}

func (k *Keys) add(entry string) (id string, err error) {
	id, encoded, _ := strings.Cut(entry, "=")
	id = strings.TrimSpace(id)
	if !keyID.MatchString(id) {
		return "", errors.New("want ID=KEY, where the ID has 1 to 32 letters, digits, dots, dashes or underscores; `starter codec keygen` makes one")
	}
	if k.byID[id] != nil {
		return "", fmt.Errorf("key %s is there twice: give each an ID of its own", id)
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil || len(raw) != KeyBytes {
		return "", fmt.Errorf("key %s: want %d bytes in base64; `starter codec keygen` makes one", id, KeyBytes)
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return "", fmt.Errorf("key %s: %w", id, err)
	}
	k.byID[id], err = cipher.NewGCMWithRandomNonce(block)
	return id, err
}

// NewKey makes a key as ParseKeys reads it.
func NewKey(id string) (string, error) {
	if !keyID.MatchString(id) {
		return "", fmt.Errorf("key ID %q: want 1 to 32 letters, digits, dots, dashes or underscores", id)
	}
	raw := make([]byte, KeyBytes)
	_, _ = rand.Read(raw) // it never fails
	return id + "=" + base64.StdEncoding.EncodeToString(raw), nil
}

// Active is the ID of the key that encrypts, "" if nothing is encrypted.
func (k *Keys) Active() string {
	if k == nil {
		return ""
	}
	return k.active
}

// IDs are the IDs of all keys, sorted.
func (k *Keys) IDs() []string {
	var ids []string
	if k != nil {
		for id := range k.byID {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Format keeps every verb of package fmt from the keys.
func (k *Keys) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "keys %s", strings.Join(k.IDs(), ", ")) }
