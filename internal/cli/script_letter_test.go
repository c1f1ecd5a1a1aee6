package cli_test

import (
	"errors"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// header sets a variable to a field of a kept letter, without brackets.
func header(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 3, "header VARIABLE ADDRESS FIELD")
	m, err := mail.ReadMessage(strings.NewReader(ts.ReadFile(ts.Getenv("WORK") + "/mail/" + args[1] + ".eml")))
	ts.Check(err)
	ts.Setenv(args[0], strings.Trim(m.Header.Get(args[2]), "<>"))
}

// answers compares the threads of two letters.
func answers(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "answers FILE OTHER")
	var headers [2]mail.Header
	for i, name := range args {
		m, err := mail.ReadMessage(strings.NewReader(ts.ReadFile(name)))
		ts.Check(err)
		headers[i] = m.Header
	}
	id := headers[1].Get("Message-Id")
	if id == "" || headers[0].Get("Message-Id") == id {
		ts.Fatalf("both letters are %q", id)
	}
	for _, field := range []string{"In-Reply-To", "References"} {
		if got := headers[0].Get(field); got != id {
			ts.Fatalf("%s is %q, want %q", field, got, id)
		}
	}
}

// letter looks for words in both parts of a kept letter, as a reader would.
func letter(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "letter ADDRESS WORDS")
	m, err := mail.ReadMessage(strings.NewReader(ts.ReadFile(ts.Getenv("WORK") + "/mail/" + args[0] + ".eml")))
	ts.Check(err)
	_, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	ts.Check(err)
	parts := 0
	for r := multipart.NewReader(m.Body, parameters["boundary"]); ; parts++ {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		ts.Check(err)
		data, err := io.ReadAll(quotedprintable.NewReader(part))
		ts.Check(err)
		said := strings.Join(strings.Fields(html.UnescapeString(string(data))), " ")
		if !strings.Contains(said, args[1]) {
			ts.Fatalf("the %s of %s does not say %q:\n%s", part.Header.Get("Content-Type"), args[0], args[1], data)
		}
	}
	if parts != 2 {
		ts.Fatalf("the letter to %s has %d parts", args[0], parts)
	}
}
