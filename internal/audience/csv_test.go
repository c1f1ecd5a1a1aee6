package audience

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

// newsTopics are the topics of all tests.
func newsTopics() []newsletter.Topic {
	return []newsletter.Topic{
		{ID: "europe", Title: "Europe", Aliases: []string{"EU", "European Union"}},
		{ID: "ukraine", Title: "Ukraine", Aliases: []string{"war in ukraine"}},
		{ID: "culture", Title: "Arts & Culture"},
	}
}

// row shows a reader in one line.
func row(s newsletter.Subscriber) string {
	return fmt.Sprintf("%s|%s|%s|%s", s.Address.Spelled, s.Name, strings.Join(s.Topics, "+"), s.Language)
}

func rows(readers []newsletter.Subscriber) []string {
	list := make([]string, len(readers))
	for i, s := range readers {
		list[i] = row(s)
	}
	return list
}

// ReadCSV reads all readers of a list.
func ReadCSV(name string, r io.Reader, topics []newsletter.Topic) ([]newsletter.Subscriber, []newsletter.Problem, error) {
	f, err := Open(name, r, Options{Topics: topics})
	if err != nil {
		return nil, nil, err
	}
	var readers []newsletter.Subscriber
	for e, ok := f.Next(); ok; e, ok = f.Next() {
		readers = append(readers, e.Subscriber)
	}
	return readers, f.Problems(), f.Err()
}

