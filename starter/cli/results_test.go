package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

// trouble is an entity whose name each format has to write with care.
var trouble = document.Entity{ID: "ent_trouble", Type: document.Org, Key: "trouble & co", Name: `=Trouble "&" <Co>, 1`, Aliases: []string{"t & c", "trouble"}}

// exportable has two documents, one of them with an attachment, and a row that is
// skipped since the first has its content.
func exportable(t *testing.T) *folder {
	f := newFolder(t)
	f.register("b1", 4, batch.Options{})
	f.read("b1", 1, []string{"Jane Roe", "cites 410 U.S. 113 – in 東京."}, roe, wade)
	f.read("b1", 2, []string{`=Trouble "&" <Co>, 1 sues Jane Roe.`}, trouble, roe)
	f.end(store.Row{Batch: "b1", Row: 3, Outcome: batch.OutcomeSkipped, Reason: batch.ReasonUnchanged, Document: "doc-1", SHA256: fmt.Sprintf("%064d", 1)})
	f.fail("b1", 4, noon, batch.StageFetch, batch.NewError(batch.Transient, "Timeout", "no answer"))
	f.status("b1", batch.StatusCompletedWithFailures, noon)
	return f
}

func (f *folder) export(args ...string) []byte {
	f.t.Helper()
	out, words, code := f.starter(append([]string{"results", "b1"}, args...)...)
	require.Equal(f.t, exitOK, code, words)
	return []byte(out)
}

// lines are the rows of a csv, by column.
func (f *folder) lines(args ...string) []map[string]string {
	f.t.Helper()
	all, err := csv.NewReader(bytes.NewReader(f.export(append(args, "--format", "csv")...))).ReadAll()
	require.NoError(f.t, err)
	lines := make([]map[string]string, len(all)-1)
	for i, l := range all[1:] {
		lines[i] = map[string]string{}
		for j, name := range all[0] {
			lines[i][name] = l[j]
		}
	}
	return lines
}

func parquetRowsOf[R any](f *folder, table string) []R {
	f.t.Helper()
	file := f.export("--format", "parquet", "--table", table)
	rows, err := parquet.Read[R](bytes.NewReader(file), int64(len(file)))
	require.NoError(f.t, err)
	return rows
}

func TestResultsAreTablesOfDocuments(t *testing.T) {
	t.Parallel()
	f := exportable(t)
	lines := f.lines()
	require.Len(t, lines, 3, "what failed was not read")
	assert.Equal(t, lines, f.lines("--table", "documents"))
	assert.Equal(t, map[string]string{
		"row": "1", "part": "", "document": "doc-1", "name": "0.txt", "uri": "/matters/0.txt", "outcome": "completed", "reason": "", "format": "text",
		"media_type": "text/plain", "kind": "", "kind_confidence": "", "kind_source": "", "sha256": fmt.Sprintf("%064d", 1), "bytes": "100", "pages": "2", "ocr_pages": "0", "characters": "38", "chunks": "2",
		"mentions": "2", "entities": "2", "relationships": "1", "warnings": "0", "metadata": "",
	}, lines[0])
	assert.Equal(t, []string{"completed", "skipped", "unchanged"}, []string{lines[1]["outcome"], lines[2]["outcome"], lines[2]["reason"]})

	rows := parquetRowsOf[documentRow](f, "documents")
	require.Len(t, rows, 3)
	assert.Equal(t, documentRow{
		Row: 1, Document: "doc-1", Name: "0.txt", URI: "/matters/0.txt", Outcome: "completed", Format: "text", MediaType: "text/plain",
		SHA256: fmt.Sprintf("%064d", 1), Bytes: 100, Pages: 2, Characters: 38, Chunks: 2, Mentions: 2, Entities: 2, Relationships: 1,
	}, rows[0])
}

