package manifest_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch/manifest"
)

// read is everything a manifest gives: entries, bad ones as "line: reason", and
// the error that ended it.
func read(t *testing.T, text string, f manifest.Format) (entries []manifest.Entry, bad []string, fatal error) {
	t.Helper()
	// One byte at a time: no result may depend on how reads fall.
	return collect(iotest.OneByteReader(strings.NewReader(text)), f)
}

func collect(r io.Reader, f manifest.Format) (entries []manifest.Entry, bad []string, fatal error) {
	for e, err := range manifest.Read(r, f) {
		var ee *manifest.EntryError
		switch {
		case errors.As(err, &ee):
			bad = append(bad, fmt.Sprintf("%d: %s", ee.Line, ee.Reason))
		case err != nil:
			fatal = err
		default:
			entries = append(entries, e)
		}
	}
	return entries, bad, fatal
}

type meta = map[string]string

func TestCSV(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text    string
		entries []manifest.Entry
		bad     []string
	}{
		"path alone": {
			text:    "path\na.pdf\nb.pdf\n",
			entries: []manifest.Entry{{Line: 2, Path: "a.pdf"}, {Line: 3, Path: "b.pdf"}},
		},
		"byte order mark, CRLF, no last line end": {
			text:    "\uFEFFpath,id\r\na.pdf,1\r\nb.pdf,2",
			entries: []manifest.Entry{{Line: 2, Path: "a.pdf", ID: "1"}, {Line: 3, Path: "b.pdf", ID: "2"}},
		},
		"alias in any case, metadata in lower case, empty cells left out": {
			text: "Docket,URI,ID,Court\n17-2,s3://b/k, x ,\n",
			entries: []manifest.Entry{
				{Line: 2, Path: "s3://b/k", ID: "x", Metadata: meta{"docket": "17-2"}},
			},
		},
		"quoted cells with commas, quotes and lines": {
			text: "path,title\n\"a, b.pdf\", \"In re \"\"X\"\"\nand Y\"\nc.pdf,Z\n",
			entries: []manifest.Entry{
				{Line: 2, Path: "a, b.pdf", Metadata: meta{"title": "In re \"X\"\nand Y"}},
				{Line: 4, Path: "c.pdf", Metadata: meta{"title": "Z"}},
			},
		},
		"blank lines are no entries": {
			text:    "\n\npath\n\na.pdf\n  \n",
			entries: []manifest.Entry{{Line: 5, Path: "a.pdf"}},
		},
		"bad rows fail alone": {
			text: "path,id\n,1\na.pdf\nb.pdf,2,3\nc\x00.pdf,4\n\"  \",5\nd.pdf,6\n",
			bad: []string{
				"2: no path", "3: 1 cells, but the header has 2 columns", "4: 3 cells, but the header has 2 columns",
				"5: NUL byte", "6: no path",
			},
			entries: []manifest.Entry{{Line: 7, Path: "d.pdf", ID: "6"}},
		},
		"a quote that is never closed takes no other row along": {
			text:    "path,id\n\"a.pdf,1\nb.pdf,2\nc.pdf,3\n",
			bad:     []string{`2: quoted cell is not closed, or text follows its closing quote (")`},
			entries: []manifest.Entry{{Line: 3, Path: "b.pdf", ID: "2"}, {Line: 4, Path: "c.pdf", ID: "3"}},
		},
		"nor does one that a later row seems to close": {
			text:    "path,id\n\"a.pdf,1\nb.pdf,2\n\"c.pdf\",3\n\"d.pdf,4\ne.pdf,5\n",
			bad:     []string{`2: quoted cell is not closed, or text follows its closing quote (")`, `5: quoted cell is not closed, or text follows its closing quote (")`},
			entries: []manifest.Entry{{Line: 3, Path: "b.pdf", ID: "2"}, {Line: 4, Path: "c.pdf", ID: "3"}, {Line: 6, Path: "e.pdf", ID: "5"}},
		},
		"quote within an unquoted cell": {
			text:    "path\na\"b.pdf\nc.pdf\n",
			bad:     []string{`2: quote (") inside a cell that is not quoted`},
			entries: []manifest.Entry{{Line: 3, Path: "c.pdf"}},
		},
		"a line that is too long fails alone": {
			text:    "path\n" + strings.Repeat("é", manifest.MaxEntryBytes/2+1) + "\nb.pdf\n",
			bad:     []string{"2: longer than 1 MiB"},
			entries: []manifest.Entry{{Line: 3, Path: "b.pdf"}},
		},
		"column without a name": {
			text:    "path,,\na.pdf,,\nb.pdf,x,\n",
			bad:     []string{"3: value in column 2, which has no name"},
			entries: []manifest.Entry{{Line: 2, Path: "a.pdf"}},
		},
		"id that is too long, or has control characters": {
			text: "path,id\na.pdf," + strings.Repeat("x", 257) + "\nb.pdf,\"x\ty\"\n",
			bad:  []string{"2: id longer than 256 bytes", "3: control character in the id"},
		},
		"header alone": {text: "path\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entries, bad, fatal := read(t, tc.text, manifest.CSV)
			require.NoError(t, fatal)
			assert.Equal(t, tc.bad, bad)
			assert.Equal(t, tc.entries, entries)
		})
	}
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	manyColumns := "path"
	for i := range manifest.MaxMetadataKeys + 1 {
		manyColumns += fmt.Sprintf(",m%d", i)
	}
	for name, tc := range map[string]struct {
		text   string
		format manifest.Format
		want   string
		first  int // entries before the error
	}{
		"empty CSV":              {"", manifest.CSV, "line 1: the manifest is empty; it needs a header with a path column", 0},
		"no path column":         {"name,id\na,b\n", manifest.CSV, "line 1: header: no column named path, uri, url or file", 0},
		"semicolons":             {"path;id\na;b\n", manifest.CSV, "line 1: header: no column named path; columns are separated by commas", 0},
		"CR line ends":           {"path\ra.pdf\rb.pdf", manifest.CSV, "line 1: header: no column named path; lines end in LF or CRLF, not CR", 0},
		"column twice":           {"path,Court,court\n", manifest.CSV, `line 1: header: column 3 has the name of column 2 ("court"); rename one`, 0},
		"two path columns":       {"path,id,URL\n", manifest.CSV, `line 1: header: columns 1 and 3 ("path" and "url") both name the path; rename one`, 0},
		"too many columns":       {manyColumns, manifest.CSV, "line 1: header: 65 metadata columns; at most 64", 0},
		"header with bad quotes": {"pa\"th\n", manifest.CSV, `line 1: header: quote (") inside a cell that is not quoted`, 0},
		"Windows-1252 CSV": {"path\na.pdf\nMu\xf1oz.pdf\n", manifest.CSV,
			"line 3: the manifest is not UTF-8; convert it first, such as with: iconv -f WINDOWS-1252 -t UTF-8", 1},
		"Windows-1252 JSONL": {"\"a.pdf\"\n\n\"Mu\xf1oz.pdf\"\n", manifest.JSONL,
			"line 3: the manifest is not UTF-8; convert it first, such as with: iconv -f WINDOWS-1252 -t UTF-8", 1},
		"Windows-1252 JSON": {"[\"a.pdf\",\n\n\"Mu\xf1oz.pdf\"]", manifest.JSON,
			"line 3: the manifest is not UTF-8; convert it first, such as with: iconv -f WINDOWS-1252 -t UTF-8", 1},
		"cut character":      {"[\"a.pdf\",\n\"b\xc3", manifest.JSON, "line 2: the manifest is not UTF-8; convert it first, such as with: iconv -f WINDOWS-1252 -t UTF-8", 1},
		"UTF-16":             {"\xff\xfep\x00a\x00", manifest.CSV, "line 1: the manifest is UTF-16, not UTF-8; convert it first, such as with: iconv -f UTF-16 -t UTF-8", 0},
		"empty JSON":         {" \n", manifest.JSON, "line 1: the manifest is empty; it needs an array of entries", 0},
		"JSON object":        {"\n{\"path\": \"a\"}", manifest.JSON, "line 2: not an array; a JSON manifest is an array of paths or objects (name one entry per line .jsonl)", 0},
		"JSON syntax":        {"[\"a.pdf\",\n\n oops]", manifest.JSON, "line 3: not JSON: invalid character looking for beginning of value", 1},
		"JSON comma missing": {"[\"a.pdf\",\n\"b.pdf\"\n\"c.pdf\"]", manifest.JSON, "line 3: not JSON: expected comma after array element", 2},
		"JSON cut short":     {"[\"a.pdf\",\n\"b.pdf\"\n", manifest.JSON, "line 3: not JSON: the manifest ends before its array does", 2},
		"JSON value cut":     {"[\n{\"path\":\n", manifest.JSON, "line 3: not JSON: the manifest ends before its array does", 0},
		"JSON after array":   {"[\"a.pdf\"]\n[]", manifest.JSON, "line 2: text after the end of the array", 1},
		"JSON entry too big": {"[\"a\",\n\"" + strings.Repeat("x", 2*manifest.MaxEntryBytes) + "\"]", manifest.JSON,
			"line 2: an entry longer than 1 MiB", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entries, bad, fatal := collect(strings.NewReader(tc.text), tc.format)
			require.EqualError(t, fatal, tc.want)
			var syntax *manifest.SyntaxError
			require.ErrorAs(t, fatal, &syntax)
			assert.Len(t, entries, tc.first)
			assert.Empty(t, bad)

			_, _, bytewise := read(t, tc.text, tc.format)
			require.EqualError(t, bytewise, tc.want, "read byte by byte")
		})
	}
}

