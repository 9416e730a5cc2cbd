// Package intake turns what is submitted (a folder, a bucket, one file, or
// a manifest) into rows, and checks every one of them. A row with something wrong
// is a row all the same, so that the counts add up.
package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/batch/manifest"
	"github.com/caseload/caseload/document/source"
)

// Request is what a person submits.
type Request struct {
	// Target is a folder, a file, or a URI; a manifest is told by its extension:
	// .csv, .json, .jsonl or .ndjson. A bucket's URI that ends in a slash, or has no
	// object of that name, stands for all objects under it.
	Target string
	// Root is the folder that local files must lie in, symbolic links resolved.
	// Default: the manifest's own folder; of a folder, the folder itself.
	Root string
	// Format says that Target is a manifest, whatever its name.
	Format manifest.Format
	// Folder says that a bucket's URI stands for the objects under it, whatever its
	// name.
	Folder bool
}

// Item is one row.
type Item struct {
	Row        int               // from 1
	Line       int               // in the manifest, from 1; 0 without one
	URI        string            // absolute; "" if there is none
	Name       string            // relative to the target, to show
	DocumentID string            // the caller's; "" leaves it to the content
	Metadata   map[string]string // the manifest's
	Bytes      int64             // 0 if not known yet
	Version    string            // of a file in a folder or bucket: see source.Object; "" if not known
	// Problem is why the row cannot be processed, nil if it can. It holds no
	// names and may be stored.
	Problem *batch.Failure
	// ProblemDetail is the problem for the person at the terminal: it may name
	// the file.
	ProblemDetail string
}

// Stored is the item's URI and name as a database takes them: in UTF-8. Old file
// servers hold names that are not; a URI keeps them byte for byte.
func (it Item) Stored() (uri, name string) {
	uri, name = it.URI, strings.ToValidUTF8(it.Name, "\uFFFD")
	if !utf8.ValidString(uri) && filepath.IsAbs(uri) {
		uri = (&url.URL{Scheme: "file", Path: uri}).String()
	}
	return uri, name
}

// Kind is what a target is.
type Kind string

// The kinds of target.
const (
	KindFolder   Kind = "folder" // or a bucket's prefix
	KindFile     Kind = "file"
	KindManifest Kind = "manifest"
)

// Intake is a target that can be read.
type Intake struct {
	// Kind is what the target is.
	Kind Kind
	// Rows is how many items there are; -1 for a folder, which has not been
	// walked yet.
	Rows int

	src    *source.Source
	target string // absolute path or URI
	object source.Object
	format manifest.Format
	root   string // absolute path; "" if the request names none
}

// Open finds out what the target is. A manifest is read through once, so that
// one that cannot be read, to its last line, is refused here. Errors name the
// target and what to do.
func Open(ctx context.Context, src *source.Source, req Request) (*Intake, error) {
	i := &Intake{src: src, Rows: -1, target: req.Target}
	if err := i.resolve(req); err != nil {
		return nil, err
	}
	if err := i.identify(ctx, req); err != nil {
		return nil, i.fatal(ctx, err)
	}
	switch i.Kind {
	case KindManifest:
		return i, i.openManifest(ctx)
	case KindFolder:
		return i, i.openFolder(ctx)
	}
	i.Rows = 1
	return i, nil
}

// resolve makes the paths of the request absolute.
func (i *Intake) resolve(req Request) error {
	if strings.TrimSpace(req.Target) == "" {
		return errors.New("nothing to submit: name a folder, a file, a manifest or a bucket")
	}
	if p, ok := source.LocalPath(req.Target); ok {
		i.target = p
	} else if !source.HasScheme(req.Target) {
		abs, err := filepath.Abs(req.Target)
		if err != nil {
			return fmt.Errorf("%s: %w", req.Target, err)
		}
		i.target = abs
	}
	if req.Root == "" {
		return nil
	}
	root, err := filepath.Abs(req.Root)
	if err != nil {
		return fmt.Errorf("root %s: %w", req.Root, err)
	}
	if info, err := os.Stat(root); err != nil {
		return badRoot(req.Root, cause(err))
	} else if !info.IsDir() {
		return badRoot(req.Root, errors.New("not a folder"))
	}
	i.root = root
	return nil
}

// identify sets the kind.
func (i *Intake) identify(ctx context.Context, req Request) error {
	isManifest := func() bool {
		i.format = req.Format
		if f, ok := manifest.FormatOf(pathOf(i.target)); ok && i.format == "" {
			i.format = f
		}
		return i.format != ""
	}
	if !source.HasScheme(i.target) {
		o, err := i.src.Stat(ctx, i.target)
		if err != nil {
			return err
		}
		i.object, i.Kind = o, KindFile
		if o.Folder {
			i.Kind = KindFolder
		} else if isManifest() {
			i.Kind = KindManifest
		}
		return nil
	}
	if err := i.src.Check(i.target); err != nil {
		return err
	}
	if req.Folder {
		i.Kind = KindFolder
		return nil
	}
	if isManifest() {
		i.Kind = KindManifest
		return nil
	}
	u, err := url.Parse(i.target)
	if err != nil {
		return err
	}
	isHTTP := u.Scheme == "http" || u.Scheme == "https"
	if !isHTTP && (u.Path == "" || strings.HasSuffix(u.Path, "/")) {
		i.Kind = KindFolder
		return nil
	}
	i.object, err = i.src.Stat(ctx, i.target)
	i.Kind = KindFile
	if e, ok := batch.AsError(err); ok && e.Type == "NotFound" && !isHTTP {
		i.Kind = KindFolder
		return nil
	}
	return err
}

