package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/bounce"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func (p *program) bouncesCommand() *cli.Command {
	return &cli.Command{
		Name: "bounces", Usage: "suppress whose address does not exist, and who complained, by what servers write back", ArgsUsage: "PATH…",
		Description: "PATH is a letter or an mbox of them, a folder such as a Maildir, or - for standard input. Of delivery reports (RFC 3464)\n" +
			"only the word that a mailbox or domain does not exist counts (5.1.1, 5.1.2, 5.1.10), of feedback reports (RFC 5965) a\n" +
			"complaint; all other mail is left alone, and no file is moved or removed. Reading them again does nothing more.\n\n" +
			"Where return_path has a {token}, only a letter's own return path tells whose it was. Without one it is whom the report\n" +
			"names, and anybody can write a report: look at it first.\n\nExample:\n" +
			"   broadsheet suppress bounces ~/Maildir\n   broadsheet suppress bounces bounce.eml\n" +
			"   \"|broadsheet -C /srv/weekly --quiet suppress bounces -\"       in the .forward of the user whom return_path leads to",
		Action: p.atDesk(1, -1, p.bounces),
	}
}

type noticeResult struct {
	workflow.NoticeReport
	Problems []newsletter.Problem `json:"problems"`
}

func (p *program) bounces(ctx context.Context, desk *workflow.Desk, _ *cli.Context, args []string) (result, error) {
	var notices []workflow.Notice
	problems := []newsletter.Problem{}
	unread := 0
	for _, arg := range args {
		files, err := letterFiles(arg)
		if err != nil {
			return nil, newsletter.Faultf(newsletter.Misuse, "name a letter, a folder of letters, or - for standard input", "%w", err)
		}
		for _, file := range files {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			for notice, err := range p.readNotices(file) {
				if err == nil {
					notices = append(notices, workflow.Notice{File: file, Notice: notice})
					continue
				}
				problems = append(problems, newsletter.Problem{File: file, Message: err.Error()})
				if !errors.Is(err, bounce.ErrNoLetter) {
					unread++
				}
			}
		}
	}
	report, err := desk.TakeNotices(ctx, notices)
	if report.Outcomes == nil {
		return nil, err
	}
	if unread > 0 {
		err = errors.Join(err, newsletter.Faultf(newsletter.Failure, "see that this user may read them, and run again: what was taken counts once",
			"%s could not be read", number(unread, "file")))
	}
	return noticeResult{report, problems}, err
}

// letterFiles are the letters at a path. Of a Maildir they are those that have
// arrived.
func letterFiles(path string) (files []string, err error) {
	if path == "-" {
		return []string{path}, nil
	}
	at, err := os.Stat(path)
	if err != nil || !at.IsDir() {
		return []string{path}, err
	}
	root := filepath.Clean(path) + string(filepath.Separator) // of a link: what it leads to
	err = filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != root && (strings.HasPrefix(e.Name(), ".") || e.IsDir() && e.Name() == "tmp"):
			if e.IsDir() {
				return fs.SkipDir
			}
		case e.Type().IsRegular():
			files = append(files, name)
		}
		return nil
	})
	return files, err
}

func (p *program) readNotices(file string) iter.Seq2[bounce.Notice, error] {
	if file == "-" {
		return bounce.All(p.streams.In)
	}
	return func(yield func(bounce.Notice, error) bool) {
		f, err := os.Open(file)
		if err != nil {
			yield(bounce.Notice{}, err)
			return
		}
		defer f.Close()
		bounce.All(f)(yield)
	}
}

func (r noticeResult) text(w io.Writer) {
	printProblems(w, r.Problems)
	left := 0
	for _, o := range r.Outcomes {
		if o.Reason == "" {
			left++
			continue
		}
		fmt.Fprintf(w, "%-16s %s", o.Reason, o.Reader)
		if o.Issue != "" {
			fmt.Fprintf(w, "  (the letter of issue %s)", o.Issue)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%s read: %d suppressed", number(r.Read, "letter"), r.Added)
	if r.Known > 0 {
		fmt.Fprintf(w, ", %d were already", r.Known)
	}
	if left > 0 {
		fmt.Fprintf(w, "; %d say nothing that suppresses, see --json", left)
	}
	fmt.Fprintln(w)
}
