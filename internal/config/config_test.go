package config

import (
	"errors"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

// base is a configuration without mistakes. Its tests replace lines of it and
// rely on their numbers.
const base = `name: The Weekly Broadsheet
id: weekly.example.org
tagline: Get informed, stay inspired
from: "The Weekly <news@example.org>"
reply_to: desk@example.org
address: "1 Example Street, 1010 Vienna"
language: en
timezone: Europe/Vienna
schedule: {every: week, on: friday, at: "07:00", late: 6h, send: auto}
topics:
  - {id: europe, title: Europe, aliases: [eu, european union], keywords: [brussels, strasbourg]}
  - {id: ukraine, title: Ukraine, aliases: [war in ukraine], keywords: [kyiv, kharkiv]}
sources:
  - {id: desk, folder: articles}
  - {id: agency, feed: "https://agency.example/rss", topics: [europe], weight: 1.5, max_items: 5, full_text: true}
issue: {max_items_per_topic: 6, summary_words: 60, key: week, max_age: 14d}
lists: [subscribers/*.csv]
theme: {name: plain}
database: broadsheet.db
smtp: {host: 127.0.0.1, port: 2525, tls: none, username: "", password_env: "", password_file: "", connections: 8, rate: 0}
dkim: [{selector: s1, domain: example.org, key_file: dkim.pem}]
unsubscribe: {mailto: unsubscribe@example.org, url: "", secret_file: .broadsheet-secret}
archive_url: ""
preferences_url: ""
allow_private_networks: false
check: {rules: {contrast: error, size: off}, clients: [gmail, outlook.windows]}
`

// minimal has what no publication can do without.
const minimal = `name: Notes
id: notes.example.org
from: notes@example.org
address: 1 Example Street
topics: [{id: eastern-europe}]
unsubscribe: {mailto: stop@example.org}
`

func names() Names {
	return Names{Rules: []string{"contrast", "size"}, Clients: []string{"gmail", "outlook", "outlook.windows"}}
}

func load(t *testing.T, source string) (*newsletter.Publication, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, DefaultFile), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(dir, "", names())
}

func TestLoadReadsEveryKey(t *testing.T) {
	pub, err := load(t, base)
	if err != nil {
		t.Fatal(err)
	}
	vienna, _ := time.LoadLocation("Europe/Vienna")
	want := &newsletter.Publication{
		Name: "The Weekly Broadsheet", ID: "weekly.example.org", Tagline: "Get informed, stay inspired",
		From:          mail.Address{Name: "The Weekly", Address: "news@example.org"},
		ReplyTo:       &mail.Address{Address: "desk@example.org"},
		PostalAddress: "1 Example Street, 1010 Vienna", Language: "en", Location: vienna,
		Schedule: newsletter.Schedule{Every: newsletter.Weekly, On: time.Friday, Hour: 7, Late: 6 * time.Hour, Send: newsletter.SendAuto},
		Topics: []newsletter.Topic{
			{ID: "europe", Title: "Europe", Aliases: []string{"eu", "european union"}, Keywords: []string{"brussels", "strasbourg"}, Weight: 1},
			{ID: "ukraine", Title: "Ukraine", Aliases: []string{"war in ukraine"}, Keywords: []string{"kyiv", "kharkiv"}, Weight: 1},
		},
		Sources: []newsletter.Source{
			{ID: "desk", Folder: "articles", Weight: 1},
			{ID: "agency", Feed: "https://agency.example/rss", Topics: []string{"europe"}, Weight: 1.5, MaxItems: 5, FullText: true},
		},
		Rules: newsletter.IssueRules{MaxItemsPerTopic: 6, SummaryWords: 60, Key: newsletter.KeyWeek, MaxAge: 14 * 24 * time.Hour, HalfLife: 56 * time.Hour, Coverage: 0.5},
		Lists: []string{"subscribers/*.csv"}, Theme: newsletter.ThemeOptions{Name: "plain", Styles: map[string]string{}}, Database: "broadsheet.db",
		SMTP:        []newsletter.SMTP{{Host: "127.0.0.1", Port: 2525, TLS: "none", Weight: 1, Connections: 8}},
		DKIM:        []newsletter.DKIM{{Selector: "s1", Domain: "example.org", KeyFile: "dkim.pem"}},
		Unsubscribe: newsletter.Unsubscribe{Mailto: "unsubscribe@example.org", SecretFile: ".broadsheet-secret"},
		Checks: newsletter.Checks{
			Levels:  map[string]newsletter.Level{"contrast": newsletter.LevelError, "size": newsletter.LevelOff},
			Clients: []string{"gmail", "outlook.windows"},
		},
		Archive: "archive",
		Dir:     pub.Dir, File: pub.File,
	}
	if diff := cmp.Diff(want, pub, cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })); diff != "" {
		t.Errorf("publication (-want +got):\n%s", diff)
	}
	if !filepath.IsAbs(pub.Dir) || filepath.Base(pub.File) != DefaultFile {
		t.Errorf("Dir = %q, File = %q", pub.Dir, pub.File)
	}
}

