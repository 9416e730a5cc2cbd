package cite_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caseload/caseload/document/cite"
)

// opinion is text as dense in citations as opinions are: one about every 400
// bytes.
const opinion = `The Court reviews de novo a district court's grant of summary judgment, viewing the record in the light most
favorable to the party against whom it was entered. Hollis v. Grange Mutual Insurance Co., 612 F.3d 901, 907-08 (6th Cir.
2010). The movant bears the initial burden of showing that no genuine dispute of material fact remains for trial, and only
then must the other side come forward with specific facts. Id. at 909. Mere allegations in a brief are no such facts, nor are
conclusory affidavits that state no grounds for what they claim to know. See Whitlock v. Dane, 381 U.S. 96, 101, 85 S. Ct. 1380, 14
L. Ed. 2d 470 (1965). The officers arrived at 9:40 p.m. on March 15, 2021, and found 12 people in the yard; three of them ran.
Officer Brandt testified that he "could not see their hands" and that he called out twice before he drew his weapon, an
account which the recording, 47 seconds long, neither bears out nor contradicts. The plaintiff sued under 42 U.S.C. § 1983
and the statute of the State, alleging that the force used was unreasonable in view of what the officers knew then. The
magistrate judge recommended that the motion be granted in part, and both sides filed objections within the fourteen days
that the rule allows. Fed. R. Civ. P. 72(b)(2). As the Supreme Court has said more than once, the question is whether the
totality of the circumstances justified a particular sort of seizure. Whitlock, 381 U.S. at 103. That is so here.

`

func BenchmarkScan(b *testing.B) {
	b.Run("generated", func(b *testing.B) { scan(b, strings.Repeat(opinion, 400)) })
	// Texts of real opinions: *.txt in the folder that CASELOAD_CORPUS names, as
	// pdftotext writes them.
	if dir := os.Getenv("CASELOAD_CORPUS"); dir != "" {
		files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
		if err != nil {
			b.Fatal(err)
		}
		var text strings.Builder
		for _, f := range files {
			t, err := os.ReadFile(f)
			if err != nil {
				b.Fatal(err)
			}
			text.Write(t)
		}
		if text.Len() > 0 {
			b.Run("corpus", func(b *testing.B) { scan(b, text.String()) })
		}
	}
}

func scan(b *testing.B, text string) {
	cite.Scan(text[:1000]) // the tables
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	found := 0
	for b.Loop() {
		found = len(cite.Scan(text))
	}
	b.ReportMetric(float64(found)/float64(len(text))*1e3, "citations/kB")
}
