package relate

import (
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

var (
	// benchWords are what a line that only names judges holds besides names.
	benchWords = regexp.MustCompile(`(?i)^(?:[\W_\d]|\b(?:before|present|coram|panel|and|the|hon|honou?rable|judges?|justices?|chief|associate|senior|presiding|acting|` +
		`circuit|district|magistrate|bankruptcy|united|states|u\.?s|dc|d\.c|assigned|to|for|court|of|by|designation|s|j|jj|p\.?j|c\.?j|jr|sr|ii|iii|delivered|opinion)\b)*$`)
	// benchTitle shows that a line is about judges.
	benchTitle = regexp.MustCompile(`(?i)\b(?:judges?|justices?|before|hon|honou?rable)\b|,\s*(?:C\.\s?|P\.\s?)?J\.`)
	// titleLine is a title alone, below a judge's signature.
	titleLine = regexp.MustCompile(`(?i)^[\W_]*(?:chief |senior |presiding )?(?:united states |u\.\s?s\. )?(?:chief |senior |presiding )?(?:circuit |district |magistrate |bankruptcy |superior court |appellate )*(?:court )?(?:judge|justice)\b[\W_]*$`)
	// wrote begins what follows a judge's name in the report of a decision.
	wrote = regexp.MustCompile(`(?i)^(?:,?\s*(?:C\.\s?)?J\.)?,?\s*(?:delivered|announced)\s+the\s+(?:opinion|judgment)|^(?:,?\s*(?:C\.\s?)?J\.)?,?\s*filed\s+an?\s+(?:\w+\s+){0,3}(?:opinion|statement|dissent)`)
	// ofCourt is what stands between a judge and the court a text puts him in.
	ofCourt = regexp.MustCompile(`(?i)^[\s,]*(?:(?:(?:chief|senior|presiding|united|states|u\.\s?s\.|circuit|district|magistrate|bankruptcy)\s+)*(?:judge|justice)[\s,]+)?(?:in|of|for|sitting in)\s+(?:the\s+)?$`)
	// chiefOf is what stands between a chief judge who signs and the court's name.
	chiefOf = regexp.MustCompile(`(?i)^[\s,]*(?:chief|senior|presiding)\s+(?:(?:circuit|district)\s+)?(?:judge|justice)[\s,]+$`)
	// assigned ends before the judge that a case is given to.
	assigned = regexp.MustCompile(`(?i)\b(?:assign|designate|transfer)\w*\s+(?:to\s+)?(?:the\s+)?(?:(?:hon\.?|honou?rable|chief|senior|united states|u\.s\.|district|magistrate|bankruptcy|circuit|judge|justice)\s+)*$`)
	// clerkLine is the line of the clerk on a court's letterhead.
	clerkLine = regexp.MustCompile(`(?i)\bclerk\b`)
)

// findJudges relates judges to the document's number, or its court if it has
// none; judges of the court below to theirs.
func (r *reader) findJudges() {
	for i, m := range r.mentions {
		if m.Type != document.Judge {
			continue
		}
		if assigned.MatchString(r.window(m.Start-60, m.Start)) {
			r.preside(m, r.line(m.Start), likely)
			continue
		}
		if i+1 < len(r.mentions) {
			if next := r.mentions[i+1]; next.Type == document.Court && next.Start >= m.End && next.Start-m.End < 40 &&
				(ofCourt.MatchString(r.text[m.End:next.Start]) || r.court == i+1 && chiefOf.MatchString(r.text[m.End:next.Start]) || r.foreign && chiefOf.MatchString(r.text[m.End:next.Start])) {
				if r.docket != "" && !r.foreign && strings.Contains(r.text[m.End:next.Start], "\n") && r.court >= 0 && next.Entity == r.mentions[r.court].Entity {
					r.preside(m, r.line(m.Start), sure) // "Judge of the Superior Court" under the signature
					continue
				}
				r.add(document.PresidesOver, m.Entity, next.Entity, cover(m.Span, next.Span), likely*m.Confidence*next.Confidence)
				continue
			}
		}
		line := r.line(m.Start)
		switch {
		case m.Role == roleBelow:
			if passage, ok := r.below(m.Start); ok {
				r.judgeBelow(passage, m)
			} else {
				r.judgeBelow(r.head, m)
			}
			continue
		case (m.Role == rolePanel || m.Role == roleAuthor) && r.head.Contains(m.Span):
			r.preside(m, line, sure)
			continue
		}
		if passage, ok := r.below(m.Start); ok && !r.panel(line) {
			if r.onlyJudges(line) {
				r.judgeBelow(passage, m)
			}
			continue
		}
		switch {
		case r.signs(m, line):
			r.preside(m, line, sure)
		case wrote.MatchString(r.window(m.End, m.End+100)) && r.startsSentence(m):
			r.preside(m, r.sentence(m.Span), likely)
		}
	}
}

func (r *reader) preside(m document.Mention, evidence document.Span, confidence float64) {
	if evidence.Len() > maxEvidence {
		evidence = m.Span
	}
	switch {
	case r.docket != "":
		r.add(document.PresidesOver, m.Entity, r.docket, evidence, confidence*m.Confidence)
	case r.court >= 0:
		r.add(document.PresidesOver, m.Entity, r.mentions[r.court].Entity, evidence, confidence*m.Confidence)
	}
}

// panel says whether line names several judges and nothing else: those of the
// court itself, even where the caption speaks of the court below.
func (r *reader) panel(line document.Span) bool {
	from, to := r.within(line)
	n := 0
	for _, m := range r.mentions[from:to] {
		if m.Type == document.Judge {
			n++
		}
	}
	return n > 1 && r.onlyJudges(line)
}

// judgeBelow relates a judge of the court below to the number it gives, or the
// court.
func (r *reader) judgeBelow(passage document.Span, judge document.Mention) {
	if r.lowerDocket != "" {
		r.add(document.PresidesOver, judge.Entity, r.lowerDocket, r.line(judge.Start), likely*judge.Confidence)
		return
	}
	target := -1
	from, to := r.within(passage)
	for i := from; i < to; i++ {
		m := r.mentions[i]
		if m.Type == document.DocketNumber && m.Entity != r.docket {
			target = i
			break
		}
		if m.Type == document.Court && target < 0 {
			target = i
		}
	}
	if target >= 0 {
		t := r.mentions[target]
		r.add(document.PresidesOver, judge.Entity, t.Entity, cover(judge.Span, t.Span), likely*judge.Confidence*t.Confidence)
	}
}

// signs says whether line names judges as the ones who decide: a panel, an
// author's line or a signature.
func (r *reader) signs(m document.Mention, line document.Span) bool {
	if !r.onlyJudges(line) {
		return false
	}
	next, ok := r.lineAfter(line.End)
	if ok && titleLine.MatchString(r.slice(next)) {
		return !r.letterhead(next)
	}
	if !benchTitle.MatchString(r.slice(line)) {
		return false
	}
	if r.head.Contains(line) {
		return true
	}
	// In the body a line of judges is a paragraph of its own, not the middle of a
	// sentence about them.
	before, blanks, ok := r.lineBefore(line.Start)
	return !ok || blanks > 0 || strings.ContainsAny(r.text[before.End-1:before.End], ".:_")
}

// letterhead says whether the judge's title on line title is on a court's
// letterhead, which names the chief judge, whoever decides: the clerk follows.
func (r *reader) letterhead(title document.Span) bool {
	if !r.head.Contains(title) {
		return false
	}
	for range 2 {
		line, ok := r.lineAfter(title.End)
		if !ok {
			return false
		}
		if clerkLine.MatchString(r.slice(line)) {
			return true
		}
		title = line
	}
	return false
}

// onlyJudges says whether a line holds nothing but judges, their titles and
// decoration.
func (r *reader) onlyJudges(line document.Span) bool {
	var b strings.Builder
	at := line.Start
	from, to := r.within(line)
	for _, m := range r.mentions[from:to] {
		if m.Start < at || m.Type != document.Judge {
			continue
		}
		b.WriteString(r.text[at:m.Start])
		b.WriteByte(' ')
		at = m.End
	}
	if at < line.End {
		b.WriteString(r.text[at:line.End])
	}
	return at > line.Start && benchWords.MatchString(b.String())
}

// startsSentence says whether a sentence begins with m or its title.
func (r *reader) startsSentence(m document.Mention) bool {
	s := r.sentence(m.Span)
	return m.Start-s.Start <= len("Chief Justice ")
}
