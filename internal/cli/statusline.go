package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// A statusLine is one line of a terminal that is rewritten in place. A nil one
// is never seen.
type statusLine struct {
	w     io.Writer
	width func() int // columns of the terminal
	drawn int        // characters that stand there
}

// statusLine is nil where nobody watches a terminal.
func (p *program) statusLine() *statusLine {
	file, ok := p.streams.Err.(*os.File)
	if p.globals.quiet || p.globals.logJSON || !ok || !isTerminal(file) {
		return nil
	}
	return &statusLine{w: file, width: func() int {
		width, _, err := term.GetSize(int(file.Fd()))
		if err != nil || width < 20 {
			return 80
		}
		return width
	}}
}

// draw writes as many of the phrases as the line has room for. The last column
// stays free: some terminals begin a line after it.
func (l *statusLine) draw(phrases []string) {
	if l == nil {
		return
	}
	width := l.width()
	text := fit(phrases, width-1)
	fmt.Fprint(l.w, l.begin(width)+text+"\x1b[J")
	l.drawn = len([]rune(text))
}

func (l *statusLine) clear() {
	if l == nil || l.drawn == 0 {
		return
	}
	fmt.Fprint(l.w, l.begin(l.width())+"\x1b[J")
	l.drawn = 0
}

// begin leads to where the line begins: a terminal that was made narrower has
// broken it into several (ECMA-48: CUU; draw and clear end with ED).
func (l *statusLine) begin(width int) string {
	if rows := max(l.drawn-1, 0) / width; rows > 0 {
		return fmt.Sprintf("\r\x1b[%dA", rows)
	}
	return "\r"
}

// fit takes phrases, the first ones first, as far as they have room, and an
// ellipsis for the others.
func fit(phrases []string, width int) string {
	text := []rune(strings.Join(phrases, ""))
	if len(text) <= width {
		return string(text)
	}
	kept := 0
	for _, phrase := range phrases {
		n := len([]rune(phrase))
		if kept+n+2 > width {
			break
		}
		kept += n
	}
	if kept == 0 {
		return string(text[:width-1]) + "…"
	}
	return string(text[:kept]) + " …"
}
