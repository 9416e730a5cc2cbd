package hostile

import (
	"fmt"
	"io"
	"strings"
)

const mailHead = "From: a@example.org\r\nTo: b@example.org\r\nSubject: Notice\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"

func mailFiles() []File {
	return []File{
		{Name: "mail-nested-1000.eml", What: "a message in a message, 1,000 deep", Want: partial(), write: mailNested},
		{Name: "mail-multipart-1000.eml", What: "multiparts nested 1,000 deep", Want: partial(), write: mailMultipart},
		{Name: "mail-10000-attachments.eml", What: "10,000 attachments", Want: partial(), write: mailAttachments},
		{Name: "mail-names.eml", What: "attachments named ../../ and with absolute paths", Want: completes(), write: mailNames},
		{Name: "mail-headers.eml", What: "a header of 200,000 fields", Want: completes(), write: mailHeaders},
		{Name: "mail-boundary.eml", What: "a boundary of a megabyte, and parts that never end", Want: completes(), write: mailBoundary},
		{Name: "mail-zip-bomb.eml", What: "a zip bomb as an attachment", Want: completes(), write: mailBomb},
	}
}

func mailNested(w io.Writer, _ Size) error {
	const n = 1000
	for i := range n {
		if _, err := fmt.Fprintf(w, "%sContent-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\nContent-Type: text/plain\r\n\r\n%s\r\n--b%d\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment; filename=m.eml\r\n\r\n",
			mailHead, i, i, sentence, i); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, mailHead+"\r\n"+sentence)
	for i := n - 1; i >= 0 && err == nil; i-- {
		_, err = fmt.Fprintf(w, "\r\n--b%d--\r\n", i)
	}
	return err
}

func mailMultipart(w io.Writer, _ Size) error {
	const n = 1000
	if _, err := io.WriteString(w, mailHead+"Content-Type: multipart/mixed; boundary=b0\r\n\r\n--b0\r\nContent-Type: text/plain\r\n\r\n"+sentence+"\r\n--b0\r\n"); err != nil {
		return err
	}
	for i := 1; i < n; i++ {
		if _, err := fmt.Fprintf(w, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "Content-Type: text/plain\r\n\r\nThe innermost.\r\n")
	for i := n - 1; i >= 0 && err == nil; i-- {
		_, err = fmt.Fprintf(w, "--b%d--\r\n", i)
	}
	return err
}

// attachments writes a message with n attachments that part writes.
func attachments(w io.Writer, n int, part func(i int) string) error {
	if _, err := io.WriteString(w, mailHead+"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"+sentence); err != nil {
		return err
	}
	for i := range n {
		if _, err := io.WriteString(w, "\r\n--b\r\n"+part(i)); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "\r\n--b--\r\n")
	return err
}

func attachment(name, body string) string {
	return "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=\"" + name + "\"\r\n\r\n" + body
}

func mailAttachments(w io.Writer, _ Size) error {
	return attachments(w, 10_000, func(i int) string {
		return attachment(fmt.Sprintf("exhibit-%d.txt", i), fmt.Sprintf("Exhibit %d. %s", i, sentence))
	})
}

func mailNames(w io.Writer, _ Size) error {
	names := []string{"../../../../tmp/caseload-escaped", "/tmp/caseload-escaped", `..\\..\\caseload-escaped`, "..", "a\x00b.txt", strings.Repeat("n", 10_000)}
	return attachments(w, len(names), func(i int) string { return attachment(names[i], sentence) })
}

func mailHeaders(w io.Writer, s Size) error {
	if _, err := io.WriteString(w, mailHead); err != nil {
		return err
	}
	for i := range s.pick(50_000, 200_000) {
		if _, err := fmt.Fprintf(w, "X-Field-%d: %d\r\n", i, i); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "\r\n"+sentence)
	return err
}

func mailBoundary(w io.Writer, _ Size) error {
	if _, err := io.WriteString(w, mailHead+"Content-Type: multipart/mixed; boundary=\""+strings.Repeat("=-", 500_000)+"\"\r\n\r\n"); err != nil {
		return err
	}
	return repeat(w, "--=-=-=-=-\r\n", 100_000)
}

func mailBomb(w io.Writer, s Size) error {
	var bomb strings.Builder
	if err := zipBomb(&bomb, Quick); err != nil {
		return err
	}
	return attachments(w, 3, func(int) string {
		return "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=b.docx\r\n\r\n" + wrapped(bomb.String())
	})
}
