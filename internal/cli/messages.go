package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"broadsheet/internal/newsletter"
)

// A program is one run of the program.
type program struct {
	args    []string
	streams Streams
	globals globals
	log     *slog.Logger
	printed bool // the JSON document is out
}

// A result is what a command has to show: as one JSON document, or as text.
type result interface {
	text(w io.Writer)
}

// action makes a command's action: read the flags, run, print, and turn the
// error into the exit code.
func (p *program) action(run func(ctx context.Context, c *cli.Context) (result, error)) cli.ActionFunc {
	return func(c *cli.Context) (err error) {
		if p.globals, err = readGlobals(c); err != nil {
			return err
		}
		p.log = p.logger()
		shown, err := run(c.Context, c)
		if shown != nil {
			p.show(shown, err, exitCode(c.Context, err))
		}
		return err
	}
}

// show prints a command's result. A JSON document gets "exit" and, where there
// is an error, "error" and "hint".
func (p *program) show(r result, err error, code int) {
	if !p.globals.json {
		if !p.globals.quiet {
			r.text(p.streams.Out)
		}
		return
	}
	doc, failed := plainJSON(r)
	if failed != nil {
		p.printDocument(errorDocument(failed, 1))
		return
	}
	extra, failed := plainJSON(errorDocument(err, code))
	switch {
	case failed != nil:
	case len(doc) > len("{}"):
		doc = append(append(doc[:len(doc)-1], ','), extra[1:]...)
	default:
		doc = extra
	}
	p.printDocument(json.RawMessage(doc))
}

// plainJSON is a value as JSON in which < and > stand as they are: no web page
// holds it.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	err := out.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

type failure struct {
	Error string `json:"error"`
	Hint  string `json:"hint"`
	Exit  int    `json:"exit"`
}

func errorDocument(err error, code int) any {
	if err == nil {
		return struct {
			Exit int `json:"exit"`
		}{code}
	}
	message, mend := said(err, code)
	return failure{Error: message, Hint: mend, Exit: code}
}

func (p *program) printDocument(v any) {
	out := json.NewEncoder(p.streams.Out)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(v); err != nil {
		fmt.Fprintf(p.streams.Err, "broadsheet: print the report: %v\n", err)
	}
	p.printed = true
}

// fail says what went wrong: a line, and hint lines that say the mend.
func (p *program) fail(ctx context.Context, err error) int {
	code := exitCode(ctx, err)
	if p.globals.json && !p.printed {
		p.printDocument(errorDocument(err, code))
	}
	message, mend := said(err, code)
	if p.globals.logJSON {
		p.logger().Error(message, "mend", mend)
		return code
	}
	fmt.Fprintln(p.streams.Err, "broadsheet: "+message)
	if mend != "" {
		fmt.Fprintln(p.streams.Err, "  "+strings.ReplaceAll(mend, "\n", "\n  "))
	}
	return code
}

// said is an error in words, and its mend.
func said(err error, code int) (message, mend string) {
	if code != exitInterrupted {
		return err.Error(), hint(err)
	}
	message = "interrupted; nothing is lost"
	if more := besides(err); len(more) > 0 {
		return message + "\n" + strings.Join(more, "\n"), hint(err)
	}
	return message, ""
}

// hint is the mend of the first fault that has one.
func hint(err error) string {
	for f := range faults(err) {
		if f.Hint != "" {
			return f.Hint
		}
	}
	return ""
}

// logger writes to standard error: problems in lists and sources, and steps.
func (p *program) logger() *slog.Logger {
	level := slog.LevelInfo
	if p.globals.quiet {
		level = slog.LevelError
	}
	if p.globals.logJSON {
		return slog.New(slog.NewJSONHandler(p.streams.Err, &slog.HandlerOptions{Level: level}))
	}
	return slog.New(&plainHandler{w: p.streams.Err, level: level})
}

// plainHandler writes records as sentences: "warning: what is wrong (the mend)".
// The commands log what a person should read now, so times would only be in
// the way.
type plainHandler struct {
	mu    sync.Mutex
	w     io.Writer
	level slog.Level
}

func (h *plainHandler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }
func (h *plainHandler) WithAttrs([]slog.Attr) slog.Handler               { return h }
func (h *plainHandler) WithGroup(string) slog.Handler                    { return h }

func (h *plainHandler) Handle(_ context.Context, r slog.Record) error {
	line := r.Message
	switch {
	case r.Level >= slog.LevelError:
		line = "error: " + line
	case r.Level >= slog.LevelWarn:
		line = "warning: " + line
	}
	r.Attrs(func(a slog.Attr) bool {
		line += " (" + a.Value.String() + ")"
		return true
	})
	h.mu.Lock()
	defer h.mu.Unlock()
	_, err := fmt.Fprintln(h.w, line)
	return err
}

// problemsShown bounds how many problems of the lists one command repeats.
const problemsShown = 20

// warn logs problems that stopped nothing.
func (p *program) warn(problems []newsletter.Problem) {
	for i, problem := range problems {
		if i == problemsShown {
			p.log.Warn(fmt.Sprintf("%d more problems", len(problems)-i))
			return
		}
		attrs := []any{}
		if problem.Mend != "" {
			attrs = append(attrs, "mend", problem.Mend)
		}
		p.log.Warn(problem.Error(), attrs...)
	}
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// interactive tells whether somebody can be asked.
func (p *program) interactive() bool {
	return !p.globals.json && isTerminal(p.streams.In) && isTerminal(p.streams.Err)
}

// number writes n with its noun: "1 item", "3 items".
func number(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if before, ok := strings.CutSuffix(noun, "y"); ok {
		return fmt.Sprintf("%d %sies", n, before)
	}
	if strings.HasSuffix(noun, "s") {
		noun += "e"
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
