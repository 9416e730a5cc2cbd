package corpus

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// draftOf is an empty draft in a matter of its own.
func draftOf(n int) *draft {
	rng := newDice(9, streamDocument, n)
	m := newMatter(9, n)
	return &draft{dice: rng, matter: m, seed: 9, date: m.filed.AddDate(0, 6, 0), sheet: sheetOf(rng, PDF)}
}

var pools = map[string][]string{
	"facts": facts, "elements": elements, "introductions": introductions, "standards": standards, "arguments": arguments,
	"history": history, "rulings": rulings, "testimony": testimony, "notices": notices, "statements": statements, "letters": letters,
	"mails": mails, "scopeClauses": scopeClauses, "paymentClauses": paymentClauses, "riskClauses": riskClauses, "termClauses": termClauses,
}

func TestEverySentenceCanBeFilledIn(t *testing.T) {
	t.Parallel()
	for name, pool := range pools {
		for _, template := range pool {
			for n := range 8 { // for the choices in it
				d := draftOf(n)
				text := d.say(template)
				require.NotContains(t, text, "{", "%s: %s", name, template)
				require.NotContains(t, text, "}", "%s: %s", name, template)
				require.NotContains(t, text, "|", "%s: %s", name, template)
				require.NotPanics(t, func() { winAnsi(text) }, "%s: %s", name, template)
			}
		}
	}
}

func TestAPoolIsUsedUpBeforeASentenceReturns(t *testing.T) {
	t.Parallel()
	for n := range 20 {
		d := draftOf(n)
		pool := []string{"A.", "B.", "C.", "D.", "E.", "F."}
		seen := map[string]bool{}
		for range pool {
			seen[d.sentence(pool)] = true
		}
		require.Len(t, seen, len(pool))
	}
}

func TestWhatASlotNamesIsRecordedOnceInNormalForm(t *testing.T) {
	t.Parallel()
	d := draftOf(0)
	text := d.say("{amount} {amount} {today} {docket} {plaintiff} {judge} {court}")
	assert.Equal(t, []string{d.date.Format("2006-01-02")}, d.truth.Dates)
	assert.Len(t, d.truth.Amounts, 1)
	assert.Regexp(t, `^USD \d+$`, d.truth.Amounts[0])
	assert.Equal(t, []string{d.matter.plaintiff.name}, d.truth.Parties)
	assert.Equal(t, d.matter.docket, d.truth.Docket)
	assert.Equal(t, d.matter.judge.name(), d.truth.Judge)
	assert.Contains(t, text, d.truth.Court)
	assert.Equal(t, "$1,234,567.05", d.amount(123456705))
	assert.Equal(t, "USD 1234567.05", d.truth.Amounts[1])
}

func TestLinesStayWithinTheMargins(t *testing.T) {
	t.Parallel()
	for n := range 10 {
		d := draftOf(n)
		l := &layout{sheet: d.sheet}
		for range 10 {
			text := d.passage(facts, 5)
			wrapped := l.wrap(text, false, bodyWidth, 36)
			for i, line := range wrapped {
				width := l.font(false).width(line, l.sheet.face.size)
				if i == 0 {
					width += 36 * 1000
				}
				require.LessOrEqual(t, width, bodyWidth*1000, string(line))
			}
			joined := make([]string, len(wrapped))
			for i, line := range wrapped {
				joined[i] = string(line)
			}
			require.Equal(t, string(winAnsi(text)), strings.Join(joined, " "))
		}
	}
}

func TestFileNamesAreShortAndPlain(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "letter-re-ostrom-s-claim", slug("Letter re: Öström’s Claim!"))
	assert.LessOrEqual(t, len(slug(strings.Repeat("long title ", 20))), 48)
}
