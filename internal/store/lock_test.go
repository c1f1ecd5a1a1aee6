package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/store"
)

// childRole names, in the environment, what this program does in place of the
// tests: another process on the same database.
const childRole = "BROADSHEET_STORE_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(childRole) {
	case "":
		os.Exit(m.Run())
	case "lock":
		endWith(holdLock(os.Args[1]))
	case "send":
		endWith(sendForEver(os.Args[1]))
	}
}

func endWith(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// startChild runs this program in a role; lines is what it prints.
func startChild(t *testing.T, role, address string) (child *exec.Cmd, lines *bufio.Scanner) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child = exec.CommandContext(t.Context(), program, address)
	child.Env = append(os.Environ(), childRole+"="+role)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	return child, bufio.NewScanner(out)
}

func kill(t *testing.T, child *exec.Cmd) {
	t.Helper()
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // its error is that it was killed
}

// holdLock takes the lock and keeps it until the process is killed.
func holdLock(address string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, address, now)
	if err != nil {
		return err
	}
	if _, err := s.Lock(ctx, "send"); err != nil {
		return err
	}
	fmt.Println("locked")
	select {}
}

func TestLockOfAnotherProcess(t *testing.T) { everywhere(t, testLockOfAnotherProcess) }

func testLockOfAnotherProcess(t *testing.T, address string) {
	s := open(t, address)
	child, lines := startChild(t, "lock", address)
	if !lines.Scan() {
		t.Fatal("the other process has no lock")
	}
	_, err := s.Lock(t.Context(), "send")
	who := fmt.Sprintf("process %d", child.Process.Pid)
	if !isLocked(err) || !strings.Contains(err.Error(), "the lock send") || !strings.Contains(err.Error(), who) {
		t.Errorf("while it lives: %v", err)
	}
	kill(t, child)
	takenOver(t, s)
}

// takenOver waits until the send's lock of a process that ended is there to be
// had: a server notices a moment later.
func takenOver(t *testing.T, s *store.Store) {
	t.Helper()
	for {
		release, err := s.Lock(t.Context(), "send")
		switch {
		case err == nil:
			release()
			return
		case !isLocked(err):
			t.Fatalf("after its death: %v", err)
		}
	}
}

// sendForEver sends as several connections do, and prints what it was told is
// recorded before it goes on.
func sendForEver(address string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, address, now)
	if err != nil {
		return err
	}
	failed := make(chan error)
	for range 4 {
		go func() { failed <- sendOne(ctx, s) }()
	}
	return <-failed
}

func sendOne(ctx context.Context, s *store.Store) error {
	outcomes := []newsletter.State{newsletter.Sent, newsletter.Refused, newsletter.Uncertain, newsletter.Sent}
	var done []newsletter.Result
	for d, err := range s.Deliveries(ctx, issue, newsletter.Queued) {
		if err != nil {
			return err
		}
		claimed, err := s.Advance(ctx, issue, done, d.Number, now)
		if err != nil {
			return err
		}
		// One write a line: lines of several goroutines do not mix.
		if done != nil {
			_, _ = fmt.Fprintf(os.Stdout, "%d %s\n", done[0].Number, done[0].State)
		}
		if done = nil; claimed {
			done = results(newsletter.Result{Number: d.Number, State: outcomes[d.Number%int64(len(outcomes))]})
		}
	}
	_, err := s.Advance(ctx, issue, done, 0, now)
	return err
}
