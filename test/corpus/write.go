package corpus

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Names of what Write makes in its folder.
const (
	DocumentsDir = "documents"
	ManifestFile = "manifest.jsonl"
	TruthFile    = "truth.jsonl"
)

// Summary counts what was written. Attachments are in none of its counts but
// Attachments.
type Summary struct {
	Documents   int            `json:"documents"`
	Attachments int            `json:"attachments"`
	Pages       int            `json:"pages"`
	Words       int            `json:"words"`
	Bytes       int64          `json:"bytes"`
	Formats     map[Format]int `json:"formats"`
	Kinds       map[Kind]int   `json:"kinds"`
}

// Write makes the documents of o in dir, which is made if it is missing: the
// documents in DocumentsDir, ManifestFile, which submits them, and TruthFile, a
// line of JSON for each Document. Files of the same names are overwritten, others
// are left where they are.
func Write(dir string, o Options) (Summary, error) {
	s := Summary{Formats: map[Format]int{}, Kinds: map[Kind]int{}}
	if err := o.Validate(); err != nil {
		return s, err
	}
	folder := filepath.Join(dir, DocumentsDir)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return s, fmt.Errorf("make the folder of the documents: %w", err)
	}
	manifest, err := createLines(filepath.Join(dir, ManifestFile))
	if err != nil {
		return s, err
	}
	defer manifest.file.Close()
	truth, err := createLines(filepath.Join(dir, TruthFile))
	if err != nil {
		return s, err
	}
	defer truth.file.Close()
	for doc := range Documents(o) {
		if err := os.WriteFile(filepath.Join(folder, doc.Name), doc.Data, 0o644); err != nil {
			return s, fmt.Errorf("write document %d: %w", doc.Index, err)
		}
		err := errors.Join(truth.put(doc), manifest.put(entry{
			Path: DocumentsDir + "/" + doc.Name, ID: fmt.Sprintf("doc-%07d", doc.Index),
			Metadata: map[string]string{"title": doc.Title, "kind": string(doc.Kind), "matter": fmt.Sprint(doc.Matter)},
		}))
		if err != nil {
			return s, err
		}
		s.add(doc)
	}
	return s, errors.Join(manifest.close(), truth.close())
}

func (s *Summary) add(doc Document) {
	s.Documents++
	s.Attachments += len(doc.Attachments)
	s.Pages += doc.Pages
	s.Words += doc.Words
	s.Bytes += int64(len(doc.Data))
	s.Formats[doc.Format]++
	s.Kinds[doc.Kind]++
}

// entry is a row of a manifest in JSON Lines.
type entry struct {
	Path     string            `json:"path"`
	ID       string            `json:"id"`
	Metadata map[string]string `json:"metadata"`
}

// lines is a file of JSON values, one a line.
type lines struct {
	file *os.File
	buf  *bufio.Writer
	enc  *json.Encoder
}

func createLines(path string) (*lines, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", filepath.Base(path), err)
	}
	buf := bufio.NewWriter(f)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	return &lines{f, buf, enc}, nil
}

func (l *lines) put(v any) error {
	if err := l.enc.Encode(v); err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(l.file.Name()), err)
	}
	return nil
}

func (l *lines) close() error {
	if err := errors.Join(l.buf.Flush(), l.file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(l.file.Name()), err)
	}
	return nil
}
