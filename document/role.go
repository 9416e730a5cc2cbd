package document

import (
	"slices"
	"strings"
)

// Roles are the roles of m, which Role has parted by commas.
func (m Mention) Roles() []string {
	if m.Role == "" {
		return nil
	}
	return strings.Split(m.Role, ",")
}

// HasRole says whether role is among m's.
func (m Mention) HasRole(role string) bool { return slices.Contains(m.Roles(), role) }

// JoinRoles is a and b together, each a role, or several parted by commas, or none.
func JoinRoles(a, b string) string {
	switch {
	case a == "" || slices.Contains(strings.Split(b, ","), a):
		return b
	case b == "" || slices.Contains(strings.Split(a, ","), b):
		return a
	}
	return a + "," + b
}
