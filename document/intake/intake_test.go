package intake_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/batch/manifest"
	"github.com/caseload/caseload/document/intake"
	"github.com/caseload/caseload/document/source"
)

// setup makes a folder with files in it and beside it, and a source.
func setup(t *testing.T, cfg source.Config, files map[string]string) (dir string, src *source.Source) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "matter")
	for name, content := range files {
		p := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(p), 0o700))
		require.NoError(t, os.WriteFile(p, []byte(content), 0o600))
	}
	src = source.New(cfg)
	t.Cleanup(func() { require.NoError(t, src.Close()) })
	return dir, src
}

func open(t *testing.T, src *source.Source, req intake.Request) *intake.Intake {
	t.Helper()
	in, err := intake.Open(t.Context(), src, req)
	require.NoError(t, err)
	return in
}

func items(t *testing.T, in *intake.Intake) []intake.Item {
	t.Helper()
	var out []intake.Item
	for it, err := range in.Items(t.Context()) {
		require.NoError(t, err)
		out = append(out, it)
		require.Equal(t, len(out), it.Row, "rows are numbered without gaps")
		if it.Problem != nil {
			require.Equal(t, batch.StageFetch, it.Problem.Stage)
			require.NotEmpty(t, it.Problem.Fingerprint)
			require.NotEmpty(t, it.ProblemDetail)
		}
	}
	return out
}

// told is an item as one line.
func told(it intake.Item) string {
	s := fmt.Sprintf("%d line %d %s", it.Row, it.Line, it.Name)
	if it.Problem == nil {
		return s
	}
	return fmt.Sprintf("%s: %s %s: %s", s, it.Problem.Category, it.Problem.Type, it.Problem.Message)
}

func allTold(items []intake.Item) []string {
	var out []string
	for _, it := range items {
		out = append(out, told(it))
	}
	return out
}

func TestManifestRows(t *testing.T) {
	t.Parallel()
	dir, src := setup(t, source.Config{MaxBytes: 10}, map[string]string{
		"a.pdf": "aaa", "sub/b.pdf": "bb", "c.pdf": "c", "empty.pdf": "", "large.pdf": "12345678901", "../outside.pdf": "x", "d,e.pdf": "de",
		"m.csv": strings.Join([]string{
			"path,id,court",
			"a.pdf,1,9th Cir.",            // 1
			"./sub/../sub/b.pdf,2,",       // 2
			"missing.pdf,3,",              // 3
			",4,",                         // 4: no path
			"a.pdf,5,",                    // 5: the path of 1
			"c.pdf,2,",                    // 6: the ID of 2
			"empty.pdf,7,",                // 7
			"../outside.pdf,8,",           // 8
			"link.pdf,9,",                 // 9: leads outside
			"sub,10,",                     // 10: a folder
			"https://example.org/x.pdf,,", // 11
			"c.pdf,3,",                    // 12: the ID of 3, which is bad
			"too,many,cells,here",         // 13
			"large.pdf,,",                 // 14
			"/etc/passwd,,",               // 15
			"\"d,e.pdf\",,",               // 16
			"ftp://example.org/x.pdf,,",   // 17
			"s3://bucket/k/x.pdf,s3,",     // 18
			"s3://bucket/k/x.pdf,,",       // 19
			"inside.pdf,,",                // 20: a link to a.pdf
			"a.pdf/x,,",                   // 21: below a file
		}, "\n") + "\n",
	})
	require.NoError(t, os.Symlink("../outside.pdf", filepath.Join(dir, "link.pdf")))
	require.NoError(t, os.Symlink("a.pdf", filepath.Join(dir, "inside.pdf")))

	in := open(t, src, intake.Request{Target: filepath.Join(dir, "m.csv")})
	assert.Equal(t, intake.KindManifest, in.Kind)
	assert.Equal(t, 21, in.Rows)
	got := items(t, in)
	const outside = "CONFIGURATION OutsideRoot: the path leaves the root folder, by itself or by a symbolic link; name a root that holds it"
	assert.Equal(t, []string{
		"1 line 2 a.pdf",
		"2 line 3 sub/b.pdf",
		"3 line 4 missing.pdf: DATA NotFound: no such file at the source",
		"4 line 5 : DATA BadEntry: no path",
		"5 line 6 a.pdf: DATA Duplicate: duplicate of row 1",
		"6 line 7 c.pdf: DATA DuplicateID: same id as row 2",
		"7 line 8 empty.pdf: DATA EmptyFile: the file is empty",
		"8 line 9 outside.pdf: " + outside,
		"9 line 10 link.pdf: " + outside,
		"10 line 11 sub: DATA NotAFile: the source is not a regular file",
		"11 line 12 example.org/x.pdf: CONFIGURATION HTTPSourcesOff: http sources are off; turn them on with sources.http: true or CASELOAD_SOURCES_HTTP=true",
		"12 line 13 c.pdf",
		"13 line 14 : DATA BadEntry: 4 cells, but the header has 3 columns",
		"14 line 15 large.pdf: DATA TooLarge: the file has 11 bytes, the limit is 10; raise sources.max_bytes or leave the file out",
		"15 line 16 passwd: " + outside,
		"16 line 17 d,e.pdf",
		"17 line 18 example.org/x.pdf: DATA UnsupportedScheme: the URI's scheme is not supported; use a path, file, s3, gs, azblob, http or https",
		"18 line 19 bucket/k/x.pdf",
		"19 line 20 bucket/k/x.pdf: DATA Duplicate: duplicate of row 18",
		"20 line 21 inside.pdf: DATA Duplicate: duplicate of row 1",
		"21 line 22 a.pdf/x: DATA NotFound: no such file at the source",
	}, allTold(got))

	assert.Equal(t, intake.Item{
		Row: 1, Line: 2, URI: filepath.Join(dir, "a.pdf"), Name: "a.pdf", DocumentID: "1",
		Metadata: map[string]string{"court": "9th Cir."}, Bytes: 3,
	}, got[0])
	assert.Equal(t, filepath.Join(dir, "sub/b.pdf"), got[1].URI)
	assert.Equal(t, "s3://bucket/k/x.pdf", got[17].URI)
	assert.Equal(t, "missing.pdf: no such file at the source", got[2].ProblemDetail)
	assert.Equal(t, "../outside.pdf: outside of "+dir+", by itself or by a symbolic link; give --root DIR with a folder that holds it", got[7].ProblemDetail)

	var c intake.Counts
	for _, it := range got {
		c.Add(it)
	}
	assert.Equal(t, c.Rows, c.Good+c.Bad)
	assert.Equal(t, intake.Counts{Rows: 21, Good: 5, Bad: 16, Bytes: 3 + 2 + 1 + 2, Problems: map[string]int{
		"NotFound": 2, "BadEntry": 2, "Duplicate": 3, "DuplicateID": 1, "EmptyFile": 1, "OutsideRoot": 3, "NotAFile": 1,
		"HTTPSourcesOff": 1, "TooLarge": 1, "UnsupportedScheme": 1,
	}}, c)
	assert.Equal(t, got, items(t, in), "the items can be read again")
}

