package classify

import (
	"errors"
	"regexp"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/caseload/caseload/batch"
)

// Verdicts on what a database answers.
var (
	databaseDown       = verdict{batch.Transient, "DatabaseUnreachable", "the connection to the database failed, or it is restarting (SQLSTATE %s)"}
	databaseConflict   = verdict{batch.Transient, "DatabaseConflict", "two transactions got in each other's way (SQLSTATE %s)"}
	databaseBusy       = verdict{batch.Transient, "DatabaseBusy", "the database was kept busy for too long (SQLSTATE %s)"}
	databaseOverloaded = verdict{batch.Resource, "DatabaseOverloaded", "the database has no connection, memory or disk left (SQLSTATE %s)"}
	databaseIO         = verdict{batch.Resource, "DatabaseIO", "the disk that holds the database failed to read or write (SQLSTATE %s)"}
	databaseAccess     = verdict{batch.Configuration, "DatabaseAccess", "the database denied access; check the user, password and rights (SQLSTATE %s)"}
	databaseSchema     = verdict{batch.Configuration, "DatabaseSchema", "the database lacks something; check its name and its schema's version (SQLSTATE %s)"}
	databaseBroken     = verdict{batch.Configuration, "DatabaseCorrupt", "the database is damaged; restore it from a backup (SQLSTATE %s)"}
	databaseValue      = verdict{batch.Data, "DatabaseValue", "the database does not take a value of the document (SQLSTATE %s)"}
	databaseLimit      = verdict{batch.Data, "DocumentTooBig", "the document is bigger than the database takes (SQLSTATE %s)"}
	databaseError      = verdict{batch.Permanent, "DatabaseError", "the database refused a statement (SQLSTATE %s)"}
)

var sqlStateForm = regexp.MustCompile(`^[0-9A-Z]{5}$`)

// sqlStates are SQLSTATE codes, by their beginning: two characters are a class.
// Source: PostgreSQL documentation, appendix A, "PostgreSQL Error Codes".
var sqlStates = &coded{
	kind: "SQLSTATE", prefix: true,
	code: func(err error) string {
		var sql interface{ SQLState() string }
		if !errors.As(err, &sql) || !sqlStateForm.MatchString(sql.SQLState()) {
			return ""
		}
		return sql.SQLState()
	},
	rows: []codeRow{
		{"08", databaseDown},       // connection exception
		{"0A", databaseError},      // feature not supported
		{"22", databaseValue},      // data exception
		{"23", databaseError},      // integrity constraint violation
		{"25", databaseError},      // invalid transaction state
		{"25006", databaseDown},    // read-only transaction: a standby, while another takes over
		{"25P03", databaseBusy},    // idle in transaction for too long
		{"25P04", databaseBusy},    // transaction timeout
		{"28", databaseAccess},     // invalid authorization
		{"3D", databaseSchema},     // invalid catalog name
		{"3F", databaseSchema},     // invalid schema name
		{"40", databaseConflict},   // transaction rollback: serialization failure, deadlock
		{"40002", databaseError},   // integrity constraint violated at commit
		{"42", databaseError},      // syntax error or access rule violation
		{"42501", databaseAccess},  // insufficient privilege
		{"42703", databaseSchema},  // undefined column
		{"42883", databaseSchema},  // undefined function
		{"42P01", databaseSchema},  // undefined table
		{"53", databaseOverloaded}, // insufficient resources
		{"54", databaseLimit},      // program limit exceeded
		{"55", databaseError},      // object not in prerequisite state
		{"55006", databaseBusy},    // object in use
		{"55P03", databaseBusy},    // lock not available
		{"57014", databaseBusy},    // query cancelled, such as by its timeout
		{"57P", databaseDown},      // shutting down, starting up
		{"57P04", databaseSchema},  // database dropped
		{"58", databaseIO},         // system error
		{"F0", databaseSchema},     // configuration file error
		{"XX", databaseError},      // internal error
		{"XX001", databaseBroken},  // data corrupted
		{"XX002", databaseBroken},  // index corrupted
	},
}

