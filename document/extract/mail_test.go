package extract

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

const mailHeader = "From: Ann <ann@example.com>\r\nTo: bob@example.com\r\nMessage-ID: <1@example.com>\r\nMIME-Version: 1.0\r\n"

// multipart is a multipart entity of parts, each a header and a body.
func multipart(kind, boundary string, parts ...string) string {
	var b strings.Builder
	b.WriteString("Content-Type: multipart/" + kind + "; boundary=\"" + boundary + "\"\r\n\r\npreamble\r\n")
	for _, p := range parts {
		b.WriteString("--" + boundary + "\r\n" + p + "\r\n")
	}
	return b.String() + "--" + boundary + "--\r\n"
}

func attached(mediaType, name string, data []byte) string {
	return "Content-Type: " + mediaType + "\r\nContent-Disposition: attachment; filename=\"" + name + "\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString(data)
}

const (
	plainPart = "Content-Type: text/plain; charset=utf-8\r\n\r\nplain § body"
	htmlPart  = "Content-Type: text/html\r\n\r\n<p>rich <b>body</b></p>"
)

func TestMailHeader(t *testing.T) {
	t.Parallel()
	c := read(t, "", "Received: by x; Fri, 1 May 2020 14:31:07 +0000 (UTC)\r\nReceived: by y; Fri, 1 May 2020 14:31:00 +0000\r\nThread-Topic: 1983\r\nThread-Index: AdYf\r\nfrom: =?utf-8?q?Ren=C3=A9?= <r@example.com>\r\nTo: a@example.com,\r\n b@example.com\r\nCc: =?iso-8859-1?B?6Q==?= <e@example.com>\r\n"+
		"Date: Fri, 1 May 2020 09:30:00 -0500\r\nSubject: =?UTF-8?B?wqc=?= 1983\r\nIn-Reply-To: <0@x>\r\nReferences: <0@x>\r\n <00@x>\r\nMessage-Id: <1@x>\r\nX-Secret: s\r\n\r\nSo\r\nordered.\r\n")
	assert.Equal(t, document.FormatEML, c.Format)
	assert.Equal(t, "message/rfc822", c.MediaType)
	assert.Equal(t, []string{"From: René <r@example.com>\nTo: a@example.com, b@example.com\nCc: é <e@example.com>\n" +
		"Date: Fri, 1 May 2020 09:30:00 -0500\nSubject: § 1983\n\nSo\nordered."}, texts(c))
	assert.Equal(t, map[string]string{
		"from": "René <r@example.com>", "to": "a@example.com, b@example.com", "cc": "é <e@example.com>", "date": "2020-05-01T09:30:00-05:00", "sent": "2020-05-01T09:30:00-05:00", "received": "2020-05-01T14:31:07Z",
		"thread-topic": "1983", "thread-index": "AdYf",
		"subject": "§ 1983", "in-reply-to": "<0@x>", "references": "<0@x> <00@x>", "message-id": "<1@x>",
	}, c.Metadata)
}

func TestMailBody(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ data, want string }{
		"plain":                  {plainPart, "plain § body"},
		"html":                   {htmlPart, "rich body"},
		"not declared":           {"\r\n\xA7 1983", "§ 1983"},
		"declared seven bits":    {"Content-Type: text/plain; charset=us-ascii\r\n\r\n\xA7 1983", "§ 1983"},
		"quoted-printable":       {"Content-Type: text/plain; charset=windows-1252\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nSmith=92s =A7=\r\n 1983 =x", "Smith’s § 1983 =x"},
		"base64":                 {"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: BASE64\r\n\r\nwqcgMTk4\r\nMw==", "§ 1983"},
		"html with meta charset": {"Content-Type: text/html\r\n\r\n<meta charset=windows-1251><p>\xC8", "И"},
		"flowed":                 {"Content-Type: text/plain; format=flowed\r\n\r\none \r\ntwo\r\nthree\r\n-- \r\nme", "one two\nthree\n-- \nme"},
		"plain is preferred":     {multipart("alternative", "b", htmlPart, plainPart), "plain § body"},
		"unless it is blank":     {multipart("alternative", "b", "Content-Type: text/plain\r\n\r\n \r\n", htmlPart), "rich body"},
		"html in related":        {multipart("alternative", "b", multipart("related", "c", htmlPart)), "rich body"},
		"several":                {multipart("mixed", "b", plainPart, htmlPart), "plain § body\n\nrich body"},
		"part without a type":    {multipart("mixed", "b", "\r\nbare"), "bare"},
		"end is missing":         {strings.TrimSuffix(multipart("mixed", "b", plainPart), "--b--\r\n"), "plain § body"},
		"boundary is missing":    {"Content-Type: multipart/mixed\r\n\r\nbare", "bare"},
		"bounce":                 {multipart("report", "b", plainPart, "Content-Type: message/delivery-status\r\n\r\nStatus: 5.1.1"), "plain § body\n\nStatus: 5.1.1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := read(t, "", mailHeader+tc.data)
			assert.Equal(t, []string{"From: Ann <ann@example.com>\nTo: bob@example.com\n\n" + tc.want}, texts(c))
			assert.Empty(t, c.Parts)
		})
	}
}