// values are JSON values and the entries they are, or their faults.
var values = map[string]struct {
	value string
	entry manifest.Entry
	bad   string
}{
	"path":    {value: `"a b.pdf"`, entry: manifest.Entry{Path: "a b.pdf"}},
	"escapes": {value: `"Mu\u00f1oz\/x.pdf"`, entry: manifest.Entry{Path: "Muñoz/x.pdf"}},
	"object": {value: `{"path": "a", "id": "1", "metadata": {"Court": "9th Cir.", "year": 2024, "sealed": false, "none": null, "blank": ""}}`,
		entry: manifest.Entry{Path: "a", ID: "1", Metadata: meta{"court": "9th Cir.", "year": "2024", "sealed": "false"}}},
	"uri, other keys": {value: `{"docket": "17-2", "URI": "gs://b/k", "id": 12}`,
		entry: manifest.Entry{Path: "gs://b/k", ID: "12", Metadata: meta{"docket": "17-2"}}},
	"null id and metadata":   {value: `{"file": "a", "id": null, "metadata": null}`, entry: manifest.Entry{Path: "a"}},
	"number":                 {value: `12`, bad: "neither a path nor an object"},
	"null":                   {value: `null`, bad: "neither a path nor an object"},
	"array":                  {value: `["a"]`, bad: "neither a path nor an object"},
	"empty path":             {value: `""`, bad: "no path"},
	"no path":                {value: `{"id": "1"}`, bad: "no path"},
	"path not a string":      {value: `{"path": 7}`, bad: "path is not a string"},
	"two paths":              {value: `{"path": "a", "uri": "b"}`, bad: `both "path" and "uri"`},
	"key twice":              {value: `{"path": "a", "Path": "b"}`, bad: "a key twice"},
	"metadata key twice":     {value: `{"path": "a", "metadata": {"k": "", "K": "v"}}`, bad: "a metadata key twice"},
	"metadata in two places": {value: `{"path": "a", "k": "v", "metadata": {"k": "w"}}`, bad: "a metadata key twice"},
	"metadata not an object": {value: `{"path": "a", "metadata": "x"}`, bad: "metadata is not an object"},
	"nested metadata":        {value: `{"path": "a", "metadata": {"k": {}}}`, bad: "a metadata value is neither a string nor a number nor a boolean"},
	"nested value":           {value: `{"path": "a", "k": []}`, bad: "a value is neither a string nor a number nor a boolean"},
	"NUL":                    {value: `"a\u0000b"`, bad: "NUL byte in the path"},
	"too much metadata":      {value: `{"path": "a", ` + keys(65) + `}`, bad: "more than 64 metadata keys"},
}

