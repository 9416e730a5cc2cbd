package batch

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var nameRE = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9])?$`)

// CheckName reports whether s can be a batch or project ID: 1 to 80 lower-case
// letters, digits, dots, dashes and underscores, a letter or digit at both ends.
// what names the thing in the error.
func CheckName(what, s string) error {
	if !nameRE.MatchString(s) {
		return fmt.Errorf("%s %q: use 1 to 80 of a-z, 0-9, '.', '-' and '_', with a letter or digit at both ends", what, s)
	}
	return nil
}

// NewID is a fresh batch ID for project, such as "acme-20261123-142501-9f3a".
func NewID(project string, now time.Time) string {
	var b [2]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	if len(project) > 50 {
		project = strings.TrimRight(project[:50], ".-_")
	}
	return fmt.Sprintf("%s-%s-%s", project, now.UTC().Format("20060102-150405"), hex.EncodeToString(b[:]))
}

// WorkflowID is the workflow ID of batch id.
func WorkflowID(id string) string { return "batch/" + id }

// ShardWorkflowID is the workflow ID of shard n (from 0) of batch id.
func ShardWorkflowID(id string, n int) string { return fmt.Sprintf("batch/%s/shard/%d", id, n) }

// DocumentWorkflowID is the workflow ID of row (from 1) of batch id.
func DocumentWorkflowID(id string, row int) string { return fmt.Sprintf("batch/%s/doc/%d", id, row) }

// RowOf is the row in a document's workflow ID.
func RowOf(workflowID string) (int, bool) {
	i := strings.LastIndex(workflowID, "/doc/")
	if i < 0 {
		return 0, false
	}
	n, err := strconv.Atoi(workflowID[i+len("/doc/"):])
	return n, err == nil
}
