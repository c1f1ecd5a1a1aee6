// These tests drive the program as its users do: a process of its own, a
// folder on disk, and SMTP over loopback.
package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// friday is when the sample publication's first issue is due.
const friday = "2026-11-20T07:00:00+01:00"

// patience bounds every run of the program: a hanging one fails its test.
const patience = 2 * time.Minute

// A publication is a folder that the program works on.
type publication struct {
	testing.TB
	dir, now string
	patience time.Duration
}

// newPublication makes the sample publication as it is on friday.
func newPublication(t testing.TB) *publication {
	t.Helper()
	p := &publication{TB: t, dir: filepath.Join(t.TempDir(), "publication"), now: friday, patience: patience}
	p.run(0, "init")
	return p
}

// An outcome is what a run of the program has left.
type outcome struct {
	code     int
	out, err string
}

// run runs the program with --json and fails unless it exits with the given
// code.
func (p *publication) run(code int, args ...string) outcome {
	p.Helper()
	o, err := p.wait(p.start(args...))
	if err != nil {
		p.Fatalf("broadsheet %s: %v\n%s", strings.Join(args, " "), err, o.err)
	}
	if o.code != code {
		p.Fatalf("broadsheet %s: exit %d, want %d\n%s%s", strings.Join(args, " "), o.code, code, o.out, o.err)
	}
	return o
}

// start starts the program on the publication.
func (p *publication) start(args ...string) *exec.Cmd {
	p.Helper()
	cmd := p.command(args...)
	if err := cmd.Start(); err != nil {
		p.Fatal(err)
	}
	return cmd
}

// command is the program, ready to be started on the publication.
func (p *publication) command(args ...string) *exec.Cmd {
	p.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), p.patience)
	p.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, os.Args[0], append([]string{"-C", p.dir, "--now", p.now, "--json"}, args...)...)
	cmd.Env = append(os.Environ(), "BROADSHEET_TEST_MAIN=1") // see TestMain
	cmd.Stdout, cmd.Stderr = new(bytes.Buffer), new(bytes.Buffer)
	return cmd
}

// wait waits for the program's end. The error is that it did not end by
// itself.
func (*publication) wait(cmd *exec.Cmd) (outcome, error) {
	err := cmd.Wait()
	o := outcome{cmd.ProcessState.ExitCode(), fmt.Sprint(cmd.Stdout), fmt.Sprint(cmd.Stderr)}
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) && o.code >= 0 {
		err = nil
	}
	return o, err
}

// sending is the part of send's report that tests look at.
type sending struct {
	Issue                                                  string
	Recipients, Segments                                   int
	Sent, Queued, Deferred, Refused, Uncertain, Suppressed int
	SkippedEmpty                                           int     `json:"skipped_empty"`
	SentNow                                                int     `json:"sent_now"`
	PerSecond                                              float64 `json:"per_second"`
	Exit                                                   int
}

// send sends and fails unless the program exits with the given code.
func (p *publication) send(code int, args ...string) (s sending) {
	p.Helper()
	p.decode(p.run(code, append([]string{"send", "--yes"}, args...)...).out, &s)
	return s
}

// ledger is the part of status's report that tests look at.
type ledger struct {
	Issue, Status string
	States        map[string]int
	Uncertain     []string `json:"uncertain_addresses"`
	Failures      map[string]int
	Affected      []struct {
		Address, State, Reply, Due string
		Code                       int
	}
}

func (p *publication) status() (l ledger) {
	p.Helper()
	p.decode(p.run(0, "status").out, &l)
	return l
}

func (p *publication) decode(document string, to any) {
	p.Helper()
	if err := json.Unmarshal([]byte(document), to); err != nil {
		p.Fatalf("not one JSON document: %v\n%s", err, document)
	}
}

func (p *publication) path(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }

func (p *publication) read(name string) string {
	p.Helper()
	data, err := os.ReadFile(p.path(name))
	if err != nil {
		p.Fatal(err)
	}
	return string(data)
}

func (p *publication) write(name, content string) {
	p.Helper()
	if err := os.MkdirAll(filepath.Dir(p.path(name)), 0o755); err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(p.path(name), []byte(content), 0o600); err != nil {
		p.Fatal(err)
	}
}

// edit replaces what a pattern matches in a file, which must be somewhere.
func (p *publication) edit(name, pattern, replacement string) {
	p.Helper()
	before := p.read(name)
	re := regexp.MustCompile(pattern)
	if !re.MatchString(before) {
		p.Fatalf("%s has nothing like %s", name, pattern)
	}
	p.write(name, re.ReplaceAllString(before, replacement))
}

// mailTo makes a mailbox the publication's server, over a number of
// connections.
func (p *publication) mailTo(m *mailbox, connections int) {
	p.Helper()
	p.edit("broadsheet.yaml", `(?m)^(smtp: .*port:) \d+(.*connections:) \d+`,
		fmt.Sprintf("${1} %d${2} %d", m.port, connections))
}

// readers replaces the sample's lists with one of n readers of everything.
func (p *publication) readers(n int) []string {
	p.Helper()
	if err := os.RemoveAll(p.path("subscribers")); err != nil {
		p.Fatal(err)
	}
	addresses := make([]string, n)
	for i := range addresses {
		addresses[i] = fmt.Sprintf("reader%04d@example.org", i)
	}
	p.write("subscribers/list.csv", "email,topics\n"+strings.Join(addresses, ",all\n")+",all\n")
	return addresses
}
