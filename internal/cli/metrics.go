package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/folder"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/workflow"
)

func metricsFlag() cli.Flag {
	return &cli.StringFlag{Name: "metrics", Usage: "write the run's figures to a `FILE` that node_exporter's textfile collector reads"}
}

// metricsFile reads the flag. A folder that is not there is found out before
// anything is sent.
func metricsFile(c *cli.Context) (string, error) {
	file := c.String("metrics")
	if file == "" {
		return "", nil
	}
	dir := filepath.Dir(file)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", newsletter.Faultf(newsletter.Misuse, "make it, or name the folder of node_exporter's --collector.textfile.directory",
			"--metrics %s: there is no folder %s", file, dir)
	}
	return file, nil
}

// A meter writes the metrics of a run to a file, if it has one.
type meter struct {
	desk *workflow.Desk
	file string
	next float64 // seconds of the run
}

// meterEvery is how many seconds lie between two files.
const meterEvery = 30

// shown is show, with the metrics now and then. What cannot be written on the
// way will be told at the end.
func (m *meter) shown(ctx context.Context, show func(workflow.Progress)) func(workflow.Progress) {
	return func(s workflow.Progress) {
		if m.file != "" && s.Seconds >= m.next {
			m.next = s.Seconds + meterEvery
			_ = m.write(ctx, s.SendReport, nil)
		}
		show(s)
	}
}

// ended writes the metrics of a run and returns its error with what came of
// that. A run that another one kept out has no figures of its own.
func (m *meter) ended(ctx context.Context, r workflow.SendReport, err error) error {
	code := exitCode(ctx, err)
	if m.file == "" || code == exitLocked {
		return err
	}
	return errors.Join(err, m.write(ctx, r, &code))
}

func (m *meter) write(ctx context.Context, r workflow.SendReport, exit *int) error {
	data, err := m.desk.Metrics(context.WithoutCancel(ctx), r, exit)
	if err == nil {
		err = folder.Open(filepath.Dir(m.file)).Write(filepath.Base(m.file), data, 0o644)
	}
	if err != nil {
		return fmt.Errorf("write the metrics: %w", err)
	}
	return nil
}