// Verdicts on what a Redis server answers.
var (
	cacheBusy   = verdict{batch.Transient, "CacheBusy", "Redis is starting, busy or changing its roles (%s)"}
	cacheFull   = verdict{batch.Resource, "CacheFull", "Redis has no memory, disk or connection left (%s)"}
	cacheAccess = verdict{batch.Configuration, "CacheAccess", "Redis denied access; check the user, password and rights (%s)"}
)

// redisClients is the code that an answer gets which has none of its own.
const redisClients = "MAXCLIENTS"

// redisReplies are the first words of Redis's error replies. Source: Redis
// documentation, "RESP protocol specification" and "Redis cluster specification".
var redisReplies = &coded{
	kind: "Redis",
	code: func(err error) string {
		var reply interface {
			error
			RedisError()
		}
		if !errors.As(err, &reply) {
			return ""
		}
		text := reply.Error()
		if strings.Contains(text, "max number of clients reached") {
			return redisClients
		}
		word, _, _ := strings.Cut(text, " ")
		return word
	},
	rows: []codeRow{
		{"LOADING", cacheBusy},
		{"BUSY", cacheBusy},
		{"TRYAGAIN", cacheBusy},
		{"CLUSTERDOWN", cacheBusy},
		{"MASTERDOWN", cacheBusy},
		{"READONLY", cacheBusy},
		{"NOREPLICAS", cacheBusy},
		{"MOVED", cacheBusy},
		{"ASK", cacheBusy},
		{"OOM", cacheFull},
		{"MISCONF", cacheFull},
		{redisClients, cacheFull},
		{"NOAUTH", cacheAccess},
		{"WRONGPASS", cacheAccess},
		{"NOPERM", cacheAccess},
	},
}

// Verdicts on what a gRPC server answers, Temporal's among them.
var (
	rpcFailed  = verdict{batch.Transient, "ServerError", "the service failed inside (gRPC %s)"}
	rpcTimeout = verdict{batch.Transient, "Timeout", "the service took too long to answer (gRPC %s)"}
	rpcLimited = verdict{batch.RateLimit, "RateLimited", "the service asks for fewer requests (gRPC %s)"}
	rpcDenied  = verdict{batch.Configuration, "AccessDenied", "the service denied access (gRPC %s)"}
	rpcRefused = verdict{batch.Permanent, "RequestRefused", "the service refused the request (gRPC %s)"}
)

// grpcCodes are the status codes of gRPC. Source: gRPC documentation, "Status
// codes and their use in gRPC".
var grpcCodes = &coded{
	kind: "gRPC",
	code: func(err error) string {
		s := grpcStatus(err)
		if s == nil || s.Code() == codes.Unknown {
			return ""
		}
		return s.Code().String()
	},
	rows: []codeRow{
		{codes.Unavailable.String(), rpcFailed},
		{codes.Aborted.String(), rpcFailed},
		{codes.Internal.String(), rpcFailed},
		{codes.Canceled.String(), rpcTimeout},
		{codes.DeadlineExceeded.String(), rpcTimeout},
		{codes.ResourceExhausted.String(), rpcLimited},
		{codes.Unauthenticated.String(), rpcDenied},
		{codes.PermissionDenied.String(), rpcDenied},
		{codes.Unimplemented.String(), verdict{batch.Configuration, "RequestRefused", "the service is of a version that does not know the request (gRPC %s)"}},
		{codes.InvalidArgument.String(), rpcRefused},
		{codes.NotFound.String(), rpcRefused},
		{codes.AlreadyExists.String(), rpcRefused},
		{codes.FailedPrecondition.String(), rpcRefused},
		{codes.OutOfRange.String(), rpcRefused},
		{codes.DataLoss.String(), rpcRefused},
	},
}

// grpcStatus is the status that an error of gRPC or of Temporal's API carries.
func grpcStatus(err error) *status.Status {
	var plain interface{ GRPCStatus() *status.Status }
	if errors.As(err, &plain) {
		return plain.GRPCStatus()
	}
	var temporal interface{ Status() *status.Status }
	if errors.As(err, &temporal) {
		return temporal.Status()
	}
	return nil
}
