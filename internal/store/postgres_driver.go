package store

import (
	"context"
	"database/sql/driver"
	"iter"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// marked makes connections that understand the statements of this package:
// question marks, alone or numbered, in place of $1, $2 and so on. No statement
// has one in a string.
type marked struct{ driver.Connector }

// Connect is pgx's connection in a session.
func (m marked) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := m.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &session{conn.(*stdlib.Conn)}, nil
}

// A session is pgx's connection with question marks, and strings as the server
// can keep them. A transaction whose context ends is rolled back and leaves the
// session, with the locks that it holds, as it was.
type session struct{ *stdlib.Conn }

// IsValid tells database/sql to keep a session after a roll-back.
func (s *session) IsValid() bool { return !s.Conn.Conn().IsClosed() }

// BeginTx begins a transaction. pgx would end it with this context, and the
// session too where that has ended before.
func (s *session) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	return s.Conn.BeginTx(context.WithoutCancel(ctx), opts)
}

// PrepareContext prepares a statement with question marks.
func (s *session) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	return s.Conn.PrepareContext(ctx, dollars(query))
}

// QueryContext runs a query with question marks.
func (s *session) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return s.Conn.QueryContext(ctx, dollars(query), args)
}

// ExecContext runs a statement with question marks, or what its only argument
// says where it is native.
func (s *session) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if query != native {
		return s.Conn.ExecContext(ctx, dollars(query), args)
	}
	return s.copy(ctx, args[0].Value.(copying))
}

// CheckNamedValue makes a string one that the server takes.
func (s *session) CheckNamedValue(v *driver.NamedValue) error {
	v.Value = storable(v.Value)
	return nil
}

func storable(value any) any {
	if text, ok := value.(string); ok {
		return validText(text)
	}
	return value
}

func valid(row []any) []any {
	for i, value := range row {
		row[i] = storable(value)
	}
	return row
}

// dollars numbers the parameters of a statement as PostgreSQL does, and has its
// word for the elements of a JSON list.
func dollars(query string) string {
	query = strings.ReplaceAll(query, "json_each(?1)", "jsonb_array_elements(CAST(?1 AS jsonb)) AS json_each(value)")
	var b strings.Builder
	number := 0
	for {
		before, after, found := strings.Cut(query, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteByte('$')
		if after == "" || after[0] < '0' || after[0] > '9' {
			number++
			b.WriteString(strconv.Itoa(number))
		}
		query = after
	}
}

// native stands in place of a statement for what pgx does in its own way.
const native = "native"

// copying is rows on their way into a table by COPY.
type copying struct {
	table   string
	columns []string
	rows    iter.Seq2[[]any, error]
}

func (s *session) copy(ctx context.Context, c copying) (driver.Result, error) {
	next, stop := iter.Pull2(c.rows)
	defer stop()
	source := &pulled{ctx: ctx, next: next}
	n, err := s.Conn.Conn().CopyFrom(ctx, pgx.Identifier{c.table}, c.columns, source)
	if source.err != nil {
		err = source.err // the server's is only that it got no more
	}
	return driver.RowsAffected(n), err
}

// pulled is rows as pgx asks for them.
type pulled struct {
	ctx  context.Context
	next func() ([]any, error, bool)
	row  []any
	err  error
}

func (p *pulled) Next() bool {
	var ok bool
	if p.err = p.ctx.Err(); p.err == nil {
		p.row, p.err, ok = p.next()
	}
	return ok && p.err == nil
}

func (p *pulled) Values() ([]any, error) { return valid(p.row), nil }

func (p *pulled) Err() error { return p.err }
