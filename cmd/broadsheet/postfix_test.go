//go:build unix

package main_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-smtp"
)

// A Postfix of the test's own: nothing of it is outside its folder, it listens
// on loopback alone, and it hands every letter on to one server there.
const (
	postfixMain = `compatibility_level = 3.6
queue_directory = %[1]s/queue
data_directory = %[1]s/data
maillog_file = %[1]s/log
maillog_file_prefixes = %[1]s
myhostname = mx.example.net
mydestination =
local_recipient_maps =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
transport_maps = static:smtp:[127.0.0.1]:%[2]d
disable_dns_lookups = yes
`
	postfixMaster = `127.0.0.1:%d inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
`
)

// startPostfix starts one that hands letters on to a port, and returns its own.
func startPostfix(t *testing.T, to int) (port int) {
	t.Helper()
	control := installed(t, "postfix", "postfix")
	if os.Getuid() != 0 {
		t.Skip("Postfix starts for root only")
	}
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o711); err != nil { //nolint:gosec // the daemons' user passes through
		t.Fatal(err)
	}
	for _, name := range []string{"etc", "queue", "data"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	owner, err := user.Lookup("postfix")
	if err != nil {
		t.Skipf("there is no user for Postfix: %v", err)
	}
	uid, _ := strconv.Atoi(owner.Uid)
	if err := os.Chown(filepath.Join(dir, "data"), uid, -1); err != nil {
		t.Fatal(err)
	}
	etc := filepath.Join(dir, "etc")
	for range 5 { // another program may have taken the port in between
		port = freePort(t)
		configure(t, etc, "main.cf", fmt.Sprintf(postfixMain, dir, to))
		configure(t, etc, "master.cf", fmt.Sprintf(postfixMaster, port))
		say(t, control, "-c", etc, "check")
		daemons := strings.TrimSpace(say(t, "postconf", "-c", etc, "-h", "daemon_directory"))
		if runMaster(t, filepath.Join(daemons, "master"), etc, port) {
			return port
		}
	}
	log, _ := os.ReadFile(filepath.Join(dir, "log")) // says why, or is not there
	t.Fatalf("Postfix does not start:\n%s", log)
	return 0
}

func configure(t *testing.T, etc, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(etc, name), []byte(content), 0o644); err != nil { //nolint:gosec // its daemons read it under their own user
		t.Fatal(err)
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// runMaster starts the daemon and tells whether it greets. Its processes are a
// group of their own, which ends with the test.
func runMaster(t *testing.T, program, etc string, port int) bool {
	t.Helper()
	master := exec.CommandContext(context.Background(), program, "-c", etc, "-d")
	master.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := master.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = master.Wait() }()
	t.Cleanup(func() {
		_ = master.Process.Signal(syscall.SIGTERM)
		<-ended
	})
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		select {
		case <-ended:
			return false
		case <-time.After(20 * time.Millisecond):
		}
		conn, err := net.DialTimeout("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), time.Second)
		if err != nil {
			continue
		}
		_ = conn.SetDeadline(deadline)
		greeting, _ := bufio.NewReader(conn).ReadString('\n')
		_ = conn.Close()
		return strings.HasPrefix(greeting, "220 mx.example.net ")
	}
	return false
}

// TestPostfix sends through a real server: letters arrive with their signatures
// whole, and the one that nobody takes comes back to its own return path, which
// names its reader.
func TestPostfix(t *testing.T) {
	const gone = "helena@example.org"
	p := newSigned(t)
	arrived := make(chan struct{}, 1000)
	m := newMailbox(t, func(s stage, to string) error {
		switch {
		case s == atRcpt && to == gone:
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
		case s == atKept:
			arrived <- struct{}{}
		}
		return nil
	})
	p.mailTo(&mailbox{port: startPostfix(t, m.port)}, 4)
	p.run(0, "compile")
	s := p.send(0)
	for range s.Sent { // as many: a bounce stands for the letter of the one who is gone
		select {
		case <-arrived:
		case <-time.After(patience):
			t.Fatalf("%d of %d letters have arrived", len(m.kept()), s.Sent)
		}
	}
	bounces := 0
	for _, l := range m.kept() {
		if l.from == "" {
			bounces++
			checkBounce(t, p, l, gone)
			continue
		}
		checkSignatures(t, p, l)
	}
	if bounces != 1 || m.counts()[gone] != 0 {
		t.Errorf("%d letters came back, and %d went to %s", bounces, m.counts()[gone], gone)
	}
}

// checkBounce reads the notice as a person finds it in a mailbox, and names its
// reader by the address that it came to.
func checkBounce(t *testing.T, p *signed, l letter, gone string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "bounce.eml")
	if err := os.WriteFile(file, l.raw, 0o600); err != nil {
		t.Fatal(err)
	}
	var read struct {
		Added    int
		Outcomes []struct{ Reader, Issue, Reason string }
	}
	p.decode(p.run(0, "suppress", "bounces", file).out, &read)
	if read.Added != 1 || len(read.Outcomes) != 1 || read.Outcomes[0].Reader != gone || read.Outcomes[0].Issue != firstIssue ||
		read.Outcomes[0].Reason != "bounced: 5.1.1" {
		t.Errorf("the bounce\n%s\nmeans %+v", l.raw, read)
	}
	var report struct {
		Known    int
		Returned []struct{ Reader, Issue string }
	}
	p.decode(p.run(0, "suppress", "add", "--reason", "bounced", l.to).out, &report)
	if report.Known != 1 || len(report.Returned) != 1 || report.Returned[0].Reader != gone || report.Returned[0].Issue != firstIssue {
		t.Errorf("the bounce to %s names %+v", l.to, report)
	}
}

func checkSignatures(t *testing.T, p *signed, l letter) {
	t.Helper()
	lookup := func(domain string) ([]string, error) {
		records, err := os.ReadFile(p.records)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(records)) {
			if name, value, _ := strings.Cut(line, " "); name == domain {
				return []string{strings.TrimSpace(value)}, nil
			}
		}
		return nil, errors.New("no such name")
	}
	signatures, err := dkim.VerifyWithOptions(bytes.NewReader(l.raw), &dkim.VerifyOptions{LookupTXT: lookup})
	if err != nil || len(signatures) != 2 {
		t.Fatalf("letter to %s has %d signatures (%v)", l.to, len(signatures), err)
	}
	for _, s := range signatures {
		if s.Err != nil {
			t.Errorf("letter to %s: %v", l.to, s.Err)
		}
	}
}
