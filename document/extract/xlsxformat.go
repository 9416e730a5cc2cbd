package extract

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// xlsxFormats shows numbers as a workbook's styles say: dates, percentages and
// amounts; other numbers as they are.
type xlsxFormats struct {
	from1904 bool
	cells    []numberFormat // by a cell's style
}

// numberFormat is what a number format asks for, as far as it is followed.
type numberFormat struct {
	date, clock, seconds bool
	elapsed              bool   // counts hours beyond a day
	percent              bool   // shows hundredths as such
	grouped              bool   // thousands apart
	decimals             int    // -1 for as many as there are
	currency             string // sign before the amount
}

var generalFormat = numberFormat{decimals: -1}

// builtInFormats are the formats that a workbook does not spell out (ECMA-376
// part 1, 18.8.30), with those of East Asian dates.
var builtInFormats = map[int]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
	18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yyyy h:mm",
	5: "$#,##0", 6: "$#,##0", 7: "$#,##0.00", 8: "$#,##0.00", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
	41: "#,##0", 42: "$#,##0", 43: "#,##0.00", 44: "$#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss",
	27: "yyyy/m/d", 28: "yyyy/m/d", 29: "yyyy/m/d", 30: "yyyy/m/d", 31: "yyyy/m/d", 32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss", 36: "yyyy/m/d",
	50: "yyyy/m/d", 51: "yyyy/m/d", 52: "yyyy/m/d", 53: "yyyy/m/d", 54: "yyyy/m/d", 55: "h:mm", 56: "h:mm:ss", 57: "yyyy/m/d", 58: "yyyy/m/d",
}

// read takes the formats out of the styles' part.
func (f *xlsxFormats) read(a *archive, part string) error {
	var doc struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := decodeXML(a, part, &doc); err != nil {
		return err
	}
	codes := map[int]numberFormat{}
	for id, code := range builtInFormats {
		codes[id] = parseNumberFormat(code)
	}
	for _, n := range doc.Formats {
		codes[n.ID] = parseNumberFormat(n.Code)
	}
	for _, c := range doc.Cells {
		format, ok := codes[c.Format]
		if !ok {
			format = generalFormat
		}
		f.cells = append(f.cells, format)
	}
	return nil
}

// parseNumberFormat reads the first section of a format code, which is that of
// positive numbers (ECMA-376 part 1, 18.8.31).
func parseNumberFormat(code string) numberFormat {
	f := numberFormat{}
	if code == "" || strings.EqualFold(code, "general") || code == "@" {
		return generalFormat
	}
	var months, digits, point bool
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case ';':
			i = len(code)
		case '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return f
			}
			f.sign(code[i+1 : i+1+end])
			i += end + 1
		case '\\', '_', '*':
			i++ // the next character stands for itself, or for space
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return f
			}
			inner := code[i+1 : i+end]
			if sign, ok := strings.CutPrefix(inner, "$"); ok {
				sign, _, _ = strings.Cut(sign, "-")
				f.sign(sign)
			} else if inner != "" && strings.Trim(strings.ToLower(inner), "hms") == "" {
				f.elapsed, f.clock = true, true
			}
			i += end
		case 'y', 'Y', 'd', 'D', 'e', 'g':
			f.date = true
		case 'm', 'M':
			months = true
		case 'h', 'H':
			f.clock = true
		case 's', 'S':
			f.clock, f.seconds = true, true
		case 'A', 'a':
			if n := len("AM/PM"); len(code)-i >= n && strings.EqualFold(code[i:i+n], "AM/PM") {
				i += n - 1
			}
		case '%':
			f.percent = true
		case '$':
			f.sign("$")
		case '.':
			point = true
		case ',':
			f.grouped = f.grouped || digits
		case 'E':
			return generalFormat
		case '/':
			if !f.date && !months { // a fraction
				return generalFormat
			}
		case '0', '#', '?':
			digits = true
			if point {
				f.decimals++
			}
		}
	}
	if months && !f.clock {
		f.date = true
	}
	if f.currency == "" && !f.percent && !f.date && !f.clock && !digits {
		return generalFormat
	}
	return f
}

// sign keeps what stands for a currency.
func (f *numberFormat) sign(s string) {
	if s = strings.TrimSpace(s); f.currency == "" && strings.ContainsAny(s, "$€£¥₹") && len(s) <= 8 {
		f.currency = s
	}
}

// show is a cell's number as its style has it.
func (f *xlsxFormats) show(value string, style int) string {
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return value
	}
	format := generalFormat
	if style >= 0 && style < len(f.cells) {
		format = f.cells[style]
	}
	switch {
	case format.date || format.clock:
		if s, ok := f.showTime(n, format); ok {
			return s
		}
		return plainNumber(n)
	case format == generalFormat:
		return plainNumber(n)
	}
	return format.showNumber(n)
}

// maxSerial is the last day that a spreadsheet knows, the end of the year 9999.
const maxSerial = 2_958_466

// showTime shows a serial number of days as a date, a time of day or both. A
// negative one, and one beyond the year 9999, is no time.
func (f *xlsxFormats) showTime(n float64, format numberFormat) (string, bool) {
	if n < 0 || n >= maxSerial {
		return "", false
	}
	seconds := int64(math.Round(n * 86400))
	if format.elapsed && !format.date {
		s := strconv.FormatInt(seconds/3600, 10) + ":" + twoDigits(seconds/60%60)
		if format.seconds {
			s += ":" + twoDigits(seconds%60)
		}
		return s, true
	}
	epoch := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case f.from1904:
		epoch = time.Date(1904, time.January, 1, 0, 0, 0, 0, time.UTC)
	case n < 60:
		epoch = epoch.AddDate(0, 0, 1) // before the 29 February 1900 that there never was
	}
	t := epoch.AddDate(0, 0, int(seconds/86400)).Add(time.Duration(seconds%86400) * time.Second)
	clock := "15:04"
	if format.seconds || t.Second() != 0 {
		clock = "15:04:05"
	}
	switch {
	case !format.clock:
		return t.Format(time.DateOnly), true
	case !format.date:
		return t.Format(clock), true
	}
	return t.Format(time.DateOnly + " " + clock), true
}

func twoDigits(n int64) string {
	if n < 10 {
		return "0" + strconv.FormatInt(n, 10)
	}
	return strconv.FormatInt(n, 10)
}

// plainNumber is n with the 15 digits that spreadsheets keep.
func plainNumber(n float64) string { return strconv.FormatFloat(n, 'g', 15, 64) }

func (f numberFormat) showNumber(n float64) string {
	if f.percent {
		n *= 100
	}
	if math.Abs(n) >= 1e15 {
		return plainNumber(n)
	}
	s := strconv.FormatFloat(math.Abs(n), 'f', min(f.decimals, 15), 64)
	if f.grouped {
		whole, fraction, _ := strings.Cut(s, ".")
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
		if s = whole; fraction != "" {
			s += "." + fraction
		}
	}
	s = f.currency + s
	if f.percent {
		s += "%"
	}
	if n < 0 && strings.ContainsAny(s, "123456789") {
		s = "-" + s
	}
	return s
}
