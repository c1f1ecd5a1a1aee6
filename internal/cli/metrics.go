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

// measure writes the metrics of a run and returns its error with what came of
// that. A run that another one kept out has no figures of its own.
func (p *program) measure(ctx context.Context, desk *workflow.Desk, file string, r workflow.SendReport, err error) error {
	code := exitCode(ctx, err)
	if file == "" || code == exitLocked {
		return err
	}
	data, failed := desk.Metrics(context.WithoutCancel(ctx), r, code)
	if failed == nil {
		failed = folder.Open(filepath.Dir(file)).Write(filepath.Base(file), data, 0o644)
	}
	if failed != nil {
		return errors.Join(err, fmt.Errorf("write the metrics: %w", failed))
	}
	return err
}
