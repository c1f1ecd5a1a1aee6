package store_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"broadsheet/internal/newsletter"
)

// migrateTo makes a database of an older program.
func migrateTo(t *testing.T, address string, sqlite, postgres int64) {
	t.Helper()
	dialect, version := goose.DialectSQLite3, sqlite
	if strings.Contains(address, "://") {
		dialect, version = goose.DialectPostgres, postgres
	}
	provider, err := goose.NewProvider(dialect, beside(t, address), os.DirFS("migrations/"+string(dialect)),
		goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
}

// TestMigrateAddresses: what was stored when every address was written three
// times, and histories had an index, reads as it did, and history goes on.
func TestMigrateAddresses(t *testing.T) { everywhere(t, testMigrateAddresses) }

func testMigrateAddresses(t *testing.T, address string) {
	migrateTo(t, address, 8, 4)
	for _, statement := range []string{
		`INSERT INTO subscribers (identity, list, spelled, wire, name, language, topics, consent, origin, added, changed) VALUES
			('ann@example.org', 'friends', 'Ann@Example.org', 'Ann@example.org', 'Ann', '', '["all"]', NULL, '', 1, 1),
			('ben@example.org', 'friends', 'ben@example.org', 'ben@example.org', '', '', '["all"]', NULL, '', 1, 1)`,
		`INSERT INTO changes (identity, at, what, list, detail) VALUES
			('ben@example.org', 1, 'added', 'friends', 'topics all'), ('ann@example.org', 1, 'added', 'friends', 'topics all'),
			('ben@example.org', 1, 'changed', 'friends', 'name "" → "Ben"'), ('ben@example.org', 1, 'changed', 'friends', 'name "Ben" → ""')`,
		`INSERT INTO broadsheet (one, id, created) VALUES (1, 'b', 1)`,
		`INSERT INTO issues (key, created) VALUES ('2026-W47', 1)`,
		`INSERT INTO mailings (id, issue, frozen_at, headers, skipped_empty, first_number, last_number) VALUES ('2026-W47', '2026-W47', 1, '{}', 0, 1, 3)`,
		`INSERT INTO recipients (number, mailing, identity, spelled, wire, name, segment, date) VALUES
			(1, '2026-W47', 'ann@example.org', 'Ann@Example.org', 'Ann@example.org', 'Ann', 0, 1),
			(2, '2026-W47', 'ben@example.org', 'ben@example.org', 'ben@example.org', '', 0, 1),
			(3, '2026-W47', 'forgotten:1', '(forgotten)', '', '', 0, 1)`,
		`INSERT INTO deliveries (number, state) VALUES (1, 'queued'), (2, 'queued'), (3, 'queued')`,
	} {
		execute(t, address, statement)
	}
	s := open(t, address)
	ann := newsletter.Address{Identity: "ann@example.org", Spelled: "Ann@Example.org", Wire: "Ann@example.org"}
	ben := newsletter.Address{Identity: "ben@example.org", Spelled: "ben@example.org", Wire: "ben@example.org"}
	var got []newsletter.Address
	for r, err := range s.Subscribers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r.Address)
	}
	equal(t, "subscribers", got, []newsletter.Address{ann, ben})
	got = nil
	for _, d := range deliveries(t, s) {
		got = append(got, d.Address)
	}
	equal(t, "recipients", got, []newsletter.Address{ann, ben, {Identity: "forgotten:1", Spelled: "(forgotten)"}})

	if _, err := s.RemoveSubscriber(t.Context(), ben.Identity, time.UnixMicro(1)); err != nil {
		t.Fatal(err)
	}
	var history []string
	for _, c := range must[[]newsletter.Change](t)(s.Changes(t.Context(), "ben@example.org", "ann@example.org")) {
		history = append(history, c.Identity[:3]+" "+string(c.What)+" "+c.Detail)
	}
	equal(t, "history", history, []string{
		"ben added topics all", "ann added topics all", `ben changed name "" → "Ben"`, `ben changed name "Ben" → ""`, "ben removed ",
	})
}
