package source

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"broadsheet/internal/newsletter"

	"github.com/google/go-cmp/cmp"
)

func TestTidy(t *testing.T) {
	tests := []struct {
		name, in, want string
		cut            bool
	}{
		{name: "well-formed", in: `<rss a="b"><c/>d</rss>`, want: `<rss a="b"><c/>d</rss>`},
		{name: "around the root", in: "Warning!<br/>\n<?xml version='1.0'?><!-- <rss> --><rss></rss> rest <b>", want: "<rss></rss>"},
		{name: "document type", in: `<!DOCTYPE rss [<!ENTITY a "<b>">]><rss>&a;</rss>`, want: "<rss>&a;</rss>"},
		{name: "comments and instructions", in: "<rss>a<!-- <b> -->b<?php c ?>d</rss>", want: "<rss>abd</rss>"},
		{name: "comment without end", in: "<rss>a<!-- b</rss>", want: "<rss>a b</rss>"},
		{name: "section", in: "<rss><![CDATA[<b>&]]></rss>", want: "<rss><![CDATA[<b>&]]></rss>"},
		{name: "end of a section in text", in: "<rss>a]]>b</rss>", want: "<rss>a]]&gt;b</rss>"},
		{name: "forbidden characters", in: "<rss>a\x00\x0bb\uFFFEc\t\n</rss>", want: "<rss>abc\t\n</rss>"},
		{name: "forbidden references", in: "<rss>&#0;&#x1F;&#xD800;&#99999999999;&#65;&#X42;&#150;</rss>", want: "<rss>&#65;&#X42;&#150;</rss>"},
		{name: "end without start", in: "<rss><a>b</i></a>c</rss>", want: "<rss><a>b</a>c</rss>"},
		{name: "start without end", in: "<rss><a>b<br>c</a>d</rss>", want: "<rss><a>b<br>c</br></a>d</rss>"},
		{name: "crossed", in: "<rss><a><b>c</a></b>d</rss>", want: "<rss><a><b>c</b></a>d</rss>"},
		{name: "case", in: "<RSS><Title>a</title></rss>", want: "<RSS><Title>a</Title></RSS>"},
		{name: "attributes", in: `<rss a=b c='d"e' f g = "<" h:i="j" 1="k">l</rss>`, want: `<rss a="b" c="d&quot;e" f="f" g="&lt;" h:i="j" k="k">l</rss>`},
		{name: "tag without end", in: "<rss><a b='c' <d>e</rss>", want: `<rss><a b="c"><d>e</d></a></rss>`},
		{name: "stray signs", in: "<rss>1 < 2 <3 <> a & b</rss>", want: "<rss>1 &lt; 2 &lt;3 &lt;> a & b</rss>"},
		{name: "root of another name space", in: "<atom:feed></atom:feed>", want: "<atom:feed></atom:feed>"},
		{name: "base", in: "<rss xml:base='https://a.example/b/c?d#e'></rss>", want: `<rss xml:base="https://a.example/b/"></rss>`},

		{name: "cut before an entry", in: "<rss><item>a</item><b", want: "<rss><item>a</item></rss>"},
		{name: "cut within an entry", in: "<rss><item>a</item><item><title>b", want: "<rss><item>a</item></rss>", cut: true},
		{name: "cut within a section", in: "<feed><entry>a</entry><entry><c><![CDATA[b</c></entry></feed>", want: "<feed><entry>a</entry></feed>", cut: true},
		{name: "cut within a tag", in: "<feed><entry>a</entry><entry><c d='e", want: "<feed><entry>a</entry></feed>", cut: true},
		{name: "entry without end", in: "<rss><item>a</rss>", want: "<rss><item>a</item></rss>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, cut, err := tidy(tt.in)
			if err != nil || cut != tt.cut {
				t.Fatalf("cut %v, error %v", cut, err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			wellFormed(t, got)
		})
	}
}

// wellFormed reads XML the way gofeed does.
func wellFormed(t *testing.T, s string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(s))
	d.Strict = false
	for {
		if _, err := d.Token(); err != nil {
			if !errors.Is(err, io.EOF) {
				t.Errorf("%q is not well-formed: %v", s, err)
			}
			return
		}
	}
}

// gofeed takes xml:base="https://a.example/b/feed.xml" for a folder; should it
// mend its ways, folderOf can go.
func TestBaseOfAFileIsNoFolder(t *testing.T) {
	const feed = `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/b/feed.xml"><entry><title>T</title><link href="c"/></entry></feed>`
	if got := one(t, feed).Link; got != "https://a.example/b/c" {
		t.Errorf("got %s", got)
	}
}

func TestCutFeedKeepsItsWholeEntries(t *testing.T) {
	h := harvest(t, "<rss><channel><item><title>Whole</title></item><item><title>Half</title><description>Bro")
	if len(h.Articles) != 1 || h.Articles[0].Title != "Whole" {
		t.Errorf("articles %+v", h.Articles)
	}
	want := []newsletter.Problem{{File: address, Message: "the feed breaks off; its last entry is left out", Mend: "read it again later"}}
	if diff := cmp.Diff(want, h.Problems); diff != "" {
		t.Error(diff)
	}
}

func TestRepairJSON(t *testing.T) {
	const feed = `{"version":2,"author":"Desk","items":[null,"x",
		{"id":12345678901234567890,"title":"One","author":"Jane","image":{"url":"https://a.example/i.png"},"tags":{"name":"t"}},
		{"id":{"a":1},"title":7,"authors":[null,{"name":"Joe"}],"attachments":[null,{"url":3}]}]}`
	h := harvest(t, feed)
	if len(h.Articles) != 2 {
		t.Fatalf("%+v", h)
	}
	one, two := h.Articles[0], h.Articles[1]
	if one.Key != "12345678901234567890" || one.Author != "Jane" || one.Image.URL != "https://a.example/i.png" || one.Labels[0] != "t" {
		t.Errorf("first: %+v", one)
	}
	if two.Title != "7" || two.Author != "Joe" {
		t.Errorf("second: %+v", two)
	}
}
