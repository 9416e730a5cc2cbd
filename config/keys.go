package config

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/caseload/caseload/batch"
)

// KeyDoc documents one key.
type KeyDoc struct {
	Key         string   // its place in the file: "worker.stop_timeout" is stop_timeout under worker
	Env         []string // environment variables that set it; the first that is not empty wins
	Type        string
	Default     string // as it would be written; empty if there is none
	Allowed     string // range, words or form of its values
	Description string // sentences
}

// Keys lists every key, grouped by section.
func Keys() []KeyDoc {
	docs := make([]KeyDoc, len(keys))
	for i, k := range keys {
		docs[i] = k.KeyDoc
	}
	return docs
}

// key is a key with what reads it.
type key struct {
	KeyDoc
	secret bool                           // whether error messages must not show the value
	set    func(c *Config, raw any) error // reads raw into c; its error says what is allowed
}

const envPrefix = "CASELOAD_"

func envName(name string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(name, ".", "_"))
}

// field is the key name, whose values k reads into the place that at gives.
func field[T any](name string, at func(*Config) *T, k kind[T], fallback, description string) key {
	_, secret := any(new(T)).(*Secret)
	return key{
		KeyDoc: KeyDoc{
			Key: name, Env: []string{envName(name)}, Type: k.name,
			Default: fallback, Allowed: k.want, Description: description,
		},
		secret: secret,
		set: func(c *Config, raw any) error {
			v, ok := k.read(raw)
			if !ok {
				return fmt.Errorf("want %s", k.want)
			}
			*at(c) = v
			return nil
		},
	}
}

// alias adds environment variables by which other programs know the same thing.
func (k key) alias(env ...string) key {
	k.Env = append(k.Env, env...)
	return k
}