func TestLoadDefaults(t *testing.T) {
	pub, err := load(t, minimal+"issue:\nsmtp:\n  port:\n")
	if err != nil {
		t.Fatal(err)
	}
	want := &newsletter.Publication{
		Name: "Notes", ID: "notes.example.org", From: mail.Address{Address: "notes@example.org"},
		PostalAddress: "1 Example Street", Language: "en", Location: time.UTC,
		Topics:      []newsletter.Topic{{ID: "eastern-europe", Title: "Eastern europe", Weight: 1}},
		Sources:     []newsletter.Source{{ID: "articles", Folder: "articles", Weight: 1}},
		Rules:       newsletter.IssueRules{MaxItemsPerTopic: 6, SummaryWords: 60, Key: newsletter.KeyWeek, MaxAge: 14 * 24 * time.Hour, HalfLife: 56 * time.Hour, Coverage: 0.5},
		Lists:       []string{"subscribers/*.csv"},
		Theme:       newsletter.ThemeOptions{Name: "plain", Styles: map[string]string{}},
		Database:    "broadsheet.db",
		SMTP:        []newsletter.SMTP{{Host: "127.0.0.1", Port: 25, TLS: "none", Weight: 1, Connections: 8}},
		DKIM:        []newsletter.DKIM{},
		Unsubscribe: newsletter.Unsubscribe{Mailto: "stop@example.org", SecretFile: ".broadsheet-secret"},
		Archive:     "archive",
		Dir:         pub.Dir, File: pub.File,
	}
	if diff := cmp.Diff(want, pub, cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })); diff != "" {
		t.Errorf("publication (-want +got):\n%s", diff)
	}
}

