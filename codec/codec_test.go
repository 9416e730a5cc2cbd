package codec_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"google.golang.org/protobuf/proto"

	"github.com/caseload/caseload/codec"
)

func newKey(t *testing.T, id string) string {
	t.Helper()
	k, err := codec.NewKey(id)
	require.NoError(t, err)
	return k
}

func parse(t *testing.T, text, active string) *codec.Keys {
	t.Helper()
	k, err := codec.ParseKeys(text, active)
	require.NoError(t, err)
	return k
}

var plain = []*commonpb.Payload{
	{Metadata: map[string][]byte{"encoding": []byte("json/plain")}, Data: []byte(`{"project":"acme"}`)},
	{Metadata: map[string][]byte{"encoding": []byte("binary/null")}},
}

func TestPayloadsAreEncryptedAndComeBack(t *testing.T) {
	t.Parallel()
	c := codec.New(parse(t, newKey(t, "2026-11"), ""))
	once, err := c.Encode(plain)
	require.NoError(t, err)
	twice, err := c.Encode(plain)
	require.NoError(t, err)
	require.Len(t, once, 2)
	for i, p := range once {
		assert.Equal(t, codec.Encoding, string(p.GetMetadata()[converter.MetadataEncoding]))
		assert.Equal(t, "2026-11", string(p.GetMetadata()[codec.MetadataKeyID]))
		assert.NotContains(t, p.String(), "acme")
		assert.NotEqual(t, p.GetData(), twice[i].GetData(), "the nonce is a new one")
	}
	back, err := c.Decode(once)
	require.NoError(t, err)
	for i := range plain {
		assert.True(t, proto.Equal(plain[i], back[i]))
	}
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	old, next := newKey(t, "old"), newKey(t, "new")
	was, err := codec.New(parse(t, old, "")).Encode(plain)
	require.NoError(t, err)
	for name, keys := range map[string]*codec.Keys{
		"the first encrypts": parse(t, "# since November\n"+next+"\n\n"+old+"\n", ""),
		"the one named does": parse(t, old+","+next, "new"),
	} {
		c := codec.New(keys)
		assert.Equal(t, "new", keys.Active(), name)
		assert.Equal(t, []string{"new", "old"}, keys.IDs(), name)
		back, err := c.Decode(was)
		require.NoError(t, err, name)
		assert.True(t, proto.Equal(plain[0], back[0]), name)
		_, err = codec.New(parse(t, old+","+next, codec.ActiveNone)).Decode(was)
		require.NoError(t, err, "who encrypts nothing yet decrypts")
		now, err := c.Encode(plain)
		require.NoError(t, err, name)
		assert.Equal(t, "new", string(now[0].GetMetadata()[codec.MetadataKeyID]), name)
	}
}

func TestWhatIsNotEncryptedIsReadAsItIs(t *testing.T) {
	t.Parallel()
	for _, keys := range []*codec.Keys{nil, parse(t, "", ""), parse(t, newKey(t, "a"), "")} {
		back, err := codec.New(keys).Decode(plain)
		require.NoError(t, err)
		assert.True(t, proto.Equal(plain[0], back[0]))
	}
	for _, keys := range []*codec.Keys{nil, parse(t, "", ""), parse(t, newKey(t, "a"), codec.ActiveNone)} {
		sent, err := codec.New(keys).Encode(plain)
		require.NoError(t, err)
		assert.Equal(t, plain, sent, "without keys nothing is encrypted")
	}
}

