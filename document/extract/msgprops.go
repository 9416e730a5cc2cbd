package extract

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/richardlehane/mscfb"

	"github.com/caseload/caseload/batch"
)

// Properties of messages, recipients and attachments ([MS-OXPROPS]).
const (
	propSubject           = 0x0037
	propSubmitTime        = 0x0039
	propRepresentingName  = 0x0042
	propRepresentingEmail = 0x0065
	propTopic             = 0x0070
	propThreadIndex       = 0x0071
	propHeaders           = 0x007D
	propSenderName        = 0x0C1A
	propSenderEmail       = 0x0C1F
	propRecipientType     = 0x0C15
	propDisplayBcc        = 0x0E02
	propDisplayCc         = 0x0E03
	propDisplayTo         = 0x0E04
	propDeliveryTime      = 0x0E06
	propBody              = 0x1000
	propRTF               = 0x1009
	propHTML              = 0x1013
	propMessageID         = 0x1035
	propReferences        = 0x1039
	propInReplyTo         = 0x1042
	propDisplayName       = 0x3001
	propEmail             = 0x3003
	propCreated           = 0x3007
	propModified          = 0x3008
	propAttachData        = 0x3701
	propAttachName        = 0x3704
	propAttachMethod      = 0x3705
	propAttachLongName    = 0x3707
	propAttachType        = 0x370E
	propAttachContentID   = 0x3712
	propSMTP              = 0x39FE
	propInternetCodePage  = 0x3FDE
	propCodePage          = 0x3FFD
	propLastModifier      = 0x3FFA
	propSenderSMTP        = 0x5D01
	propRepresentingSMTP  = 0x5D02
)

// Types of properties ([MS-OXCDATA] 2.11.1).
const (
	typeLong    = 0x0003
	typeObject  = 0x000D
	typeString8 = 0x001E
	typeUnicode = 0x001F
	typeTime    = 0x0040
	typeBinary  = 0x0102
)

// attachEmbedded is the attach method of a message in the message.
const attachEmbedded = 5

// Names in a message's compound file ([MS-OXMSG] 2).
const (
	msgProperties = "__properties_version1.0"
	msgRecipient  = "__recip_version1.0_#"
	msgAttachment = "__attach_version1.0_#"
)

// msgStore is an open message file, read within one budget.
type msgStore struct {
	size   int64 // of the file
	limit  int64
	budget int64 // bytes that may still be read
}

// msgStorage is a storage of a compound file: a message, a recipient, an
// attachment.
type msgStorage struct {
	store    *msgStore
	header   int // bytes before the properties of fixed length
	codePage int // of its strings, 0 if not known
	streams  map[string]*mscfb.File
	inner    map[string]*msgStorage
	fixed    map[uint32][]byte // properties of fixed length by tag
}

// openOLE reads the directory of a compound file.
func openOLE(r io.ReaderAt, size, budget int64) (*msgStorage, error) {
	file, err := mscfb.New(r)
	if err != nil {
		return nil, cfbError(err)
	}
	store := &msgStore{size: size, limit: budget, budget: budget}
	root := newMSGStorage(store)
	root.header = 32 // of a message
	for _, f := range file.File[1:] {
		at := root
		for i, name := range f.Path {
			if at = at.child(name); i > 2*maxEmbedded+2 {
				return nil, errTooDeep(maxEmbedded)
			}
		}
		if f.FileInfo().IsDir() {
			at.child(f.Name)
		} else if _, ok := at.streams[f.Name]; !ok {
			at.streams[f.Name] = f
		}
	}
	return root, nil
}

func cfbError(err error) error {
	if isTyped(err) {
		return err
	}
	return errCorrupt("the file's structure is damaged").Wrap(err)
}

func newMSGStorage(s *msgStore) *msgStorage {
	return &msgStorage{store: s, header: 8, streams: map[string]*mscfb.File{}, inner: map[string]*msgStorage{}}
}

func (s *msgStorage) child(name string) *msgStorage {
	c, ok := s.inner[name]
	if !ok {
		c = newMSGStorage(s.store)
		s.inner[name] = c
	}
	return c
}

