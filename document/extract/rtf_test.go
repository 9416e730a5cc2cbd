package extract

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

func TestRTFText(t *testing.T) {
	t.Parallel()
	fonts := `{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 MS Mincho;}{\f3\fcharset2 Symbol;}{\f4\fcharset2 Wingdings;}}`
	for name, tc := range map[string]struct{ data, want string }{
		"paragraphs":         {`a\par b\par\par c\line d`, "a\n\nb\n\nc\nd"},
		"line ends ignored":  {"a\r\nb\\\nc", "ab\n\nc"},
		"escapes":            {`\{a\\b\}\~c\_d\-e`, `{a\b} c-de`},
		"hex":                {`\'a7 1983, Smith\'92s`, "§ 1983, Smith’s"},
		"unicode":            {`Smith\u8217\'92s \u167?1`, "Smith’s §1"},
		"negative unicode":   {`\u-10179?\u-8704?`, "\U0001F600"},
		"unicode skip":       {`{\uc2\u26085\'93\'fa}x{\uc0\u167 1}y`, "日x§1y"},
		"fallback words":     {`\u167\b 1 \u167\b0\'a7`, "§1 §§"},
		"fallback groups":    {`\u8217{}a`, "’a"},
		"fonts":              {fonts + `\f0 a\f1 \'c8\'f1\'ea\f2 \'8d\'d9\'94\'bb\f0 z`, "aИск裁判z"},
		"double byte in raw": {fonts + "\\f2 \x8d\xd9\x94\xbb", "裁判"},
		"symbol fonts":       {fonts + `{\f3\'b7}{\f4\'fe}\f3\u-3913?\f0 x`, "•☑•x"},
		"plain resets font":  {fonts + `\f1\'c8\plain\'a7`, "И§"},
		"code page":          {`\ansicpg1251 \'c8`, "И"},
		"macintosh":          {`\mac \'d5`, "’"},
		"special characters": {`a\emdash b\ldblquote c\rdblquote\tab d\bullet`, "a—b“c”\td•"},
		"destinations":       {`{\colortbl;\red0;}{\stylesheet{\s0 Normal;}}{\*\generator Word;}{\pict\pngblip 8950}a{\*\unknown x{y}}{\object{\*\objdata 01}{\result b}}`, "ab"},
		"binary":             {"a{\\pict\\bin4 }}{{}b\\bin2 xyc", "abc"},
		"field":              {`{\field{\*\fldinst HYPERLINK "http://x"}{\fldrslt link}}`, "link"},
		"list text":          {`{\listtext\pard\plain 1.\tab}First{\*\pn\pnlvl1{\pntxta .}}`, "1.\tFirst"},
		"deleted":            {`a{\deleted b}\deleted c\deleted0 d`, "ad"},
		"table":              {`x\par\trowd\cellx1\cellx2\pard\intbl a\cell b\cell\row\trowd\pard\intbl c\cell\cell d\cell\row\pard y\par`, "x\n\na\tb\nc\t\td\ny"},
		"caption":            {`\trowd\pard\intbl DOE,\par Plaintiff\cell No. 1\cell\row\pard y`, "DOE,\n\nPlaintiff\n\nNo. 1\n\ny"},
		"nested table":       {`\trowd\pard\intbl a\par\itap2 b\nestcell c\nestcell{\*\nesttableprops\trowd\nestrow}{\nonesttables\par}\itap1 d\cell e\cell\row`, "a\n\nb\tc\nd\n\ne"},
		"row without end":    {`\pard\intbl a\cell b\pard\par c`, "a\tb\n\nc"},
		"cells elsewhere":    {`a\cell b\cell\row c`, "a\tb\nc"},
		"text box":           {`a{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt box\par}}{\shprslt{\pict 00}box}}b\par c`, "ab\n\nbox\n\nc"},
		"byte order mark":    {"a", "a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := read(t, "", `{\rtf1\ansi\deff0 `+tc.data+"}")
			assert.Equal(t, []string{tc.want}, texts(c))
			assert.Empty(t, c.Warnings)
		})
	}
}

func TestRTFPagesNotesAndMargins(t *testing.T) {
	t.Parallel()
	c := read(t, "", `{\rtf1\ansi{\info{\title Motion \'a7 5}{\author A. Clerk}{\creatim\yr2020\mo5\dy1\hr9\min30}{\nofpages2}}`+
		`{\header Case 1:20-cv-3\par}{\headerl Case 1:20-cv-3}{\footer\pard - {\field{\*\fldinst PAGE}{\fldrslt 1}} -}{\footerr SEALED}`+
		`one{\super\chftn}{\footnote{\super\chftn} first}{\super\chftn}{\footnote\ftnalt{\super\chftn} last}\page two*{\footnote * own}{\*\annotation check}\par\sect three\sbknone\par\sect same}`)
	assert.Equal(t, []string{
		"Case 1:20-cv-3\n\none[1][2]\n\n[1] first",
		"two*\n\n* own",
		"three\n\nsame\n\n[2] last\n\nComment: check\n\nSEALED",
	}, texts(c))
	assert.Equal(t, map[string]string{"title": "Motion § 5", "author": "A. Clerk", "created": "2020-05-01T09:30:00"}, c.Metadata)
}

func TestRTFCutOff(t *testing.T) {
	t.Parallel()
	for _, data := range []string{`{\rtf1 a`, `{\rtf1 a{\b b`, `{\rtf1 a\`, `{\rtf1 a\'9`, `{\rtf1 a{\pict\bin900 x`, `{\rtf1 a\u`, `{\rtf1 \intbl a\cell b`} {
		c := read(t, "", data)
		assert.Equal(t, []string{"truncated"}, codes(c), data)
		assert.True(t, strings.HasPrefix(c.Pages[0].Text, "a"), data)
	}
}

func TestRTFNestedTooDeep(t *testing.T) {
	t.Parallel()
	_, err := extract(t, "", `{\rtf1 a`+strings.Repeat("{", 5000)+strings.Repeat("}", 5001))
	requireType(t, batch.Data, TypeTooDeep, err)
}

func FuzzRTF(f *testing.F) {
	f.Add(`{\rtf1\ansi{\fonttbl{\f1\fcharset128 x;}}\f1\'93\'fa\u8217?\intbl a\cell\row{\footnote b}\page c}`)
	f.Add(`{\rtf1{\info{\title{\b x}}}{\*\shpinst{\shptxt{\header x}}}\bin3 abc\deleted\uc9\u-1}`)
	f.Add(`{\rtf1{\footnote\intbl\cell{\footnote x}\row}\nestcell\nestrow\sect`)
	f.Fuzz(func(t *testing.T, data string) {
		p := newRTFParser(strings.NewReader(data), Limits{MaxDepth: 20}.WithDefaults())
		if err := p.parse(); err != nil {
			checkFuzzed(t, nil, err)
			return
		}
		p.finish()
		pages, _, err := p.flow.finish()
		checkFuzzed(t, &document.Content{Pages: pages}, err)
	})
}
