// Package postfix reads the log of a Postfix mail server (postlogd(8), or what
// syslog keeps of it) and says what became of letters, by Message-ID.
//
// cleanup(8) names the Message-ID of a queue id, qmgr(8) says that the server
// has taken the letter on, and the delivery agents say how each try ended. The
// lines of one queue id follow one another in time; ids are given again.
package postfix

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// A Fate is what a log says of a letter.
type Fate int

// The fates. Only with Seen may the server have dropped the letter before it
// answered for it.
const (
	Unknown   Fate = iota // not in the log
	Seen                  // it began, and the log does not say that the server took it
	Bounced               // it came back, or was given up
	Taken                 // the server has it, and nothing was tried yet
	Deferred              // the server has it, and goes on trying
	Delivered             // the next server, or the mailbox, has it
)

// A Trace is a letter's fate with the log's own words.
type Trace struct {
	Fate  Fate
	Line  int    // in the log, from 1
	DSN   string // enhanced status code, such as 5.1.1
	Reply string
}

// maxLine bounds a line of the log; Postfix cuts its own at 2,000 bytes.
const maxLine = 1 << 20

var (
	entry   = regexp.MustCompile(`postfix[^ ]*/([a-z]+)\[\d+\]: ([0-9A-Za-z]{5,}): (.*)$`)
	outcome = regexp.MustCompile(`dsn=(\d\.\d{1,3}\.\d{1,3}), status=([a-z]+)(?: \((.*)\))?`)
	handed  = regexp.MustCompile(`queued as ([0-9A-Za-z]{5,})`)
)

// Read reads a log and returns the traces of the letters that are wanted, by
// Message-ID in angle brackets. Where a letter came more than once the best of
// its fates counts. An error names the line.
func Read(log io.Reader, wanted func(messageID string) bool) (map[string]Trace, error) {
	passages := make(map[string][]*passage) // by Message-ID
	open := make(map[string]*passage)       // by queue id
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, maxLine)
	number := 0
	for lines.Scan() {
		number++
		m := entry.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		program, queue, words := m[1], m[2], m[3]
		id, named := strings.CutPrefix(words, "message-id=")
		switch p := open[queue]; {
		case named && program == "cleanup":
			delete(open, queue)
			if wanted(id) {
				p := &passage{Trace: Trace{Fate: Seen, Line: number}, queue: queue}
				open[queue], passages[id] = p, append(passages[id], p)
			}
		case p == nil:
		case words == "removed":
			delete(open, queue)
		default:
			p.read(program, words, number)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w", number+1, err)
	}
	traces := make(map[string]Trace, len(passages))
	for id, list := range passages {
		traces[id] = best(list)
	}
	return traces, nil
}

// A passage is one way of a letter through the queue.
type passage struct {
	Trace
	queue string
	next  string // the queue id under which a filter gave the letter back
}

// read takes in one line. Within a passage the last word counts, but for one
// recipient of an alias who got the letter.
func (p *passage) read(program, words string, line int) {
	m := outcome.FindStringSubmatch(words)
	switch {
	case m == nil && program == "qmgr" && strings.Contains(words, "status=expired"):
		p.note(Bounced, "", "given up after the server's own time", line)
	case m == nil && program == "qmgr" && strings.Contains(words, "queue active") && p.Fate == Seen:
		p.note(Taken, "", "", line)
	case m == nil:
	case m[2] == "sent":
		p.note(Delivered, m[1], m[3], line)
		if next := handed.FindStringSubmatch(m[3]); next != nil {
			p.next = next[1]
		}
	case m[2] == "bounced" || m[2] == "expired":
		p.note(Bounced, m[1], m[3], line)
	case m[2] == "deferred":
		p.note(Deferred, m[1], m[3], line)
	}
}

func (p *passage) note(fate Fate, dsn, reply string, line int) {
	if p.Fate == Delivered && fate != Delivered {
		return
	}
	p.Fate, p.DSN, p.Reply, p.Line = fate, dsn, reply, line
}

// best is the fate that counts where a letter came more than once. What a
// filter gave back under another queue id is only a step of its way.
func best(passages []*passage) Trace {
	var found Trace
	for _, p := range passages {
		step := slices.ContainsFunc(passages, func(other *passage) bool { return other != p && other.queue == p.next })
		if !step && p.Fate > found.Fate {
			found = p.Trace
		}
	}
	return found
}
