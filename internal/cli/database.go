package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/config"
	"broadsheet/internal/workflow"
)

func (p *program) databaseCommand() *cli.Command {
	return &cli.Command{
		Name:        "database",
		Usage:       "take the publication's database to another place",
		Description: "Example:\n   broadsheet database move postgres://news@db.example.org/weekly",
		Subcommands: []*cli.Command{
			{
				Name: "move", Usage: "take everything to a new file, or to an empty database at a PostgreSQL server", ArgsUsage: "TO",
				Description: "TO is what will stand behind database: in broadsheet.yaml, a file or a server's address, and nothing may be there\n" +
					"yet. Articles, readers, suppressions, issues and every delivery go along, an issue on its way too; nobody sends or\n" +
					"compiles meanwhile. The old database refuses to work from then on, on every machine, so that nobody is mailed twice.\n" +
					"A move that fails, or Ctrl-C, changes nothing. Killed in its last step it can leave a copy at TO while the old database\n" +
					"works on, which knows better from then on: empty TO, and move again. The password comes from PGPASSWORD or a .pgpass file.\n\nExample:\n" +
					"   broadsheet database move 'postgres://news@db.example.org/weekly?sslmode=verify-full'\n" +
					"   broadsheet database move broadsheet-2.db",
				Action: p.action(p.moveDatabase),
			},
		},
	}
}

type moveResult struct {
	Rows     int    `json:"rows"`
	From     string `json:"from"`
	Database string `json:"database"` // for the configuration
}

func (p *program) moveDatabase(ctx context.Context, c *cli.Context) (result, error) {
	args, err := positional(c, 1, 1)
	if err != nil {
		return nil, err
	}
	to := args[0]
	if err := config.CheckDatabase(to); err != nil {
		return nil, err
	}
	desk, done, err := p.desk(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	rows, err := p.move(ctx, desk, to)
	if err != nil {
		return nil, err
	}
	return moveResult{Rows: rows, From: desk.Publication.Database, Database: to}, nil
}

func (p *program) move(ctx context.Context, desk *workflow.Desk, to string) (rows int, err error) {
	there := *desk.Publication
	there.Database = to
	line, shown := p.statusLine(), -1
	defer line.clear()
	return desk.MoveDatabase(ctx, databaseAddress(&there), func(rows, all int) {
		if percent := 100 * rows / max(all, 1); percent > shown {
			shown = percent
			line.draw([]string{fmt.Sprintf("moving: %d %%", percent), fmt.Sprintf(", %d of %s", rows, number(all, "row"))})
		}
	})
}

func (r moveResult) text(w io.Writer) {
	fmt.Fprintf(w, "%s moved; now write into broadsheet.yaml, wherever this publication is worked on:\n   database: %s\n", number(r.Rows, "row"), r.Database)
	fmt.Fprintf(w, "%s refuses to work from now on; remove it once there is a backup of the new one\n", r.From)
}
