package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

// walk shows the candidates one by one and asks for the editor's say. Nothing
// is changed before the end: undo takes answers back, an interrupt all of them.
type walk struct {
	in   *bufio.Reader
	out  io.Writer
	open func(url string) error

	candidates []workflow.Candidate
	said       []workflow.Verdict // "": nothing, by candidate
}

const walkKeys = "k keep · d drop · h hold · p pin · n next · o open · u undo · q done"

// run asks about every candidate. The error is that of the input.
func (w *walk) run(ctx context.Context) error {
	w.said = make([]workflow.Verdict, len(w.candidates))
	for at := 0; at < len(w.candidates); {
		w.show(at)
		answer, err := readLine(ctx, w.in)
		if errors.Is(err, io.EOF) && answer == "" {
			return fmt.Errorf("the input ended; nothing was changed: %w", err)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read the answer: %w", err)
		}
		switch key := strings.ToLower(strings.TrimSpace(answer)); key {
		case "q", "done", "quit":
			return nil
		case "u", "undo":
			at = max(at-1, 0)
			w.said[at] = ""
		case "o", "open":
			w.browse(at)
		default:
			verdict, ok := walkVerdicts[key]
			if !ok {
				fmt.Fprintf(w.out, "  There is no %q. %s\n", key, walkKeys)
				continue
			}
			w.said[at] = verdict
			at++
		}
	}
	return nil
}

// walkVerdicts are the answers that go on to the next candidate.
var walkVerdicts = map[string]workflow.Verdict{
	"k": "", "keep": "", "n": "", "next": "", "": "",
	"d": workflow.Drop, "drop": workflow.Drop,
	"h": workflow.Hold, "hold": workflow.Hold,
	"p": workflow.Pin, "pin": workflow.Pin,
}

func (w *walk) show(at int) {
	c := w.candidates[at]
	place := "in the issue"
	if c.Left != "" {
		place = "left out: " + c.Left
	}
	fmt.Fprintf(w.out, "\n%d of %d  %s\n  %s · %s · %s\n", at+1, len(w.candidates), c.Article.Title,
		c.Article.Source, strings.Join(c.Topics, ", "), place)
	if c.Summary != "" {
		fmt.Fprintf(w.out, "  %s\n", c.Summary)
	}
	fmt.Fprintf(w.out, "  %s: ", walkKeys)
}

func (w *walk) browse(at int) {
	link := w.candidates[at].Article.Link
	if link == "" {
		fmt.Fprintln(w.out, "  This article has no link.")
		return
	}
	if err := w.open(link); err != nil {
		fmt.Fprintf(w.out, "  No browser could be opened: %v\n", err)
	}
}

// interact lets the editor have a say on the candidates before a compile.
func (p *program) interact(ctx context.Context, desk *workflow.Desk, o workflow.CompileOptions) error {
	if !p.interactive() {
		return newsletter.Faultf(newsletter.Misuse, "run it in a terminal, or use broadsheet articles pin, drop and hold", "there is no terminal to ask at")
	}
	candidates, err := desk.Candidates(ctx, o)
	if err != nil {
		return err
	}
	w := &walk{
		in: bufio.NewReader(p.streams.In), out: p.streams.Err, candidates: candidates,
		open: func(url string) error { return openBrowser(ctx, url) },
	}
	if err := w.run(ctx); err != nil {
		return err
	}
	return w.apply(ctx, desk)
}

func (w *walk) apply(ctx context.Context, desk *workflow.Desk) error {
	ids := map[workflow.Verdict][]string{}
	for i, verdict := range w.said {
		ids[verdict] = append(ids[verdict], w.candidates[i].Article.ID)
	}
	for _, verdict := range []workflow.Verdict{workflow.Drop, workflow.Hold, workflow.Pin} {
		if len(ids[verdict]) == 0 {
			continue
		}
		if _, err := desk.Judge(ctx, verdict, ids[verdict]); err != nil {
			return err
		}
	}
	return nil
}