func TestRoot(t *testing.T) {
	t.Parallel()
	dir, src := setup(t, source.Config{}, map[string]string{"lists/m.jsonl": "", "files/a b.pdf": "a", "../outside.pdf": "x"})
	m := filepath.Join(dir, "lists", "m.jsonl")
	entries := []string{"../files/a b.pdf", filepath.Join(dir, "files/../files/a b.pdf"), "file://" + dir + "/files/a%20b.pdf", "../../outside.pdf"}
	require.NoError(t, os.WriteFile(m, []byte(`"`+strings.Join(entries, "\"\n\"")+`"`), 0o600))

	for _, it := range items(t, open(t, src, intake.Request{Target: m})) {
		assert.Equal(t, "OutsideRoot", it.Problem.Type, "%s", it.ProblemDetail)
	}
	got := items(t, open(t, src, intake.Request{Target: m, Root: dir}))
	assert.Nil(t, got[0].Problem)
	assert.Equal(t, "files/a b.pdf", got[0].Name)
	assert.Equal(t, filepath.Join(dir, "files/a b.pdf"), got[0].URI)
	assert.Equal(t, "duplicate of row 1", got[1].Problem.Message)
	assert.Equal(t, "duplicate of row 1", got[2].Problem.Message)
	assert.Equal(t, "OutsideRoot", got[3].Problem.Type)

	assert.Nil(t, items(t, open(t, src, intake.Request{Target: m, Root: "/"}))[3].Problem)
}

func TestFolder(t *testing.T) {
	t.Parallel()
	dir, src := setup(t, source.Config{MaxBytes: 10}, map[string]string{
		"b.pdf": "b", "a/2.pdf": "22", ".caseload/db": "x", "a/.hidden": "x", "empty": "", "large": "12345678901", "../outside.pdf": "x", "m.csv": "path\n",
	})
	require.NoError(t, os.Symlink("../outside.pdf", filepath.Join(dir, "link.pdf")))
	in := open(t, src, intake.Request{Target: dir})
	assert.Equal(t, intake.KindFolder, in.Kind)
	assert.Equal(t, -1, in.Rows)
	got := items(t, in)
	assert.Equal(t, []string{
		"1 line 0 a/2.pdf",
		"2 line 0 b.pdf",
		"3 line 0 empty: DATA EmptyFile: the file is empty",
		"4 line 0 large: DATA TooLarge: the file has 11 bytes, the limit is 10; raise sources.max_bytes or leave the file out",
		"5 line 0 link.pdf: CONFIGURATION OutsideRoot: the path leaves the root folder, by itself or by a symbolic link; name a root that holds it",
		"6 line 0 m.csv",
	}, allTold(got))
	assert.Equal(t, filepath.Join(dir, "a", "2.pdf"), got[0].URI)
	assert.EqualValues(t, 2, got[0].Bytes)
}