func TestSeveralServers(t *testing.T) {
	pub, err := load(t, minimal+`
smtp:
  - {host: a.example.org, weight: 3, connections: 4, rate: 20, per_domain: 2, per_day: 5000}
  - {host: b.example.org, port: 2525, per_connection: 100}
  - {host: 127.0.0.1, weight: 0}
`)
	if err != nil {
		t.Fatal(err)
	}
	want := []newsletter.SMTP{
		{Host: "a.example.org", Port: 587, TLS: "starttls", Weight: 3, Connections: 4, Rate: 20},
		{Host: "b.example.org", Port: 2525, TLS: "starttls", Weight: 1, Connections: 8, PerConnection: 100},
		{Host: "127.0.0.1", Port: 25, TLS: "none", Connections: 8},
	}
	if diff := cmp.Diff(want, pub.SMTP); diff != "" {
		t.Errorf("servers (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(newsletter.Limits{PerDomain: 2, PerDay: 5000}, pub.Limits); diff != "" {
		t.Errorf("limits over all (-want +got):\n%s", diff)
	}
}

func TestLoadDerivesDefaults(t *testing.T) {
	for name, tc := range map[string]struct {
		add  string
		get  func(*newsletter.Publication) any
		want any
	}{
		"a daily issue is named by its date": {
			"schedule: {every: day, at: 18:30}\n",
			func(p *newsletter.Publication) any { return p.Rules.Key }, newsletter.KeyDate,
		},
		"a daily issue's stories lose half their worth in eight hours": {
			"schedule: {every: day, at: 18:30}\n",
			func(p *newsletter.Publication) any { return p.Rules.HalfLife }, 8 * time.Hour,
		},
		"what stories lose with age can be said": {
			"issue: {half_life: 3d, coverage: 0}\n",
			func(p *newsletter.Publication) any { return [2]any{p.Rules.HalfLife, p.Rules.Coverage} },
			[2]any{72 * time.Hour, 0.0},
		},
		"a daily issue looks back two days": {
			"schedule: {every: day, at: 18:30}\n",
			func(p *newsletter.Publication) any { return p.Rules.MaxAge }, 48 * time.Hour,
		},
		"a schedule may wake six hours late": {
			"schedule: {every: day, at: 18:30}\n",
			func(p *newsletter.Publication) any { return p.Schedule.Late }, 6 * time.Hour,
		},
		"a server elsewhere must encrypt": {
			"smtp: {host: smtp.example.org}\n",
			func(p *newsletter.Publication) any { return []any{p.SMTP[0].TLS, p.SMTP[0].Port} },
			[]any{"starttls", 587},
		},
		"TLS from the start has its own port": {
			"smtp: {host: smtp.example.org, tls: tls}\n",
			func(p *newsletter.Publication) any { return p.SMTP[0].Port }, 465,
		},
		"a server on this machine need not encrypt": {
			"smtp: {host: \"::1\"}\n",
			func(p *newsletter.Publication) any { return []any{p.SMTP[0].TLS, p.SMTP[0].Port} },
			[]any{"none", 25},
		},
		"no sources are no sources": {
			"sources: []\n",
			func(p *newsletter.Publication) any { return len(p.Sources) }, 0,
		},
		"a language is written the usual way": {
			"language: DE-at\n",
			func(p *newsletter.Publication) any { return p.Language }, "de-AT",
		},
		"a domain is written as an A-label": {
			"reply_to: Büro <desk@bücher.example>\n",
			func(p *newsletter.Publication) any { return p.ReplyTo.Address }, "desk@xn--bcher-kva.example",
		},
	} {
		t.Run(name, func(t *testing.T) {
			pub, err := load(t, minimal+tc.add)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, tc.get(pub)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadJoinsTheLinesOfAnAddress(t *testing.T) {
	pub, err := load(t, strings.Replace(minimal, "address: 1 Example Street", "address: |\n  1 Example Street\n  1010 Vienna\n", 1))
	if err != nil {
		t.Fatal(err)
	}
	if want := "1 Example Street, 1010 Vienna"; pub.PostalAddress != want {
		t.Errorf("PostalAddress = %q, want %q", pub.PostalAddress, want)
	}
}

func TestLoadTakesTheFileAsNamed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "other.yaml")
	if err := os.WriteFile(path, []byte("\ufeff"+strings.ReplaceAll(minimal, "\n", "\r\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"other.yaml", path} {
		pub, err := Load(dir, name, names())
		if err != nil {
			t.Fatal(err)
		}
		if pub.File != path || pub.Name != "Notes" {
			t.Errorf("Load(%q): File = %q, Name = %q", name, pub.File, pub.Name)
		}
	}
}

func TestLoadWithoutAFile(t *testing.T) {
	_, err := Load(t.TempDir(), "", names())
	var fault *newsletter.Fault
	if !errors.As(err, &fault) || fault.Kind != newsletter.Misuse || !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("error = %v", err)
	}
	if !strings.Contains(fault.Hint, "broadsheet init") {
		t.Errorf("hint = %q", fault.Hint)
	}
}

func TestLoadRefusesAHugeFile(t *testing.T) {
	if _, err := load(t, base+strings.Repeat("#", maxFile)); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("error = %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(base))
	f.Add([]byte(minimal))
	f.Add([]byte("topics: [{id: &a x}, *a]\n"))
	f.Fuzz(func(t *testing.T, source []byte) {
		pub, err := parse(source, "/", DefaultFile, names())
		if (pub == nil) == (err == nil) {
			t.Fatalf("publication %v, error %v", pub, err)
		}
		var fault *newsletter.Fault
		if err != nil && (!errors.As(err, &fault) || fault.Kind != newsletter.Misuse) {
			t.Fatalf("error is no fault: %v", err)
		}
	})
}

func TestThemeOptions(t *testing.T) {
	pub, err := load(t, minimal+`theme: {name: magazine, width: 640, colors: {ink: "#ABC"}, dark: {accent: "#ffeedd"}, fonts: {label: '"Gill Sans", sans-serif'}, logo: {url: "https://example.org/l.png", width: 120, height: 40}}`)
	if err != nil {
		t.Fatal(err)
	}
	want := newsletter.ThemeOptions{
		Name:   "magazine",
		Styles: map[string]string{"width": "640px", "ink": "#abc", "dark-accent": "#ffeedd", "font-label": "'Gill Sans', sans-serif"},
		Logo:   newsletter.Logo{URL: "https://example.org/l.png", Width: 120, Height: 40},
	}
	if diff := cmp.Diff(want, pub.Theme); diff != "" {
		t.Error(diff)
	}
}

func TestReturnPath(t *testing.T) {
	for written, want := range map[string]string{
		"":                               "",
		"bounces@example.org":            "bounces@example.org",
		"bounces+{token}@bücher.example": "bounces+{token}@xn--bcher-kva.example",
		"Bounces <{token}@example.org>":  "{token}@example.org",
	} {
		pub, err := load(t, minimal+"return_path: '"+written+"'\n")
		if err != nil || pub.ReturnPath != want {
			t.Errorf("%s is read as %+v (%v)", written, pub, err)
		}
	}
}