var keys = slices.Concat([]key{
	field("data_dir", func(c *Config) *string { return &c.DataDir }, path("a folder", nonEmpty), DefaultDataDir,
		"What this machine keeps: the SQLite store, the development stack, caches, files in work. Relative to the working directory. Created when needed."),

	field("log.level", func(c *Config) *slog.Level { return &c.Log.Level }, logLevel(), "info",
		"The least severe log lines that are written."),
	field("log.format", func(c *Config) *LogFormat { return &c.Log.Format }, choice(LogText, LogJSON), string(LogText),
		"How log lines are written to stderr."),

	field("temporal.address", func(c *Config) *string { return &c.Temporal.Address }, address(), "",
		"The Temporal server. Not set: that of the profile, or of `TEMPORAL_ADDRESS`; or else the development stack that runs on `data_dir`."),
	field("temporal.namespace", func(c *Config) *string { return &c.Temporal.Namespace }, text("a namespace's name", nonEmpty), "default",
		"The Temporal namespace. Not set: that of the profile, or of `TEMPORAL_NAMESPACE`."),
	field("temporal.profile", func(c *Config) *string { return &c.Temporal.Profile }, text("a profile's name", anyText), "",
		"The profile of the Temporal SDK's [configuration file](https://docs.temporal.io/develop/environment-configuration) that has address, namespace, TLS, client certificate and API key. The SDK's variables (`TEMPORAL_TLS`, `TEMPORAL_TLS_CLIENT_CERT_PATH`, `TEMPORAL_API_KEY` …) go before it, with or without a profile. Not set: `default` of `temporal.config_file`, or no profile without one. The development stack's server has none of it.").
		alias("TEMPORAL_PROFILE"),
	field("temporal.config_file", func(c *Config) *string { return &c.Temporal.ConfigFile }, path("a file", anyText), "",
		"That file. Not set: with a profile `temporalio/temporal.toml` in the user's configuration folder.").
		alias("TEMPORAL_CONFIG_FILE"),
	field("temporal.api_key", func(c *Config) *Secret { return &c.Temporal.APIKey }, secret(), "",
		"The API key, over that of the profile. It goes over TLS alone."),
	field("temporal.api_key_file", func(c *Config) *string { return &c.Temporal.APIKeyFile }, path("a file", anyText), "",
		"A file that holds the API key, instead of `temporal.api_key`. It is read anew at each call, so that it may be renewed."),

	field("encryption.keys", func(c *Config) *Secret { return &c.Encryption.Keys }, secret(), "",
		"Keys, each `ID=BASE64` of 32 bytes, separated by commas or line breaks: the first encrypts what Temporal keeps of workflows, all decrypt. `starter codec keygen` makes one. Not set: nothing is encrypted."),
	field("encryption.keys_file", func(c *Config) *string { return &c.Encryption.keysFile }, path("a file", anyText), "",
		"A file that holds the keys, instead of `encryption.keys`."),
	field("encryption.active_key", func(c *Config) *string { return &c.Encryption.ActiveKey }, text("a key's ID", anyText), "",
		"The ID of the key that encrypts, or `none` while not all programs have the keys: what others encrypted is read, and nothing is encrypted. Not set: the first."),

	field("codec.listen", func(c *Config) *string { return &c.Codec.Listen }, listenAddress(), "8234",
		"Where `starter codec serve`, and the development stack when payloads are encrypted, decrypt for the Temporal Web UI and CLI. A port alone is on loopback, and `0` takes a free one. Another address needs a certificate."),
	field("codec.token", func(c *Config) *Secret { return &c.Codec.Token }, secret(), "",
		"What callers of the codec server know, at least 16 characters: a bearer token, or the password of basic authentication. Not set: the development stack makes one, in `codec-token` in `data_dir`."),
	field("codec.token_file", func(c *Config) *string { return &c.Codec.tokenFile }, path("a file", anyText), "",
		"A file that holds the token, instead of `codec.token`."),
	field("codec.origins", func(c *Config) *[]string { return &c.Codec.Origins }, list("scheme, host and port alone", same, matching(`^https?://[^/\s@]+$`)), "",
		"Origins of the Web UIs that may call the codec server from a browser, such as `https://temporal.example.org`. The development stack adds its own."),
	field("codec.tls_cert_file", func(c *Config) *string { return &c.Codec.CertFile }, path("a file", anyText), "",
		"The codec server's certificate, in PEM."),
	field("codec.tls_key_file", func(c *Config) *string { return &c.Codec.KeyFile }, path("a file", anyText), "",
		"The certificate's key."),

	field("database.url", func(c *Config) *Secret { return &c.Database.URL }, secret(), "",
		"The store: `postgres://user:password@host:5432/database?sslmode=verify-full`, a PostgreSQL database in UTF-8 of Caseload's own, or `sqlite:///absolute/path`. Not set: SQLite, `caseload.db` in `data_dir`. Never printed or logged."),
	field("database.connections", func(c *Config) *int { return &c.Database.Connections }, integer(2, 1000), "5",
		"How many connections a process opens to PostgreSQL at most, two fifths of them to read. Those of all workers, and some for commands, must be fewer than the server's `max_connections`."),
	field("database.url_file", func(c *Config) *string { return &c.Database.urlFile }, path("a file", anyText), "",
		"A file that holds the URL, instead of `database.url`."),

	field("redis.address", func(c *Config) *string { return &c.Redis.Address }, redisAddress(), "",
		"The Redis server of the cache and of metrics. A URL also sets user, password, database and TLS, unless they have keys of their own. Not set: that of the development stack that runs on `data_dir`; without one there are neither metrics nor cache.").
		alias("REDIS_URL", "REDIS_ADDR"),
	field("redis.username", func(c *Config) *string { return &c.Redis.Username }, text("a user's name", anyText), "",
		"The user, where the server has more than one."),
	field("redis.password", func(c *Config) *Secret { return &c.Redis.Password }, secret(), "",
		"The password. Never printed or logged."),
	field("redis.password_file", func(c *Config) *string { return &c.Redis.passwordFile }, path("a file", anyText), "",
		"A file that holds the password, such as a mounted secret; a line break at its end is left out. Instead of `redis.password`."),
	field("redis.db", func(c *Config) *int { return &c.Redis.DB }, integer(0, 65535), "0",
		"Number of the logical database."),
	field("redis.tls", func(c *Config) *bool { return &c.Redis.TLS }, boolean(), "false",
		"Whether the connection is encrypted."),
	field("redis.tls_ca_file", func(c *Config) *string { return &c.Redis.CAFile }, path("a file", anyText), "",
		"Certificates, in PEM, of the authorities that may have signed the server's. Not set: the system's."),
	field("redis.tls_cert_file", func(c *Config) *string { return &c.Redis.CertFile }, path("a file", anyText), "",
		"This program's certificate, in PEM, where the server asks for one."),
	field("redis.tls_key_file", func(c *Config) *string { return &c.Redis.KeyFile }, path("a file", anyText), "",
		"The certificate's key."),
	field("redis.tls_server_name", func(c *Config) *string { return &c.Redis.ServerName }, text("a host's name", anyText), "",
		"The name in the server's certificate. Not set: the host of `redis.address`."),
	field("redis.prefix_metrics", func(c *Config) *string { return &c.Redis.PrefixMetrics }, text("a prefix", nonEmpty), "metrics:",
		"What the keys of metrics begin with.").
		alias("REDIS_PREFIX_METRICS"),
	field("redis.prefix_batch", func(c *Config) *string { return &c.Redis.PrefixBatch }, text("a prefix", nonEmpty), "batch:",
		"What the keys of batches' live progress begin with.").
		alias("REDIS_PREFIX_BATCH"),
	field("redis.prefix_cache", func(c *Config) *string { return &c.Redis.PrefixCache }, text("a prefix", nonEmpty), "cache:",
		"What the keys of the cache begin with.").
		alias("REDIS_PREFIX_CACHE"),

	field("cache.enabled", func(c *Config) *bool { return &c.Cache.Enabled }, boolean(), "true",
		"Whether documents are looked up in Redis before the store. Without Redis there is no cache."),
	field("cache.warm_threshold", func(c *Config) *int { return &c.Cache.WarmThreshold }, integer(-1, 1_000_000_000), fmt.Sprint(batch.DefaultWarmOver),
		"Batches of more than so many documents have the cache loaded before they are read; `-1` for none. Counts where batches are submitted.").
		alias("BATCH_CACHE_WARM_THRESHOLD"),
	field("cache.max_bytes", func(c *Config) *Size { return &c.Cache.MaxBytes }, size(1<<20, TiB), "256MiB",
		"Memory of Redis that the cache may take, about; and no more than four fifths of what Redis has left, where it has a bound of its own."),
	field("cache.entity_ttl", func(c *Config) *time.Duration { return &c.Cache.EntityTTL }, duration(time.Minute, 400*24*time.Hour), "24h",
		"How long a project's entities are cached after the last of them was written."),
	field("cache.document_ttl", func(c *Config) *time.Duration { return &c.Cache.DocumentTTL }, duration(time.Minute, 400*24*time.Hour), "24h",
		"How long it is cached which contents a project holds, after the last of them was written."),
	field("cache.predictive", func(c *Config) *bool { return &c.Cache.Predictive }, boolean(), "false",
		"Whether it is kept in Redis which entities were looked up last, and the cache is warmed by that, also while a batch waits in the queue."),

	field("metrics.ttl_days", func(c *Config) *int { return &c.Metrics.TTLDays }, integer(1, 400), "7",
		"Days after which metrics in Redis expire.").
		alias("BATCH_METRICS_TTL_DAYS"),
	field("metrics.listen", func(c *Config) *string { return &c.Metrics.Listen }, listenAddress(), "",
		"Where the worker answers `/metrics` (Prometheus), `/healthz` and `/readyz` over HTTP. A port alone is on loopback, and `0` takes a free one. Nobody is asked who they are: name another address only where the network is private. Not set: nowhere."),

	field("tracing.endpoint", func(c *Config) *string { return &c.Tracing.Endpoint }, text("an http or https URL", matching(`^(https?://[^/\s@]+(/\S*)?)?$`)), "",
		"The OpenTelemetry collector that traces are sent to, such as `http://127.0.0.1:4318`. Headers and sampling are as OpenTelemetry's own variables say (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER`). Not set: nothing is traced.").
		alias("OTEL_EXPORTER_OTLP_ENDPOINT"),
	field("tracing.protocol", func(c *Config) *TracingProtocol { return &c.Tracing.Protocol }, choice(TracingHTTP, TracingGRPC), string(TracingHTTP),
		"How traces are sent; collectors take `http/protobuf` on port 4318 and `grpc` on 4317.").
		alias("OTEL_EXPORTER_OTLP_PROTOCOL"),

	field("worker.queues", func(c *Config) *[]string { return &c.Worker.Queues }, bands(), "high,normal,low",
		"The priority bands that the worker serves. A worker for `high` alone keeps capacity free for urgent batches."),
	field("worker.concurrency", func(c *Config) *int { return &c.Worker.Concurrency }, integer(0, 1024), "0",
		"Documents that the worker works on at once; `0` is one per core."),
	field("worker.max_crashes", func(c *Config) *int { return &c.Worker.MaxCrashes }, integer(1, 100), "2",
		"Workers that may die while they read a document, before it is set aside as `DATA`. After the first the document is read alone on its worker, so that no other is blamed."),
	field("worker.stop_timeout", func(c *Config) *time.Duration { return &c.Worker.StopTimeout }, duration(0, time.Hour), "30s",
		"How long documents in work have to end when the worker is asked to stop. What does not end is taken up again by another worker, at its first unfinished stage."),
	field("worker.deployment", func(c *Config) *string { return &c.Worker.Deployment }, text("a name of letters, digits, - and _", matching(`^[A-Za-z0-9_-]{1,100}$`)), "caseload",
		"The Temporal worker deployment that versioned workers belong to."),
	field("worker.build_id", func(c *Config) *string { return &c.Worker.BuildID }, text("a version's name of letters, digits and . _ + -", matching(`^[A-Za-z0-9._+-]{0,100}$`)), "",
		"The version of the worker, such as a release or a commit. Workers with one are given work once `starter deploy promote` makes it the current version, and a document ends on the version that it began with. Not set: the worker takes all work there is, whatever its version."),

	field("batch.concurrency", func(c *Config) *int { return &c.Batch.Concurrency }, integer(1, batch.MaxConcurrency), fmt.Sprint(batch.DefaultConcurrency),
		"Documents of a batch in flight at once, unless its submission says otherwise."),

	retryKey(batch.Transient, func(r *Retry) *batch.RetryPolicy { return &r.Transient },
		"How network errors, timeouts and servers that fail are retried: so often at once, then after delays that grow from `base` to `cap`, each stretched by up to `jitter`. What is left out keeps its default, such as `delayed=5,base=1s`. A batch may have its own (`starter submit --retry`)."),
	retryKey(batch.Resource, func(r *Retry) *batch.RetryPolicy { return &r.Resource },
		"The same for memory, disk and file handles that have run out."),
	retryKey(batch.RateLimit, func(r *Retry) *batch.RetryPolicy { return &r.RateLimit },
		"The same for throttling and quotas. A service's Retry-After goes before them, up to `cap`."),
	retryKey(batch.Configuration, func(r *Retry) *batch.RetryPolicy { return &r.Configuration },
		"The same for credentials, missing tools and settings."),
	retryKey(batch.Data, func(r *Retry) *batch.RetryPolicy { return &r.Data },
		"The same for documents that are corrupt, encrypted or not supported."),
	retryKey(batch.Permanent, func(r *Retry) *batch.RetryPolicy { return &r.Permanent },
		"The same for everything that will not change, and what nothing is known of."),

	patternsKey(),
	overridesKey(),

	field("sources.max_bytes", func(c *Config) *Size { return &c.Sources.MaxBytes }, size(1, TiB), "512MiB",
		"The biggest file that is fetched. A bigger one fails as `DATA`."),
	field("sources.http", func(c *Config) *bool { return &c.Sources.HTTP }, boolean(), "false",
		"Whether `http` and `https` URIs are fetched."),
	field("sources.http_timeout", func(c *Config) *time.Duration { return &c.Sources.HTTPTimeout }, duration(time.Second, 24*time.Hour), "10m",
		"The longest that one HTTP fetch may take."),
	field("sources.roots", func(c *Config) *[]string { return &c.Sources.Roots }, list("folders", expandHome, nonEmpty), "",
		"Folders that local files must lie in, symbolic links resolved. Not set: any folder."),
	field("sources.endpoints", func(c *Config) *[]string { return &c.Sources.Endpoints }, list("http or https URLs", same, matching(`^https?://[^/\s]`)), "",
		"Services that a bucket URI may name as its `endpoint`, such as `https://minio.example.org`."),

	field("limits.time", func(c *Config) *time.Duration { return &c.Limits.Time }, duration(time.Second, time.Hour), "10m",
		"The longest that a document's file and attachments may be read, and again the longest that their text may be looked through. A document that takes longer fails as `DATA`, `TimeLimit`; attachments not read by then are left out, and the result is partial."),
	field("limits.ocr_time", func(c *Config) *time.Duration { return &c.Limits.OCRTime }, duration(time.Second, 110*time.Minute), "90m",
		"The longest that all pages of a document may be recognised. Pages not done by then are left out, and the result is partial."),
	field("limits.memory", func(c *Config) *Size { return &c.Limits.Memory }, size(128<<20, TiB), "1GiB",
		"Memory of a process that reads a document, and of Tesseract on a page; Linux alone keeps to it. A document that needs more fails as `DATA`, `MemoryLimit`. PDFium gets half of it, and 512 MiB at most."),
	field("limits.text", func(c *Config) *Size { return &c.Limits.Text }, size(1<<10, 512<<20), "32MiB",
		"Text that is kept of a document or an attachment, in UTF-8. The rest is cut off, and the result is partial."),
	field("limits.pages", func(c *Config) *int { return &c.Limits.Pages }, integer(1, 1_000_000), "10000",
		"Pages that are kept of a document other than a PDF, which has `pdf.max_pages`. The rest is left out, and the result is partial."),
	field("limits.unpacked", func(c *Config) *Size { return &c.Limits.Unpacked }, size(1<<20, 16<<30), "256MiB",
		"What a compressed document may unpack to, and the biggest mail that is read. A bigger one fails as `DATA`, `TooLarge`; one that unpacks to 300 times its size, as `ZipBomb`. Of an archive or a mailbox the members up to this size together are kept, and attachments of all depths up to four times as much; the rest is left out, and the result is partial."),
	field("limits.depth", func(c *Config) *int { return &c.Limits.Depth }, integer(8, 10_000), "512",
		"How deep elements of a document may nest. Where the rest can be read without, what is deeper is flattened or left out; else it fails as `DATA`, `TooDeep`."),
	field("limits.mentions", func(c *Config) *int { return &c.Limits.Mentions }, integer(1, 10_000_000), "250000",
		"Mentions that are kept of a document or an attachment; a worker holds 1 to 3 kB for each. The rest is left out, and the result is partial."),
	field("limits.attachments", func(c *Config) *int { return &c.Limits.Attachments }, integer(1, 10_000), "200",
		"Attachments of a document that are read, at whatever depth. The others are left out, and the result is partial."),
	field("limits.attachment_bytes", func(c *Config) *Size { return &c.Limits.AttachmentBytes }, size(1<<10, 16<<30), "64MiB",
		"The biggest attachment that is kept. A bigger one is left out, with a warning; a member of an archive fails alone as `TooLarge`."),
	field("limits.attachment_depth", func(c *Config) *int { return &c.Limits.AttachmentDepth }, integer(1, 50), "5",
		"How deep mails and archives may hold each other. What is deeper is left out, and the result is partial."),
	field("limits.pixels", func(c *Config) *int { return &c.Limits.Pixels }, integer(1_000_000, 1_000_000_000), "100000000",
		"The biggest image that is read, as width times height. A bigger one fails as `DATA`, `ImageTooLarge`. The default is an A1 sheet at 300 dots per inch and a half more."),

	field("pdf.cache_dir", func(c *Config) *string { return &c.PDF.CacheDir }, path("a folder", anyText), "",
		"Where the compiled PDF engine is kept, which spares a few seconds per start. Not set: the user's cache folder."),
	field("pdf.max_pages", func(c *Config) *int { return &c.PDF.MaxPages }, integer(1, 1_000_000), "10000",
		"Pages that are read of a PDF. The rest is left out, and the result is partial."),

	field("ocr.program", func(c *Config) *string { return &c.OCR.Program }, path("a program", nonEmpty), "tesseract",
		"Name on `PATH`, or path, of Tesseract."),
	field("ocr.languages", func(c *Config) *string { return &c.OCR.Languages },
		text("Tesseract's language codes joined by +", matching(`^\w+(/\w+)*(\+\w+(/\w+)*)*$`)), "eng",
		"The languages to recognise, such as `eng+fra`. Tesseract needs the data of each."),
	field("ocr.dpi", func(c *Config) *int { return &c.OCR.DPI }, integer(72, 1200), "300",
		"Dots per inch at which PDF pages are drawn for recognition, at the least. Scans of fewer are enlarged."),
	field("ocr.max_dpi", func(c *Config) *int { return &c.OCR.MaxDPI }, integer(72, 1200), "400",
		"Dots per inch at the most: a page whose scan has more than `ocr.dpi` is drawn at the scan's own, up to this."),
	field("ocr.page_timeout", func(c *Config) *time.Duration { return &c.OCR.PageTimeout }, duration(time.Second, time.Hour), "2m",
		"The longest that recognition of one page may take."),
}, modelKeys(), []key{
	field("dev.port", func(c *Config) *int { return &c.Dev.Port }, integer(0, 65535), "7233",
		"Port of the development stack's Temporal server, on loopback; `0` takes a free one."),
	field("dev.ui_port", func(c *Config) *int { return &c.Dev.UIPort }, integer(0, 65535), "8233",
		"Port of the development stack's Temporal Web UI, on loopback; `0` takes a free one."),
})

func same(s string) string { return s }
