package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"broadsheet/internal/newsletter"
)

const (
	connectPatience = 15 * time.Second
	cancelPatience  = 5 * time.Second // before a server that does not cancel loses the connection
	unlockPatience  = 5 * time.Second
)

// keepAlive is how soon either end notices that the other is gone: a machine
// that loses its power keeps its locks for a minute at most.
var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 30 * time.Second, Interval: 10 * time.Second, Count: 3}

// A postgres is a database at a PostgreSQL server, or a schema of one where the
// address has a search_path. What the address leaves open comes from libpq's
// usual places: PGPASSWORD, .pgpass, PGSSLMODE and so on.
//
// The locks are the server's own, held by the session that writes. A session
// that the server has lost has lost its locks too and can write nothing more,
// so whoever takes a lock over never meets a claim of the one who had it.
type postgres struct {
	address *url.URL // as messages show it: without a password
	config  *pgx.ConnConfig

	mu    sync.Mutex
	locks map[string]bool // held here, by name
	held  atomic.Int32    // how many; from before the server is asked for the first
}

func isPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

func newPostgres(address string) (engine, error) {
	// The errors of both parsers quote the address, and a password with it.
	shown, err := url.Parse(address)
	var config *pgx.ConnConfig
	if err == nil {
		config, err = pgx.ParseConfig(address)
	}
	if err != nil {
		return nil, newsletter.Faultf(newsletter.Misuse, "write it like postgres://user@host:5432/name?sslmode=verify-full",
			"the PostgreSQL address of the database cannot be read")
	}
	query := url.Values{}
	for _, name := range []string{"host", "search_path"} { // where it is, and nothing secret
		if value := shown.Query().Get(name); value != "" {
			query.Set(name, value)
		}
	}
	shown.RawQuery = query.Encode()
	if shown.User != nil {
		shown.User = url.User(shown.User.Username())
	}
	config.ConnectTimeout = min(config.ConnectTimeout, connectPatience)
	config.DialFunc = (&net.Dialer{KeepAliveConfig: keepAlive}).DialContext
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = whoAmI()
	}
	return &postgres{address: shown, config: config, locks: make(map[string]bool)}, nil
}

// whoAmI names this process to people who look at the server, or at a lock.
func whoAmI() string {
	host, err := os.Hostname()
	if err != nil {
		host = "an unnamed machine"
	}
	return fmt.Sprintf("broadsheet, process %d on %s", os.Getpid(), host)
}

func (p *postgres) name() string { return p.address.String() }

func (p *postgres) dialect() goose.Dialect { return goose.DialectPostgres }

func (p *postgres) connect() (writer, reader *sql.DB, err error) {
	writer = p.open(map[string]string{
		"synchronous_commit":      "on",
		"statement_timeout":       "0", // a large freeze takes its time
		"tcp_keepalives_idle":     fmt.Sprint(keepAlive.Idle.Seconds()),
		"tcp_keepalives_interval": fmt.Sprint(keepAlive.Interval.Seconds()),
		"tcp_keepalives_count":    fmt.Sprint(keepAlive.Count),
	}, stdlib.OptionBeforeConnect(p.keepsLocks))
	reader = p.open(map[string]string{
		"default_transaction_read_only": "on",
		"default_transaction_isolation": "repeatable read", // one consistent state
	})
	return writer, reader, nil
}

func (p *postgres) open(parameters map[string]string, options ...stdlib.OptionOpenDB) *sql.DB {
	config := p.config.Copy()
	for name, value := range parameters {
		config.RuntimeParams[name] = value
	}
	// A context that ends cancels the statement and keeps the session.
	config.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: cancelPatience}
	}
	options = append(options, stdlib.OptionAfterConnect(speaksUTF8))
	return sql.OpenDB(marked{stdlib.GetConnector(*config, options...)})
}

// keepsLocks stops a new session from passing for the one that held locks.
func (p *postgres) keepsLocks(context.Context, *pgx.ConnConfig) error {
	if p.held.Load() == 0 {
		return nil
	}
	return newsletter.Faultf(newsletter.Unavailable, "run again: what was recorded before is safe",
		"the connection to %s was lost, and this run's lock with it", p.name())
}

func speaksUTF8(_ context.Context, conn *pgx.Conn) error {
	if encoding := conn.PgConn().ParameterStatus("server_encoding"); encoding != "UTF8" {
		return newsletter.Faultf(newsletter.Misuse, "make another one: createdb --encoding=UTF8 --template=template0 NAME",
			"its encoding is %s, which has not the letters of every language", encoding)
	}
	return nil
}

// Keys of advisory locks. Their names are none that Lock takes.
const (
	schemaKey = "broadsheet schema"
	writeKey  = "broadsheet write"
)

// lockKey is the number of a lock: 64 bits of a digest of its names.
func lockKey(names ...string) int64 {
	sum := sha256.Sum256([]byte(strings.Join(names, "\x00")))
	return int64(binary.BigEndian.Uint64(sum[:]))
}

func (p *postgres) alone(ctx context.Context, writer *sql.DB, work func() error) error {
	key := lockKey(schemaKey)
	var schema sql.NullString
	if err := writer.QueryRowContext(ctx, `SELECT current_schema() FROM pg_advisory_lock(?)`, key).Scan(&schema); err != nil {
		return err
	}
	if !schema.Valid {
		return newsletter.Faultf(newsletter.Misuse, "make it with CREATE SCHEMA, or name another one", "%s has no such schema", p.name())
	}
	return errors.Join(work(), unlock(ctx, writer, key))
}