func TestFile(t *testing.T) {
	t.Parallel()
	dir, src := setup(t, source.Config{}, map[string]string{"a.pdf": "a", "empty.pdf": "", "list.txt": "path\na.pdf\n"})
	in := open(t, src, intake.Request{Target: filepath.Join(dir, "a.pdf")})
	assert.Equal(t, intake.KindFile, in.Kind)
	assert.Equal(t, []intake.Item{{Row: 1, URI: filepath.Join(dir, "a.pdf"), Name: "a.pdf", Bytes: 1}}, items(t, in))
	assert.Equal(t, "EmptyFile", items(t, open(t, src, intake.Request{Target: filepath.Join(dir, "empty.pdf")}))[0].Problem.Type)
	assert.Equal(t, "OutsideRoot", items(t, open(t, src, intake.Request{Target: filepath.Join(dir, "a.pdf"), Root: t.TempDir()}))[0].Problem.Type)

	listed := items(t, open(t, src, intake.Request{Target: filepath.Join(dir, "list.txt"), Format: manifest.CSV}))
	assert.Equal(t, []string{"1 line 2 a.pdf"}, allTold(listed))
}

func TestRelativeTarget(t *testing.T) {
	dir, src := setup(t, source.Config{}, map[string]string{"sub/a.pdf": "a", "sub/m.csv": "path\na.pdf\n"})
	t.Chdir(dir)
	for _, target := range []string{"sub", "sub/a.pdf", "sub/m.csv", "./sub/"} {
		got := items(t, open(t, src, intake.Request{Target: target}))
		assert.Equal(t, filepath.Join(dir, "sub/a.pdf"), got[0].URI, target)
		assert.Nil(t, got[0].Problem)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	dir, src := setup(t, source.Config{}, map[string]string{
		"empty.csv": "", "header.csv": "path\n", "columns.csv": "name\nx\n", "none.json": "[]", "object.json": "{}",
		"late.csv": "path\n" + strings.Repeat("a.pdf\n", 50) + "\xff\n", "only-hidden/.x": "x", "a.pdf": "a",
	})
	for target, want := range map[string]string{
		"nothing":     "no such file or folder; check the path",
		"empty.csv":   "line 1: the manifest is empty; it needs a header with a path column",
		"header.csv":  "the manifest has no entries",
		"none.json":   "the manifest has no entries",
		"columns.csv": "line 1: header: no column named path, uri, url or file",
		"object.json": "line 1: not an array",
		"late.csv":    "line 52: the manifest is not UTF-8; convert it first, such as with: iconv -f WINDOWS-1252 -t UTF-8",
		"only-hidden": "no documents in it; hidden files are left out",
		"a.pdf/x":     "no such file or folder",
		"/dev/null":   "the source is not a regular file",
	} {
		if !filepath.IsAbs(target) {
			target = filepath.Join(dir, target)
		}
		_, err := intake.Open(t.Context(), src, intake.Request{Target: target})
		require.ErrorContains(t, err, want, target)
		require.ErrorContains(t, err, target+": ")
	}
	for _, req := range []intake.Request{{}, {Target: dir, Root: filepath.Join(dir, "nowhere")}, {Target: dir, Root: filepath.Join(dir, "a.pdf")}, {Target: dir, Root: t.TempDir()}} {
		_, err := intake.Open(t.Context(), src, req)
		require.Error(t, err, "%+v", req)
	}
	_, err := intake.Open(t.Context(), src, intake.Request{Target: "https://example.org/m.csv"})
	require.ErrorContains(t, err, "sources.http: true")
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	if os.Getuid() == 0 {
		t.Skip("root may read anything")
	}
	dir, src := setup(t, source.Config{}, map[string]string{"a.pdf": "a", "sub/b.pdf": "b", "m.csv": "path\na.pdf\nsub/b.pdf\nm.csv\n"})
	sub := filepath.Join(dir, "sub")
	require.NoError(t, os.Chmod(filepath.Join(dir, "a.pdf"), 0))
	require.NoError(t, os.Chmod(sub, 0))
	t.Cleanup(func() { require.NoError(t, os.Chmod(sub, 0o700)) })
	for _, target := range []string{dir, filepath.Join(dir, "m.csv")} {
		var c intake.Counts
		for _, it := range items(t, open(t, src, intake.Request{Target: target})) {
			c.Add(it)
		}
		assert.Equal(t, map[string]int{"PermissionDenied": 2}, c.Problems)
		assert.Equal(t, 1, c.Good)
	}
	_, err := intake.Open(t.Context(), src, intake.Request{Target: filepath.Join(sub, "b.pdf")})
	require.ErrorContains(t, err, "permission denied")
}

// A manifest that lies elsewhere names what lies beside it, and no local file.
func TestRemoteManifest(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/matters/m.csv" {
			http.NotFound(w, r)
			return
		}
		_, err := w.Write([]byte("path\na b.pdf\nsub/b.pdf\n../c.pdf\n/etc/passwd\nhttps://example.org/x.pdf\nsub/../a b.pdf\n"))
		assert.NoError(t, err)
	}))
	t.Cleanup(srv.Close)
	dir, src := setup(t, source.Config{AllowHTTP: true, AllowPrivate: true}, map[string]string{"local.pdf": "x"})

	in := open(t, src, intake.Request{Target: srv.URL + "/matters/m.csv?token=1"})
	assert.Equal(t, 6, in.Rows)
	got := items(t, in)
	assert.Equal(t, srv.URL+"/matters/a%20b.pdf", got[0].URI)
	assert.Equal(t, "a b.pdf", got[0].Name)
	assert.Equal(t, srv.URL+"/matters/sub/b.pdf", got[1].URI)
	assert.Equal(t, "OutsideRoot", got[2].Problem.Type)
	assert.Equal(t, "OutsideRoot", got[3].Problem.Type)
	assert.Nil(t, got[4].Problem)
	assert.Equal(t, "duplicate of row 1", got[5].Problem.Message)

	with := items(t, open(t, src, intake.Request{Target: srv.URL + "/matters/m.csv", Root: dir}))
	assert.Equal(t, "OutsideRoot", with[3].Problem.Type)
	_, err := intake.Open(t.Context(), src, intake.Request{Target: srv.URL + "/other.csv"})
	require.ErrorContains(t, err, "no such file or folder")
}

