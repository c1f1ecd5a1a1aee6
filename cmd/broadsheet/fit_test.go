//go:build unix

package main_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestLettersAreFitted sends an issue that is far too large and holds every
// letter, as the server got it, to 95,000 bytes of HTML, encoded and decoded.
// What a letter leaves out is in the web edition, where the letter says.
func TestLettersAreFitted(t *testing.T) {
	p := newTown(t, 10, 50, 60)
	p.write("subscribers/list.csv", list(60, append(topicSets(29), "all")))
	mail := newMailbox(t, nil)
	p.mailTo(mail, 4)

	type finding struct {
		Rule, Level string
		Segments    []string
	}
	var check struct{ Findings []finding }
	p.run(0, "compile")
	p.decode(p.run(5, "check").out, &check)
	if !slices.ContainsFunc(check.Findings, func(f finding) bool { return f.Rule == "size" && f.Level == "error" }) {
		t.Errorf("without a web edition the findings are %v", check.Findings)
	}

	p.edit("broadsheet.yaml", `archive_url: ""`, `archive_url: "https://weekly.example.org/archive"`)
	var report struct {
		Items        int
		HTMLBytesMax int `json:"html_bytes_max"`
		Fitted       map[string]int
	}
	p.decode(p.run(0, "compile").out, &report)
	if report.HTMLBytesMax > 95_000 || report.Fitted["web-edition"] == 0 {
		t.Errorf("%+v", report)
	}
	p.decode(p.run(0, "check").out, &check)
	if !slices.ContainsFunc(check.Findings, func(f finding) bool { return f.Rule == "fitted" && f.Level == "warning" && len(f.Segments) > 0 }) {
		t.Errorf("with a web edition the findings are %v", check.Findings)
	}
	p.run(0, "send", "--yes")

	edition := p.read("archive/2026-W47/index.html")
	if n := strings.Count(edition, "<article "); n != report.Items {
		t.Errorf("the web edition has %d of %d items", n, report.Items)
	}
	onward := regexp.MustCompile(`href="https://weekly\.example\.org/archive/2026-W47/#([^"]+)"[^>]*>and \d+ more in the web edition<`)
	led := 0
	for _, l := range mail.kept() {
		html := parse(t, l).html
		_, encoded, _ := bytes.Cut(l.raw, []byte("text/html"))
		if len(html) > 95_000 || len(encoded) > 95_000 {
			t.Errorf("the HTML to %s has %d bytes, encoded %d", l.to, len(html), len(encoded))
		}
		for _, link := range onward.FindAllStringSubmatch(html, -1) {
			led++
			if !strings.Contains(edition, `id="`+link[1]+`"`) {
				t.Errorf("the letter to %s leads to %s, which is not there", l.to, link[1])
			}
		}
	}
	if led == 0 {
		t.Error("no letter leads to the web edition")
	}
}