// children are the storages whose names have that prefix, in order.
func (s *msgStorage) children(prefix string) []*msgStorage {
	var names []string
	for name := range s.inner {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	out := make([]*msgStorage, len(names))
	for i, name := range names {
		out[i] = s.inner[name]
		out[i].codePage = s.codePage
	}
	return out
}

// read is a stream's content, nil if there is none of that name.
func (s *msgStorage) read(name string) ([]byte, error) {
	f, ok := s.streams[name]
	if !ok || f.Size == 0 {
		return nil, nil
	}
	switch {
	case f.Size > s.store.size:
		return nil, errCorrupt("a part of the document is longer than the file")
	case f.Size > s.store.budget:
		return nil, errTooLarge("the message", s.store.limit)
	}
	s.store.budget -= f.Size
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, cfbError(err)
	}
	b := make([]byte, f.Size)
	if _, err := io.ReadFull(f, b); err != nil {
		return nil, cfbError(err)
	}
	return b, nil
}

// head are the first n bytes of a stream, or all if there are fewer.
func (s *msgStorage) head(name string, n int64) ([]byte, error) {
	f, ok := s.streams[name]
	if !ok {
		return nil, nil
	}
	b, err := io.ReadAll(io.LimitReader(f, min(n, f.Size)))
	if err != nil {
		return nil, cfbError(err)
	}
	return b, nil
}

// load reads the properties of fixed length ([MS-OXMSG] 2.4).
func (s *msgStorage) load() error {
	b, err := s.read(msgProperties)
	if err != nil {
		return err
	}
	s.fixed = map[uint32][]byte{}
	for b = b[min(s.header, len(b)):]; len(b) >= 16; b = b[16:] {
		s.fixed[binary.LittleEndian.Uint32(b)] = b[8:16]
	}
	for _, id := range []uint32{propCodePage, propInternetCodePage} {
		if n := s.long(id); n > 0 && s.codePage == 0 {
			s.codePage = n
		}
	}
	return nil
}

// long is a number, 0 if it is not there.
func (s *msgStorage) long(id uint32) int {
	if v, ok := s.fixed[id<<16|typeLong]; ok {
		return int(int32(binary.LittleEndian.Uint32(v)))
	}
	return 0
}

// time is a time in UTC, zero if it is not there.
func (s *msgStorage) time(id uint32) time.Time {
	v, ok := s.fixed[id<<16|typeTime]
	if !ok {
		return time.Time{}
	}
	return fileTime(binary.LittleEndian.Uint64(v))
}

// binary is a property of bytes, nil if it is not there.
func (s *msgStorage) binary(id uint32) ([]byte, error) { return s.read(propStream(id, typeBinary)) }

// text is a string, "" if it is not there.
func (s *msgStorage) text(id uint32) (string, error) {
	b, err := s.read(propStream(id, typeUnicode))
	if err != nil {
		return "", err
	}
	if b != nil {
		text, _ := csUTF16LE.decode(b)
		return strings.TrimRight(text, "\x00"), nil
	}
	if b, err = s.read(propStream(id, typeString8)); err != nil {
		return "", err
	}
	text, _, _ := decodeText(b, codePageLabel(s.codePage))
	return strings.TrimRight(text, "\x00"), nil
}

// texts are strings, on one line each. An error is the first.
func (s *msgStorage) lines(ids ...uint32) ([]string, error) {
	out := make([]string, len(ids))
	for i, id := range ids {
		text, err := s.text(id)
		if err != nil {
			return nil, err
		}
		out[i] = cutString(oneLine(Normalize(text)), maxHeaderBytes)
	}
	return out, nil
}

// maxHeaderBytes bounds one line of a message's header.
const maxHeaderBytes = 64 << 10

func propStream(id, kind uint32) string { return fmt.Sprintf("__substg1.0_%04X%04X", id, kind) }

// isLeftOut says whether err concerns one property alone, and not the file or
// the time.
func isLeftOut(err error) bool {
	e, ok := batch.AsError(err)
	return ok && e.Category == batch.Data
}

// codePageLabel names the encoding of a code page, "" if it is not known.
func codePageLabel(page int) string {
	if cs, ok := codePages[page]; ok {
		return cs.name
	}
	switch {
	case page > 28590 && page <= 28605:
		return fmt.Sprintf("iso-8859-%d", page-28590)
	case page == 20127:
		return "us-ascii"
	case page >= 50220 && page <= 50222:
		return "iso-2022-jp"
	case page == 20866:
		return "koi8-r"
	case page == 21866:
		return "koi8-u"
	case page == 51932:
		return "euc-jp"
	}
	return ""
}
