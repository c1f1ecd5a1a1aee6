package audience

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestReadLists(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "subscribers/b.csv", "email,topics\nb@x.org,all\n")
	write(t, dir, "subscribers/a.csv", "email,topics\na@x.org,all\n")
	write(t, dir, "subscribers/folder.csv/c.csv", "email,topics\nc@x.org,all\n")
	var readers []newsletter.Subscriber
	problems, err := ReadLists(dir, []string{"subscribers/b.csv", "subscribers/*.csv", "more/*.csv"}, Options{Topics: newsTopics()}, func(s newsletter.Subscriber) error {
		readers = append(readers, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range readers {
		got = append(got, strings.Join(r.Lists, ",")+" "+r.Address.Spelled)
	}
	if diff := cmp.Diff([]string{"subscribers/a.csv a@x.org", "subscribers/b.csv b@x.org"}, got); diff != "" {
		t.Errorf("readers (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"more/*.csv: no such list"}, said(problems)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestReadListsReadsTheOthers(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.csv", "name\nAnna\n")
	write(t, dir, "b.csv", "email,topics\nb@x.org,all\n")
	write(t, dir, "c.csv", "")
	var readers []newsletter.Subscriber
	_, err := ReadLists(dir, []string{"*.csv"}, Options{Topics: newsTopics()}, func(s newsletter.Subscriber) error {
		readers = append(readers, s)
		return nil
	})
	var problem *newsletter.Problem
	if !errors.As(err, &problem) || problem.File != "a.csv" || !strings.Contains(err.Error(), "c.csv") {
		t.Errorf("error = %v", err)
	}
	if len(readers) != 1 {
		t.Errorf("readers = %v", rows(readers))
	}
}

func TestRoll(t *testing.T) {
	address := func(s string) newsletter.Address {
		a, err := ParseAddress(s)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	shared := []string{"europe"}
	members := []newsletter.Subscriber{
		{Address: address("Anna@x.org"), Topics: shared, Lists: []string{"a"}},
		{Address: address("ben@x.org"), Name: "Ben", Topics: shared, Lists: []string{"a"}},
		{Address: address("anna@X.org"), Name: "Anna", Language: "de", Topics: []string{"culture", "ukraine"}, Lists: []string{"b"}},
		{Address: address("anna@x.org"), Name: "A.", Language: "fr", Lists: []string{"b"}},
		{Address: address("BEN@x.org"), Topics: []string{newsletter.All}, Lists: []string{"c"}},
	}
	want := []newsletter.Subscriber{
		{Address: address("Anna@x.org"), Name: "Anna", Language: "de", Topics: []string{"culture", "europe", "ukraine"}, Lists: []string{"a", "b"}},
		{Address: address("ben@x.org"), Name: "Ben", Topics: []string{newsletter.All}, Lists: []string{"a", "c"}},
	}
	roll := NewRoll()
	for _, m := range members {
		if err := roll.Add(m); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, all(t, roll)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"europe"}, shared); diff != "" {
		t.Errorf("the roll changed its input (-want +got):\n%s", diff)
	}
}

func TestWriteCSV(t *testing.T) {
	in := "email,name,topics,language\nanna@x.org,\"=HYPERLINK(\"\"http://evil.example\"\")\",europe;ukraine,de\n" +
		"\"+tag@x.org\",'=not a formula,all,\n\"#anna@x.org\",\"Berg, Anna\",,\n-a@x.org,@anna,all,\n\"'=b@x.org\",''+x,all,\n"
	readers, _, err := ReadCSV("l.csv", strings.NewReader(in), newsTopics())
	if err != nil || len(readers) != 5 {
		t.Fatal(rows(readers), err)
	}
	var out strings.Builder
	if err := WriteCSV(&out, each(readers), false); err != nil {
		t.Fatal(err)
	}
	want := "email,name,topics,language\n" +
		"anna@x.org,\"'=HYPERLINK(\"\"http://evil.example\"\")\",europe;ukraine,de\n" +
		"'+tag@x.org,'=not a formula,all,\n" +
		"'#anna@x.org,\"Berg, Anna\",,\n" +
		"'-a@x.org,'@anna,all,\n" +
		"'=b@x.org,''+x,all,\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	roundTrip(t, readers)
}

func TestReadSuppressions(t *testing.T) {
	for name, tc := range map[string]struct {
		in       string
		want     []string
		problems []string
	}{
		"plain lines":     {in: "Anna@X.org\n# comment\n\nben@x.org\n", want: []string{"anna@x.org by hand", "ben@x.org by hand"}},
		"with reasons":    {in: "anna@x.org,asked by telephone\nben@x.org;bounced\ncarl@x.org\tcomplained\n", want: []string{"anna@x.org asked by telephone", "ben@x.org bounced", "carl@x.org complained"}},
		"a table":         {in: "Reason;Date;E-Mail\nbounced;2026-01-01;anna@x.org\n", want: []string{"anna@x.org bounced"}},
		"umlaut domain":   {in: "anna@Bücher.example\n", want: []string{"anna@xn--bcher-kva.example by hand"}},
		"nothing":         {in: "", want: []string{}},
		"one bad address": {in: "anna\nben@x.org\n", want: []string{"ben@x.org by hand"}, problems: []string{`s.csv:1: no @; the line is skipped: "anna"`}},
		"a quoted reason": {in: "anna@x.org,\"said: \"\"no\"\"\nagain\"\n", want: []string{`anna@x.org said: "no" again`}},
	} {
		t.Run(name, func(t *testing.T) {
			list, problems, err := ReadSuppressions("s.csv", strings.NewReader(tc.in))
			if err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, s := range list {
				got = append(got, s.Identity+" "+s.Reason)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("suppressions (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(append([]string{}, tc.problems...), said(problems)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
	if _, _, err := ReadSuppressions("s.csv", strings.NewReader("PK\x03\x04\x00")); err == nil {
		t.Error("a spreadsheet passes for a suppression list")
	}
}
