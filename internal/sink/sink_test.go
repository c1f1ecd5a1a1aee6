package sink

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/smtp"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
)

// start runs a server on the loopback interface until stop, which returns what
// Serve did.
func start(t testing.TB, dir string) (s *Server, address string, stop func() error) {
	t.Helper()
	s, err := New(dir, "localhost")
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error, 1)
	go func() { result <- s.Serve(ctx, l) }()
	stop = sync.OnceValue(func() error { cancel(); return <-result })
	t.Cleanup(func() { _ = stop() })
	return s, l.Addr().String(), stop
}

func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(content)
	}
	return all
}

func send(t *testing.T, address, letter string, to ...string) {
	t.Helper()
	if err := smtp.SendMail(address, nil, "news@example.org", to, []byte(letter)); err != nil {
		t.Fatal(err)
	}
}

func TestLettersAreKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "letters")
	s, address, stop := start(t, dir)
	const letter = "Subject: x\r\n\r\n.dot\r\n..\r\n \r\nlast\r\n"
	send(t, address, letter, "Zoe+news@example.org")
	send(t, address, "Subject: y\r\n\r\n", "a@example.org", "b@example.org", "a@example.org")
	if err := stop(); err != nil {
		t.Error(err)
	}
	want := map[string]string{
		"000001-Zoe+news@example.org.eml": letter,
		"000002-a@example.org.eml":        "Subject: y\r\n\r\n",
		"000003-b@example.org.eml":        "Subject: y\r\n\r\n",
		"000004-a@example.org.eml":        "Subject: y\r\n\r\n",
	}
	if diff := cmp.Diff(want, files(t, dir)); diff != "" || s.Count() != 4 {
		t.Errorf("%d letters (-want +got):\n%s", s.Count(), diff)
	}
	for path, mode := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "000002-a@example.org.eml"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestNumbersGoOn(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"000007-a@example.org.eml", "1000000-b@example.org.eml", "9999999-notes.txt", "x-y.eml", ".letter-1"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, address, stop := start(t, dir)
	send(t, address, "Subject: x\r\n\r\n", "c@example.org")
	_ = stop()
	if _, ok := files(t, dir)["1000001-c@example.org.eml"]; !ok || s.Count() != 1 {
		t.Errorf("%d letters, got %v", s.Count(), files(t, dir))
	}
}

func TestFileName(t *testing.T) {
	for recipient, want := range map[string]string{
		"zoe@example.org":        "zoe@example.org",
		"../../etc/passwd@x":     ".._.._etc_passwd@x",
		`"a b\0|<>:"@x`:          "_a_b_0_____@x",
		"zoë@example.org":        "zo_@example.org",
		"CON@x":                  "CON@x",
		strings.Repeat("a", 999): strings.Repeat("a", 150),
		"":                       "",
	} {
		if got := fileName(recipient); got != want {
			t.Errorf("%q gives %q, want %q", recipient, got, want)
		}
	}
}

func TestAnyLogin(t *testing.T) {
	for name, client := range map[string]sasl.Client{
		"PLAIN": sasl.NewPlainClient("", "who", "ever"),
		"LOGIN": sasl.NewLoginClient("who", "ever"),
	} {
		t.Run(name, func(t *testing.T) {
			s, address, _ := start(t, t.TempDir())
			c, err := gosmtp.Dial(address)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if err := c.Auth(client); err != nil {
				t.Fatal(err)
			}
			if err := c.SendMail("news@example.org", []string{"zoe@example.org"}, strings.NewReader("Subject: x\r\n\r\n")); err != nil || s.Count() != 1 {
				t.Errorf("%d letters, %v", s.Count(), err)
			}
		})
	}
}

// conversation says a line and reads the reply to it.
type conversation struct {
	*textproto.Conn
	t *testing.T
}

func converse(t *testing.T, address string) conversation {
	t.Helper()
	c, err := textproto.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	talk := conversation{c, t}
	talk.expect(220)
	for _, line := range []string{"EHLO x", "MAIL FROM:<>", "RCPT TO:<zoe@example.org>"} {
		talk.say(line, 250)
	}
	return talk
}

func (c conversation) say(line string, code int) {
	c.t.Helper()
	if err := c.PrintfLine("%s", line); err != nil {
		c.t.Fatal(err)
	}
	c.expect(code)
}

func (c conversation) expect(code int) {
	c.t.Helper()
	if _, _, err := c.ReadResponse(code); err != nil {
		c.t.Fatal(err)
	}
}

func TestHalfALetterIsNone(t *testing.T) {
	dir := t.TempDir()
	s, address, stop := start(t, dir)
	c := converse(t, address)
	c.say("DATA", 354)
	if err := c.PrintfLine("Subject: x"); err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	if err := stop(); err != nil {
		t.Error(err)
	}
	if left := files(t, dir); len(left) != 0 || s.Count() != 0 {
		t.Errorf("%d letters, left: %v", s.Count(), left)
	}
}

func TestTooLarge(t *testing.T) {
	dir := t.TempDir()
	_, address, _ := start(t, dir)
	c := converse(t, address)
	c.say("DATA", 354)
	line := bytes.Repeat([]byte("x"), 990)
	line = append(line, "\r\n"...)
	for range maxLetter/len(line) + 1 {
		if _, err := c.W.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	c.say("\r\n.", 552)
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("left: %d files", len(left))
	}
	c.say("MAIL FROM:<>", 250) // the connection is as good as new
}

func TestDiskTrouble(t *testing.T) {
	dir := t.TempDir()
	_, address, _ := start(t, dir)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	c := converse(t, address)
	c.say("DATA", 354)
	c.say("x\r\n.", 452)
}

func TestNewFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(file, "localhost"); err == nil {
		t.Error("a file passes for a folder")
	}
}

// A letter under way when the server is to end is still taken; an idle client
// is sent off.
func TestEndIsKind(t *testing.T) {
	dir := t.TempDir()
	s, address, stop := start(t, dir)
	idle, busy := converse(t, address), converse(t, address)
	busy.say("DATA", 354)
	ended := make(chan error)
	go func() { ended <- stop() }()
	for { // until the server takes no more
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err != nil {
			break
		}
		_ = conn.Close()
	}
	busy.say("Subject: x\r\n\r\n.", 250)
	_ = busy.Close()
	if _, err := idle.ReadLine(); err == nil {
		t.Error("an idle client is kept")
	}
	if err := <-ended; err != nil || s.Count() != 1 {
		t.Errorf("%d letters, %v", s.Count(), err)
	}
}

func TestBrokenListenerIsAnError(t *testing.T) {
	s, err := New(t.TempDir(), "localhost")
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if err := s.Serve(t.Context(), l); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v", err)
	}
}
