// Command samples writes the example documents that ship with Caseload: two
// fictional matters in every format it reads. The texts are under text/, the
// list is in catalog.go. The same sources give the same bytes every time; the
// compressed formats also depend on the Go release's compress/flate.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("out", "../../examples/matters", "folder that is written to")
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := write(*out); err != nil {
		fmt.Fprintln(os.Stderr, "samples:", err)
		os.Exit(1)
	}
}

// write makes all documents below a folder.
func write(folder string) error {
	for _, s := range catalog {
		data, err := s.bytes()
		if err != nil {
			return fmt.Errorf("%s: %w", s.path, err)
		}
		path := filepath.Join(folder, filepath.FromSlash(s.path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