func TestStoredProblemsNameNothing(t *testing.T) {
	t.Parallel()
	dir, src := setup(t, source.Config{}, map[string]string{"secret.pdf": "x", "m.jsonl": strings.Join([]string{
		`"secret-missing.pdf"`, `"secret.pdf"`, `"secret.pdf"`, `"../secret.pdf"`, `"gopher://secret"`, `"secret`, `{"secret":"x"}`,
		`"https://secret/"`, `"s3://secret/x?secret=1"`, `"secret\nline.pdf"`,
	}, "\n")})
	got := items(t, open(t, src, intake.Request{Target: filepath.Join(dir, "m.jsonl")}))
	require.Len(t, got, 10)
	for i, it := range got {
		if i == 1 {
			require.Nil(t, it.Problem)
			continue
		}
		require.NotNil(t, it.Problem, "row %d", it.Row)
		assert.NotContains(t, it.Problem.Message, "secret")
		assert.NotContains(t, it.ProblemDetail, "\n", "a name cannot write to the terminal")
	}
}

func TestStopsAndCancels(t *testing.T) {
	t.Parallel()
	dir, src := setup(t, source.Config{}, map[string]string{"a.pdf": "a", "b.pdf": "b", "m.csv": "path\na.pdf\nb.pdf\n"})
	for _, target := range []string{dir, filepath.Join(dir, "m.csv"), filepath.Join(dir, "a.pdf")} {
		in := open(t, src, intake.Request{Target: target})
		n := 0
		for _, err := range in.Items(t.Context()) {
			require.NoError(t, err)
			n++
			break
		}
		assert.Equal(t, 1, n)
	}
}

func BenchmarkManifest(b *testing.B) {
	dir := b.TempDir()
	var list strings.Builder
	list.WriteString("path,id\n")
	const rows = 100_000
	for i := range rows {
		name := fmt.Sprintf("%03d/%06d.pdf", i/1000, i)
		if i%1000 == 0 {
			if err := os.Mkdir(filepath.Join(dir, name[:3]), 0o700); err != nil {
				b.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			b.Fatal(err)
		}
		fmt.Fprintf(&list, "%s,doc-%d\n", name, i)
	}
	m := filepath.Join(dir, "m.csv")
	if err := os.WriteFile(m, []byte(list.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	src := source.New(source.Config{})
	b.ReportAllocs()
	for b.Loop() {
		in, err := intake.Open(b.Context(), src, intake.Request{Target: m})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for it, err := range in.Items(b.Context()) {
			if err != nil || it.Problem != nil {
				b.Fatal(err, it.ProblemDetail)
			}
			n++
		}
		if n != rows {
			b.Fatal(n)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
