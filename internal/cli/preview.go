package cli

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"path"
	"runtime"
	"strings"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/preview"
	"broadsheet/internal/workflow"
)

func (p *program) previewCommand() *cli.Command {
	return &cli.Command{
		Name:  "preview",
		Usage: "proof the issue in the browser, live while it is edited",
		Description: "What it shows is what send sends, byte for byte, but for the reader's own name and links.\n\nExample:\n" +
			"   broadsheet preview --open",
		Flags: []cli.Flag{
			issueFlag(),
			&cli.StringFlag{Name: "addr", Usage: "listen at `ADDR`, on loopback only", Value: "127.0.0.1:0"},
			&cli.BoolFlag{Name: "open", Usage: "open it in the browser"},
		},
		Action: p.action(p.preview),
	}
}

func (p *program) preview(ctx context.Context, c *cli.Context) (result, error) {
	if _, err := positional(c, 0, 0); err != nil {
		return nil, err
	}
	key, err := issueKey(c)
	if err != nil {
		return nil, err
	}
	if err := loopback(c.String("addr")); err != nil {
		return nil, err
	}
	desk, done, err := p.desk(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	record, err := desk.FindIssue(ctx, key)
	if err != nil {
		return nil, err
	}
	listener, err := listen(ctx, c.String("addr"))
	if err != nil {
		return nil, err
	}
	server, err := preview.New(book{p: p, desk: desk, key: record.Key}, listener.Addr().String())
	if err != nil {
		return nil, err
	}
	url := "http://" + listener.Addr().String() + "/"
	p.listening("url", url, fmt.Sprintf("issue %s: %s  (Ctrl-C ends it)", record.Key, url))
	if c.Bool("open") {
		if err := openBrowser(ctx, url); err != nil {
			p.log.Warn("no browser could be opened: " + err.Error())
		}
	}
	return nil, server.Serve(ctx, listener)
}

// loopback refuses to show an unsent issue to the network.
func loopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err == nil && (host == "localhost" || ip != nil && ip.IsLoopback()) {
		return nil
	}
	return newsletter.Faultf(newsletter.Misuse, "write it like 127.0.0.1:8080", "the preview listens on loopback only, not at %q", addr)
}

func openBrowser(ctx context.Context, url string) error {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	}
	return exec.CommandContext(context.WithoutCancel(ctx), name, args...).Start()
}

// book is an issue of a publication, read anew for every proof.
type book struct {
	p    *program
	desk *workflow.Desk
	key  string
}

// Proof renders the issue with the configuration as it is now.
func (b book) Proof(ctx context.Context) (preview.Proof, error) {
	desk, err := b.p.reload(b.desk)
	if err != nil {
		return preview.Proof{}, err
	}
	edition, findings, err := desk.Proof(ctx, b.key)
	if err != nil {
		return preview.Proof{}, err
	}
	proof := preview.Proof{Issue: b.key, Findings: findings, Problems: edition.Problems}
	// A frozen issue that nobody reads whole has no such letter.
	if whole, err := edition.Portion(newsletter.NewSegment([]string{newsletter.All}, "")); err == nil {
		proof.Letters = append(proof.Letters, letter(desk, whole))
	} else if !edition.Frozen {
		return proof, err
	}
	for _, s := range edition.Segments {
		if s.Recipe.Segment.Name() != newsletter.All {
			proof.Letters = append(proof.Letters, letter(desk, s))
		}
	}
	return proof, nil
}

func letter(desk *workflow.Desk, s workflow.Portion) preview.Letter {
	return preview.Letter{
		Name: s.Recipe.Segment.Name(), Readers: s.Readers, Items: s.Recipe.Items,
		Subject: s.Recipe.Subject, Bytes: s.Bytes(),
		Cut: func() (html, text []byte, err error) { return desk.Cut(s) },
	}
}

// Watched names the issue's file, the theme, the lists and the configuration.
func (b book) Watched() []string {
	pub := b.desk.Publication
	watched := []string{
		b.desk.Folder.Path("issues/" + b.key + "/issue.md"),
		b.desk.Folder.Path("templates"),
		pub.File,
	}
	for _, pattern := range pub.Lists {
		fixed, _, _ := strings.Cut(pattern, "*")
		watched = append(watched, b.desk.Folder.Path(path.Dir(fixed+"x")))
	}
	return watched
}