func keys(n int) string {
	var b []string
	for i := range n {
		b = append(b, fmt.Sprintf(`"k%d": "v"`, i))
	}
	return strings.Join(b, ", ")
}

// Each value stands between two good ones, which must be read whatever it is.
func TestJSONValues(t *testing.T) {
	t.Parallel()
	for name, tc := range values {
		for format, text := range map[manifest.Format]string{
			manifest.JSONL: "\uFEFF\"first\"\n\n" + tc.value + "\r\n\"last\"",
			manifest.JSON:  "\uFEFF[\"first\",\n\n " + tc.value + ",\n\"last\"]\n",
		} {
			t.Run(name+" "+string(format), func(t *testing.T) {
				t.Parallel()
				entries, bad, fatal := read(t, text, format)
				require.NoError(t, fatal)
				want := []manifest.Entry{{Line: 1, Path: "first"}, {Line: 4, Path: "last"}}
				if tc.bad == "" {
					entry := tc.entry
					entry.Line = 3
					want = []manifest.Entry{want[0], entry, want[1]}
					assert.Empty(t, bad)
				} else {
					assert.Equal(t, []string{"3: " + tc.bad}, bad)
				}
				assert.Equal(t, want, entries)
			})
		}
	}
}

func TestJSONLBadLinesFailAlone(t *testing.T) {
	t.Parallel()
	text := "\"a\"\n{\"path\": oops}\n{\"path\":\n\"b\" \"c\"\n\"" + strings.Repeat("x", manifest.MaxEntryBytes) + "\"\n\"d\"\n"
	entries, bad, fatal := read(t, text, manifest.JSONL)
	require.NoError(t, fatal)
	assert.Equal(t, []manifest.Entry{{Line: 1, Path: "a"}, {Line: 6, Path: "d"}}, entries)
	assert.Equal(t, []string{
		"2: not JSON: invalid character looking for beginning of value",
		"3: not JSON: unexpected end of JSON input",
		"4: not JSON: invalid character after top-level value",
		"5: longer than 1 MiB",
	}, bad)
}

