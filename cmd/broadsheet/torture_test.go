//go:build unix

package main_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	_ "modernc.org/sqlite" // reads the ledger behind the program's back

	"broadsheet/internal/store/storetest"
)

var lives = flag.Int("lives", 40, "of the program in the torture test")

// TestTorture sends issue after issue through a hostile server, with a program
// that is killed, whose disk fills up and whose lines break, and starts it
// again. After every one of its lives the server's log and the ledger agree on
// every reader:
//
//   - nobody has more letters than a person has asked for;
//   - who is sent has one, and who has one is sent or uncertain;
//   - a crash leaves no more uncertain than there were connections;
//   - every try of a letter has the same Message-ID.
//
// With its ledger at a PostgreSQL server the program loses its sessions in place
// of the room on its disk.
func TestTorture(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { torture(t, func(testing.TB) string { return "" }) })
	t.Run("PostgreSQL", func(t *testing.T) { torture(t, storetest.Address) })
}

func torture(t *testing.T, server func(testing.TB) string) {
	address := server(t)
	t.Parallel()
	t.Logf("seed %d, %d lives", *seed, *lives)
	random := rand.New(rand.NewPCG(*seed, 5321))
	spent := map[string]int{}
	for life := 0; life < *lives; {
		if life > 0 {
			address = server(t)
		}
		x := &torment{TB: t, server: address, random: rand.New(rand.NewPCG(random.Uint64(), 1)), asked: map[string]int{}, assumed: map[string]bool{}, ends: spent}
		life += x.issue(*lives - life)
		if t.Failed() {
			return
		}
	}
	t.Logf("ends: %v", spent)
}

// A torment is one issue's way through the torture.
type torment struct {
	testing.TB
	random      *rand.Rand
	publication *publication
	server      string // PostgreSQL's; "": the ledger is a file
	mail        *hostile
	now         time.Time
	asked       map[string]int  // second letters that a person wanted, by address
	assumed     map[string]bool // whose letter a person took for sent
	ends        map[string]int  // how lives ended
	connections int
	lost        atomic.Int64 // times that the server was lost
}

// issue lives until everybody's fate is known, or for so many lives at most,
// and returns how many it took.
func (x *torment) issue(most int) int {
	x.Helper()
	x.mail = newHostile(x, rand.New(rand.NewPCG(x.random.Uint64(), 2)))
	x.mail.refusing = x.random.IntN(2) == 0
	x.publication = newPublication(x)
	if x.server != "" {
		x.publication.edit("broadsheet.yaml", "(?m)^database: .*", "database: "+storetest.Named(x.server, x.session()))
	}
	x.now, _ = time.Parse(time.RFC3339, friday)
	x.publication.readers(20 + x.random.IntN(150))
	x.connections = 1 + x.random.IntN(12)
	x.publication.mailTo(&mailbox{port: x.mail.port}, x.connections)
	x.publication.run(0, "compile")
	n := 0
	for open := true; open && n < most; n++ {
		before := x.ledger()
		x.live()
		open = x.judge(before)
		if x.random.IntN(4) == 0 {
			x.resolve()
		}
		x.now = x.now.Add(20 * time.Minute)
	}
	return n
}

// live runs the program once, in some trouble.
func (x *torment) live() {
	x.Helper()
	x.mail.mu.Lock()
	x.mail.unheard = 0
	x.mail.mu.Unlock()
	malice := []float64{0, 0.01, 0.05, 0.2}[x.random.IntN(4)]
	x.publication.now = x.now.Format(time.RFC3339)
	cmd := x.publication.command("send", "--yes")
	var killed atomic.Bool
	kill := func() { killed.Store(true); _ = cmd.Process.Kill() }
	room := 0
	switch x.random.IntN(4) {
	case 0, 1: // a death in the midst of it
	case 2: // no room on the disk, or no server any more
		room, kill = 300+x.random.IntN(3000), nil
		if x.server == "" {
			limit(cmd, room)
		} else {
			room, kill = 0, x.loseServer
		}
	default:
		kill = nil
	}
	x.mail.life(malice, x.random.IntN(3) > 0, 0, nil)
	if err := cmd.Start(); err != nil {
		x.Fatal(err)
	}
	if kill != nil {
		if x.random.IntN(5) == 0 {
			timer := time.AfterFunc(time.Duration(x.random.IntN(150))*time.Millisecond, kill)
			defer timer.Stop()
		} else {
			x.mail.life(malice, x.random.IntN(3) > 0, x.random.IntN(9000), kill)
		}
	}
	o, err := x.publication.wait(cmd)
	if err != nil && !killed.Load() && room == 0 {
		x.Fatalf("the program does not end by itself: %v\n%s", err, o.err)
	}
	switch {
	case killed.Load():
		x.ends["killed"]++
	case x.lost.Swap(0) > 0:
		x.ends[fmt.Sprint("no server, exit ", o.code)]++
	case room > 0:
		x.ends[fmt.Sprint("little room, exit ", o.code)]++
	default:
		x.ends[fmt.Sprint("exit ", o.code)]++
	}
	x.mail.life(0, true, 0, nil)
	x.mail.open.Wait() // its log is whole
}

