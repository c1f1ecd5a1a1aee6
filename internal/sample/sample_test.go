package sample_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/audience"
	"broadsheet/internal/config"
	"broadsheet/internal/newsletter"
	"broadsheet/internal/sample"
	"broadsheet/subscribers"
)

var now = time.Date(2026, 11, 20, 6, 30, 0, 0, time.UTC)

func write(t *testing.T) (dir string, created []string) {
	t.Helper()
	dir = t.TempDir()
	created, err := sample.Write(dir, now, subscribers.FS)
	if err != nil {
		t.Fatal(err)
	}
	return dir, created
}

// contents are the files of a folder by their slash paths.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		files[name] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestWriteMakesAPublication(t *testing.T) {
	dir, created := write(t)
	files := contents(t, dir)
	if len(created) != len(files) {
		t.Errorf("created %d files, the folder has %d", len(created), len(files))
	}
	for _, name := range append(created, ".gitignore", "README.md", "broadsheet.yaml", "feeds/agency.xml", "subscribers/README.md", "subscribers/readers.csv") {
		if files[name] == "" {
			t.Errorf("%s is not there", name)
		}
	}
	kinds := map[string]int{}
	for name, content := range files {
		if strings.HasPrefix(name, "articles/") {
			kinds[filepath.Ext(name)]++
		}
		if strings.Contains(content, "{{") {
			t.Errorf("%s has an open place", name)
		}
	}
	if diff := cmp.Diff(map[string]int{".md": 9, ".txt": 4, ".html": 3}, kinds); diff != "" {
		t.Errorf("articles (-want +got):\n%s", diff)
	}
}

func TestWriteIsDeterministic(t *testing.T) {
	one, _ := write(t)
	two, _ := write(t)
	if diff := cmp.Diff(contents(t, one), contents(t, two)); diff != "" {
		t.Errorf("the same time gives other bytes:\n%s", diff)
	}
}

func TestArticlesAreAsOldAsTheySay(t *testing.T) {
	dir, _ := write(t)
	files := contents(t, dir)
	for name, want := range map[string]string{
		"articles/parliament-seats.md": "date: 2026-11-19T10:30:00Z\n",
		"articles/an-225.txt":          "\n18 November 2026\n",
		"articles/copernicus.html":     `content="2026-11-19T04:30:00Z"`,
		"feeds/agency.xml":             "<pubDate>Thu, 19 Nov 2026 14:30:00 +0000</pubDate>",
		"feeds/observer.xml":           "<updated>2026-11-18T04:30:00Z</updated>",
	} {
		if !strings.Contains(files[name], want) {
			t.Errorf("%s does not contain %q", name, want)
		}
	}
}

func TestWriteNeverOverwrites(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "broadsheet.yaml")
	if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	created, err := sample.Write(dir, now, subscribers.FS)
	if err != nil {
		t.Fatal(err)
	}
	if got := contents(t, dir)["broadsheet.yaml"]; got != "mine" {
		t.Errorf("the file was overwritten: %q", got)
	}
	for _, name := range created {
		if name == "broadsheet.yaml" {
			t.Error("a file that was there is listed as created")
		}
	}
	again, err := sample.Write(dir, now.Add(time.Hour), subscribers.FS)
	if err != nil || len(again) != 0 {
		t.Errorf("the second time: %v, %v", again, err)
	}
}

func TestWriteReportsWhatItMade(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "feeds"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	created, err := sample.Write(dir, now, fstest.MapFS{})
	if err == nil || len(created) == 0 {
		t.Errorf("created %v, error %v", created, err)
	}
}

func load(t *testing.T) *newsletter.Publication {
	t.Helper()
	dir, _ := write(t)
	pub, err := config.Load(dir, "", config.Names{})
	if err != nil {
		t.Fatal(err)
	}
	return pub
}

func TestConfigurationLoads(t *testing.T) {
	pub := load(t)
	var topics []string
	for _, topic := range pub.Topics {
		topics = append(topics, topic.ID)
	}
	if diff := cmp.Diff([]string{"europe", "ukraine", "climate", "science", "culture"}, topics); diff != "" {
		t.Errorf("topics (-want +got):\n%s", diff)
	}
	if len(pub.Sources) != 3 || pub.Location.String() != "Europe/Vienna" || pub.SMTP[0].Port != 2525 {
		t.Errorf("publication = %+v", pub)
	}
}

func TestListsHaveSixtyReaders(t *testing.T) {
	pub := load(t)
	roll, lines := audience.NewRoll(), 0
	problems, err := audience.ReadLists(pub.Dir, pub.Lists, audience.Options{Topics: pub.Topics}, func(s newsletter.Subscriber) error {
		lines++
		return roll.Add(s)
	})
	if err != nil {
		t.Fatal(err)
	}
	mailed, all, languages := 0, 0, map[string]int{}
	for r, err := range roll.All() {
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Topics) > 0 {
			mailed++
		}
		if len(r.Topics) == 1 && r.Topics[0] == newsletter.All {
			all++
		}
		languages[r.Language]++
	}
	got := map[string]int{"lines": lines, "readers": roll.Len(), "mailed": mailed, "all": all, "de": languages["de"], "fr": languages["fr"]}
	want := map[string]int{"lines": 66, "readers": 60, "mailed": 58, "all": 10, "de": 6, "fr": 5}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var said []string
	for _, p := range problems {
		said = append(said, p.Error())
	}
	wantSaid := []string{
		`subscribers/members.csv:19: more than one @; the line is skipped: "rasmus@@example.org"`,
		`subscribers/members.csv:20: not a language; the publication's own is used: "klingon language"`,
		`subscribers/press.csv:14: unknown topic; ignored: "weather"`,
		"subscribers/press.csv:14: weather@tv.example gets no mail until a topic is given",
		`subscribers/press.csv:15: a dot too many in the domain; the line is skipped: "tips@tv..example"`,
		`subscribers/press.csv:16: a broken quote; the line is skipped: "\"archive@tv.example,Archive,Example TV,all"`,
		`subscribers/readers.csv:35: no @; the line is skipped: "henrik.example.org"`,
		`subscribers/readers.csv:36: domain has no dot; the line is skipped: "ines@localhost"`,
		`subscribers/readers.csv:37: space inside; the line is skipped: "jo ann@example.com"`,
		"subscribers/readers.csv:39: kim@example.net gets no mail until a topic is given",
		`subscribers/readers.csv:41: unknown topic; ignored: "sports"`,
		`subscribers/readers.csv:43: not a language; the publication's own is used: "climate"`,
	}
	if diff := cmp.Diff(wantSaid, said); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}
