package source

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

// boundaryFolder is a folder with a root in it, files on both sides, and links
// across.
func boundaryFolder(t *testing.T) (dir, root string) {
	t.Helper()
	dir = t.TempDir()
	root = filepath.Join(dir, "root")
	write(t, root, "sub/in.pdf", "in")
	write(t, dir, "secret/out.pdf", "out")
	write(t, dir, "rootless/x.pdf", "out")
	for link, to := range map[string]string{
		"root/file-out": "../secret/out.pdf", "root/folder-out": "../secret", "root/file-in": "sub/in.pdf",
		"root/abs-in": filepath.Join(root, "sub/in.pdf"), "root/hop": "sub/hop2", "root/sub/hop2": "../../secret/out.pdf",
		"alias": "root", "into": "root/sub", "root/circle": "circle",
	} {
		require.NoError(t, os.Symlink(to, filepath.Join(dir, link)))
	}
	return dir, root
}

var boundaryCases = map[string]struct {
	path string // from the folder around the root
	typ  string // "" if it is within
}{
	"file":                        {"root/sub/in.pdf", ""},
	"dots that stay":              {"root/sub/../sub/in.pdf", ""},
	"link that stays":             {"root/file-in", ""},
	"absolute link that stays":    {"root/abs-in", ""},
	"root under another name":     {"alias/sub/in.pdf", ""},
	"link into the root":          {"into/in.pdf", ""},
	"links in a circle":           {"root/circle", "NotAFile"},
	"dots that leave":             {"root/../secret/out.pdf", TypeOutsideRoot},
	"link to a file outside":      {"root/file-out", TypeOutsideRoot},
	"link to a folder outside":    {"root/folder-out/out.pdf", TypeOutsideRoot},
	"link over a link":            {"root/hop", TypeOutsideRoot},
	"name that only starts alike": {"rootless/x.pdf", TypeOutsideRoot},
	"missing inside":              {"root/sub/nothing", "NotFound"},
	"missing outside":             {"root/../secret/nothing", TypeOutsideRoot},
	"missing folder outside":      {"nowhere/nothing", TypeOutsideRoot},
}

func TestWithin(t *testing.T) {
	t.Parallel()
	dir, root := boundaryFolder(t)
	shared, err := NewBoundary(root) // its memory must not change an answer
	require.NoError(t, err)
	for name, tc := range boundaryCases {
		t.Run(name, func(t *testing.T) {
			path := dir + "/" + tc.path
			_, sharedErr := shared.Resolve(path)
			for _, err := range []error{Within(root, path), Within(filepath.Join(dir, "alias"), path), sharedErr} {
				if tc.typ == "" {
					require.NoError(t, err)
					continue
				}
				e, ok := batch.AsError(err)
				require.True(t, ok)
				require.Equal(t, tc.typ, e.Type)
			}
		})
	}
	require.NoError(t, Within("/", filepath.Join(root, "file-out")))
	requireError(t, Within(filepath.Join(dir, "nowhere"), root), batch.Data, "NotFound", dir)
}

func TestRootsAreHeldAtFetch(t *testing.T) {
	t.Parallel()
	dir, root := boundaryFolder(t)
	other := t.TempDir()
	s := newSource(t, Config{Roots: []string{other, root}})
	for name, tc := range boundaryCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := dir + "/" + tc.path
			if tc.typ == "" {
				requireFetched(t, s, path, "in")
				return
			}
			e, ok := batch.AsError(fetchError(t, s, path))
			require.True(t, ok)
			require.Equal(t, tc.typ, e.Type)
		})
	}
	requireFetched(t, s, write(t, other, "x", "in"), "in")
	requireError(t, fetchError(t, s, root), batch.Data, "NotAFile")

	missing := newSource(t, Config{Roots: []string{filepath.Join(dir, "nowhere")}})
	requireError(t, fetchError(t, missing, filepath.Join(root, "sub/in.pdf")), batch.Configuration, "RootMissing", dir)
}

// A link that takes a checked path's place is not followed out of the root.
func TestOpenInRootAfterTheCheck(t *testing.T) {
	t.Parallel()
	dir, root := boundaryFolder(t)
	_, err := openInRoot(root, filepath.Join(root, "folder-out", "out.pdf"))
	requireError(t, classified(t.Context(), err), batch.Configuration, TypeOutsideRoot, dir)
}
