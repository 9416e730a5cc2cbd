package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/batch/manifest"
	"github.com/caseload/caseload/document/source"
)

// openManifest reads the manifest through and counts its entries.
func (i *Intake) openManifest(ctx context.Context) error {
	i.Rows = 0
	err := i.withManifest(ctx, func(r io.Reader) error {
		for _, err := range manifest.Read(r, i.format) {
			if bad := (*manifest.EntryError)(nil); err != nil && !errors.As(err, &bad) {
				return fmt.Errorf("%s: %w", i.target, err)
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			i.Rows++
		}
		return nil
	})
	if err == nil && i.Rows == 0 {
		err = fmt.Errorf("%s: the manifest has no entries", i.target)
	}
	return err
}

func (i *Intake) manifestItems(ctx context.Context, yield func(Item, error) bool) error {
	c, err := i.newChecker()
	if err != nil {
		return err
	}
	return i.withManifest(ctx, func(r io.Reader) error {
		row := 0
		for e, err := range manifest.Read(r, i.format) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			row++
			it := Item{Row: row, Line: e.Line, DocumentID: e.ID, Metadata: e.Metadata}
			var bad *manifest.EntryError
			switch {
			case errors.As(err, &bad):
				it.Line = bad.Line
				it.refuse(batch.NewError(batch.Data, "BadEntry", "%s", bad.Reason), "")
			case err != nil:
				return fmt.Errorf("%s: %w", i.target, err)
			default:
				c.check(ctx, &it, e)
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if !yield(it, nil) {
				return errStopped
			}
		}
		return nil
	})
}

// checker checks the entries of one manifest, in order.
type checker struct {
	src    *source.Source
	folder string   // the manifest's, absolute; "" if it lies elsewhere
	remote *url.URL // the manifest's folder, elsewhere
	within *source.Boundary
	root   string // within, as the person named it; "" if no local file is allowed
	seen   *seen
}

func (i *Intake) newChecker() (*checker, error) {
	c := &checker{src: i.src, root: i.root, seen: newSeen()}
	if source.HasScheme(i.target) {
		u, err := url.Parse(i.target)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", i.target, err)
		}
		u.Path, u.RawPath = path.Dir(u.Path), ""
		if u.Scheme == "http" || u.Scheme == "https" {
			u.RawQuery, u.Fragment = "", ""
		}
		c.remote = u
	} else {
		c.folder = filepath.Dir(i.target)
		if c.root == "" {
			c.root = c.folder
		}
	}
	if c.root == "" {
		return c, nil
	}
	b, err := source.NewBoundary(c.root)
	if err != nil {
		return nil, fmt.Errorf("root %s: %w", c.root, cause(err))
	}
	c.within = b
	return c, nil
}

// check fills in the item of an entry.
func (c *checker) check(ctx context.Context, it *Item, e manifest.Entry) {
	identity, err := c.locate(ctx, it, e.Path)
	if err != nil {
		if b, ok := batch.AsError(err); ok && b.Type == source.TypeOutsideRoot {
			it.refuse(err, e.Path)
			it.ProblemDetail = c.outside(e.Path)
			return
		}
		it.refuse(err, e.Path)
		return
	}
	// Only a good row makes another its duplicate: of two alike, one is processed.
	if first, ok := c.seen.row(pathKey, identity); ok {
		it.refuse(batch.NewError(batch.Data, "Duplicate", "duplicate of row %d", first), e.Path)
		return
	}
	if first, ok := c.seen.row(idKey, e.ID); ok && e.ID != "" {
		it.refuse(batch.NewError(batch.Data, "DuplicateID", "same id as row %d", first), e.Path)
		return
	}
	c.seen.add(pathKey, identity, it.Row)
	if e.ID != "" {
		c.seen.add(idKey, e.ID, it.Row)
	}
}

// locate sets the item's URI, name and size, and returns what tells its file
// from others.
func (c *checker) locate(ctx context.Context, it *Item, written string) (identity string, err error) {
	it.Name = path.Base(filepath.ToSlash(written))
	if local, ok := source.LocalPath(written); ok {
		return c.local(ctx, it, local)
	}
	uri := written
	if !source.HasScheme(written) {
		if c.remote == nil {
			return c.local(ctx, it, filepath.Join(c.folder, filepath.FromSlash(written)))
		}
		if uri, err = c.beside(it, written); err != nil {
			return "", err
		}
	} else if u, err := url.Parse(written); err == nil {
		it.Name = strings.TrimPrefix(u.Host+u.Path, "/")
	}
	it.URI = uri
	return uri, c.src.Check(uri)
}

// local checks a file on this machine, at an absolute path.
func (c *checker) local(ctx context.Context, it *Item, file string) (string, error) {
	it.URI = file
	if name, ok := relative(c.folder, file); ok {
		it.Name = name
	} else if name, ok := relative(c.root, file); ok {
		it.Name = name
	}
	if c.within == nil {
		return "", batch.NewError(batch.Configuration, source.TypeOutsideRoot, "a manifest that lies elsewhere names a local file; name a root that holds it")
	}
	real, err := c.within.Resolve(file)
	if err != nil {
		return "", err
	}
	o, err := c.src.Stat(ctx, file)
	if err != nil {
		return "", err
	}
	it.Bytes = o.Bytes
	return real, c.src.CheckSize(o)
}

// beside is the URI of a relative entry of a manifest that lies elsewhere.
func (c *checker) beside(it *Item, written string) (string, error) {
	at := path.Join(c.remote.Path, written)
	name, ok := strings.CutPrefix(at, strings.TrimSuffix(c.remote.Path, "/")+"/")
	if !ok || path.IsAbs(written) {
		return "", batch.NewError(batch.Configuration, source.TypeOutsideRoot, "the path leaves the manifest's folder; give the whole URI")
	}
	u := *c.remote
	u.Path = at
	it.Name = name
	return u.String(), nil
}

// outside says, with names, that an entry is outside the root.
func (c *checker) outside(written string) string {
	if c.within == nil {
		return shown(written) + ": not in the manifest's folder; give a whole URI, or --root DIR with a local folder that holds it"
	}
	return fmt.Sprintf("%s: outside of %s, by itself or by a symbolic link; give --root DIR with a folder that holds it", shown(written), shown(c.root))
}

// relative is file's slash-separated path from dir, if it lies in it.
func relative(dir, file string) (string, bool) {
	if dir == "" {
		return "", false
	}
	rel, err := filepath.Rel(dir, file)
	if err != nil || !filepath.IsLocal(rel) || rel == "." {
		return "", false
	}
	return filepath.ToSlash(rel), true
}
