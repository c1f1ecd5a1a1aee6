package source

import (
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

func TestDecode(t *testing.T) {
	in := func(e encoding.Encoding, s string) string {
		out, err := e.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	declared := func(name string) string { return `<?xml version="1.0" encoding="` + name + `"?>` }
	const russian, german, quotes = "<t>Привет, мир</t>", "<t>Größe</t>", "<t>“Grain”</t>"
	tests := []struct{ name, data, contentType, want string }{
		{"UTF-8", german, "", german},
		{"UTF-8 with a mark", "\xEF\xBB\xBF" + german, "", german},
		{"UTF-8 against the declaration", declared("iso-8859-1") + german, "text/xml; charset=windows-1252", declared("iso-8859-1") + german},
		{"UTF-8 with a broken byte", "<t>Größe \xff Maße</t>", "", "<t>Größe \uFFFD Maße</t>"},
		{"UTF-16 with a mark", in(unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM), russian), "", russian},
		{"UTF-16 big", in(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), russian), "", russian},
		{"UTF-16 little", in(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), russian), "text/xml; charset=utf-8", russian},
		{"UTF-32 with a mark", in(utf32.UTF32(utf32.LittleEndian, utf32.ExpectBOM), russian), "", russian},
		{"UTF-32 big", in(utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), russian), "", russian},
		{"declared UTF-16 that is ASCII", declared("utf-16") + "<t>a</t>", "", declared("utf-16") + "<t>a</t>"},
		{"declared in the XML", declared("koi8-r") + in(charmap.KOI8R, russian), "", declared("koi8-r") + russian},
		{"declared behind a comment", "<!-- a -->\n" + declared("windows-1251") + in(charmap.Windows1251, russian), "", "<!-- a -->\n" + declared("windows-1251") + russian},
		{"Content-Type before the XML", declared("koi8-r") + in(charmap.Windows1251, russian), "text/xml; charset=windows-1251", declared("koi8-r") + russian},
		{"seven bits", declared("iso-2022-jp") + in(japanese.ISO2022JP, "<t>日本</t>"), "", declared("iso-2022-jp") + "<t>日本</t>"},
		{"ISO 8859-1 that is windows-1252", in(charmap.Windows1252, quotes), "text/xml; charset=iso-8859-1", quotes},
		{"wrongly declared UTF-8", declared("utf-8") + in(charmap.Windows1252, german), "text/xml; charset=utf-8", declared("utf-8") + german},
		{"nothing declared", in(charmap.Windows1252, quotes), "", quotes},
		{"unknown", declared("klingon") + in(charmap.Windows1252, german), "text/xml; charset=x", declared("klingon") + german},
		{"bad Content-Type", german, "; ;", german},
		{"empty", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := decode([]byte(tt.data), tt.contentType); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
