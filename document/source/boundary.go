package source

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/caseload/caseload/batch"
)

// Boundary keeps local files inside a folder. It remembers the folder it looked
// at last, so that many files of one folder cost little. It is not safe for
// concurrent use.
type Boundary struct {
	given string // as it was named
	real  string // symbolic links resolved

	dir, realDir string // the last one resolved
}

// NewBoundary is a Boundary around the folder root, an absolute path.
func NewBoundary(root string) (*Boundary, error) {
	given := filepath.Clean(root)
	real, err := filepath.EvalSymlinks(given)
	if err != nil {
		return nil, err
	}
	return &Boundary{given: given, real: real}, nil
}

// Within resolves the symbolic links of root and path, both absolute, and
// returns a *batch.Error, of type TypeOutsideRoot, if path does not lie in root.
func Within(root, path string) error {
	b, err := NewBoundary(root)
	if err != nil {
		return classified(context.Background(), err)
	}
	_, err = b.Resolve(path)
	return err
}

// Resolve is path, which is absolute, with its symbolic links resolved. Its
// error is a *batch.Error, of type TypeOutsideRoot if path leaves the boundary.
func (b *Boundary) Resolve(path string) (string, error) {
	path = filepath.Clean(path)
	real, err := b.resolve(path)
	if err != nil {
		// What does not exist, or may not be looked at, has no links to resolve:
		// only where its path points can be told.
		if !holds(b.given, path) && !holds(b.real, path) {
			return "", outsideRoot()
		}
		return "", classified(context.Background(), err)
	}
	if !holds(b.real, real) {
		return "", outsideRoot()
	}
	return real, nil
}

func (b *Boundary) resolve(path string) (string, error) {
	dir, base := filepath.Split(path)
	if dir != b.dir || b.dir == "" {
		real, err := evalLinks(dir)
		if err != nil {
			return "", err
		}
		b.dir, b.realDir = dir, real
	}
	joined := filepath.Join(b.realDir, base)
	info, err := os.Lstat(joined)
	if err != nil {
		return "", err
	}
	if info.Mode()&fs.ModeSymlink == 0 {
		return joined, nil
	}
	return evalLinks(joined)
}

// evalLinks is path with its symbolic links resolved. The library's error for
// links that lead in a circle has no code; the system's has.
func evalLinks(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	var errno syscall.Errno
	if err != nil && !errors.As(err, &errno) {
		if _, e := os.Stat(path); e != nil {
			err = e
		}
	}
	return real, err
}

// holds says whether the clean path lies in the clean folder dir, or is it.
func holds(dir, path string) bool {
	if dir == path {
		return true
	}
	if !strings.HasSuffix(dir, string(filepath.Separator)) {
		dir += string(filepath.Separator)
	}
	return strings.HasPrefix(path, dir)
}

// TypeOutsideRoot is the type of the error for a path that leaves its root.
const TypeOutsideRoot = "OutsideRoot"

func outsideRoot() *batch.Error {
	return batch.NewError(batch.Configuration, TypeOutsideRoot, "the path leaves the root folder, by itself or by a symbolic link; name a root that holds it")
}

// openWithin opens path under whichever of roots holds it. The resolved path is
// opened through os.Root, so that a link put in its way since then leads nowhere.
func openWithin(roots []string, path string) (*os.File, error) {
	var last error = outsideRoot()
	for _, root := range roots {
		b, err := NewBoundary(root)
		if err != nil {
			last = batch.NewError(batch.Configuration, "RootMissing", "a folder that sources are confined to cannot be opened").Wrap(err)
			continue
		}
		real, err := b.Resolve(path)
		if err != nil {
			if e, ok := batch.AsError(err); ok && e.Type == TypeOutsideRoot {
				continue
			}
			return nil, err
		}
		return openInRoot(b.real, real)
	}
	return nil, last
}

func openInRoot(dir, path string) (*os.File, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	rel, err := filepath.Rel(dir, path)
	if err != nil {
		return nil, err
	}
	info, err := root.Stat(rel)
	if err != nil {
		return nil, rootError(err)
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		return nil, notAFile()
	}
	f, err := root.OpenFile(rel, openFlags, 0)
	return f, rootError(err)
}

// rootError tells os.Root's own error, that a path leaves it, from those of the
// operating system: it has no code.
func rootError(err error) error {
	var errno syscall.Errno
	if err == nil || errors.As(err, &errno) {
		return err
	}
	return outsideRoot().Wrap(err)
}
