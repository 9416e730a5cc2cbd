package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/caseload/caseload/test/corpus"
)

// generated writes n generated documents and answers their paths. Another seed
// makes other documents.
func (r *rig) generated(ctx context.Context, seed uint64, n int) ([]string, error) {
	dir := filepath.Join(r.dir, fmt.Sprintf("documents-%d", seed))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	files := make([]string, 0, n)
	for d := range corpus.Documents(corpus.Options{Seed: seed, Documents: n}) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		path := filepath.Join(dir, d.Name)
		if err := os.WriteFile(path, d.Data, 0o600); err != nil {
			return nil, err
		}
		files = append(files, path)
	}
	return files, nil
}

// filesIn are the files under a folder, in the order of their names, each content
// once.
func filesIn(dir string) ([]string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	var files []string
	seen := map[[sha256.Size]byte]bool{}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || d.Name()[0] == '.' {
			return err
		}
		data, err := os.ReadFile(path)
		if sum := sha256.Sum256(data); err == nil && !seen[sum] {
			seen[sum] = true
			files = append(files, path)
		}
		return err
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s: no documents in it", dir)
	}
	return files, err
}
