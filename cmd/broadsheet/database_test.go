package main_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"broadsheet/internal/store/storetest"
)

// TestDatabaseServerIsLost: in the midst of a sending the database's server
// ends every session. The program says so once, and how to go on.
func TestDatabaseServerIsLost(t *testing.T) {
	t.Parallel()
	const name = "lost-in-the-midst"
	address := storetest.Named(storetest.Address(t), name)
	var mu sync.Mutex
	begun := 0
	p, m := newPublication(t), newMailbox(t, func(s stage, _ string) error {
		mu.Lock()
		defer mu.Unlock()
		if s == atMail {
			begun++
		}
		if s != atMail || begun != crowd/2 {
			return nil
		}
		return storetest.Terminate(context.Background(), name)
	})
	p.edit("broadsheet.yaml", "(?m)^database: .*", "database: "+address)
	p.readers(crowd)
	p.mailTo(m, 3)
	p.run(0, "compile")
	o := p.run(75, "send", "--yes", "--quiet")
	lines := strings.Split(strings.TrimSpace(o.err), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "postgres://") || !strings.Contains(lines[1], "run again") {
		t.Errorf("the lost server is told as\n%s", o.err)
	}
	again, err := p.wait(p.start("send", "--yes"))
	if err != nil || again.code != 0 && again.code != 6 { // a letter that was on the wire is uncertain
		t.Fatalf("again: exit %d, %v\n%s", again.code, err, again.err)
	}
	for reader, n := range m.counts() {
		if n > 1 {
			t.Errorf("%s has %d letters", reader, n)
		}
	}
	if l := p.status(); l.States["sent"]+l.States["uncertain"] != crowd {
		t.Errorf("states %v", l.States)
	}
}
