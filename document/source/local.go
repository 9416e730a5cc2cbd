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

// Local files are read with package os and not with gocloud's fileblob: that
// escapes names, keeps attributes in files of its own next to the documents, and
// knows neither symbolic links, nor permissions, nor what is no regular file.

// openFlags keep a pipe that takes a file's place from blocking the open.
const openFlags = os.O_RDONLY | syscall.O_NONBLOCK

// openLocal opens a regular file or a folder.
func (s *Source) openLocal(path string) (*os.File, fs.FileInfo, error) {
	f, err := s.open(path)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		err = notAFile()
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return f, info, nil
}

func (s *Source) open(path string) (*os.File, error) {
	if len(s.cfg.Roots) > 0 {
		return openWithin(s.cfg.Roots, path)
	}
	// Opening a device may do something to it: look first.
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		return nil, notAFile()
	}
	return os.OpenFile(path, openFlags, 0)
}

func (s *Source) statLocal(loc location) (Object, error) {
	f, info, err := s.openLocal(loc.path)
	if err != nil {
		return Object{}, err
	}
	if err := f.Close(); err != nil {
		return Object{}, err
	}
	return Object{URI: loc.path, Name: loc.name(), Bytes: info.Size(), ModTime: info.ModTime(), Folder: info.IsDir()}, nil
}

func (s *Source) fetchLocal(ctx context.Context, loc location, d *destination) (File, error) {
	f, before, err := s.openLocal(loc.path)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	if before.IsDir() {
		return File{}, notAFile()
	}
	got, err := d.copy(ctx, f, before.Size())
	if err != nil {
		return File{}, err
	}
	after, err := f.Stat()
	if err != nil {
		return File{}, err
	}
	if after.Size() != got.Bytes || !after.ModTime().Equal(before.ModTime()) {
		return File{}, sourceChanging()
	}
	got.ModTime = before.ModTime()
	return got, nil
}

// errStopListing says that the reader of a listing wants no more of it.
var errStopListing = errors.New("stop listing")

func (s *Source) listLocal(ctx context.Context, loc location, yield func(Object, error) bool) {
	top, err := s.statLocal(loc)
	if err == nil && !top.Folder {
		err = batch.NewError(batch.Data, "NotAFolder", "the source is a file, not a folder")
	}
	var within *Boundary
	if err == nil {
		within, err = NewBoundary(loc.path)
	}
	if err != nil {
		yield(Object{}, classified(ctx, err))
		return
	}
	// WalkDir does not follow a link, not even the one it starts at.
	err = filepath.WalkDir(within.real, func(path string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		rel, relErr := filepath.Rel(within.real, path)
		if relErr != nil {
			return relErr
		}
		if rel == "." {
			return err
		}
		if strings.HasPrefix(filepath.Base(rel), ".") {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if err == nil && entry.IsDir() {
			return nil
		}
		o := Object{URI: filepath.Join(loc.path, rel), Name: filepath.ToSlash(rel)}
		if err == nil {
			var listed bool
			if listed, err = s.inspect(&o, path, entry, within); !listed && err == nil {
				return nil
			}
		}
		if err != nil {
			err = classified(ctx, err)
		}
		if !yield(o, err) {
			return errStopListing
		}
		return nil
	})
	if err != nil && !errors.Is(err, errStopListing) {
		yield(Object{}, classified(ctx, err))
	}
}

// inspect fills in o, and says whether it is a file to list.
func (s *Source) inspect(o *Object, path string, entry fs.DirEntry, within *Boundary) (listed bool, err error) {
	info, err := entry.Info()
	if err != nil {
		return false, err
	}
	if entry.Type()&fs.ModeSymlink != 0 {
		real, err := within.Resolve(path)
		if err != nil {
			return false, err
		}
		if info, err = os.Lstat(real); err != nil {
			return false, err
		}
		if info.IsDir() { // its files are listed where they are
			return false, nil
		}
	}
	if !info.Mode().IsRegular() {
		return false, notAFile()
	}
	o.Bytes, o.ModTime = info.Size(), info.ModTime()
	return true, nil
}
