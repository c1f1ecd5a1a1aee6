package cli

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"os/exec"
	"runtime"
	"time"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/preview"
)

func (p *program) previewCommand() *cli.Command {
	return &cli.Command{
		Name:  "preview",
		Usage: "proof the issue in the browser, live while it is edited",
		Description: "What it shows is what send sends, byte for byte, but for the reader's own name and links. The page\n" +
			"changes by itself as the issue, the theme, the lists or the configuration do. Only the address that is\n" +
			"printed opens it: it has a key in it.\n\nExample:\n" +
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
	server, err := preview.New(newBook(p, desk, record.Key), preview.Options{
		Addr: listener.Addr().String(), Token: rand.Text(), Key: rand.Text, Now: time.Now,
	})
	if err != nil {
		return nil, err
	}
	url := server.URL()
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
