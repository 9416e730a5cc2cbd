package model

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/shared"

	"github.com/caseload/caseload/batch"
)

// maxResponse bounds what is read of a response, in bytes.
const maxResponse = 8 << 20

// Client asks one model. It is safe for concurrent use.
type Client struct {
	cfg      Config
	question *question
	chat     openai.ChatCompletionService
	host     string
}

// New is a Client of the endpoint that cfg describes. Nothing is sent yet.
func New(cfg Config) (*Client, error) {
	u, err := url.Parse(cfg.BaseURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || cfg.Model == "" {
		return nil, batch.NewError(batch.Configuration, "BadSetting", "a language model needs an http or https URL and a name: model.url, model.name")
	}
	q, err := theQuestion()
	if err != nil {
		return nil, err
	}
	cfg.Timeout = cmp.Or(cfg.Timeout, 2*time.Minute)
	cfg.MaxInput, cfg.MaxOutput = cmp.Or(cfg.MaxInput, 12_000), cmp.Or(cfg.MaxOutput, 4096)
	cfg.MaxCalls, cfg.Tries = cmp.Or(cfg.MaxCalls, 100), cmp.Or(cfg.Tries, 2)
	c := &Client{cfg: cfg, question: q, host: u.Host}
	// The service alone, and not openai.NewClient: that takes keys and addresses from
	// variables that are meant for other programs.
	c.chat = openai.NewChatCompletionService(
		option.WithBaseURL(strings.TrimSuffix(cfg.BaseURL, "/")+"/"),
		option.WithMaxRetries(0),
		option.WithHTTPClient(&http.Client{
			Transport: transport(),
			// A redirect would take text and key to another place.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}),
		option.WithMiddleware(checkResponse),
	)
	return c, nil
}

// transport is the default one with places of its own for connections.
func transport() http.RoundTripper {
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		t = t.Clone()
		t.MaxIdleConnsPerHost = 16
		return t
	}
	return http.DefaultTransport
}

// checkResponse bounds what is read of a response, and takes no redirect for one.
func checkResponse(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	res, err := next(req)
	if err != nil {
		return res, err
	}
	if res.StatusCode >= 300 && res.StatusCode < 400 {
		_ = res.Body.Close() // nothing of it is needed
		return nil, batch.NewError(batch.Configuration, "BadRedirect", "the language model's service redirects elsewhere, which is not followed; check model.url (HTTP %d)", res.StatusCode)
	}
	res.Body = http.MaxBytesReader(nil, res.Body, maxResponse)
	return res, nil
}

// Service names the endpoint, as one that may ask for fewer requests.
func (c *Client) Service() string { return "model " + c.host }

// Version names the model and the question: what has been read with it need not be
// read again.
func (c *Client) Version() string { return c.cfg.Model + " " + c.question.version }

// Prices are those that calls are counted by.
func (c *Client) Prices() Prices { return c.cfg.Prices }

// reply is what one call came to.
type reply struct {
	content string
	usage   Usage
	cut     bool // the answer is longer than it may be
	refused bool // by the model, or a filter
}

// errTooLong says that the service does not take so much text at once, errRefused
// that it does not take this text.
var (
	errTooLong = errors.New("too long for the model")
	errRefused = errors.New("refused by the service")
)

// estimate is what a call about text may come to: see tokens. A model's count decides
// in the end.
func (c *Client) estimate(text string) Usage {
	const form = 600 // of the schema, and what is around the messages
	return Usage{Input: tokens(c.question.prompt) + tokens(text) + form, Output: c.cfg.MaxOutput}
}

// call asks about text once.
func (c *Client) call(ctx context.Context, text string) (reply, error) {
	key := ""
	if c.cfg.Key != nil {
		var err error
		if key, err = c.cfg.Key(); err != nil {
			return reply{}, &answeredError{batch.NewError(batch.Configuration, "NoCredentials", "the key of the language model cannot be read: see model.key_file").Wrap(err)}
		}
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	opts := []option.RequestOption{}
	if key != "" {
		opts = append(opts, option.WithAPIKey(key))
	}
	res, err := c.chat.New(ctx, openai.ChatCompletionNewParams{
		Model: c.cfg.Model,
		Messages: []openai.ChatCompletionMessageParamUnion{
			openai.SystemMessage(c.question.prompt), openai.UserMessage(text),
		},
		MaxCompletionTokens: openai.Int(int64(c.cfg.MaxOutput)),
		ResponseFormat: openai.ChatCompletionNewParamsResponseFormatUnion{OfJSONSchema: &shared.ResponseFormatJSONSchemaParam{
			JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{
				Name: "reading", Strict: openai.Bool(true), Schema: c.question.schema,
			},
		}},
	}, opts...)
	if err != nil {
		return reply{}, c.failed(ctx, err)
	}
	r := reply{usage: Usage{Input: max(0, int(res.Usage.PromptTokens)), Output: max(0, int(res.Usage.CompletionTokens))}}
	if len(res.Choices) > 0 {
		first := res.Choices[0]
		r.content = first.Message.Content
		r.cut = first.FinishReason == "length"
		r.refused = first.FinishReason == "content_filter" || first.Message.Refusal != ""
	}
	if r.usage.Total() == 0 { // some servers do not count
		r.usage = Usage{Input: c.estimate(text).Input, Output: tokens(r.content) + 1}
	}
	return r, nil
}

// unanswered says of an error of call that the service may have done the work, and
// charged for it, all the same.
func unanswered(err error) bool {
	var answered *answeredError
	return !errors.As(err, &answered)
}

// answeredError is an error that the service itself told, or that kept the text from
// being sent: nothing is charged for it.
type answeredError struct{ error }

func (e *answeredError) Unwrap() error { return e.error }

// failed gives err, with which a call ended, its category. What the service says in
// words stays behind: it may quote the text, or the key.
func (c *Client) failed(ctx context.Context, err error) error {
	var status *openai.Error
	if errors.As(err, &status) {
		return &answeredError{statusError(status)}
	}
	if e, ok := batch.AsError(err); ok {
		return &answeredError{e}
	}
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return &answeredError{fmt.Errorf("ask the language model: %w", err)}
	}
	var timeout net.Error
	if errors.Is(ctx.Err(), context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return batch.NewError(batch.Transient, "Timeout", "the language model did not answer in the time of model.timeout")
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var long *http.MaxBytesError
	var network net.Error
	switch {
	case errors.As(err, &long):
		return batch.NewError(batch.Transient, "ServerError", "the language model's service answered with more than %d bytes", maxResponse)
	case errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("ask the language model: %w", err) // by the rules for connections
	}
	// Not even the form of the protocol.
	return batch.NewError(batch.Transient, "ServerError", "the language model's service answered with what is no chat completion")
}

var (
	tooLongWords = regexp.MustCompile(`(?i)context|too long|too large|too many tokens|exceeds?\b`)
	filterWords  = regexp.MustCompile(`(?i)content_?(filter|policy)|safety|moderation`)
)

// statusError is what an HTTP status means, by the error codes of OpenAI and of
// servers that follow it.
func statusError(e *openai.Error) error {
	said := e.Code + " " + e.Type + " " + e.Message
	switch n := e.StatusCode; {
	case n == http.StatusTooManyRequests && (e.Code == "insufficient_quota" || e.Type == "insufficient_quota"), n == http.StatusPaymentRequired:
		return batch.NewError(batch.Configuration, "ModelQuota", "the account at the language model's service has no credit left (HTTP %d)", n)
	case n == http.StatusTooManyRequests:
		err := batch.NewError(batch.RateLimit, "RateLimited", "the language model's service asks for fewer requests (HTTP %d)", n)
		err.RetryAfter = retryAfter(e.Response)
		return err
	case n == http.StatusUnauthorized || n == http.StatusForbidden:
		return batch.NewError(batch.Configuration, "AccessDenied", "the language model's service denied access; check model.key and what it may do (HTTP %d)", n)
	case n == http.StatusNotFound || n == http.StatusMethodNotAllowed:
		return batch.NewError(batch.Configuration, "ModelNotFound", "the service knows no such language model; check model.url and model.name (HTTP %d)", n)
	case n == http.StatusRequestEntityTooLarge, n == http.StatusBadRequest && tooLongWords.MatchString(said):
		return errTooLong
	case (n == http.StatusBadRequest || n == http.StatusUnprocessableEntity) && e.Param != "" && e.Param != "messages" && !filterWords.MatchString(said):
		// Of the request's form, which is the same for every document.
		return batch.NewError(batch.Configuration, "ModelRefused", "the language model's service does not take such requests, as of answers by a JSON schema; choose another model (HTTP %d)", n)
	case n == http.StatusBadRequest, n == http.StatusUnprocessableEntity, n == http.StatusUnavailableForLegalReasons:
		return errRefused
	case n >= http.StatusInternalServerError, n == http.StatusRequestTimeout, n == http.StatusConflict, n == http.StatusTooEarly:
		err := batch.NewError(batch.Transient, "ServerError", "the language model's service failed (HTTP %d)", n)
		err.RetryAfter = retryAfter(e.Response)
		return err
	default:
		return batch.NewError(batch.Configuration, "ModelNotFound", "the language model's service answered with HTTP %d; check model.url", n)
	}
}

// retryAfter is how long a service asks to be left alone; 0 if it does not say.
func retryAfter(res *http.Response) time.Duration {
	if res == nil {
		return 0
	}
	if ms, err := strconv.ParseFloat(res.Header.Get("Retry-After-Ms"), 64); err == nil && ms > 0 {
		return time.Duration(ms * float64(time.Millisecond))
	}
	v := res.Header.Get("Retry-After")
	if s, err := strconv.ParseFloat(v, 64); err == nil && s > 0 {
		return time.Duration(s * float64(time.Second))
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}
