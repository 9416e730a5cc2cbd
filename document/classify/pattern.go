package classify

import (
	"fmt"
	"regexp"

	"github.com/caseload/caseload/batch"
)

// maxText bounds what is read of an error's text, in bytes.
const maxText = 16 << 10

// typeConfigured is the type of errors that a configured pattern matched.
const typeConfigured = "ConfiguredPattern"

// pattern gives a category to errors that only their text tells apart.
type pattern struct {
	name string
	verdict
	expr string
	re   *regexp.Regexp
}

// httpStatus is an HTTP status in a text, so that no page number is taken for one.
func httpStatus(codes string) string {
	return `(?:^|\b(?:http(?:/\d(?:\.\d)?)?|status(?:[ _-]?code)?|response(?:[ _-]?code)?)["']?[ :=]{1,3})(?:` + codes + `)\b`
}

// patterns are tried in this order, in any case of letters. What is said of a
// machine or a service goes before what is said of a document, and narrow
// patterns before wide ones.
var patterns = []pattern{
	text("no-space", batch.Resource, "NoSpace", "a disk is full; free some space",
		`no space left|disk (?:is )?full|database or disk is full|disk quota|not enough space|insufficient storage`),
	text("no-memory", batch.Resource, "NoMemory", "there is no memory left; lower the concurrency",
		`out of memory|cannot allocate memory|memory limit exceeded|\boom[ -]?kill`),
	text("too-many-files", batch.Resource, "TooManyFiles", "there are too many open files or connections; raise the limit or lower the concurrency",
		`too many open files|file table overflow|too many (?:clients|connections)|max(?:imum)? number of clients`),
	text("rate-limit", batch.RateLimit, "RateLimited", "a service asks for fewer requests",
		`too many requests|rate[ _-]?limit|throttl|quota (?:has been |was |is )?exceeded|exceed(?:ed|s|ing) .{0,40}quota|slow ?down|request limit exceeded|`+httpStatus("429")),
	text("program", batch.Configuration, "ProgramMissing", "a program is not installed, or cannot be run; install it, or correct its path",
		`executable file not found|command not found|not found in \$?path\b|exec format error`),
	text("access", batch.Configuration, "AccessDenied", "access was denied; check the credentials and their rights",
		`unauthori[sz]ed|forbidden|permission denied|access (?:is |was )?denied|operation not permitted|read-only file system|authentication (?:failed|required)|`+
			`(?:invalid|bad|wrong|unknown|expired|missing|no) (?:[a-z]+ )?(?:credentials?|access key|api key|(?:access|auth|bearer|security|session) token)|`+httpStatus("401|403|407")),
	text("certificate", batch.Configuration, "BadCertificate", "a TLS certificate or its settings are wrong",
		`\bx509:|\btls:|certificate (?:has|is|was|signed|verif|expired|not|required|unknown)|unknown authority`),
	text("timeout", batch.Transient, "Timeout", "something took too long",
		`time[ -]?out|timed[ -]out|deadline exceeded|took too long`),
	text("connection", batch.Transient, "ConnectionFailed", "a connection failed or broke off",
		`connection (?:was |has been |is )?(?:reset|refused|closed|aborted|lost)|broken pipe|no route to host|network is (?:unreachable|down)|host is down|`+
			`use of closed network connection|client connection lost|server closed|server misbehaving|no such host`),
	text("unavailable", batch.Transient, "ServerError", "a service failed or was not available for a while",
		`temporarily unavailable|service unavailable|bad gateway|internal server error|try again|server (?:is )?(?:busy|overloaded|starting)|`+
			`database (?:table )?is locked|deadlock|could not serialize|`+httpStatus(`408|425|5\d\d`)),
	text("encrypted", batch.Data, "EncryptedDocument", "the document is encrypted; submit it without its password",
		`encrypt|password|passphrase|decrypt`),
	text("unsupported", batch.Data, "UnsupportedFormat", "the document has something that is not read",
		`unsupported|not supported|(?:unknown|unrecogni[sz]ed) (?:file|image|document|media|content)? ?(?:format|type|encoding|compression|charset)`),
	text("damaged", batch.Data, "CorruptDocument", "the document is damaged; fetch or export it again",
		`corrupt|malformed|truncated|damaged|checksum|bad (?:magic|zip|header|signature)|syntax error|parse error|not a (?:valid|zip|pdf)\b|unexpected (?:end|character|token|byte)|`+
			`\binvalid (?:[a-z0-9-]+ ){0,2}(?:header|magic|signature|format|file|data|document|object|stream|xref|table|entry|encoding|utf-?8|character|byte|length|size|offset|xml|json|html|zip|pdf|image|page|syntax)\b`),
}

func text(name string, c batch.Category, typ, message, expr string) pattern {
	return pattern{name, verdict{c, typ, message}, expr, regexp.MustCompile("(?i)" + expr)}
}

// byText looks at what the error says: configured patterns first.
func (c *Classifier) byText(err error) *batch.Error {
	text := err.Error()
	text = text[:min(len(text), maxText)]
	if c != nil {
		for i, p := range c.patterns {
			if p.Pattern.MatchString(text) {
				v := verdict{p.Category, typeConfigured, fmt.Sprintf("its text matches pattern %d of errors.patterns (%T)", i+1, innermost(err))}
				return v.by(configuredName(i))
			}
		}
	}
	for _, p := range patterns {
		if p.re.MatchString(text) {
			v := p.verdict
			v.message = fmt.Sprintf("%s; told from an error's text (pattern %s, %T)", v.message, p.name, innermost(err))
			return v.by("pattern " + p.name)
		}
	}
	return nil
}
