package classify

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	grpcstatus "google.golang.org/grpc/status"

	"github.com/caseload/caseload/batch"
)

// Explain says how an error would be classified that text stands for: a type of
// ours such as EncryptedDocument, a system error number's name such as ENOSPC, an
// SQLSTATE such as 40001, an HTTP status such as 503, a gRPC code such as
// Unavailable, a reply of Redis, a cloud's error code such as SlowDown, or else an
// error's text. A type that is of several categories has an answer for each.
func (c *Classifier) Explain(text string) []*batch.Error {
	text = strings.TrimSpace(text)
	if categories := batch.ErrorTypes()[text]; len(categories) > 0 {
		var answers []*batch.Error
		for _, category := range categories {
			e := batch.NewError(category, text, "")
			answer := c.Classify(e)
			if answer.Rule == "" {
				answer.Rule = batch.RuleOwn
			}
			answers = append(answers, answer)
			if answer.Rule != batch.RuleOwn {
				break // whatever it was
			}
		}
		return answers
	}
	if status, err := strconv.Atoi(text); err == nil && len(text) == 3 {
		if e := HTTPStatus(status, nil, time.Time{}); e != nil {
			return []*batch.Error{c.Classify(e)}
		}
	}
	return []*batch.Error{c.Classify(sample(text))}
}

// sample is an error such as text stands for.
func sample(text string) error {
	for _, t := range []table{exhausted, network, files} {
		for _, r := range t {
			if r.example != nil && strings.EqualFold(r.name, "syscall "+text) {
				return r.example
			}
		}
	}
	switch code, isRPC := rpcCode(text); {
	case isRPC:
		return grpcstatus.Error(code, "")
	case sqlStateForm.MatchString(text) && digit.MatchString(text) && sqlStates.row(text) != nil:
		return sqlStateError(text)
	case cloudCodes.row(text) != nil:
		return cloudError(text)
	case redisReplies.row(firstWord(text)) != nil, strings.Contains(text, "max number of clients reached"):
		return redisError(text)
	}
	return errors.New(text)
}

var digit = regexp.MustCompile(`[0-9]`)

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}

// rpcCode reads a gRPC code's name, as Go or as the protocol writes it.
func rpcCode(text string) (codes.Code, bool) {
	for code := codes.OK + 1; code <= codes.Unauthenticated; code++ {
		if strings.EqualFold(code.String(), strings.ReplaceAll(text, "_", "")) {
			return code, true
		}
	}
	return codes.OK, false
}

// Errors that carry a code, as libraries have them.
type (
	sqlStateError string
	cloudError    string
	redisError    string
)

func (e sqlStateError) Error() string    { return "" }
func (e sqlStateError) SQLState() string { return string(e) }
func (e cloudError) Error() string       { return "" }
func (e cloudError) ErrorCode() string   { return string(e) }
func (e redisError) Error() string       { return string(e) }
func (e redisError) RedisError()         {}

func sortedTypes(o batch.ErrorOverrides) []string { return slices.Sorted(maps.Keys(o)) }