func TestResultsTellWhatSortOfDocumentItIs(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 1, batch.Options{})
	f.read("b1", 1, []string{"UNITED STATES DISTRICT COURT\n\nORDER DENYING MOTION TO DISMISS\n\nThe motion is denied. IT IS SO ORDERED."})
	line := f.lines()[0]
	assert.Equal(t, "order", line["kind"])
	assert.Regexp(t, `^0\.[5-9]\d$`, line["kind_confidence"])
	assert.Empty(t, line["kind_source"])
	row := parquetRowsOf[documentRow](f, "documents")[0]
	assert.Equal(t, "order", row.Kind)
	assert.InDelta(t, 0.75, row.KindConfidence, 0.25)

	rows, err := documentRows(exported{Result: &document.Result{Kind: document.KindLetter, Certainty: 0.6, KindSource: document.SourceModel}})
	require.NoError(t, err)
	assert.Equal(t, []documentRow{{Kind: "letter", KindConfidence: 0.6, KindSource: "model"}}, rows)
}

func TestResultsAreTablesOfMentions(t *testing.T) {
	t.Parallel()
	f := exportable(t)
	lines := f.lines("--table", "mentions")
	require.Len(t, lines, 6)
	assert.Equal(t, map[string]string{
		"row": "1", "part": "", "document": "doc-1", "name": "0.txt", "page": "2", "start": "17", "end": "29", "type": "CASE_CITATION",
		"normalized": "410 U.S. 113", "text": "410 U.S. 113", "role": "", "confidence": "0.90", "entity": "ent_wade", "source": "",
	}, lines[1])
	assert.Equal(t, `'=Trouble "&" <Co>, 1`, lines[2]["text"], "no formula")
	rows := parquetRowsOf[mentionRow](f, "mentions")
	require.Len(t, rows, 6)
	assert.Equal(t, mentionRow{
		Row: 2, Document: "doc-2", Name: "1.txt", Page: 1, End: 20, Type: "ORG", Normalized: trouble.Key, Text: trouble.Name, Confidence: 0.9, Entity: trouble.ID,
	}, rows[2])
}

func TestResultsAreTablesOfEntitiesAndRelationships(t *testing.T) {
	t.Parallel()
	f := exportable(t)
	lines := f.lines("--table", "entities")
	require.Len(t, lines, 3)
	assert.Equal(t, map[string]string{
		"entity": trouble.ID, "type": "ORG", "key": trouble.Key, "name": "'" + trouble.Name, "aliases": "t & c | trouble", "documents": "1", "mentions": "1",
	}, lines[1])
	entities := parquetRowsOf[entityRow](f, "entities")
	assert.Equal(t, []entityRow{
		{Entity: roe.ID, Type: "PERSON", Key: roe.Key, Name: roe.Name, Aliases: roe.Aliases, Documents: 2, Mentions: 2},
		{Entity: trouble.ID, Type: "ORG", Key: trouble.Key, Name: trouble.Name, Aliases: trouble.Aliases, Documents: 1, Mentions: 1},
		{Entity: wade.ID, Type: "CASE_CITATION", Key: wade.Key, Name: wade.Name, Aliases: []string{}, Documents: 1, Mentions: 1},
	}, entities)

	lines = f.lines("--table", "relationships")
	require.Len(t, lines, 3)
	assert.Equal(t, map[string]string{
		"row": "2", "part": "", "document": "doc-2", "name": "1.txt", "page": "1", "start": "0", "end": "35", "type": "cites",
		"from": trouble.ID, "from_type": "ORG", "from_name": "'" + trouble.Name, "to": roe.ID, "to_type": "PERSON", "to_name": "Jane Roe", "confidence": "0.75", "source": "",
	}, lines[1])
	relationships := parquetRowsOf[relationshipRow](f, "relationships")
	require.Len(t, relationships, 3)
	assert.Equal(t, relationshipRow{
		Row: 1, Document: "doc-1", Name: "0.txt", Page: 1, End: 8, Type: "cites", From: roe.ID, FromType: "PERSON", FromName: "Jane Roe",
		To: wade.ID, ToType: "CASE_CITATION", ToName: "410 U.S. 113", Confidence: 0.75,
	}, relationships[0])
}