// ErrEmpty says that a folder has nothing to submit.
var ErrEmpty = errors.New("no documents in it")

// openFolder refuses a folder that has nothing to submit.
func (i *Intake) openFolder(ctx context.Context) error {
	if i.root != "" && !source.HasScheme(i.target) {
		if err := source.Within(i.root, i.target); err != nil {
			return i.fatal(ctx, err)
		}
	}
	for o, err := range i.src.List(ctx, i.target) {
		if err != nil && o.URI == "" {
			return i.fatal(ctx, err)
		}
		return nil
	}
	return fmt.Errorf("%s: %w; hidden files are left out", i.target, ErrEmpty)
}

// Items gives the rows, checked, in order. An error is the last thing given.
func (i *Intake) Items(ctx context.Context) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		var err error
		switch i.Kind {
		case KindManifest:
			err = i.manifestItems(ctx, yield)
		case KindFolder:
			err = i.folderItems(ctx, yield)
		default:
			err = i.fileItem(ctx, yield)
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(Item{}, err)
		}
	}
}

// errStopped says that the reader of the items wants no more of them.
var errStopped = errors.New("stopped")

func (i *Intake) folderItems(ctx context.Context, yield func(Item, error) bool) error {
	row := 0
	for o, err := range i.src.List(ctx, i.target) {
		if err != nil && o.URI == "" {
			return i.fatal(ctx, err)
		}
		row++
		it := Item{Row: row, URI: o.URI, Name: o.Name, Bytes: max(o.Bytes, 0), Version: o.Version()}
		if err == nil {
			err = i.src.CheckSize(o)
		}
		if err == nil && !source.HasScheme(o.URI) {
			_, err = i.src.Stat(ctx, o.URI) // may it be read?
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			it.refuse(err, o.Name)
		}
		if !yield(it, nil) {
			return errStopped
		}
	}
	return nil
}

func (i *Intake) fileItem(ctx context.Context, yield func(Item, error) bool) error {
	it := Item{Row: 1, URI: i.object.URI, Name: i.object.Name, Bytes: max(i.object.Bytes, 0)}
	var err error
	if i.root != "" && !source.HasScheme(i.target) {
		err = source.Within(i.root, i.target)
	}
	if err == nil {
		err = i.src.CheckSize(i.object)
	}
	if err != nil {
		it.refuse(err, i.object.Name)
	}
	yield(it, nil)
	return ctx.Err()
}

// withManifest calls do with the manifest's content. One that lies elsewhere is
// brought to this machine for as long.
func (i *Intake) withManifest(ctx context.Context, do func(io.Reader) error) (err error) {
	local := i.target
	if source.HasScheme(i.target) {
		dir, err := os.MkdirTemp("", "caseload-manifest-")
		if err != nil {
			return fmt.Errorf("fetch manifest: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		f, err := i.src.Fetch(ctx, i.target, dir, nil)
		if err != nil {
			return i.fatal(ctx, err)
		}
		local = f.Path
	}
	f, err := os.Open(local)
	if err != nil {
		return fmt.Errorf("%s: %w", i.target, cause(err))
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return do(f)
}

// fatal names the target in an error that ends everything.
func (i *Intake) fatal(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if e, ok := batch.AsError(err); ok {
		switch e.Type {
		case "NotFound":
			return &targetError{i.target, "no such file or folder; check the path, or give a manifest or a bucket's URI", e}
		case "PermissionDenied":
			return &targetError{i.target, "permission denied; give your user and the workers' the right to read it", e}
		}
	}
	return fmt.Errorf("%s: %w", i.target, err)
}

// targetError says for a person what is wrong with the target, in other words
// than its cause.
type targetError struct {
	target, what string
	cause        *batch.Error
}

func badRoot(root string, why error) error {
	return &targetError{"root " + root, why.Error(),
		batch.NewError(batch.Configuration, "RootMissing", "the root is no folder that can be opened").Wrap(why)}
}

func (e *targetError) Error() string { return e.target + ": " + e.what }

func (e *targetError) Unwrap() error { return e.cause }

// cause is an error of the file system without the path.
func cause(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// pathOf is the path part of a path or URI.
func pathOf(target string) string {
	if !source.HasScheme(target) {
		return filepath.ToSlash(target)
	}
	u, err := url.Parse(target)
	if err != nil {
		return ""
	}
	return path.Clean(u.Path)
}