// each yields readers as they come from a roll.
func each(readers []newsletter.Subscriber) iter.Seq2[newsletter.Subscriber, error] {
	return func(yield func(newsletter.Subscriber, error) bool) {
		for _, r := range readers {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// said shows problems in a line each.
func said(problems []newsletter.Problem) []string {
	list := make([]string, len(problems))
	for i, p := range problems {
		list[i] = p.Error()
	}
	return list
}

func utf16le(text string) string {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return string(out)
}

func TestReadCSV(t *testing.T) {
	const plain = "email,name,topics,language\nanna@example.org,Anna,europe,de\nben@example.org,Ben,all,\n"
	plainRows := []string{"anna@example.org|Anna|europe|de", "ben@example.org|Ben|all|"}
	for name, tc := range map[string]struct {
		in       string
		want     []string
		problems []string
	}{
		"plain":             {in: plain, want: plainRows},
		"byte order mark":   {in: "\ufeff" + plain, want: plainRows},
		"UTF-16":            {in: utf16le(plain), want: plainRows},
		"CRLF":              {in: strings.ReplaceAll(plain, "\n", "\r\n"), want: plainRows},
		"CR":                {in: strings.ReplaceAll(plain, "\n", "\r"), want: plainRows},
		"semicolons":        {in: strings.ReplaceAll(plain, ",", ";"), want: plainRows},
		"tabs":              {in: strings.ReplaceAll(plain, ",", "\t"), want: plainRows},
		"spreadsheet's sep": {in: "sep=;\r\n" + strings.ReplaceAll(plain, ",", ";"), want: plainRows},
		"no last line end":  {in: strings.TrimSuffix(plain, "\n"), want: plainRows},
		"blank and comment lines": {
			in: "# the list\n\n" + strings.ReplaceAll(plain, "\n", "\n\n# more\n,,,\n"), want: plainRows,
		},
		"other names and order": {
			in:   "Tags,Last Name,E-Mail Address,notes,First Name,LANG\neurope,Berg,anna@example.org,x,Anna,fr\n",
			want: []string{"anna@example.org|Anna Berg|europe|fr"},
		},
		"address is the e-mail address": {in: "Address,Interests\nanna@example.org,all\n", want: []string{"anna@example.org||all|"}},
		"address beside e-mail is a street": {
			in: "address,email,topics\n1 Street,anna@example.org,all\n", want: []string{"anna@example.org||all|"},
		},
		"several topics": {
			in: "email,topics\na@x.org,\"ukraine,europe\"\nb@x.org,ukraine;europe\nc@x.org,ukraine | europe\nd@x.org,europe;EUROPE;eu\n",
			want: []string{
				"a@x.org||europe+ukraine|", "b@x.org||europe+ukraine|", "c@x.org||europe+ukraine|", "d@x.org||europe|",
			},
		},
		"titles and aliases": {
			in:   "email,topics\na@x.org,European  union;WAR IN UKRAINE\nb@x.org,arts & culture\nc@x.org,europe;All\n",
			want: []string{"a@x.org||europe+ukraine|", "b@x.org||culture|", "c@x.org||all|"},
		},
		"quotes": {
			in:   "email,name,topics\na@x.org,\"Anna \"\"Anni\"\" Berg\",all\nb@x.org, \"Berg, Ben\" ,all\nc@x.org,Carl \"C\",all\n",
			want: []string{`a@x.org|Anna "Anni" Berg|all|`, "b@x.org|Berg, Ben|all|", `c@x.org|Carl "C"|all|`},
		},
		"a field of several lines": {
			in:   "email,name,topics\na@x.org,\"Anna\n\n  Berg\",all\nb@x.org,Ben,all\n",
			want: []string{"a@x.org|Anna Berg|all|", "b@x.org|Ben|all|"},
		},
		"injected header": {
			in:       "email,name,topics\n\"a@x.org\nBcc: b@x.org\",Anna,all\nc@x.org,\"Carl\r\nBcc: b@x.org\",all\n",
			want:     []string{"c@x.org|Carl Bcc: b@x.org|all|"},
			problems: []string{`l.csv:2: control character inside; the line is skipped: "a@x.org\nBcc: b@x.org"`},
		},
		"an open quote": {
			in:       "email,name,topics\na@x.org,\"Anna,all\nb@x.org,\"Berg, Ben\",all\nc@x.org,Carl,all\n",
			want:     []string{"b@x.org|Berg, Ben|all|", "c@x.org|Carl|all|"},
			problems: []string{`l.csv:2: a broken quote; the line is skipped: "a@x.org,\"Anna,all"`},
		},
		"an open quote and no other": {
			in:       "email,name,topics\na@x.org,\"Anna,all\n" + strings.Repeat("b@x.org,Ben,all\n", 20),
			want:     slices.Repeat([]string{"b@x.org|Ben|all|"}, 20),
			problems: []string{`l.csv:2: a broken quote; the line is skipped: "a@x.org,\"Anna,all"`},
		},
		"words behind a quote": {
			in:       "email,name,topics\na@x.org,\"Anna\"x,all\nb@x.org,Ben,all\n",
			want:     []string{"b@x.org|Ben|all|"},
			problems: []string{`l.csv:2: a broken quote; the line is skipped: "a@x.org,\"Anna\"x,all"`},
		},
		"bad addresses": {
			in:   "email,topics\nanna,all\n,all\nb@x.org,all\nAnna <a@x.org>,all\n",
			want: []string{"b@x.org||all|"},
			problems: []string{
				`l.csv:2: no @; the line is skipped: "anna"`,
				`l.csv:3: no address; the line is skipped`,
				`l.csv:5: angle brackets: only the bare address is wanted; the line is skipped: "Anna <a@x.org>"`,
			},
		},
		"unknown topics": {
			in:   "email,topics\na@x.org,europe;sport\nb@x.org,sport\nc@x.org,\n",
			want: []string{"a@x.org||europe|", "b@x.org|||", "c@x.org|||"},
			problems: []string{
				`l.csv:2: unknown topic; ignored: "sport"`,
				`l.csv:3: unknown topic; ignored: "sport"`,
				`l.csv:3: b@x.org gets no mail until a topic is given`,
				`l.csv:4: c@x.org gets no mail until a topic is given`,
			},
		},
		"no topics column": {
			in:       "email\na@x.org\nb@x.org\n",
			want:     []string{"a@x.org|||", "b@x.org|||"},
			problems: []string{`l.csv:1: no topics column: nobody on this list gets mail until topics are given`},
		},
		"topics without quotes": {
			in:       "email,topics\na@x.org,europe,ukraine\n",
			want:     []string{"a@x.org||europe|"},
			problems: []string{`l.csv:2: a@x.org has more fields than the header; the rest is ignored: "ukraine"`},
		},
		"languages": {
			in:       "email,topics,language\na@x.org,all,DE\nb@x.org,all,pt_br\nc@x.org,all,german!\n",
			want:     []string{"a@x.org||all|de", "b@x.org||all|pt-BR", "c@x.org||all|"},
			problems: []string{`l.csv:4: not a language; the publication's own is used: "german!"`},
		},
		"Windows-1252": {
			in:       "email,name,topics\na@x.org,J\xfcrgen,all\nb@x.org,Z\xf6e,all\n",
			want:     []string{"a@x.org|Jürgen|all|", "b@x.org|Zöe|all|"},
			problems: []string{`l.csv:2: not UTF-8; read as Windows-1252`},
		},
		"an endless name": {
			in:       "email,name,topics\na@x.org," + strings.Repeat("n", 201) + ",all\n",
			want:     []string{"a@x.org||all|"},
			problems: []string{fmt.Sprintf(`l.csv:2: a name of more than 200 characters; it is left out: "%s…"`, strings.Repeat("n", 100))},
		},
		"an endless line": {
			in:       "email,topics\n" + strings.Repeat("x", 3*maxLine) + "\nb@x.org,all\n",
			want:     []string{"b@x.org||all|"},
			problems: []string{`l.csv:2: a line longer than a million bytes; skipped`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			readers, problems, err := ReadCSV("l.csv", strings.NewReader(tc.in), newsTopics())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, rows(readers)); diff != "" {
				t.Errorf("readers (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(append([]string{}, tc.problems...), said(problems)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadCSVRefuses(t *testing.T) {
	broken := errors.New("the disk is gone")
	for name, tc := range map[string]struct {
		in   io.Reader
		want string
	}{
		"empty":            {strings.NewReader(""), "l.csv: the file is empty"},
		"comments only":    {strings.NewReader("# nothing\n"), "l.csv: the file is empty"},
		"no e-mail column": {strings.NewReader("\nname,topics\nAnna,all\n"), `l.csv:2: the first line names no e-mail column: "name,topics"`},
		"no header":        {strings.NewReader("anna@example.org\n"), `l.csv:1: the first line names no e-mail column: "anna@example.org"`},
		"spreadsheet":      {strings.NewReader("PK\x03\x04\x14\x00\n"), "l.csv:1: this is not a text file"},
		"UTF-16, no mark":  {strings.NewReader("e\x00m\x00a\x00i\x00l\x00\n\x00"), "l.csv:1: this is not a text file"},
		"unreadable":       {iotest.ErrReader(broken), "l.csv: reading stopped here: the disk is gone"},
		"unreadable later": {io.MultiReader(strings.NewReader("email,topics\na@x.org,all\n"), iotest.ErrReader(broken)), "l.csv:2: reading stopped here: the disk is gone"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := ReadCSV("l.csv", tc.in, newsTopics())
			var problem *newsletter.Problem
			if !errors.As(err, &problem) || err.Error() != tc.want {
				t.Errorf("error = %v, want %s", err, tc.want)
			}
		})
	}
}

func TestTopicsInTheLanguageColumn(t *testing.T) {
	_, problems, err := ReadCSV("l.csv", strings.NewReader("email,topics,language\na@x.org,europe,ukraine\n"), newsTopics())
	if err != nil || len(problems) != 1 || problems[0].Mend != quoteTopics {
		t.Errorf("problems = %+v, %v", problems, err)
	}
}

func TestReadCSVNamesTheList(t *testing.T) {
	readers, _, err := ReadCSV("subscribers/l.csv", strings.NewReader("email,topics\na@x.org,all\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"subscribers/l.csv"}, readers[0].Lists); diff != "" {
		t.Errorf("Lists (-want +got):\n%s", diff)
	}
}

func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{
		"email,name,topics\na@x.org,\"Anna\nBerg\",europe;all\n", "sep=;\nE-Mail;Tags\na@x.org;eu|ukraine\n",
		"email\r\"a\"\"b\n", "\xff\xfee\x00m\x00", "email,topics\n'=a@x.org,\"",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		readers, problems, err := ReadCSV("l.csv", bytes.NewReader(in), newsTopics())
		for _, p := range problems {
			if p.Line < 1 || p.Message == "" {
				t.Fatalf("problem without a place: %+v", p)
			}
		}
		if err != nil {
			return
		}
		roundTrip(t, readers)
	})
}

// roundTrip asserts that written readers are read back as they were.
func roundTrip(t *testing.T, readers []newsletter.Subscriber) {
	t.Helper()
	var out bytes.Buffer
	if err := WriteCSV(&out, each(readers), true); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(out.Bytes())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range slices.Concat(records...) {
		if field != "" && strings.IndexByte("=+-@", field[0]) >= 0 {
			t.Fatalf("a spreadsheet takes %q for a formula", field)
		}
	}
	again, _, err := ReadCSV("l.csv", &out, newsTopics())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rows(readers), rows(again)); diff != "" {
		t.Fatalf("written and read (-want +got):\n%s", diff)
	}
}

func BenchmarkReadCSV(b *testing.B) {
	const readers = 100_000
	var in strings.Builder
	in.WriteString("email,name,topics,language\n")
	for i := range readers {
		fmt.Fprintf(&in, "Reader.%d@example%d.org,Reader %d,\"europe,ukraine\",de\n", i, i%100, i)
	}
	topics := newsTopics()
	b.SetBytes(int64(in.Len()))
	b.ReportAllocs()
	for b.Loop() {
		got, problems, err := ReadCSV("l.csv", strings.NewReader(in.String()), topics)
		if err != nil || len(got) != readers || len(problems) > 0 {
			b.Fatal(len(got), problems, err)
		}
	}
}
