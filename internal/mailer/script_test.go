package mailer

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"
)

// A script is an SMTP server that says what a test wants: for each verb the
// reply to its first use; the later ones are usual. "GREETING" and "." count as
// verbs, and so do "BODY", reached at the letter's second line, and "END", at
// its last. The reply "drop" closes the line, "hang" never comes, and with "stuck"
// the server stops reading too.
type script map[string]string

// A session is one run of a script.
type session struct {
	replies  script
	conn     net.Conn
	r        *bufio.Reader
	commands []string
	open     bool // a transaction
}

func (s *session) run() {
	defer s.conn.Close()
	for verb := "GREETING"; s.say(verb) && verb != "QUIT"; {
		line, err := s.r.ReadString('\n')
		if err != nil {
			return
		}
		s.commands = append(s.commands, strings.TrimSpace(line))
		verb, _, _ = strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " ")
	}
}

// say answers a verb and tells whether the line still stands.
func (s *session) say(verb string) bool {
	reply, ok := s.replies[verb]
	delete(s.replies, verb)
	switch {
	case ok:
	case verb == "MAIL" && s.open:
		reply = "503 5.5.1 nested MAIL"
	default:
		reply = map[string]string{"GREETING": "220 ready", "DATA": "354 go on", "QUIT": "221 bye", "EHLO": "250-hello\r\n250 SMTPUTF8"}[verb]
	}
	switch reply {
	case "drop":
		return false
	case "hang":
		_, _ = io.Copy(io.Discard, s.r)
		return false
	case "stuck":
		_, _ = io.WriteString(s.conn, "x") // blocks: the client is not reading
		return false
	case "":
		reply = "250 2.0.0 fine"
	}
	if verb != "BODY" && verb != "END" || ok {
		if _, err := fmt.Fprintf(s.conn, "%s\r\n", reply); err != nil {
			return false
		}
	}
	s.open = s.open && verb != "RSET" && verb != "." || verb == "MAIL" && reply[0] == '2'
	if verb == "DATA" && strings.HasPrefix(reply, "354") {
		return s.read() && s.say(".")
	}
	return true
}

// read takes the letter. After a full body only the dot is missing.
func (s *session) read() bool {
	for n := 0; ; n++ {
		line, err := s.r.ReadString('\n')
		if err != nil || n == 1 && !s.say("BODY") || line == "END\r\n" && !s.say("END") {
			return false
		}
		if line == ".\r\n" {
			return true
		}
	}
}

// pipeDialer makes a Dialer whose every connection runs the script.
func pipeDialer(replies script) (*Dialer, *session) {
	d := New(newsletter.SMTP{Host: "mail.example.org", Port: 25, TLS: "none"}, "")
	s := &session{replies: replies}
	d.dial = func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		s.conn, s.r = server, bufio.NewReader(server)
		go s.run()
		return client, nil
	}
	return d, s
}

func connect(t *testing.T, d *Dialer) *Connection {
	t.Helper()
	c, err := d.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func letter() newsletter.Letter {
	return newsletter.Letter{From: "news@example.org", To: "zoe@example.org", Pieces: pieces("Subject: x\r\n\r", "\n", ".dot\r\nEND\r\n")}
}

// pieces are those of a letter.
func pieces(parts ...string) []newsletter.Piece {
	var list []newsletter.Piece
	for _, p := range parts {
		list = append(list, newsletter.NewPiece([]byte(p)))
	}
	return list
}
