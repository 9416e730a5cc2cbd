package codec

import (
	"errors"
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/proto"
)

// Metadata of an encrypted payload. Its data is a nonce of 12 bytes and the
// AES-256-GCM ciphertext of the payload's protobuf; the key's ID is authenticated
// with it.
const (
	Encoding      = "binary/encrypted"
	MetadataKeyID = "encryption-key-id"
)

// Errors of decryption.
var (
	// ErrNoKey says that a payload is encrypted with a key that is not at hand.
	ErrNoKey = errors.New("no key")
	// ErrTampered says that a payload is not what was encrypted with its key.
	ErrTampered = errors.New("not what was encrypted")
)

// Codec encrypts and decrypts payloads. One that is not encrypted is read as it
// is, so that histories from before stay readable.
type Codec struct {
	keys *Keys
	// insist makes a missing key a panic; see converter.
	insist bool
}

// New is a codec with keys, which may be nil.
func New(keys *Keys) *Codec { return &Codec{keys: keys} }

var _ converter.PayloadCodec = (*Codec)(nil)

// Encode implements converter.PayloadCodec.
func (c *Codec) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	id := c.keys.Active()
	if id == "" {
		return payloads, nil
	}
	aead := c.keys.byID[id]
	out := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		if isEncrypted(p) {
			out[i] = p
			continue
		}
		plain, err := proto.Marshal(p)
		if err != nil {
			return nil, fmt.Errorf("encrypt payload: %w", err)
		}
		out[i] = &commonpb.Payload{
			Metadata: map[string][]byte{converter.MetadataEncoding: []byte(Encoding), MetadataKeyID: []byte(id)},
			Data:     aead.Seal(nil, nil, plain, []byte(id)),
		}
	}
	return out, nil
}

// Decode implements converter.PayloadCodec. Errors are ErrNoKey and ErrTampered.
func (c *Codec) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	out := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		var err error
		if out[i], err = c.decode(p); err != nil {
			if c.insist && errors.Is(err, ErrNoKey) {
				panic(err.Error())
			}
			return nil, err
		}
	}
	return out, nil
}

func isEncrypted(p *commonpb.Payload) bool {
	return string(p.GetMetadata()[converter.MetadataEncoding]) == Encoding
}

func (c *Codec) decode(p *commonpb.Payload) (*commonpb.Payload, error) {
	if !isEncrypted(p) {
		return p, nil
	}
	id := string(p.GetMetadata()[MetadataKeyID])
	if !keyID.MatchString(id) {
		return nil, fmt.Errorf("decrypt payload: %w: it names no key", ErrTampered)
	}
	if c.keys == nil || c.keys.byID[id] == nil {
		return nil, fmt.Errorf("decrypt payload: %w %q among encryption.keys: add it, after the one that encrypts", ErrNoKey, id)
	}
	plain, err := c.keys.byID[id].Open(nil, nil, p.GetData(), []byte(id))
	if err != nil {
		return nil, fmt.Errorf("decrypt payload with key %q: %w", id, ErrTampered)
	}
	out := &commonpb.Payload{}
	if err := proto.Unmarshal(plain, out); err != nil {
		return nil, fmt.Errorf("decrypt payload with key %q: %w", id, ErrTampered)
	}
	return out, nil
}