func TestResultsAreAGraph(t *testing.T) {
	t.Parallel()
	f := exportable(t)
	type element struct {
		ID     string `xml:"id,attr"`
		Source string `xml:"source,attr"`
		Target string `xml:"target,attr"`
		Data   []struct {
			Key   string `xml:"key,attr"`
			Value string `xml:",chardata"`
		} `xml:"data"`
	}
	var graph struct {
		XMLName xml.Name `xml:"http://graphml.graphdrawing.org/xmlns graphml"`
		Keys    []struct {
			ID   string `xml:"id,attr"`
			For  string `xml:"for,attr"`
			Name string `xml:"attr.name,attr"`
		} `xml:"key"`
		Graph struct {
			Directed string    `xml:"edgedefault,attr"`
			Nodes    []element `xml:"node"`
			Edges    []element `xml:"edge"`
		} `xml:"graph"`
	}
	require.NoError(t, xml.Unmarshal(f.export("--format", "graphml"), &graph))
	names := map[string]string{}
	for _, k := range graph.Keys {
		names[k.ID] = k.For + " " + k.Name
	}
	data := func(e element) map[string]string {
		all := map[string]string{}
		for _, d := range e.Data {
			require.Contains(t, names, d.Key)
			all[names[d.Key]] = d.Value
		}
		return all
	}
	assert.Equal(t, "directed", graph.Graph.Directed)
	nodes := map[string]map[string]string{}
	for _, n := range graph.Graph.Nodes {
		nodes[n.ID] = data(n)
	}
	require.Len(t, nodes, 3)
	assert.Equal(t, map[string]string{
		"node type": "ORG", "node name": trouble.Name, "node label": trouble.Name, "node key": trouble.Key, "node documents": "1", "node mentions": "1",
	}, nodes[trouble.ID])
	require.Len(t, graph.Graph.Edges, 2, "a document once, though two rows be of it")
	e := graph.Graph.Edges[1]
	assert.Equal(t, []string{"e2", trouble.ID, roe.ID}, []string{e.ID, e.Source, e.Target})
	assert.Equal(t, map[string]string{"edge type": "cites", "edge confidence": "0.75", "edge document": "doc-2", "edge start": "0", "edge end": "35"}, data(e))
	for _, e := range graph.Graph.Edges {
		assert.Contains(t, nodes, e.Source)
		assert.Contains(t, nodes, e.Target)
	}
}

func TestResultsOfNothingHaveColumnsAllTheSame(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 1, batch.Options{})
	assert.Equal(t, "entity,type,key,name,aliases,documents,mentions\n", string(f.export("--format", "csv", "--table", "entities")))
	assert.Empty(t, parquetRowsOf[mentionRow](f, "mentions"))
	assert.Contains(t, string(f.export("-o", "graphml")), "</graphml>")
	assert.Empty(t, f.export("-o", "json"))
}

func TestTextThatASpreadsheetWouldRunIsText(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"=1+1": "'=1+1", "+1 555 0100": "'+1 555 0100", "-2": "'-2", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "a=1": "a=1", "": "", "'=": "'=",
	} {
		assert.Equal(t, want, harmless(s))
	}
}

func TestResultsRefuseWhatHasNoTable(t *testing.T) {
	t.Parallel()
	f := exportable(t)
	for want, args := range map[string][]string{
		"--table mentions: only csv and parquet have tables": {"--table", "mentions"},
		"--table pages: want documents, mentions":            {"--table", "pages", "--format", "csv"},
		"--format xml: want jsonl, csv, parquet or graphml":  {"--format", "xml"},
	} {
		out, words, code := f.starter(append([]string{"results", "b1"}, args...)...)
		assert.Equal(t, exitUsage, code)
		assert.Empty(t, out)
		assert.Contains(t, words, want)
	}
	assert.Equal(t, 3, strings.Count(string(f.export()), "\n"))
}
