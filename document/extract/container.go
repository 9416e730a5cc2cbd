package extract

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path"
	"strings"

	"github.com/richardlehane/mscfb"

	"github.com/caseload/caseload/document"
)

const (
	mediaDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	mediaDOCM = "application/vnd.ms-word.document.macroenabled.12"
	mediaXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	mediaZIP  = "application/zip"
	mediaPPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	mediaXLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
)

// Bounds on what a zip's entries unpack to, next to MaxContainerBytes. XML of
// word processors shrinks to a twentieth or so, and deflate to at most a
// thousandth.
const (
	maxRatio       = 300
	ratioFromBytes = 16 << 20 // smaller entries may shrink as they like
)

// archive is an open zip whose entries are read within one budget.
type archive struct {
	all    []*zip.File          // as the directory lists them
	files  map[string]*zip.File // by lower-case path
	limit  int64
	budget int64 // bytes that may still be unpacked
	// refused is why an entry was not read on. An XML decoder hands out the text
	// before the error, and a reader that has enough text does not come back for it.
	refused error
}

// openArchive reads a zip's directory. One that cannot be read is corrupt.
func openArchive(r io.ReaderAt, size, budget int64) (*archive, error) {
	zr, err := zip.NewReader(r, size)
	switch {
	case errors.Is(err, zip.ErrFormat), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, zip.ErrAlgorithm):
		return nil, errCorrupt("the file is a zip whose directory is damaged or cut off").Wrap(err)
	case err != nil && !errors.Is(err, zip.ErrInsecurePath): // entries are never written to disk
		return nil, fileError(err)
	}
	a := &archive{all: zr.File, files: make(map[string]*zip.File, len(zr.File)), limit: budget, budget: budget}
	for _, f := range zr.File {
		key := archiveKey(f.Name)
		if _, ok := a.files[key]; !ok {
			a.files[key] = f
		}
	}
	return a, nil
}

// openPackage opens a document that is a zip; done closes its file.
func openPackage(ctx context.Context, in Input, l Limits) (a *archive, done func(), err error) {
	f, err := os.Open(in.Path)
	if err != nil {
		return nil, nil, fileError(err)
	}
	info, err := f.Stat()
	if err == nil {
		a, err = openArchive(contextReaderAt{ctx, f}, info.Size(), l.MaxContainerBytes)
	}
	if err != nil {
		f.Close()
		return nil, nil, fileError(err)
	}
	return a, func() { f.Close() }, nil
}

func archiveKey(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

func (a *archive) has(name string) bool { return a.files[archiveKey(name)] != nil }

// encrypted says whether all files in it have the zip format's own encryption.
func (a *archive) encrypted() bool {
	files, locked := 0, 0
	for _, f := range a.all {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		files++
		if f.Flags&1 != 0 {
			locked++
		}
	}
	return locked > 0 && locked == files
}

// open reads the entry of that name; reading on past the budget fails.
func (a *archive) open(name string) (io.ReadCloser, error) {
	f := a.files[archiveKey(name)]
	if f == nil {
		return nil, errCorrupt("a part of the document is missing")
	}
	return a.openFile(f)
}

func (a *archive) openFile(f *zip.File) (io.ReadCloser, error) {
	rc, err := f.Open()
	if err != nil {
		return nil, archiveError(err)
	}
	return &entryReader{archive: a, rc: rc, packed: max(int64(f.CompressedSize64), 1)}, nil
}

// entryReader reads one entry within the archive's budget.
type entryReader struct {
	archive *archive
	rc      io.ReadCloser
	packed  int64 // compressed bytes
	read    int64
}

func (e *entryReader) Read(p []byte) (int, error) {
	n, err := e.rc.Read(p)
	e.read += int64(n)
	e.archive.budget -= int64(n)
	switch {
	case e.read > ratioFromBytes && e.read/e.packed > maxRatio:
		e.archive.refused = errZipBomb()
		return 0, e.archive.refused
	case e.archive.budget < 0:
		e.archive.refused = errTooLarge("the unpacked document", e.archive.limit)
		return 0, e.archive.refused
	case err != nil && err != io.EOF:
		return n, archiveError(err)
	}
	return n, err
}

func (e *entryReader) Close() error { return e.rc.Close() }

// archiveError tells a damaged entry from a file that cannot be read.
func archiveError(err error) error {
	if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrAlgorithm) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || isFlateError(err) {
		return errCorrupt("a part of the document does not unpack").Wrap(err)
	}
	return fileError(err)
}

