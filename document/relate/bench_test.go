package relate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/relate"
)

// BenchmarkRelate relates a filing of 500 pages with 120 mentions a page, several
// times what real ones have.
func BenchmarkRelate(b *testing.B) {
	var s strings.Builder
	s.WriteString(appellate)
	for p := range 500 {
		s.WriteString("\n\f\nCase: «DOCKET_NUMBER:20-1507» Document: 1 Page: 2 Date Filed: «DATE:12/22/2020»\n\n")
		for i := range 30 {
			fmt.Fprintf(&s, "Then «PERSON:P%d Q%d» met «ORG:O%d Inc.», counsel for «ORG:O%d Co.», under «STATUTE:%d U.S.C. § 3».\n", p, i, i, p, i)
		}
	}
	in := read(s.String())
	in.Chunks = nil
	for at := 0; at < len(in.Text); at += 800 {
		in.Chunks = append(in.Chunks, document.Chunk{Span: document.Span{Start: at, End: min(len(in.Text), at+1000)}})
	}
	b.SetBytes(int64(len(in.Text)))
	b.ReportAllocs()
	for b.Loop() {
		relate.Relate(in)
	}
}
