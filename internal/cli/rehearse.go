package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/sink"
	"broadsheet/internal/store"
	"broadsheet/internal/workflow"
)

// rehearse sends into a sink of its own, with a copy of the ledger.
func (p *program) rehearse(ctx context.Context, f sendFlags) (_ result, err error) {
	desk, done, err := p.desk(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	record, err := desk.FindIssue(ctx, f.Key)
	if err != nil {
		return nil, err
	}
	f.Key = record.Key
	dir, own := f.rehearse.value, f.rehearse.value == ""
	if own {
		dir = desk.Folder.Path("issues/" + record.Key + "/rehearsal")
	}
	scratch, err := os.MkdirTemp("", "broadsheet-rehearsal-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	ledger, err := copyLedger(ctx, desk, filepath.Join(scratch, "ledger.db"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, ledger.Close()) }()
	if err := sink.ForRehearsal(dir, own); err != nil {
		return nil, err
	}
	server, stop, err := startSink(ctx, dir, desk.Publication.SMTP[0].Connections)
	if err != nil {
		return nil, err
	}
	progress := p.progress()
	f.Progress = progress.show
	report, err := desk.Rehearse(ctx, f.SendOptions, ledger, server, dial(desk.Publication))
	progress.clear()
	err = errors.Join(err, stop())
	if report.Issue == "" {
		return nil, err
	}
	return rehearseResult{SendReport: report, Dir: dir}, err
}

type rehearseResult struct {
	workflow.SendReport
	Dir string `json:"dir"`
}

func (r rehearseResult) text(w io.Writer) {
	fmt.Fprintf(w, "rehearsed issue %s: %s in %s; nobody was mailed and nothing is marked\n", r.Issue, number(r.SentNow, "letter"), r.Dir)
}

func copyLedger(ctx context.Context, desk *workflow.Desk, path string) (*store.Store, error) {
	if err := desk.Store.CopyTo(ctx, path); err != nil {
		return nil, fmt.Errorf("copy the ledger: %w", err)
	}
	return store.Open(ctx, path, desk.Clock.Now())
}

// startSink starts a sink on loopback; stop ends it and waits for its end.
func startSink(ctx context.Context, dir string, connections int) (at newsletter.SMTP, stop func() error, err error) {
	server, err := sink.New(dir, "localhost")
	if err != nil {
		return at, nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return at, nil, err
	}
	serving, end := context.WithCancel(context.WithoutCancel(ctx))
	served := make(chan error, 1)
	go func() { served <- server.Serve(serving, listener) }()
	at = newsletter.SMTP{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, TLS: "none", Weight: 1, Connections: connections}
	return at, func() error { end(); return <-served }, nil
}
