package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/urfave/cli/v2"

	"broadsheet/internal/audience"
	"broadsheet/internal/config"
	"broadsheet/internal/folder"
	"broadsheet/internal/mailer"
	"broadsheet/internal/message"
	"broadsheet/internal/model"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/preflight"
	"broadsheet/internal/source"
	"broadsheet/internal/store"
	"broadsheet/internal/web"
	"broadsheet/internal/workflow"
	"broadsheet/templates"
)

// desk loads the configuration, opens the database and wires the edges into a
// workflow. The returned function closes what was opened.
func (p *program) desk(ctx context.Context) (*workflow.Desk, func(), error) {
	pub, err := p.publication()
	if err != nil {
		return nil, nil, err
	}
	clock := workflow.NewClock(p.globals.now)
	db, err := store.Open(ctx, databaseAddress(pub), clock.Now())
	if err != nil {
		return nil, nil, err
	}
	d := wire(pub, clock, db)
	return d, func() {
		if err := db.Close(); err != nil {
			p.log.Error("close the database: " + err.Error())
		}
	}, nil
}

// publication loads the configuration.
func (p *program) publication() (*newsletter.Publication, error) {
	return config.Load(p.globals.dir, p.globals.config, configNames())
}

// configNames are the words that the configuration may use for what other
// packages know.
func configNames() config.Names {
	names := config.Names{Clients: preflight.Clients()}
	for _, r := range preflight.Rules() {
		names.Rules = append(names.Rules, r.Name)
	}
	return names
}

// follow asks whether a link leads somewhere.
func follow(pub *newsletter.Publication) func(context.Context, string) newsletter.LinkAnswer {
	const patience = 10 * time.Second // a reader has less
	client := web.New(web.Options{AllowPrivateNetworks: pub.AllowPrivateNetworks, UserAgent: agent(pub), Timeout: patience})
	return func(ctx context.Context, url string) newsletter.LinkAnswer {
		r, err := client.Probe(ctx, url)
		a := newsletter.LinkAnswer{URL: url, Status: r.Status, ForGood: r.Redirected != "", Clock: r.Date}
		if err != nil {
			a.Trouble = err.Error()
			if fault := (*newsletter.Fault)(nil); errors.As(err, &fault) && errors.Unwrap(fault.Err) != nil {
				a.Trouble = errors.Unwrap(fault.Err).Error() // without the address
			}
		}
		if r.Followed {
			a.Final = r.URL
		}
		return a
	}
}

func agent(pub *newsletter.Publication) string { return "Broadsheet/1 (+newsletter " + pub.ID + ")" }

// A use is what a command does at a desk, with its positional arguments.
type use func(ctx context.Context, desk *workflow.Desk, c *cli.Context, args []string) (result, error)

// atDesk makes the action of a command that takes from least to most arguments
// (most < 0: any number) and works on a publication.
func (p *program) atDesk(least, most int, do use) cli.ActionFunc {
	return p.action(func(ctx context.Context, c *cli.Context) (result, error) {
		args, err := positional(c, least, most)
		if err != nil {
			return nil, err
		}
		desk, done, err := p.desk(ctx)
		if err != nil {
			return nil, err
		}
		defer done()
		return do(ctx, desk, c, args)
	})
}

func wire(pub *newsletter.Publication, clock *workflow.Clock, db workflow.Store) *workflow.Desk {
	files := folder.Open(pub.Dir)
	client := web.New(web.Options{
		AllowPrivateNetworks: pub.AllowPrivateNetworks,
		UserAgent:            agent(pub),
	})
	return &workflow.Desk{
		Publication: pub,
		Store:       db,
		Folder:      files,
		Clock:       clock,
		Read: func(ctx context.Context, src newsletter.Source, state newsletter.SourceState, now time.Time, force bool) (newsletter.Harvest, error) {
			reader := source.Reader{Get: client, Publication: pub, Known: db.ArticlesOf, Force: force}
			return reader.Read(ctx, src, state, now)
		},
		Lists:   lists(pub, audience.Options{Topics: pub.Topics}),
		Address: audience.ParseAddress,
		Roll:    func() workflow.Roll { return audience.NewRoll() },
		Theme:   func(name string) (newsletter.Theme, error) { return files.Theme(name, templates.FS) },
		Themes:  func() ([]string, error) { return files.Themes(templates.FS) },
		Secret:  func(mayMake bool) ([]byte, error) { return config.Secret(pub, mayMake) },
		Signers: func() ([]message.Signer, error) { return signers(pub) },
		Write:   writer(pub),
		Follow:  follow(pub),
		Post: func(ctx context.Context, url, form string) (int, error) {
			r, err := client.Post(ctx, url, form)
			return r.Status, err
		},
		Dial:  dial(pub),
		Nonce: func() string { return strings.ToLower(rand.Text()) },
	}
}

// lists reads the publication's lists.
func lists(pub *newsletter.Publication, o audience.Options) func(func(newsletter.Subscriber) error) ([]newsletter.Problem, error) {
	return func(take func(newsletter.Subscriber) error) ([]newsletter.Problem, error) {
		return audience.ReadLists(pub.Dir, pub.Lists, o, take)
	}
}

// reload is the same desk with the configuration as it is now.
func (p *program) reload(d *workflow.Desk) (*workflow.Desk, error) {
	pub, err := p.publication()
	if err != nil {
		return nil, err
	}
	return wire(pub, d.Clock, d.Store), nil
}

// databaseAddress is where the store is: a file's path, or a server's address.
func databaseAddress(pub *newsletter.Publication) string {
	if strings.Contains(pub.Database, "://") || filepath.IsAbs(pub.Database) {
		return pub.Database
	}
	return filepath.Join(pub.Dir, pub.Database)
}

// dial reaches a server of the configuration. The password is read when it
// is needed, so that every command that sends nothing works without it.
func dial(pub *newsletter.Publication) workflow.Dial {
	return func(ctx context.Context, server newsletter.SMTP) (workflow.Connection, error) {
		password, err := config.Password(server, pub.Dir, os.Getenv)
		if err != nil {
			return nil, err
		}
		conn, err := mailer.New(server, password).Connect(ctx)
		if err != nil {
			return nil, err
		}
		return conn, nil
	}
}

// writer asks the publication's language model; nil where it has none. After
// an answer that no other article would change, nobody is asked again.
func writer(pub *newsletter.Publication) workflow.Writer {
	if pub.Model.BaseURL == "" {
		return nil
	}
	key, err := config.ModelKey(pub.Model, os.Getenv)
	var halted atomic.Pointer[error]
	if err != nil {
		halted.Store(&err)
	}
	client := model.New(model.Options{BaseURL: pub.Model.BaseURL, Model: pub.Model.Name, Key: key, Timeout: pub.Model.Timeout})
	return func(ctx context.Context, title, text, language string, words int) (string, error) {
		if err := halted.Load(); err != nil {
			return "", *err
		}
		written, err := client.Summarize(ctx, model.Request{Title: title, Text: text, Language: language, Words: words})
		if failed := (*model.Error)(nil); errors.As(err, &failed) && failed.Halt {
			halted.Store(&err)
		}
		return written, err
	}
}

func signers(pub *newsletter.Publication) ([]message.Signer, error) {
	made := make([]message.Signer, 0, len(pub.DKIM))
	var failed error
	for _, k := range pub.DKIM {
		pem, err := config.DKIMKey(pub, k)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		s, err := message.ParseSigner(k, pem)
		if err != nil {
			failed = errors.Join(failed, &newsletter.Fault{Kind: newsletter.Misuse, Err: err})
			continue
		}
		made = append(made, s)
	}
	return made, failed
}
