package extract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
)

// mailbox is a mailbox of messages, each a body.
func mailbox(bodies ...string) string {
	var b strings.Builder
	for i, body := range bodies {
		fmt.Fprintf(&b, "From ann@example.com Fri May  1 09:30:00 2020\nFrom: ann@example.com\nMessage-ID: <%d@x>\n\n%s\n\n", i+1, body)
	}
	return b.String()
}

func TestMBOXMessagesAreParts(t *testing.T) {
	t.Parallel()
	c := read(t, "archive.mbox", "\n"+mailbox("one\n\n>From here\n>>From there\n> From elsewhere\n\nFrom the clerk", strings.Repeat("long", 60<<10), "three"))
	assert.Equal(t, document.FormatMBOX, c.Format)
	assert.Equal(t, "application/mbox", c.MediaType)
	assert.Empty(t, c.Warnings)
	assert.Equal(t, []string{"message-1.eml", "message-2.eml", "message-3.eml"}, partNames(c))
	assert.Equal(t, "From: ann@example.com\nMessage-ID: <1@x>\n\none\n\nFrom here\n>From there\n> From elsewhere\n\nFrom the clerk\n", string(c.Parts[0].Data))
	assert.Equal(t, "message/rfc822", c.Parts[0].MediaType)
	assert.Len(t, string(c.Parts[1].Data), len("From: ann@example.com\nMessage-ID: <2@x>\n\n")+240<<10+1)
	assert.Equal(t, "From: ann@example.com\n\nthree", texts(read(t, "", string(c.Parts[2].Data)))[0])
}

func TestMBOXOfOneMessageIsAMail(t *testing.T) {
	t.Parallel()
	c := read(t, "archive.mbox", mailbox("one\n\nFrom here on"))
	assert.Equal(t, document.FormatEML, c.Format)
	assert.Empty(t, c.Warnings)
	assert.Contains(t, c.Pages[0].Text, "From here on")
}

func TestMBOXMessagesWithoutAProgramsFields(t *testing.T) {
	t.Parallel()
	bare := "From: bob@example.com\nSubject: Deposition\nDate: Fri, 1 May 2020 10:00:00 +0000\n\nThe witness is ill.\n"
	for name, tc := range map[string]struct {
		data string
		want int
	}{
		"among others":     {mailbox("one") + "From bob@example.com Fri May  1 10:00:00 2020\n" + bare + "\n" + mailbox("three"), 3},
		"alone":            {strings.Repeat("From bob@example.com Fri May  1 10:00:00 2020\n"+bare+"\n", 2), 2},
		"first":            {"From - Fri May 01 10:00 +0000 2020\n" + bare + "\n" + mailbox("two"), 2},
		"quoted in a text": {mailbox("one\n\nFrom bob to all:\n"+bare, "two"), 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := read(t, "archive.mbox", tc.data)
			assert.Equal(t, document.FormatMBOX, c.Format)
			require.Len(t, c.Parts, tc.want)
			for _, p := range c.Parts {
				m := read(t, p.Name, string(p.Data))
				assert.Equal(t, document.FormatEML, m.Format)
				assert.Empty(t, m.Warnings)
			}
		})
	}
}

func TestMBOXLineEnds(t *testing.T) {
	t.Parallel()
	c := read(t, "", strings.ReplaceAll(mailbox("one", "two"), "\n", "\r\n"))
	require.Len(t, c.Parts, 2)
	assert.Equal(t, "From: ann@example.com\r\nMessage-ID: <1@x>\r\n\r\none\r\n", string(c.Parts[0].Data))
}

func TestMBOXLimits(t *testing.T) {
	t.Parallel()
	data := mailbox("one", strings.Repeat("two", 100), "three", "four")
	for name, tc := range map[string]struct {
		limits Limits
		want   []string
		codes  []string
	}{
		"number":   {Limits{MaxParts: 3}, []string{"message-1.eml", "message-2.eml", "message-3.eml"}, []string{"partial"}},
		"size":     {Limits{MaxPartBytes: 100}, []string{"message-1.eml", "message-2.eml TooLarge", "message-3.eml", "message-4.eml"}, nil},
		"together": {Limits{MaxContainerBytes: 360}, []string{"message-1.eml"}, []string{"partial"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := New(tc.limits, nil).Extract(t.Context(), write(t, "", []byte(data)))
			require.NoError(t, err)
			assert.Equal(t, tc.want, partNames(c))
			assert.Equal(t, tc.codes, codes(c))
		})
	}
}

func FuzzMBOX(f *testing.F) {
	f.Add([]byte(mailbox("a", ">From b")))
	f.Add([]byte("From \n\nFrom x\nFrom: a\nTo: b\nX-a: b\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := mboxReader{Limits{MaxContainerBytes: 1 << 16, MaxParts: 5}.WithDefaults()}.Read(t.Context(), write(t, "", data))
		checkFuzzed(t, c, err)
		if err == nil {
			require.LessOrEqual(t, len(c.Parts), 5)
		}
	})
}
