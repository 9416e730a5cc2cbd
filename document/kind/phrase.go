package kind

import (
	"strings"

	"github.com/caseload/caseload/document"
)

// phrases are words that documents of a kind say, in lower case with single spaces.
type phrases struct {
	kind   document.Kind
	weight float64
	words  []string
}

// openings are said near the beginning, closings near the end.
var (
	openings = []phrases{
		{document.KindComplaint, 2, []string{
			"alleges as follows", "allege as follows", "complains of", "complaining of", "brings this action", "brings this civil action", "nature of the action",
			"nature of this action", "nature of the case", "sues defendant", "sues the defendant", "the grand jury charges", "would show as follows",
		}},
		{document.KindComplaint, 1, []string{"jury trial demanded", "demand for jury trial", "jurisdiction and venue"}},
		{document.KindAnswer, 3, []string{
			"admits the allegation", "admit the allegation", "denies the allegation", "deny the allegation", "denies each", "denies all", "form a belief",
			"answers the complaint", "answers plaintiff", "answer to the complaint", "lacks knowledge or information", "denies knowledge or information",
		}},
		{document.KindMotion, 2, []string{
			"hereby moves", "hereby move ", "moves this court", "moves the court", "move this court", "moves this honorable", "hereby does move", "respectfully moves",
			"respectfully requests that th", "will and hereby does", "will, and hereby does",
		}},
		{document.KindOrder, 3, []string{
			"it is ordered", "it is hereby ordered", "it is so ordered", "it is further ordered", "it is therefore ordered", "it is hereby further ordered",
			"ordered and adjudged", "the court orders", "the court hereby orders", "so ordered",
		}},
		{document.KindOrder, 1, []string{"before the court is", "before the court are", "having considered", "having reviewed"}},
		{document.KindOpinion, 4, []string{
			"delivered the opinion of the court", "opinion of the court", "per curiam", "certiorari to the", "circuit judges", "appeal from the united states district",
			"appeal from the superior", "appeal from the circuit", "appeal from the district",
		}},
		{document.KindOpinion, 3, []string{"argued and submitted", "on review from", "on discretionary review", "heard in the supreme court", "heard in the court", "appeal from the court"}},
		{document.KindOpinion, 1, []string{" affirmed", "reversed", "remanded", " we affirm", " we reverse", " we hold", " we conclude"}},
		{document.KindNotice, 2, []string{
			"please take notice", "notice is hereby given", "hereby gives notice", "hereby enters", "you are hereby notified", "you are notified", "enter my appearance",
			"a lawsuit has been filed against you",
		}},
		{document.KindSubpoena, 6, []string{"you are commanded", "you are hereby commanded", "we command you"}},
		{document.KindDeclaration, 4, []string{
			"declare as follows", "duly sworn", "deposes and says", "deposes and states", "declare under penalty", "hereby declare", "affirm under the penalties",
		}},
		{document.KindContract, 3, []string{
			"(the “agreement”)", `(the "agreement")`, "made and entered into", "entered into as of", "entered into by and between", "by and between", "is made between",
			"is made on", "is made as of", "is made by", "is made among", "this agreement is",
		}},
		{document.KindContract, 2, []string{"witnesseth", "now, therefore", "now therefore", "whereas,", "“parties”)", `"parties")`, `each a "party"`, "each a “party”", "hereinafter referred"}},
	}
	closings = []phrases{
		{document.KindComplaint, 3, []string{"prayer for relief", "wherefore, plaintiff", "wherefore plaintiff", "wherefore, the plaintiff", "prays for judgment"}},
		{document.KindAnswer, 2, []string{"affirmative defense", "wherefore, defendant", "wherefore defendant", "wherefore, the defendant"}},
		{document.KindMotion, 1, []string{"for the foregoing reasons", "for these reasons", "certificate of conference", "certificate of compliance"}},
		{document.KindOrder, 3, []string{"so ordered", "it is ordered", "it is hereby ordered", "it is further ordered"}},
		{document.KindOpinion, 2, []string{"we affirm", "we reverse", "we vacate", "we remand", "we therefore affirm", "is affirmed", "is reversed", "are affirmed"}},
		{document.KindDeclaration, 3, []string{"under penalty of perjury", "subscribed and sworn", "notary public"}},
		{document.KindContract, 3, []string{"in witness whereof", "governing law", "entire agreement", "counterparts"}},
	}
)

// said weighs the phrases that text has: of each line of the table once.
func (s score) said(text string, table []phrases) {
	text = strings.Join(strings.Fields(strings.ToLower(text)), " ")
	for _, p := range table {
		for _, words := range p.words {
			if strings.Contains(text, words) {
				s[p.kind] += p.weight
				break
			}
		}
	}
}

// farewells end letters.
var farewells = []string{
	"sincerely", "very truly yours", "yours very truly", "yours truly", "best regards", "kind regards", "regards", "respectfully yours", "yours faithfully", "yours sincerely", "respectfully",
}

// lines weighs what stands on lines of its own: a letter's address and farewell.
func (s score) lines(head, tail string) {
	addressed, about := false, false
	for line := range strings.Lines(head) {
		line = strings.ToLower(strings.TrimSpace(line))
		switch {
		case strings.HasPrefix(line, "dear ") && len(line) < 80 && strings.ContainsAny(line[len(line)-1:], ":,"), strings.HasPrefix(line, "to whom it may concern"):
			addressed = true
		case strings.HasPrefix(line, "re:"), strings.HasPrefix(line, "via "):
			about = true
		}
	}
	closed := false
	for line := range strings.Lines(tail) {
		line = strings.TrimRight(strings.ToLower(strings.TrimSpace(line)), ",")
		for _, f := range farewells {
			closed = closed || line == f
		}
	}
	if addressed {
		s[document.KindLetter] += 5
	}
	if about {
		s[document.KindLetter]++
	}
	if closed {
		s[document.KindLetter] += 4
	}
}