// detectZip tells office documents from everything else that is a zip.
func detectZip(r io.ReaderAt, size int64, head []byte) (document.Format, string, error) {
	a, err := openArchive(r, size, ratioFromBytes)
	if err != nil {
		return "", "", err
	}
	switch {
	case a.encrypted():
		return "", "", errEncrypted("the zip file")
	case a.has("mimetype") && a.has("content.xml"):
		return detectODF(a)
	case a.has("[Content_Types].xml"):
		main, err := mainPart(a)
		if err != nil {
			return "", "", err
		}
		if mediaType := ooxmlType(a, main); mediaType != "" {
			switch mediaType {
			case mediaDOCX, mediaDOCM:
				return document.FormatDOCX, mediaType, nil
			case mediaXLSX:
				return document.FormatXLSX, mediaType, nil
			case mediaPPTX:
				return document.FormatPPTX, mediaType, nil
			}
			return "", "", errUnsupported(mediaType)
		}
		return "", "", errUnsupported("application/zip") // a package of another kind
	case a.has("Index/Document.iwa"):
		return "", "", errUnsupported("application/vnd.apple.iwork")
	}
	if mediaType := mediaTypeOf(head); mediaType != mediaZIP {
		return "", "", errUnsupported(mediaType) // a program, a book
	}
	return document.FormatZIP, mediaZIP, nil
}

// oleSignature begins the compound files of OLE: legacy Office, Outlook
// messages, and encrypted OOXML.
var oleSignature = []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")

// oleName is how a compound file's directory writes a name: in UTF-16LE, padded
// to 64 bytes, and its length in bytes with the closing zero ([MS-CFB] 2.6.1).
func oleName(name string) []byte {
	b := make([]byte, 66)
	for i := range len(name) {
		b[2*i] = name[i]
	}
	binary.LittleEndian.PutUint16(b[64:], uint16(2*len(name)+2))
	return b
}

// oleKinds are the entries that tell what a compound file is. An encrypted OOXML
// document goes first ([MS-OFFCRYPTO] 2.3.4.4), then a message, which may hold
// any of the others.
var oleKinds = []struct {
	name      string
	format    document.Format // "" if it is not read
	mediaType string
}{
	{name: "EncryptedPackage"},
	{msgProperties, document.FormatMSG, "application/vnd.ms-outlook"},
	{wordStream, document.FormatDOC, "application/msword"},
	{"Workbook", "", "application/vnd.ms-excel"},
	{"Book", "", "application/vnd.ms-excel"},
	{"PowerPoint Document", "", "application/vnd.ms-powerpoint"},
}

// scanOLE finds the first of oleKinds that a damaged compound file has an entry
// for, len(oleKinds) if there is none.
func scanOLE(r io.ReaderAt, size int64) (found int, err error) {
	const entry = 128 // bytes of a directory entry, at multiples of which they stand
	found = len(oleKinds)
	names := make([][]byte, found)
	for k, kind := range oleKinds {
		names[k] = oleName(kind.name)
	}
	block := make([]byte, 1<<20)
	for off := int64(0); off < size && found > 0; off += int64(len(block)) {
		n, err := r.ReadAt(block, off)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		for i := 0; i+entry <= n; i += entry {
			for k, name := range names[:found] {
				if bytes.HasPrefix(block[i:], name) {
					found = k
					break
				}
			}
		}
	}
	return found, nil
}

// detectOLE tells what a compound file is by the entries of its directory.
func detectOLE(r io.ReaderAt, size int64, head []byte) (document.Format, string, error) {
	found := len(oleKinds)
	file, err := mscfb.New(r)
	if err != nil {
		if found, err = scanOLE(r, size); err != nil {
			return "", "", fileError(err)
		}
	} else {
		for _, f := range file.File[1:] { // without the root
			for k, kind := range oleKinds[:found] {
				if len(f.Path) == 0 && f.Name == kind.name {
					found = k
					break
				}
			}
		}
	}
	switch {
	case found == len(oleKinds):
		return "", "", errUnsupported(mediaTypeOf(head))
	case found == 0:
		return "", "", errEncrypted("the document")
	case oleKinds[found].format == "":
		return "", "", errUnsupported(oleKinds[found].mediaType)
	}
	return oleKinds[found].format, oleKinds[found].mediaType, nil
}