func TestJSONEntriesOnSeveralLines(t *testing.T) {
	t.Parallel()
	entries, bad, fatal := read(t, "\n[\n{\n\"path\":\n\"a\"}\n,\n\n{\"path\":\"b\"},{\"path\":\"c\"}\n]\n", manifest.JSON)
	require.NoError(t, fatal)
	assert.Empty(t, bad)
	assert.Equal(t, []manifest.Entry{{Line: 3, Path: "a"}, {Line: 8, Path: "b"}, {Line: 8, Path: "c"}}, entries)

	entries, _, fatal = read(t, "[]", manifest.JSON)
	require.NoError(t, fatal)
	assert.Empty(t, entries)
}

func TestStopsWhenAskedTo(t *testing.T) {
	t.Parallel()
	for format, text := range map[manifest.Format]string{
		manifest.CSV: "path\na\nb\n\xff", manifest.JSON: "[\"a\",\"b\",\n\xff", manifest.JSONL: "\"a\"\n\"b\"\n\xff",
	} {
		n := 0
		for _, err := range manifest.Read(iotest.OneByteReader(strings.NewReader(text)), format) {
			require.NoError(t, err, "%s", format)
			n++
			break
		}
		assert.Equal(t, 1, n, "%s", format)
	}
}

func TestReadErrorsEndIt(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken disk")
	for format, text := range map[manifest.Format]string{manifest.CSV: "path\na\n", manifest.JSON: "[\"a\",", manifest.JSONL: "\"a\"\n"} {
		r := io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken))
		entries, _, fatal := collect(r, format)
		require.ErrorIs(t, fatal, broken, "%s", format)
		assert.Len(t, entries, 1, "%s", format)
	}
	_, _, fatal := collect(strings.NewReader("x"), "xml")
	require.ErrorIs(t, fatal, manifest.ErrUnknownFormat)
}

// endless repeats a row for ever.
type endless struct{ row, rest string }

func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" {
		e.rest = e.row
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// A reader that kept the whole manifest would never give an entry.
func TestStreams(t *testing.T) {
	t.Parallel()
	const rows = 50_000
	for format, text := range map[manifest.Format]struct{ head, row string }{
		manifest.CSV:   {"path,id\n", "folder/file.pdf,17\n"},
		manifest.JSON:  {"[\n\"first.pdf\"\n", ",\"folder/file.pdf\"\n"},
		manifest.JSONL: {"\n", "\"folder/file.pdf\"\n"},
	} {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			r := io.MultiReader(strings.NewReader(text.head), &endless{row: text.row})
			n := 0
			for e, err := range manifest.Read(r, format) {
				require.NoError(t, err)
				if n++; n == rows {
					assert.Equal(t, rows+1, e.Line)
					break
				}
			}
		})
	}
}

func TestDetectFormat(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		name, head string
		want       manifest.Format
	}{
		"csv":               {"a.CSV", "[", manifest.CSV},
		"json":              {"a.json", "", manifest.JSON},
		"jsonl":             {"dir.csv/a.jsonl", "", manifest.JSONL},
		"ndjson":            {"a.ndjson", "", manifest.JSONL},
		"array":             {"list", "\uFEFF \n[\"a\"", manifest.JSON},
		"objects":           {"list.txt", "{\"path\":", manifest.JSONL},
		"header":            {"list.txt", "id, \"File\"\n1,a", manifest.CSV},
		"text":              {"list.txt", "a.pdf\nb.pdf\n", ""},
		"spreadsheet":       {"list.xlsx", "PK\x03\x04\x00path,", ""},
		"empty and unnamed": {"list", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := manifest.DetectFormat(tc.name, []byte(tc.head))
			assert.Equal(t, tc.want, got)
			if tc.want == "" {
				require.ErrorIs(t, err, manifest.ErrUnknownFormat)
			} else {
				require.NoError(t, err)
			}
		})
	}
}
