package main_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// A hostile is an SMTP server that does everything a server should not: it
// answers a command with any reply or none, breaks the line at any byte,
// resets it, writes its replies a byte at a time. What it takes, it logs: the
// log is the truth that the ledger is held against.
type hostile struct {
	port int

	mu       sync.Mutex
	random   *rand.Rand
	malice   float64 // how often a command meets a trick
	pipeline bool
	refusing bool              // some addresses are refused for good
	accepted map[string]int    // letters taken, by address
	ids      map[string]string // Message-ID, by address
	faults   []string          // of the server's clients
	unheard  int               // lines that broke when a letter was on its way or its reply was
	countdown
	open sync.WaitGroup
}

// A countdown strikes once, at its nth step.
type countdown struct {
	left   int
	strike func() // nil: never
}

func (c *countdown) step() {
	if c.left--; c.left < 0 && c.strike != nil {
		c.strike()
		c.strike = nil
	}
}

func newHostile(t testing.TB, random *rand.Rand) *hostile {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &hostile{
		port: listener.Addr().(*net.TCPAddr).Port, random: random,
		accepted: make(map[string]int), ids: make(map[string]string),
	}
	t.Cleanup(func() { _ = listener.Close(); h.open.Wait() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			h.open.Add(1)
			go h.serve(conn)
		}
	}()
	return h
}

// life sets the server's mood, and when it strikes.
func (h *hostile) life(malice float64, pipeline bool, after int, strike func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.malice, h.pipeline, h.countdown = malice, pipeline, countdown{after, strike}
}

// A talk is one connection.
type talk struct {
	*hostile
	conn net.Conn
	r    *bufio.Reader
	to   string
	open bool
	late bool // a letter is on its way, or its reply
}

func (h *hostile) serve(conn net.Conn) {
	defer h.open.Done()
	defer conn.Close()
	t := &talk{hostile: h, conn: conn, r: bufio.NewReader(conn)}
	defer t.end()
	if !t.say("220 ready") {
		return
	}
	for {
		line, ok := t.read()
		if !ok || !t.answer(strings.TrimRight(line, "\r\n")) {
			return
		}
	}
}

func (t *talk) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.late {
		t.unheard++
	}
}

// read reads a line and counts it.
func (t *talk) read() (string, bool) {
	line, err := t.r.ReadString('\n')
	if err != nil {
		return "", false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.step()
	return line, t.random.Float64() >= t.malice/40 // a line in mid-letter breaks rarely, but letters are long
}

func (t *talk) answer(line string) bool {
	verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
	switch verb {
	case "EHLO":
		return t.say("250-hello\r\n" + map[bool]string{true: "250-PIPELINING\r\n", false: ""}[t.pipeline] + "250 SIZE 1000000")
	case "QUIT":
		return t.say("221 bye") && false
	case "RSET":
		t.open, t.to = false, ""
		return t.say("250 fine")
	case "MAIL":
		if t.open {
			return t.fault("MAIL within a transaction")
		}
		if reply := t.trick("451 4.3.0 later", "421 4.3.2 going down", "nonsense"); reply != "" {
			return t.say(reply) && !strings.HasPrefix(reply, "421")
		}
		t.open = true
		return t.say("250 fine")
	case "RCPT":
		return t.recipient(line)
	case "DATA":
		return t.letter()
	}
	return t.fault("an unknown command: " + line)
}

func (t *talk) recipient(line string) bool {
	if !t.open {
		return t.say("503 5.5.1 no MAIL")
	}
	to := strings.TrimSuffix(strings.TrimPrefix(line, "RCPT TO:<"), ">")
	if t.refusing && strings.HasPrefix(to, "reader000") {
		return t.say("550 5.1.1 nobody of that name")
	}
	if reply := t.trick("450 4.2.1 greylisted", "452 4.2.2 full", "421 4.7.0 too fast", "250-half\r\n550 another"); reply != "" {
		return t.say(reply) && !strings.HasPrefix(reply, "421")
	}
	t.to = to
	return t.say("250 fine")
}

var messageID = regexp.MustCompile(`(?im)^Message-ID: *(<[^>]+>)\r$`)

// letter takes a letter. It is taken once its dot is there and the server means
// to say so, whether the client hears it or not.
func (t *talk) letter() bool {
	if t.to == "" {
		return t.say("503 5.5.1 no recipient")
	}
	if reply := t.trick("452 4.3.1 full", "421 4.3.2 going down"); reply != "" {
		return t.say(reply) && !strings.HasPrefix(reply, "421")
	}
	t.late = true
	if !t.say("354 go on") {
		return false
	}
	var letter strings.Builder
	for {
		line, ok := t.read()
		if !ok {
			return false
		}
		if line == ".\r\n" {
			break
		}
		letter.WriteString(line)
	}
	to := t.to
	t.open, t.to = false, ""
	if reply := t.trick("451 4.3.0 later", "452 4.3.1 full", "421 4.3.2 going down"); reply != "" {
		t.late = !t.say(reply)
		return !t.late && !strings.HasPrefix(reply, "421")
	}
	t.take(to, letter.String())
	reply := t.trick("drop", "reset", "250-2.0.0 taken\r\n250 2.0.0 indeed", "354 what")
	t.late = !t.say(reply) || strings.HasPrefix(reply, "354")
	return !t.late
}

// take logs a letter.
func (t *talk) take(to, letter string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.accepted[to]++
	id := ""
	if m := messageID.FindStringSubmatch(letter); m != nil {
		id = m[1]
	}
	if known := t.ids[to]; known != "" && known != id || id == "" {
		t.faults = append(t.faults, fmt.Sprintf("the letters to %s are %s and %s", to, known, id))
	}
	t.ids[to] = id
	if !strings.HasSuffix(letter, "--\r\n") {
		t.faults = append(t.faults, "the letter to "+to+" has no end")
	}
}

// trick is, now and then, one of the replies; else "".
func (t *talk) trick(replies ...string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.random.Float64() >= t.malice {
		return ""
	}
	return append(replies, "drop", "reset")[t.random.IntN(len(replies)+2)]
}

// say sends a reply, "" a usual one: whole, or in pieces, or not at all, or
// only its beginning.
func (t *talk) say(reply string) bool {
	switch reply {
	case "":
		reply = "250 2.0.0 queued"
	case "reset":
		_ = t.conn.(*net.TCPConn).SetLinger(0)
		return false
	case "drop":
		return false
	}
	t.mu.Lock()
	t.step()
	slow, part := t.random.IntN(4) == 0, len(reply)+2
	if t.random.Float64() < t.malice/10 {
		part = t.random.IntN(part)
	}
	t.mu.Unlock()
	out := []byte(reply + "\r\n")[:part]
	size := len(out)
	if slow {
		size = 1
	}
	for len(out) > 0 {
		n := min(size, len(out))
		if _, err := t.conn.Write(out[:n]); err != nil {
			return false
		}
		out = out[n:]
	}
	return part == len(reply)+2
}

func (t *talk) fault(what string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = append(t.faults, what)
	return false
}
