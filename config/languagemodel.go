package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"
)

// Model is the language model that batches may ask for.
type Model struct {
	URL       string // model.url: the endpoint's base; empty means that there is none
	Name      string // model.name
	Key       Secret // model.key, or the content of KeyFile
	KeyFile   string // model.key_file: read anew at each call
	AllowHTTP bool   // model.allow_http: whether URL may be http beyond this machine

	Timeout     time.Duration // model.timeout: of a call
	MaxInput    Size          // model.max_input: text in a call
	MaxOutput   int           // model.max_output: tokens of an answer
	MaxCalls    int           // model.max_calls: about a document or an attachment
	Tries       int           // model.tries: calls until an answer is of the form asked for
	Concurrency int           // model.concurrency: documents of a worker that wait for it at once
	InputPrice  float64       // model.input_price: US dollars for a million tokens; 0 is not known
	OutputPrice float64       // model.output_price
}

// APIKey is the key, "" for none. That in a file is read anew, so that it may be
// renewed.
func (m Model) APIKey() (string, error) {
	if m.KeyFile == "" {
		return string(m.Key), nil
	}
	key, err := readSecret(m.KeyFile)
	if err != nil {
		return "", fmt.Errorf("model.key_file: %w", err)
	}
	return string(key), nil
}

// validate keeps documents, and the key, from a network in the clear.
func (m Model) validate() error {
	if m.URL == "" {
		return nil
	}
	u, err := url.Parse(m.URL)
	switch {
	case err != nil || u.Host == "":
		return errors.New("model.url is no URL: want the endpoint's base, such as https://api.openai.com/v1")
	case u.User != nil:
		return errors.New("model.url holds a user or password: leave it out, and set model.key")
	case m.Name == "":
		return errors.New("model.url is set, but model.name is not: set both")
	case u.Scheme == "http" && !m.AllowHTTP && !loopback(u.Hostname()):
		return errors.New("model.url is http, which anyone on the way can read: use https, or set model.allow_http to true")
	}
	return nil
}

// loopback says whether host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// maxPrice bounds a price, in US dollars for a million tokens.
const maxPrice = 100_000

func price() kind[float64] {
	return kind[float64]{"number", fmt.Sprintf("US dollars, from 0 to %d", maxPrice), func(raw any) (float64, bool) {
		p, err := strconv.ParseFloat(fmt.Sprint(raw), 64)
		return p, err == nil && p >= 0 && p <= maxPrice
	}}
}

// modelKeys are the keys of Model.
func modelKeys() []key {
	return []key{
		field("model.url", func(c *Config) *string { return &c.Model.URL }, text("an http or https URL", func(s string) bool { return s == "" || matching(`^https?://[^/\s]`)(s) }), "",
			"The base URL of an OpenAI-compatible endpoint, such as `https://api.openai.com/v1`: batches that are submitted with `--model` send the text of their documents there. Not set: there is none, and nothing is sent. `http` beyond this machine needs `model.allow_http`."),
		field("model.name", func(c *Config) *string { return &c.Model.Name }, text("a model's name", matching(`^\S*$`)), "",
			"The model, by the endpoint's name for it. It must answer by a JSON schema (structured outputs)."),
		field("model.key", func(c *Config) *Secret { return &c.Model.Key }, secret(), "",
			"The API key. Not set: none is sent. Never printed or logged. `OPENAI_API_KEY` is not read: it may be meant for another endpoint."),
		field("model.key_file", func(c *Config) *string { return &c.Model.KeyFile }, path("a file", anyText), "",
			"A file that holds the API key, instead of `model.key`. It is read anew at each call, so that it may be renewed."),
		field("model.allow_http", func(c *Config) *bool { return &c.Model.AllowHTTP }, boolean(), "false",
			"Whether `model.url` may be `http` beyond this machine. Text and key then travel in the clear."),
		field("model.timeout", func(c *Config) *time.Duration { return &c.Model.Timeout }, duration(time.Second, time.Hour), "2m",
			"The longest that one call may take. One that takes longer is retried as `TRANSIENT`."),
		field("model.max_input", func(c *Config) *Size { return &c.Model.MaxInput }, size(1<<10, 4<<20), "12KiB",
			"Text that is sent in one call: a longer document is sent in pieces."),
		field("model.max_output", func(c *Config) *int { return &c.Model.MaxOutput }, integer(64, 1_000_000), "4096",
			"Tokens that an answer may have. A piece whose answer is longer is sent in halves."),
		field("model.max_calls", func(c *Config) *int { return &c.Model.MaxCalls }, integer(1, 1000), "100",
			"Calls about one document or attachment. The rest of its text is read by rules alone, with the warning `model-limit`."),
		field("model.tries", func(c *Config) *int { return &c.Model.Tries }, integer(1, 10), "2",
			"Calls about a piece until its answer is of the form asked for. Then it is read by rules alone, with the warning `model-unusable`."),
		field("model.concurrency", func(c *Config) *int { return &c.Model.Concurrency }, integer(1, 1000), "8",
			"Documents for which a worker waits on the model at once. They hold no core."),
		field("model.input_price", func(c *Config) *float64 { return &c.Model.InputPrice }, price(), "0",
			"US dollars for a million tokens that are sent. With neither price costs are not known, and a budget can only be in tokens."),
		field("model.output_price", func(c *Config) *float64 { return &c.Model.OutputPrice }, price(), "0",
			"US dollars for a million tokens of answers."),
	}
}