func TestWrongAndMissingKeysAreTold(t *testing.T) {
	t.Parallel()
	sealed, err := codec.New(parse(t, newKey(t, "a"), "")).Encode(plain)
	require.NoError(t, err)
	for _, keys := range []*codec.Keys{nil, parse(t, newKey(t, "b"), "")} {
		_, err := codec.New(keys).Decode(sealed)
		require.ErrorIs(t, err, codec.ErrNoKey)
		assert.ErrorContains(t, err, `"a"`)
	}
	other := codec.New(parse(t, newKey(t, "a")+"\n"+newKey(t, "c"), ""))
	_, err = other.Decode(sealed)
	require.ErrorIs(t, err, codec.ErrTampered, "another key of that ID")

	key := newKey(t, "a")
	key += "\n" + strings.Replace(key, "a=", "c=", 1) // the ID alone differs
	c := codec.New(parse(t, key, ""))
	sealed, err = c.Encode(plain)
	require.NoError(t, err)
	for what, change := range map[string]func(p *commonpb.Payload){
		"a bit of the data":  func(p *commonpb.Payload) { p.Data[len(p.Data)/2] ^= 1 },
		"a bit of the nonce": func(p *commonpb.Payload) { p.Data[0] ^= 1 },
		"cut short":          func(p *commonpb.Payload) { p.Data = p.Data[:8] },
		"no data":            func(p *commonpb.Payload) { p.Data = nil },
		"another key's ID":   func(p *commonpb.Payload) { p.Metadata[codec.MetadataKeyID] = []byte("c") },
		"no key's ID":        func(p *commonpb.Payload) { delete(p.Metadata, codec.MetadataKeyID) },
	} {
		p := proto.Clone(sealed[0]).(*commonpb.Payload)
		change(p)
		_, err := c.Decode([]*commonpb.Payload{p})
		require.ErrorIs(t, err, codec.ErrTampered, what)
	}
}

func TestBadKeysAreRefusedAndNotShown(t *testing.T) {
	t.Parallel()
	good := newKey(t, "a")
	const secret = "c2VjcmV0IGtleSBvZiB0aGUgd3JvbmcgbGVuZ3Ro"
	for name, text := range map[string]string{
		"no ID": "=" + secret, "no key": "a=", "not base64": "a=" + secret + "!", "too short": "a=" + secret,
		"an ID with blanks": "a b=" + secret, "twice": good + "\n" + good, "only a key": secret,
	} {
		_, err := codec.ParseKeys(text, "")
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), secret, name)
		assert.NotContains(t, err.Error(), good[2:], name)
	}
	_, err := codec.ParseKeys(good, "b")
	require.ErrorContains(t, err, `"b"`)
	_, err = codec.ParseKeys("", "b")
	require.ErrorContains(t, err, "no keys")
	_, err = codec.NewKey("a b")
	require.Error(t, err)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		assert.Equal(t, "keys a", fmt.Sprintf(verb, parse(t, good, "")), verb)
	}
}

func TestDataConverterReadsInWorkflowsOrPanics(t *testing.T) {
	t.Parallel()
	dc := codec.DataConverter(parse(t, newKey(t, "a"), ""))
	sealed, err := dc.ToPayloads("acme", 7)
	require.NoError(t, err)
	assert.NotContains(t, sealed.String(), "acme")
	var s string
	var n int
	require.NoError(t, dc.FromPayloads(sealed, &s, &n))
	assert.Equal(t, "acme", s)
	inWorkflow := dc.(converter.ContextAware).WithWorkflowContext(nil)
	require.NoError(t, inWorkflow.FromPayloads(sealed, &s, &n))

	keyless := codec.DataConverter(nil)
	require.ErrorIs(t, keyless.FromPayloads(sealed, &s, &n), codec.ErrNoKey)
	keyless = keyless.(converter.ContextAware).WithWorkflowContext(nil)
	assert.PanicsWithValue(t, `decrypt payload: no key "a" among encryption.keys: add it, after the one that encrypts`,
		func() { _ = keyless.FromPayloads(sealed, &s, &n) }, "an error would fail the workflow")
}

func TestFailuresAreEncrypted(t *testing.T) {
	t.Parallel()
	keys := parse(t, newKey(t, "a"), "")
	failure := temporal.NewApplicationErrorWithCause("the acme file is damaged", "DATA", errors.New("acme, too"), "acme's detail")
	f := codec.FailureConverter(keys).ErrorToFailure(failure)
	raw, err := proto.Marshal(f)
	require.NoError(t, err)
	assert.False(t, bytes.Contains(raw, []byte("acme")), "%s", f)
	back := codec.FailureConverter(keys).FailureToError(f)
	var app *temporal.ApplicationError
	require.ErrorAs(t, back, &app)
	assert.Equal(t, "the acme file is damaged", app.Message())
	assert.Equal(t, "DATA", app.Type())
	var detail string
	require.NoError(t, app.Details(&detail))
	assert.Equal(t, "acme's detail", detail)

	f = codec.FailureConverter(nil).ErrorToFailure(failure)
	assert.Equal(t, "the acme file is damaged", f.GetMessage(), "without keys as the SDK has it")
	require.ErrorAs(t, codec.FailureConverter(keys).FailureToError(f), &app, "and it is read with keys too")
	assert.Equal(t, "the acme file is damaged", app.Message())
}
