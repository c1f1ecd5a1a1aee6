// Package storetest finds a PostgreSQL server for the tests of whatever uses a
// store: the one that BROADSHEET_POSTGRES names, such as
// postgres://user@127.0.0.1/name. Every test works in a schema of its own.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the database/sql driver "pgx"
)

// Without says why a test is skipped where there is no server.
const Without = "BROADSHEET_POSTGRES names no PostgreSQL server, such as postgres://user@127.0.0.1/name"

// Server is the address of the server; "": there is none.
func Server() string { return os.Getenv("BROADSHEET_POSTGRES") }

// Address is a new, empty schema at the server until the test ends, which is
// skipped where there is no server.
func Address(t testing.TB) string {
	t.Helper()
	if Server() == "" {
		t.Skip(Without)
	}
	address, drop, err := Schema(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := drop(); err != nil {
			t.Error(err)
		}
	})
	return address
}

// Schema makes a schema at the server and returns its address.
func Schema(ctx context.Context) (address string, drop func() error, err error) {
	schema := "test_" + strings.ToLower(rand.Text())
	u, err := url.Parse(Server())
	if err != nil {
		return "", nil, err
	}
	query := u.Query()
	query.Set("search_path", schema)
	u.RawQuery = query.Encode()
	drop = func() error { return Do(ctx, `DROP SCHEMA `+schema+` CASCADE`) }
	return u.String(), drop, Do(ctx, `CREATE SCHEMA `+schema)
}

// Named is an address whose sessions go by a name that the server knows, for
// Terminate.
func Named(address, name string) string { return address + "&application_name=" + name }

// Terminate ends the sessions of that name, as a server that restarts.
func Terminate(ctx context.Context, name string) error {
	return Do(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1`, name)
}

// Do runs a statement at the server, past every store.
func Do(ctx context.Context, statement string, args ...any) error {
	db, err := sql.Open("pgx", Server())
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, statement, args...)
	return errors.Join(err, db.Close())
}
