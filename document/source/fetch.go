package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"time"
)

// File is a document on local disk.
type File struct {
	Path    string
	SHA256  string // of the content, in hex
	Bytes   int64
	ModTime time.Time // at the source; zero if it does not say
	// ContentType is the media type that the source claims, without
	// parameters, or "". It is a hint: the content decides.
	ContentType string
}

// Fetch copies the file at uri to a new file in dir, which must exist, and
// hashes it on the way. progress, which may be nil, hears how many bytes have
// been copied so far. On an error nothing is left in dir.
func (s *Source) Fetch(ctx context.Context, uri string, dir string, progress func(bytes int64)) (File, error) {
	return s.read(ctx, uri, &destination{dir: dir, limit: s.cfg.MaxBytes, progress: progress})
}

// Hash reads the file at uri as Fetch does and keeps nothing of it: the File has
// no Path.
func (s *Source) Hash(ctx context.Context, uri string) (File, error) {
	return s.read(ctx, uri, &destination{discard: true, limit: s.cfg.MaxBytes})
}

func (s *Source) read(ctx context.Context, uri string, d *destination) (File, error) {
	loc, err := s.locate(uri)
	if err != nil {
		return File{}, err
	}
	var got File
	switch loc.kind {
	case kindLocal:
		got, err = s.fetchLocal(ctx, loc, d)
	case kindBucket:
		got, err = s.fetchBucket(ctx, loc, d)
	default:
		got, err = s.fetchHTTP(ctx, loc, d)
	}
	if err != nil {
		return File{}, classified(ctx, errors.Join(err, d.remove()))
	}
	return got, nil
}

// destination is the file that a fetch writes, unless it only hashes.
type destination struct {
	dir      string
	discard  bool
	limit    int64 // bytes
	progress func(int64)
	path     string // once made
}

const copyBuffer = 256 << 10

// copy writes r to a new file. size is what the source says there is, or -1; to
// get less or more is an error.
func (d *destination) copy(ctx context.Context, r io.Reader, size int64) (File, error) {
	switch {
	case size == 0:
		return File{}, emptyFile()
	case size > d.limit:
		return File{}, tooLarge(size, d.limit)
	}
	f, err := d.open()
	if err != nil {
		return File{}, err
	}
	w := &hashingWriter{ctx: ctx, file: f, sum: sha256.New(), progress: d.progress}
	// One byte too many is enough to know.
	most := d.limit
	if size > 0 {
		most = size
	}
	_, err = io.CopyBuffer(w, io.LimitReader(r, most+1), make([]byte, copyBuffer))
	if err = errors.Join(err, f.Close()); err != nil {
		return File{}, err
	}
	switch {
	case w.bytes > d.limit:
		return File{}, tooLarge(w.bytes, d.limit)
	case size > 0 && w.bytes > size:
		return File{}, sourceChanging()
	case w.bytes == 0:
		return File{}, emptyFile()
	case size > 0 && w.bytes < size:
		return File{}, io.ErrUnexpectedEOF
	}
	return File{Path: d.path, SHA256: hex.EncodeToString(w.sum.Sum(nil)), Bytes: w.bytes}, nil
}

func (d *destination) open() (io.WriteCloser, error) {
	if d.discard {
		return nowhere{io.Discard}, nil
	}
	f, err := os.CreateTemp(d.dir, "source-*")
	if err != nil {
		return nil, err
	}
	d.path = f.Name()
	return f, nil
}

// nowhere is where the bytes go that are only hashed.
type nowhere struct{ io.Writer }

func (nowhere) Close() error { return nil }

// remove removes the file, if one was made.
func (d *destination) remove() error {
	if d.path == "" {
		return nil
	}
	return os.Remove(d.path)
}

// hashingWriter writes to a file, hashing, counting, and stopping when its
// context does.
type hashingWriter struct {
	ctx      context.Context
	file     io.Writer
	sum      hash.Hash
	bytes    int64
	progress func(int64)
}

func (w *hashingWriter) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := w.file.Write(p)
	w.sum.Write(p[:n])
	w.bytes += int64(n)
	if w.progress != nil && n > 0 {
		w.progress(w.bytes)
	}
	return n, err
}
