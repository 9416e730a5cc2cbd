package corpus

import (
	"html"
	"strings"
)

const htmlStyle = `body { font-family: Georgia, serif; max-width: 42em; margin: 2em auto; line-height: 1.4 }
.centre { text-align: center } .signed { margin-left: 50% } td { vertical-align: top; padding-right: 2em }`

// renderHTML is the draft as a page of HTML.
func renderHTML(d *draft) []byte {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>" + html.EscapeString(d.title) +
		"</title>\n<style>\n" + htmlStyle + "\n</style>\n</head>\n<body>\n")
	for _, bl := range d.blocks {
		htmlBlock(&b, bl)
	}
	b.WriteString("</body>\n</html>\n")
	return []byte(b.String())
}

func htmlBlock(b *strings.Builder, bl block) {
	switch bl.shape {
	case paragraph:
		b.WriteString("<p>" + html.EscapeString(bl.text) + "</p>\n")
	case blockTitle:
		b.WriteString("<h1>" + html.EscapeString(bl.text) + "</h1>\n")
	case blockHeading:
		b.WriteString("<h2>" + html.EscapeString(bl.text) + "</h2>\n")
	case blockQuote:
		b.WriteString("<blockquote><p>" + html.EscapeString(bl.text) + "</p></blockquote>\n")
	case blockLines:
		b.WriteString("<p>" + htmlLines(bl.lines) + "</p>\n")
	case blockCentred:
		b.WriteString(`<p class="centre">` + htmlLines(bl.lines) + "</p>\n")
	case blockSigned:
		b.WriteString(`<p class="signed">` + htmlLines(bl.lines) + "</p>\n")
	case blockCaption:
		b.WriteString("<table>\n<tr><td>" + htmlLines(bl.lines) + "</td><td>" + htmlLines(bl.right) + "</td></tr>\n</table>\n")
	case blockTable:
		b.WriteString("<table>\n")
		tag := "th"
		for _, row := range bl.rows {
			b.WriteString("<tr>")
			for _, cell := range row {
				b.WriteString("<" + tag + ">" + html.EscapeString(cell) + "</" + tag + ">")
			}
			b.WriteString("</tr>\n")
			tag = "td"
		}
		b.WriteString("</table>\n")
	}
}

func htmlLines(lines []string) string {
	escaped := make([]string, len(lines))
	for i, line := range lines {
		escaped[i] = html.EscapeString(strings.TrimSpace(line))
	}
	return strings.Join(escaped, "<br>\n")
}