func TestMailAttachments(t *testing.T) {
	t.Parallel()
	nested := "From: c@example.com\r\nSubject: inner\r\n\r\nforwarded \xA7"
	image := func(n int) string {
		return "Content-Type: image/png; name=logo.png\r\nContent-ID: <1>\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
			base64.StdEncoding.EncodeToString(make([]byte, n))
	}
	c := read(t, "", mailHeader+multipart("mixed", "b",
		multipart("alternative", "c", plainPart, multipart("mixed", "d", htmlPart, attached("application/pdf", "order.pdf", []byte("%PDF-1.4")))),
		attached("text/csv; charset=windows-1252", "=?utf-8?q?r=C3=A9sum=C3=A9=2Ecsv?=", []byte("a,\xA7\r\n")),
		attached("text/plain", `C:\cases\notes.txt`, []byte("x")),
		"Content-Type: message/rfc822\r\n\r\n"+nested,
		image(100), image(9000),
		attached("application/pkcs7-signature", "smime.p7s", []byte("x")),
		attached("application/octet-stream", "empty.bin", nil),
	))
	require.Len(t, c.Parts, 5)
	for i, want := range []document.Part{
		{Name: "order.pdf", MediaType: "application/pdf", Data: []byte("%PDF-1.4")},
		{Name: "résumé.csv", MediaType: "text/csv", Data: []byte("a,\xA7\r\n")},
		{Name: "notes.txt", MediaType: "text/plain", Data: []byte("x")},
		{Name: "message.eml", MediaType: "message/rfc822", Data: []byte(nested)},
		{Name: "logo.png", MediaType: "image/png", Data: make([]byte, 9000)},
	} {
		assert.Equal(t, want, c.Parts[i])
	}
	assert.Equal(t, []string{"attachment-left-out", "attachment-left-out", "attachment-left-out"}, codes(c))
	text, _ := c.Join()
	assert.True(t, strings.HasSuffix(text, "\n\nplain § body"), text)
	for _, w := range c.Warnings {
		assert.NotContains(t, w.Message, "smime")
	}
}

func TestMailThatIsAnAttachment(t *testing.T) {
	t.Parallel()
	c := read(t, "", mailHeader+attached("application/pdf", "order.pdf", []byte("%PDF-1.4")))
	require.Len(t, c.Parts, 1)
	assert.Equal(t, "order.pdf", c.Parts[0].Name)
}

func TestMailLimits(t *testing.T) {
	t.Parallel()
	file := attached("application/pdf", "x.pdf", []byte("%PDF-1.4"))
	data := []byte(mailHeader + multipart("mixed", "b", file, file, file, attached("application/pdf", "x.pdf", make([]byte, 100))))
	c, err := New(Limits{MaxParts: 2}, nil).Extract(t.Context(), write(t, "", data))
	require.NoError(t, err)
	assert.Len(t, c.Parts, 2)
	assert.Equal(t, []document.Warning{{Code: "partial", Message: "only the first 2 attachments are kept, the limit; 2 are left out"}}, c.Warnings)

	c, err = New(Limits{MaxPartBytes: 50}, nil).Extract(t.Context(), write(t, "", data))
	require.NoError(t, err)
	assert.Len(t, c.Parts, 3)
	assert.Equal(t, []string{"attachment-left-out"}, codes(c))

	_, err = New(Limits{MaxContainerBytes: 100}, nil).Extract(t.Context(), write(t, "", data))
	requireType(t, batch.Data, TypeTooLarge, err)

	deep := plainPart
	for i := range 1000 {
		deep = multipart("mixed", fmt.Sprintf("b%d", i), deep)
	}
	c, err = New(Limits{MaxDepth: 20}, nil).Extract(t.Context(), write(t, "", []byte(mailHeader+deep)))
	require.NoError(t, err)
	assert.Equal(t, []string{"partial"}, codes(c))
}

func TestMailErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ data, typ string }{
		"pgp":    {mailHeader + multipart("encrypted; protocol=\"application/pgp-encrypted\"", "b", "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1"), TypeEncrypted},
		"s/mime": {mailHeader + "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nMIAG", TypeEncrypted},
	} {
		_, err := extract(t, "", tc.data)
		require.Error(t, err, name)
		requireType(t, batch.Data, tc.typ, err)
	}
	c := read(t, "", "From a@b Thu\n"+mailHeader+"\nx\n\nFrom here on")
	assert.True(t, strings.HasSuffix(c.Pages[0].Text, "x\n\nFrom here on"))
}

func TestTransferDecode(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ encoding, in, want string }{
		{"base64", "YQ", "a"},
		{"base64", "Y Q\r\n=\r\n=", "a"},
		{"base64", "YQ==Yg==", "ab"},
		{"base64", "YWJ!jZA==", "abcd"},
		{"base64", "Y", ""},
		{"quoted-printable", "a=3D=3db=", "a==b"},
		{"quoted-printable", "a= \t\r\nb=\nc", "abc"},
		{"quoted-printable", "a=ZZ=4", "a=ZZ=4"},
		{" Quoted-Printable ", "=41", "A"},
		{"x-unknown", "=41", "=41"},
	} {
		assert.Equal(t, tc.want, string(transferDecode(tc.encoding, []byte(tc.in))), tc.in)
	}
}

func FuzzMail(f *testing.F) {
	f.Add(mailHeader + multipart("mixed", "b", plainPart, htmlPart, attached("a/b", "c", []byte("d"))))
	f.Add("From x\nContent-Type: multipart/mixed; boundary=a\n\n--a\n: x\n\n--a\nContent-Transfer-Encoding: quoted-printable\n\n=4")
	f.Fuzz(func(t *testing.T, data string) {
		c, err := mailReader{Limits{MaxDepth: 10, MaxParts: 5}.WithDefaults()}.Read(t.Context(), write(t, "", []byte(data)))
		checkFuzzed(t, c, err)
		if err == nil {
			require.LessOrEqual(t, len(c.Parts), 5)
		}
	})
}
