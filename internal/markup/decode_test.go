package markup

import (
	"strings"
	"testing"
)

func TestDecode(t *testing.T) {
	tests := []struct{ name, data, contentType, want string }{
		{"nothing", "", "", ""},
		{"UTF-8", "Größe", "", "Größe"},
		{"UTF-8 with a mark", "\xef\xbb\xbfa", "text/plain; charset=iso-8859-1", "a"},
		{"UTF-16, little end first", "\xff\xfea\x00\xe4\x00", "", "aä"},
		{"UTF-16, big end first", "\xfe\xff\x00a\x00\xe4", "", "aä"},
		{"declared", "\xd0\xd2\xc9", "text/plain; charset=KOI8-R", "при"},
		{"declared, unknown", "Gr\xf6\xdfe", "text/plain; charset=x-none", "Größe"},
		{"declared, refused by browsers", "abc", "text/plain; charset=iso-2022-kr", "abc"},
		{"declared, not kept", "a\xffb", "text/plain; charset=utf-8", "a\ufffdb"},
		{"windows-1252", "\x93Gr\xf6\xdfe\x94", "", "“Größe”"},
		{"bad content type", "a", ";;;", "a"},
		{"meta is text here", "<meta charset=koi8-r>\xf6", "text/plain", "<meta charset=koi8-r>ö"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Decode([]byte(tt.data), tt.contentType)
			if err != nil || got != tt.want {
				t.Errorf("got %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestDecodeBinary(t *testing.T) {
	_, err := Decode([]byte("PK\x03\x04\x00\x00"), "")
	if err == nil || !strings.Contains(err.Error(), "binary") {
		t.Errorf("error = %v", err)
	}
}
