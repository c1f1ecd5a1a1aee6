package cli

import (
	"context"
	"fmt"
	"net"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/sink"
)

func (p *program) sinkCommand() *cli.Command {
	return &cli.Command{
		Name:  "sink",
		Usage: "a local SMTP server that keeps every letter as an .eml file",
		Description: "It delivers nothing to anybody: a place to send to while trying things out.\n\nExample:\n" +
			"   broadsheet sink --dir mails",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "addr", Usage: "listen at `ADDR`", Value: "127.0.0.1:2525"},
			&cli.StringFlag{Name: "dir", Usage: "keep the letters in `DIR`", Value: "mails"},
		},
		Action: p.action(p.sink),
	}
}

func (p *program) sink(ctx context.Context, c *cli.Context) (result, error) {
	if _, err := positional(c, 0, 0); err != nil {
		return nil, err
	}
	listener, err := listen(ctx, c.String("addr"))
	if err != nil {
		return nil, err
	}
	server, err := sink.New(c.String("dir"), "localhost")
	if err == nil {
		err = sink.ForLetters(c.String("dir"))
	}
	if err != nil {
		return nil, err
	}
	p.listening("addr", listener.Addr().String(), fmt.Sprintf("keeping every letter sent to %s in %s; Ctrl-C ends it", listener.Addr(), c.String("dir")))
	if err := server.Serve(ctx, listener); err != nil {
		return nil, err
	}
	if !p.globals.json && !p.globals.quiet {
		fmt.Fprintf(p.streams.Out, "%s kept in %s\n", number(int(server.Count()), "letter"), c.String("dir"))
	}
	return nil, nil
}

// listening says where a server listens, at once.
func (p *program) listening(name, where, words string) {
	switch {
	case p.globals.json:
		p.printDocument(map[string]string{name: where})
	case !p.globals.quiet:
		fmt.Fprintln(p.streams.Out, words)
	}
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	if _, _, err := net.SplitHostPort(addr); err != nil {
		return nil, newsletter.Faultf(newsletter.Misuse, "write it like 127.0.0.1:2525", "not an address to listen at: %q", addr)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, newsletter.Faultf(newsletter.Failure, "another program may listen there; choose another with --addr", "listen at %s: %w", addr, err)
	}
	return l, nil
}
