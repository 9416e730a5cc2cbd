package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

// writeScan writes a picture of a line of text.
func writeScan(t *testing.T, path, line string) {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 1700, 400))
	draw.Draw(img, img.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	parsed, err := opentype.Parse(goregular.TTF)
	require.NoError(t, err)
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 40, DPI: 72, Hinting: font.HintingNone})
	require.NoError(t, err)
	(&font.Drawer{Dst: img, Src: image.NewUniform(color.Black), Face: face, Dot: fixed.P(150, 200)}).DrawString(line)
	f, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, png.Encode(f, img))
	require.NoError(t, f.Close())
}

func TestSearchableWritesABatchsScans(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	scanned, typed, gone := filepath.Join(f.dir, "Order: denied.png"), filepath.Join(f.dir, "note.txt"), filepath.Join(f.dir, "gone.png")
	writeScan(t, scanned, "The motion of the plaintiff is denied.")
	require.NoError(t, os.WriteFile(typed, []byte("typed"), 0o600))
	files := []string{scanned, typed, gone, filepath.Join(f.dir, "locked.pdf"), filepath.Join(f.dir, "waits.pdf")}
	_, _, err := f.store.RegisterBatch(t.Context(), store.Batch{
		ID: "b1", Project: "acme", Source: f.dir, Priority: batch.PriorityNormal, Options: []byte("{}"), CreatedAt: noon,
	}, func(yield func(store.Row, error) bool) {
		for i, path := range files {
			if !yield(store.Row{Row: i + 1, URI: path, Name: filepath.Base(path)}, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	for i, path := range files[:3] {
		row := store.Row{Batch: "b1", Row: i + 1, Outcome: batch.OutcomeCompleted, StartedAt: noon, FinishedAt: noon}
		if data, err := os.ReadFile(path); err == nil {
			sum := sha256.Sum256(data)
			row.SHA256 = hex.EncodeToString(sum[:])
		}
		f.end(row)
	}
	f.fail("b1", 4, noon, batch.StageExtract, batch.NewError(batch.Data, "EncryptedDocument", "the document is encrypted"))
	f.status("b1", batch.StatusCompleted, noon)

	to := filepath.Join(f.dir, "out")
	search := func(code int, args ...string) []searchableFile {
		out, words, got := f.starter(append([]string{"searchable", "b1", "--to", to, "-o", "json"}, args...)...)
		require.Equal(t, code, got, words)
		var all []searchableFile
		if code != exitUsage && code != exitFailed {
			require.NoError(t, json.Unmarshal([]byte(out), &all))
		}
		return all
	}
	all := search(exitFailures)
	require.Len(t, all, 3)
	written := filepath.Join(to, "1-Order_ denied.pdf")
	assert.Equal(t, searchableFile{Row: 1, Name: "Order: denied.png", File: written, Result: searchableWritten, Pages: 1, Recognised: 1}, all[0])
	assert.Equal(t, searchableLeftOut, all[1].Result)
	assert.Equal(t, searchableFailed, all[2].Result)
	assert.Equal(t, "NotFound", all[2].Failure.Type)
	left, err := os.ReadDir(to)
	require.NoError(t, err)
	assert.Len(t, left, 1, "no part of a file is left")

	out, words, code := f.starter("inspect", written, "--text")
	require.Equal(t, exitOK, code, words)
	assert.Contains(t, out, "The motion of the plaintiff is denied.")

	assert.Equal(t, searchableThere, search(exitOK, "1")[0].Result, "it is not written again")
	require.NoError(t, os.Remove(written))
	all = search(exitFailures, "1", "4", "5")
	require.Len(t, all, 3, "one that was not read keeps none from being written")
	assert.Equal(t, searchableWritten, all[0].Result)
	assert.Equal(t, searchableNotRead, all[1].Result)
	assert.Equal(t, "EncryptedDocument", all[1].Failure.Type)
	assert.Equal(t, searchableFile{Row: 5, Name: "waits.pdf", Result: searchableNotRead}, all[2])
	_, words, _ = f.starter("searchable", "b1", "4", "--to", to)
	assert.Contains(t, words, "1/1 row 4 locked.pdf: not read: DATA in extract: the document is encrypted")
	require.NoError(t, os.Remove(written))
	writeScan(t, scanned, "The motion of the plaintiff is granted.")
	assert.Equal(t, "SourceChanged", search(exitFailures, "1")[0].Failure.Type)
	search(exitFailed, "9")
	search(exitUsage, "first")
	search(exitUsage, "--ocr-languages", "--psm")
}
