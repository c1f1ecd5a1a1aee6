package store

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"broadsheet/internal/newsletter"
)

const recordedIsSafe = "; what was recorded before is safe"

// diagnose turns what a server says (postgresql.org, appendix A), or its
// silence, into words.
func (p *postgres) diagnose(err error) (d diagnosis) {
	if failed := (*pgconn.PgError)(nil); errors.As(err, &failed) {
		d = diagnoseState(failed.Code)
		d.cause = fmt.Errorf("%s (SQLSTATE %s)", failed.Message, failed.Code)
		return d
	}
	if !isLost(err) {
		return d
	}
	return diagnosis{
		kind: newsletter.Unavailable, what: "cannot be reached", cause: silence(err),
		hint: "see that the server runs and that its address is right, then run again" + recordedIsSafe,
	}
}

func diagnoseState(code string) diagnosis {
	switch {
	case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "57P"), code == "53300":
		return diagnosis{kind: newsletter.Unavailable, what: "is not available", hint: "wait a moment and run again" + recordedIsSafe}
	case strings.HasPrefix(code, "28"):
		return diagnosis{kind: newsletter.Misuse, what: "does not let this user in", hint: "set PGPASSWORD or write a .pgpass file; the server's pg_hba.conf says who may come from where"}
	case code == "3D000":
		return diagnosis{kind: newsletter.Misuse, what: "does not exist", hint: "make it with createdb, or name another one"}
	case code == "42501":
		return diagnosis{what: "does not let this user do that", hint: "make the user the owner of the database, or of the schema that search_path names"}
	case code == "25006":
		return diagnosis{what: "cannot be written", hint: "name the server that writes; this one is a standby or set to read only"}
	case strings.HasPrefix(code, "53"):
		return diagnosis{what: "has no room left", hint: "make room at the server and run again" + recordedIsSafe}
	case strings.HasPrefix(code, "XX"), strings.HasPrefix(code, "58"):
		return diagnosis{what: "is damaged", hint: "look at the server's log and its disk"}
	default:
		return diagnosis{}
	}
}

// isLost tells whether an error is that of a line rather than of a statement.
func isLost(err error) bool {
	var connecting *pgconn.ConnectError
	var wire net.Error
	if errors.As(err, &connecting) || errors.As(err, &wire) {
		return true
	}
	for _, lost := range []error{driver.ErrBadConn, pgconn.ErrConnClosed, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed} {
		if errors.Is(err, lost) {
			return true
		}
	}
	return false
}

// silence is why no connection came about or held, in a few words: pgx lists
// every address that it tried.
func silence(err error) error {
	if wire := (*net.OpError)(nil); errors.As(err, &wire) {
		return wire.Err
	}
	if name := (*net.DNSError)(nil); errors.As(err, &name) {
		return name
	}
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the connection was lost")
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

// breaksPostgres tells whether a constraint of the schema refused a statement.
func breaksPostgres(err error) bool {
	failed := (*pgconn.PgError)(nil)
	return errors.As(err, &failed) && strings.HasPrefix(failed.Code, "23")
}
