package cli

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"

	"github.com/caseload/caseload/store"
)

// graphHead declares what nodes and edges have: see http://graphml.graphdrawing.org.
const graphHead = xml.Header + `<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
  <key id="type" for="node" attr.name="type" attr.type="string"/>
  <key id="name" for="node" attr.name="name" attr.type="string"/>
  <key id="label" for="node" attr.name="label" attr.type="string"/>
  <key id="key" for="node" attr.name="key" attr.type="string"/>
  <key id="documents" for="node" attr.name="documents" attr.type="int"/>
  <key id="mentions" for="node" attr.name="mentions" attr.type="int"/>
  <key id="relation" for="edge" attr.name="type" attr.type="string"/>
  <key id="confidence" for="edge" attr.name="confidence" attr.type="double"/>
  <key id="document" for="edge" attr.name="document" attr.type="string"/>
  <key id="start" for="edge" attr.name="start" attr.type="int"/>
  <key id="end" for="edge" attr.name="end" attr.type="int"/>
  <graph id="relationships" edgedefault="directed">
`

const graphTail = `  </graph>
</graphml>
`

type graphNode struct {
	XMLName xml.Name    `xml:"node"`
	ID      string      `xml:"id,attr"`
	Data    []graphData `xml:"data"`
}

type graphEdge struct {
	XMLName xml.Name    `xml:"edge"`
	ID      string      `xml:"id,attr"`
	Source  string      `xml:"source,attr"`
	Target  string      `xml:"target,attr"`
	Data    []graphData `xml:"data"`
}

type graphData struct {
	Key   string `xml:"key,attr"`
	Value string `xml:",chardata"`
}

func graphDatum(key string, value any) graphData { return graphData{key, fmt.Sprint(value)} }

// writeGraph writes the entities that a batch's documents mention, and how they are
// related: each document once, though several rows be of its content.
func writeGraph(ctx context.Context, st *store.Store, b store.Batch, out io.Writer) error {
	if _, err := io.WriteString(out, graphHead); err != nil {
		return err
	}
	enc := xml.NewEncoder(out)
	enc.Indent("    ", "")
	err := eachEntity(ctx, st, b, func(e store.EntityCount) error {
		return enc.Encode(graphNode{ID: e.ID, Data: []graphData{
			graphDatum("type", e.Type), graphDatum("name", e.Name), graphDatum("key", e.Key),
			graphDatum("label", e.Name), // what Gephi and yEd show
			graphDatum("documents", e.Documents), graphDatum("mentions", e.Mentions),
		}})
	})
	if err != nil {
		return err
	}
	if err := writeEdges(ctx, st, b, enc); err != nil {
		return err
	}
	_, err = io.WriteString(out, "\n"+graphTail)
	return err
}

func writeEdges(ctx context.Context, st *store.Store, b store.Batch, enc *xml.Encoder) error {
	edges := 0
	for after := ""; ; {
		docs, err := st.Documents(ctx, store.DocumentFilter{Batch: b.ID, After: after, Limit: resultsPage})
		if err != nil || len(docs) == 0 {
			return err
		}
		for _, d := range docs {
			r, err := st.Result(ctx, b.Project, d.ID)
			if err != nil {
				return err
			}
			for _, rel := range r.Relationships {
				edges++
				err := enc.Encode(graphEdge{ID: fmt.Sprint("e", edges), Source: rel.From, Target: rel.To, Data: []graphData{
					graphDatum("relation", rel.Type), graphDatum("confidence", rel.Confidence), graphDatum("document", d.ID),
					graphDatum("start", rel.Evidence.Start), graphDatum("end", rel.Evidence.End),
				}})
				if err != nil {
					return err
				}
			}
		}
		after = docs[len(docs)-1].ID
	}
}