// session is the name of the program's sessions at its PostgreSQL server.
func (x *torment) session() string {
	u, err := url.Parse(x.server)
	if err != nil {
		x.Fatal(err)
	}
	return u.Query().Get("search_path")
}

// loseServer ends the program's sessions, as a server that restarts.
func (x *torment) loseServer() {
	if err := storetest.Terminate(context.Background(), x.session()); err != nil {
		x.Error(err)
	}
	x.lost.Add(1)
}

// resolve decides the uncertain ones as a person would, one way or the other.
func (x *torment) resolve() {
	x.Helper()
	decision := []string{"--resend", "--assume-sent"}[x.random.IntN(2)]
	some := false
	for address, f := range x.ledger() {
		if f.state != "uncertain" && f.state != "claimed" {
			continue
		}
		some = true
		if decision == "--resend" {
			x.asked[address]++
		} else {
			x.assumed[address] = true
		}
	}
	if some {
		x.publication.run(0, "resolve", "--issue", "2026-W47", decision)
	}
}

// limit lets a program write files of so many blocks of 512 bytes at most: what
// a full disk does, without one.
func limit(cmd *exec.Cmd, blocks int) {
	cmd.Args = append([]string{"sh", "-c", fmt.Sprintf(`trap "" XFSZ; ulimit -f %d; exec "$0" "$@"`, blocks), cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
}

// A fate is what the ledger says of a reader.
type fate struct {
	state    string
	attempts int
}

// ledger reads the fates, by address, past the program.
func (x *torment) ledger() map[string]fate {
	x.Helper()
	all := map[string]fate{}
	driver, address := "sqlite", "file:"+x.publication.path("broadsheet.db")+"?_pragma=busy_timeout(5000)"
	if x.server != "" {
		driver, address = "pgx", x.server
	} else if _, err := os.Stat(x.publication.path("broadsheet.db")); err != nil {
		return all
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		x.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(x.Context(), `SELECT COALESCE(wire, spelled, identity), state, attempts FROM recipients JOIN deliveries USING (number)`)
	if err != nil {
		x.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var wire string
		var f fate
		if err := rows.Scan(&wire, &f.state, &f.attempts); err != nil {
			x.Fatal(err)
		}
		all[wire] = f
	}
	if err := rows.Err(); err != nil {
		x.Fatal(err)
	}
	return all
}

// judge holds the ledger against the server's log, and tells whether letters
// are still to be sent.
func (x *torment) judge(before map[string]fate) (open bool) {
	x.Helper()
	x.mail.mu.Lock()
	defer x.mail.mu.Unlock()
	for _, fault := range x.mail.faults {
		x.Errorf("the server: %s", fault)
	}
	after := x.ledger()
	if len(before) > 0 && len(after) != len(before) {
		x.Errorf("%d deliveries became %d", len(before), len(after))
	}
	unknown := 0
	for address, f := range after {
		got := x.mail.accepted[address]
		if got > 1+x.asked[address] {
			x.Errorf("%s has %d letters, and %d were asked for; the ledger says %v", address, got, 1+x.asked[address], f)
		}
		switch f.state {
		case "sent":
			if got == 0 && !x.assumed[address] {
				x.Errorf("%s is sent and has no letter", address)
			}
		case "claimed", "uncertain":
			if was := before[address].state; was != "uncertain" && was != "claimed" {
				unknown++
			}
		default:
			open = open || f.state != "refused" && f.state != "suppressed"
			if got > x.asked[address] {
				x.Errorf("%s has %d letters and is %v", address, got, f)
			}
		}
		open = open || f.state == "claimed"
	}
	if limit := x.connections; unknown > limit+x.mail.unheard {
		x.Errorf("%d became uncertain in one life over %d connections", unknown, limit)
	}
	return open || len(after) == 0
}