func unlock(ctx context.Context, writer *sql.DB, key int64) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), unlockPatience)
	defer cancel()
	_, err := writer.ExecContext(ctx, `SELECT pg_advisory_unlock(?)`, key)
	return err
}

// begin waits until nobody else writes, as in a file. Then what a transaction
// has read holds until its end, and no two can wait for each other.
func (p *postgres) begin(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended(current_schema(), ?))`, lockKey(writeKey))
	return err
}

func (p *postgres) lock(ctx context.Context, writer *sql.DB, id, name string) (release func(), holder string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.locks[name] { // the session would get it a second time
		return nil, "this process", nil
	}
	if err := writer.PingContext(ctx); err != nil {
		return nil, "", err
	}
	key := lockKey(id, name)
	p.held.Add(1)
	var taken bool
	err = writer.QueryRowContext(ctx, `SELECT pg_try_advisory_lock(?)`, key).Scan(&taken)
	if err != nil || !taken {
		p.held.Add(-1)
		if err == nil {
			holder, err = holderAt(ctx, writer, key)
		}
		return nil, holder, err
	}
	p.locks[name] = true
	return sync.OnceFunc(func() {
		_ = unlock(ctx, writer, key) // an error says that the session is gone, and the lock with it
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.locks, name)
		p.held.Add(-1)
	}), "", nil
}

// holderAt names the process that holds a lock, by its own word.
func holderAt(ctx context.Context, db *sql.DB, key int64) (holder string, err error) {
	err = db.QueryRowContext(ctx, `SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
		WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid::bigint << 32 | objid::bigint = ?
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, key).Scan(&holder)
	switch {
	case err == nil && holder == whoAmI():
		return "this process", nil
	case errors.Is(err, sql.ErrNoRows), err == nil && holder == "":
		return "another process", nil
	}
	return strings.TrimPrefix(holder, "broadsheet, "), err
}

func (p *postgres) fill(ctx context.Context, tx *sql.Tx, table string, columns []string, rows iter.Seq2[[]any, error]) error {
	_, err := tx.ExecContext(ctx, native, copying{table, columns, rows})
	return err
}

// updates are for a list, in one round trip: row by row they would cost the
// server two to three times as much.
func (p *postgres) updates(u update) string { return u.listed() }

func (p *postgres) each(ctx context.Context, tx *sql.Tx, stmt *sql.Stmt, rows [][]any) (changed []bool, err error) {
	if len(rows) == 0 {
		return nil, nil
	}
	list, err := tx.StmtContext(ctx, stmt).QueryContext(ctx, asJSON(rows))
	places, err := collect(list, err, func(r row) (place int, err error) {
		err = r.Scan(&place)
		return place, err
	})
	changed = make([]bool, len(rows))
	for _, place := range places {
		changed[place-1] = true
	}
	return changed, err
}

// erase has nothing to do: VACUUM, which the server runs by itself, frees what
// was deleted, and nothing that a client may do reaches its log.
func (p *postgres) erase(context.Context, *sql.DB) error { return nil }

// claim refuses a schema with tables of others. It leaves the empty tables of
// one that was to be a database: the next that is to be takes them.
func (p *postgres) claim(ctx context.Context) (undo func() error, err error) {
	writer, reader, err := p.connect()
	if err != nil {
		return nil, err
	}
	var strange bool
	err = reader.QueryRowContext(ctx, `SELECT COUNT(*) FILTER (WHERE relname <> 'goose_db_version') > 0 AND COUNT(*) FILTER (WHERE relname = 'broadsheet') = 0
		FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(current_schema())) AND relkind IN ('r', 'p')`).Scan(&strange)
	if err == nil && strange {
		err = taken(p.name())
	}
	return func() error { return nil }, errors.Join(err, reader.Close(), writer.Close())
}

func (p *postgres) unruled(ctx context.Context, tx *sql.Tx, work func() error) error {
	if err := switchTriggers(ctx, tx, "DISABLE"); err != nil {
		return err
	}
	if err := work(); err != nil {
		return err
	}
	return switchTriggers(ctx, tx, "ENABLE")
}

// switchTriggers needs the owner of the tables, and no superuser: keys and
// other constraints stay.
func switchTriggers(ctx context.Context, tx *sql.Tx, to string) error {
	for _, table := range tables() {
		if _, err := tx.ExecContext(ctx, `ALTER TABLE `+table+` `+to+` TRIGGER USER`); err != nil {
			return err
		}
	}
	return nil
}

// copyTo makes a file of a server's database: what is there at one moment, with
// the same id.
func (p *postgres) copyTo(ctx context.Context, s *Store, path string) error {
	file, err := Open(ctx, path, s.created)
	if err != nil {
		return err
	}
	err = s.read(ctx, "reading", func(from *sql.Tx) error {
		return file.takeIn(ctx, func(to *sql.Tx) error {
			_, err := transfer(ctx, from, to, file.engine, nil)
			return err
		})
	})
	return errors.Join(err, file.Close())
}
