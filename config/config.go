// Package config is Caseload's configuration: one struct, whose values come
// from flags, environment variables, a YAML file and defaults, the first that
// has one winning. Keys lists every key; docs/configuration.md is made from it.
package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// DefaultDataDir is where the machine's own state is kept unless configured.
const DefaultDataDir = ".caseload"

// Config is the configuration of a program. Load fills it in; its values are
// within the ranges that Keys documents.
type Config struct {
	DataDir    string // data_dir: what the machine keeps; relative to the working directory
	Log        Log
	Temporal   Temporal
	Encryption Encryption
	Codec      Codec
	Database   Database
	Redis      Redis
	Cache      Cache
	Metrics    Metrics
	Tracing    Tracing
	Worker     Worker
	Batch      Batch
	Retry      Retry
	Errors     Errors
	Sources    Sources
	Limits     Limits
	PDF        PDF
	OCR        OCR
	Model      Model
	Dev        Dev
}

// Log is what programs say on stderr while they run.
type Log struct {
	Level  slog.Level // log.level
	Format LogFormat  // log.format
}

// LogFormat is how a log line is written.
type LogFormat string

// The log formats.
const (
	LogText LogFormat = "text"
	LogJSON LogFormat = "json"
)

// Logger writes to w as l says.
func (l Log) Logger(w io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: l.Level}
	if l.Format == LogJSON {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// Temporal is the server that runs the workflows.
type Temporal struct {
	Address   string // temporal.address: host:port; empty means the development stack on DataDir
	Namespace string // temporal.namespace

	Profile    string // temporal.profile: of the SDK's configuration file
	ConfigFile string // temporal.config_file: that file
	APIKey     Secret // temporal.api_key, or the content of APIKeyFile
	APIKeyFile string // temporal.api_key_file
}

// Encryption is how what Temporal keeps of workflows is encrypted.
type Encryption struct {
	Keys      Secret // encryption.keys, or the content of encryption.keys_file; empty means that nothing is encrypted
	ActiveKey string // encryption.active_key: ID of the key that encrypts; empty means the first

	keysFile string
}

// Codec is the server that decrypts for the Temporal Web UI and CLI.
type Codec struct {
	Listen   string   // codec.listen: host:port
	Token    Secret   // codec.token, or the content of codec.token_file
	Origins  []string // codec.origins: of the Web UIs that may call it
	CertFile string   // codec.tls_cert_file
	KeyFile  string   // codec.tls_key_file

	tokenFile string
}

// Database is the store.
type Database struct {
	URL         Secret // database.url, or the content of database.url_file: may hold a password; empty means SQLite in DataDir
	Connections int    // database.connections: to PostgreSQL at most

	urlFile string
}

// Redis is the server of the cache and of metrics.
type Redis struct {
	Address  string // redis.address: host:port; empty means that of the development stack on DataDir, if one runs
	Username string // redis.username
	Password Secret // redis.password, or the content of redis.password_file
	DB       int    // redis.db: number of the logical database
	TLS      bool   // redis.tls

	CAFile     string // redis.tls_ca_file; empty means the system's authorities
	CertFile   string // redis.tls_cert_file
	KeyFile    string // redis.tls_key_file
	ServerName string // redis.tls_server_name: in the server's certificate; empty means the host of Address

	PrefixMetrics string // redis.prefix_metrics: of the keys of metrics
	PrefixBatch   string // redis.prefix_batch: of the keys of batches' progress
	PrefixCache   string // redis.prefix_cache: of the keys of the cache

	passwordFile string
}

// Cache is what stands before the store.
type Cache struct {
	Enabled       bool          // cache.enabled
	WarmThreshold int           // cache.warm_threshold: documents of a batch above which it is warmed; negative for never
	MaxBytes      Size          // cache.max_bytes
	EntityTTL     time.Duration // cache.entity_ttl
	DocumentTTL   time.Duration // cache.document_ttl
	Predictive    bool          // cache.predictive: whether it is warmed by what was looked up last
}

// Metrics is what is kept of how things went.
type Metrics struct {
	TTLDays int    // metrics.ttl_days: how long
	Listen  string // metrics.listen: host:port of the worker's HTTP endpoint; empty for none
}

// Tracing is where traces go.
type Tracing struct {
	Endpoint string          // tracing.endpoint: URL of an OTLP collector; empty for none
	Protocol TracingProtocol // tracing.protocol
}

// TracingProtocol is how traces travel, by OpenTelemetry's names.
type TracingProtocol string

// The protocols of traces.
const (
	TracingHTTP TracingProtocol = "http/protobuf"
	TracingGRPC TracingProtocol = "grpc"
)

// Worker is the worker process.
type Worker struct {
	Queues      []string      // worker.queues: the bands whose task queues are served
	Concurrency int           // worker.concurrency: documents worked on at once; 0 means one per core
	MaxCrashes  int           // worker.max_crashes: workers that a document may take down before it is set aside
	StopTimeout time.Duration // worker.stop_timeout: how long documents in work have when it is asked to stop
	Deployment  string        // worker.deployment: the worker deployment that it belongs to
	BuildID     string        // worker.build_id: its version there; empty means that it is not versioned
}

// Batch is what a batch starts with, unless its submission says otherwise.
type Batch struct {
	Concurrency int // batch.concurrency: documents in flight at once
}

// Sources is what documents may be fetched from.
type Sources struct {
	MaxBytes    Size          // sources.max_bytes: the biggest file that is fetched
	HTTP        bool          // sources.http: whether http and https URIs are read
	HTTPTimeout time.Duration // sources.http_timeout: bounds one fetch
	Roots       []string      // sources.roots: folders that local files must lie in; none means any
	Endpoints   []string      // sources.endpoints: services that a bucket URI may name
	Private     bool          // no key: lets HTTP sources be on this machine, for a service that the program itself runs
}

// Limits are what one document may cost.
type Limits struct {
	Time            time.Duration // limits.time: of reading it, and of looking through its text
	OCRTime         time.Duration // limits.ocr_time: of recognising all its pages
	Memory          Size          // limits.memory: of a process that reads it
	Text            Size          // limits.text: that is kept of it
	Pages           int           // limits.pages: that are kept of it
	Unpacked        Size          // limits.unpacked: of what a compressed document or a mail holds
	Depth           int           // limits.depth: of elements, groups and parts
	Mentions        int           // limits.mentions: that are kept of a document
	Attachments     int           // limits.attachments: that are read, whatever their depth
	AttachmentBytes Size          // limits.attachment_bytes: of one of them
	AttachmentDepth int           // limits.attachment_depth: of mails in mails
	Pixels          int           // limits.pixels: of an image
}

// PDF is the PDF engine.
type PDF struct {
	CacheDir string // pdf.cache_dir: the compiled engine; empty means the user's cache folder
	MaxPages int    // pdf.max_pages: the longest document that is read
}

// OCR is the recognition of text in page images.
type OCR struct {
	Program     string        // ocr.program: name on PATH, or path, of Tesseract
	Languages   string        // ocr.languages: Tesseract's codes, joined by +
	DPI         int           // ocr.dpi: least resolution at which PDF pages are drawn
	MaxDPI      int           // ocr.max_dpi: the highest
	PageTimeout time.Duration // ocr.page_timeout
}

// Dev is the development stack.
type Dev struct {
	Port   int // dev.port: Temporal's, on loopback; 0 takes a free one
	UIPort int // dev.ui_port: the Web UI's, on loopback; 0 takes a free one
}

// validate checks what one key alone cannot tell.
func (c *Config) validate() error {
	var errs []error
	if c.Dev.Port != 0 && c.Dev.Port == c.Dev.UIPort {
		errs = append(errs, fmt.Errorf("dev.port and dev.ui_port are both %d: give each its own, or 0 for a free one", c.Dev.Port))
	}
	if c.Redis.Address == "" && (c.Redis.Password != "" || c.Redis.Username != "" || c.Redis.TLS) {
		errs = append(errs, errors.New("redis.address is not set, but a user, password or TLS for it is: set the address as well"))
	}
	if !c.Redis.TLS && c.Redis.CAFile+c.Redis.CertFile+c.Redis.KeyFile+c.Redis.ServerName != "" {
		errs = append(errs, errors.New("a certificate or name for TLS with Redis is set, but redis.tls is not: set it to true"))
	}
	if (c.Redis.CertFile == "") != (c.Redis.KeyFile == "") {
		errs = append(errs, errors.New("redis.tls_cert_file and redis.tls_key_file: set both or neither"))
	}
	if (c.Codec.CertFile == "") != (c.Codec.KeyFile == "") {
		errs = append(errs, errors.New("codec.tls_cert_file and codec.tls_key_file: set both or neither"))
	}
	errs = append(errs, c.Model.validate())
	return errors.Join(errs...)
}

// resolve reads what is in files of its own. set tells which keys have a value.
func (c *Config) resolve(set func(key string) bool) error {
	return errors.Join(
		c.Temporal.resolve(set),
		c.Redis.resolve(set),
		secretFromFile(set, "database.url", &c.Database.URL, c.Database.urlFile),
		secretFromFile(set, "encryption.keys", &c.Encryption.Keys, c.Encryption.keysFile),
		secretFromFile(set, "codec.token", &c.Codec.Token, c.Codec.tokenFile),
		secretFromFile(set, "model.key", &c.Model.Key, c.Model.KeyFile),
	)
}
