package extract

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// Sentences as they stand in filings, one per language.
const (
	english  = "The Court’s order — entered under 42 U.S.C. § 1983 — is “final,” see ¶ 12 of Plaintiff’s complaint.\nIt is so ordered."
	french   = "La Cour a déjà jugé que la requérante n’était pas recevable à contester l’arrêté du préfet; elle a été condamnée aux dépens."
	german   = "Die Klägerin begehrt die Aufhebung des angefochtenen Bescheids; das Gericht weist die Klage gemäß § 113 Abs. 1 zurück und führt aus, daß sie unbegründet wäre."
	polish   = "Sąd Najwyższy po rozpoznaniu sprawy na posiedzeniu niejawnym postanowił oddalić skargę kasacyjną i zasądzić od powódki na rzecz pozwanego koszty postępowania, które są należne."
	russian  = "Суд удовлетворил иск частично и взыскал с ответчика сумму долга, а также судебные расходы по настоящему делу в полном объёме."
	greek    = "Το δικαστήριο απέρριψε την αγωγή του ενάγοντος και επιδίκασε τα δικαστικά έξοδα υπέρ του εναγομένου."
	japan    = "裁判所は、原告の請求をいずれも棄却し、訴訟費用は原告の負担とする。被告は、本件契約に基づく債務を履行したものと認められる。"
	koreanS  = "법원은 원고의 청구를 모두 기각하고 소송비용은 원고가 부담하도록 판결하였다. 피고는 이 사건 계약을 이행하였다."
	chinese  = "法院驳回原告的全部诉讼请求，案件受理费由原告负担。被告已经按照本案合同的约定履行了全部义务，原告的主张没有事实根据。"
	chineseT = "法院駁回原告之訴，訴訟費用由原告負擔。被告已依本件契約之約定履行全部義務，原告之主張並無理由，應予駁回。"
)

func TestTextInEveryCommonEncoding(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		enc  encoding.Encoding
		text string
	}{
		{"utf-8", encoding.Nop, english},
		{"utf-8 with mark", unicode.UTF8BOM, english},
		{"utf-16le", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), english},
		{"utf-16be", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), english},
		{"utf-16le with mark", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), russian},
		{"utf-16be with mark", unicode.UTF16(unicode.BigEndian, unicode.UseBOM), japan},
		{"utf-32le with mark", utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), english},
		{"windows-1252 english", charmap.Windows1252, english},
		{"windows-1252 french", charmap.Windows1252, french},
		{"windows-1252 german", charmap.Windows1252, german},
		{"iso-8859-1", charmap.ISO8859_1, strings.ReplaceAll(french, "’", "'")},
		{"macintosh english", charmap.Macintosh, english},
		{"macintosh french", charmap.Macintosh, french},
		{"windows-1250", charmap.Windows1250, polish},
		{"iso-8859-2", charmap.ISO8859_2, polish},
		{"windows-1251", charmap.Windows1251, russian},
		{"koi8-r", charmap.KOI8R, russian},
		{"iso-8859-7", charmap.ISO8859_7, greek},
		{"shift-jis", japanese.ShiftJIS, japan},
		{"euc-jp", japanese.EUCJP, japan},
		{"iso-2022-jp", japanese.ISO2022JP, japan},
		{"euc-kr", korean.EUCKR, koreanS},
		{"gb18030", simplifiedchinese.GB18030, chinese},
		{"big5", traditionalchinese.Big5, chineseT},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			raw, err := tc.enc.NewEncoder().String(tc.text)
			require.NoError(t, err)
			c := read(t, "", raw)
			assert.Equal(t, []string{tc.text}, texts(c))
			assert.Empty(t, c.Warnings)
		})
	}
}

func TestTextReportsItsEncoding(t *testing.T) {
	t.Parallel()
	assert.Equal(t, map[string]string{"charset": "windows-1252"}, read(t, "", "Plaintiff\x92s motion").Metadata)
	assert.Empty(t, read(t, "", "Plaintiff’s motion").Metadata)
}

func TestUTF8WithAFewBadBytesStaysUTF8(t *testing.T) {
	t.Parallel()
	c := read(t, "", strings.Repeat("§ 1983 ", 50)+"\x92 end")
	assert.True(t, strings.HasPrefix(c.Pages[0].Text, "§ 1983"))
	assert.Contains(t, c.Pages[0].Text, "\uFFFD end")
	assert.Equal(t, []string{"undecodable"}, codes(c))
}

func TestDecodeTextWeighsTheLabel(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ data, label, want, charset string }{
		"label decides":          {"\xe9t\xe9", "ISO-8859-1", "été", "windows-1252"},
		"label of another":       {"\xbf\xe0\xd8", "iso-8859-5", "Пр" + "и", "iso-8859-5"},
		"utf-8 wins over label":  {"été", "iso-8859-1", "été", "utf-8"},
		"mark wins over label":   {"\xFF\xFEa\x00", "utf-8", "a", "utf-16le"},
		"unknown label":          {"\xa7 1", "x-unknown", "§ 1", "windows-1252"},
		"wrong label utf-8":      {"\xa7 1983, Plaintiff\x92s", "utf-8", "§ 1983, Plaintiff’s", "windows-1252"},
		"label of seven bits":    {"\xa7 1", "us-ascii", "§ 1", "windows-1252"},
		"escape sequences by it": {"\x1b$B:[H=\x1b(B", "iso-2022-jp", "裁判", "iso-2022-jp"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, cs, lost := decodeText([]byte(tc.data), tc.label)
			assert.Equal(t, tc.want, text)
			assert.Equal(t, tc.charset, cs.name)
			assert.Zero(t, lost)
		})
	}
}

func FuzzText(f *testing.F) {
	f.Add([]byte(english))
	f.Add([]byte("\xFF\xFEa\x00\f\x00"))
	f.Add([]byte("\x1b$B:[H=\x1b(B \x92\xa7"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := textReader{Limits{MaxTextBytes: 1 << 10}.WithDefaults()}.Read(t.Context(), write(t, "x.md", data))
		checkFuzzed(t, c, err)
		if err == nil {
			s, _ := c.Join()
			require.LessOrEqual(t, len(s)-(len(c.Pages)-1)*3, 1<<10)
		}
	})
}
