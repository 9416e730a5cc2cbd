package extract

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

// zipReader reads archives: their members become parts, under their paths.
type zipReader struct{ limits Limits }

// Read takes the members out of an archive. One that is encrypted, damaged, too
// large, a bomb, a link, or whose path leads out of the archive is refused alone,
// with the type of error that it has: the others are kept. Members beyond MaxParts
// and MaxContainerBytes are left out with a "partial" warning; files that the
// systems of archives' makers put there for themselves with an
// "attachment-left-out" one.
func (z zipReader) Read(ctx context.Context, in Input) (*document.Content, error) {
	a, done, err := openPackage(ctx, in, z.limits)
	if err != nil {
		return nil, err
	}
	defer done()
	m := newMembers(in, z.limits)
	litter := 0
	for _, f := range a.all {
		if err := ctx.Err(); err != nil {
			return nil, fileError(err)
		}
		switch name := zipName(f); {
		case strings.HasSuffix(f.Name, "/") && f.UncompressedSize64 == 0: // a folder
		case isLitter(name):
			litter++
		case !m.room():
		default:
			if err := m.addZipped(ctx, a, f, name); err != nil {
				return nil, err
			}
		}
	}
	var warnings []document.Warning
	if litter > 0 {
		warnings = append(warnings, document.Warning{Code: document.WarnAttachmentLeftOut, Message: fmt.Sprintf("%d files of the system that made the archive are left out", litter)})
	}
	return m.content(warnings...)
}

// addZipped keeps one member of a zip, or refuses it.
func (m *members) addZipped(ctx context.Context, a *archive, f *zip.File, name string) error {
	size := int64(min(f.UncompressedSize64, 1<<62))
	refuse := func(err error) error {
		m.refuse(memberName(name), "application/octet-stream", size, err)
		return nil
	}
	switch {
	case f.Flags&1 != 0:
		return refuse(errEncrypted("the member of the archive"))
	case !f.Mode().IsRegular():
		return refuse(batch.NewError(batch.Data, TypeUnsafe, "the member of the archive is a link or no plain file; submit the file that it means"))
	case leadsOut(name):
		return refuse(batch.NewError(batch.Data, TypeUnsafe, "the member's path leads out of the archive; it is not read"))
	}
	return m.add(memberName(name), "", func(w io.Writer) error {
		rc, err := a.openFile(f)
		if err == nil {
			defer rc.Close()
			_, err = io.Copy(w, contextReader{ctx, rc})
		}
		e, ok := batch.AsError(err)
		switch {
		case err == nil, ctx.Err() != nil:
			return fileError(ctx.Err())
		case ok && e.Type == TypeTooLarge: // the archive's budget, which the members' is not above
			m.full = true
			return nil
		case ok && e.Category == batch.Data:
			return errMember{err}
		case errors.Is(err, errSinkFull):
			return nil
		}
		return err
	})
}

// zipName is a member's path. Old programs write it in the encoding of DOS.
func zipName(f *zip.File) string {
	if !f.NonUTF8 || utf8.ValidString(f.Name) {
		return f.Name
	}
	if name, err := charmap.CodePage437.NewDecoder().String(f.Name); err == nil {
		return name
	}
	return strings.ToValidUTF8(f.Name, "\uFFFD")
}

// isLitter says whether a member is none of the maker's: what macOS and Windows
// keep of folders' views and files' icons.
func isLitter(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	switch base := path.Base(name); strings.ToLower(base) {
	case ".ds_store", "thumbs.db", "desktop.ini":
		return true
	}
	return strings.HasPrefix(name, "__MACOSX/")
}
