package selection

import (
	"net/url"
	"strings"
	"testing"
)

func TestCanonical(t *testing.T) {
	tests := []struct{ name, link, want string }{
		{"as it is", "https://example.org/a/b?id=7", "https://example.org/a/b?id=7"},
		{"fragment", "https://example.org/a#comments", "https://example.org/a"},
		{"fragment that quotes", "https://example.org/a#:~:text=word", "https://example.org/a"},
		{"fragment that names a page", "https://example.org/#!/story/7", "https://example.org/#!/story/7"},
		{"tracking only", "https://example.org/a?utm_source=rss&UTM_Medium=mail&fbclid=x", "https://example.org/a"},
		{"tracking among others", "https://example.org/a?b=2&gclid=x&a=1&mc_cid=y", "https://example.org/a?b=2&a=1"},
		{"tracking in disguise", "https://example.org/a?%75tm_source=x&p=1", "https://example.org/a?p=1"},
		{"looks like tracking", "https://example.org/a?utm=1&ref=2&at_time=3", "https://example.org/a?utm=1&ref=2&at_time=3"},
		{"order and repetition stay", "https://example.org/?z=1&a=2&z=3", "https://example.org/?z=1&a=2&z=3"},
		{"empty query", "https://example.org/a?", "https://example.org/a"},
		{"empty parameters", "https://example.org/a?&&x=1&", "https://example.org/a?x=1"},
		{"parameter without value", "https://example.org/a?print", "https://example.org/a?print"},
		{"upper case", "HTTPS://Example.ORG/Path", "https://example.org/Path"},
		{"default ports", "http://example.org:80/", "http://example.org/"},
		{"default port of https", "https://example.org:443/", "https://example.org/"},
		{"own port", "https://example.org:8443/a", "https://example.org:8443/a"},
		{"the other scheme's port", "http://example.org:443/a", "http://example.org:443/a"},
		{"empty port", "https://example.org:/a", "https://example.org/a"},
		{"trailing dot", "https://example.org./a", "https://example.org/a"},
		{"no path", "https://example.org", "https://example.org/"},
		{"credentials", "https://user:secret@example.org/a", "https://example.org/a"},
		{"white space around", "\n https://example.org/a ", "https://example.org/a"},
		{"international host", "https://Bücher.example/", "https://xn--bcher-kva.example/"},
		{"host with underscore", "https://My_Site.example/a", "https://my_site.example/a"},
		{"IPv4", "http://192.0.2.1:80/a", "http://192.0.2.1/a"},
		{"IPv6", "http://[2001:DB8::1]:8080/a", "http://[2001:db8::1]:8080/a"},
		{"encoded path stays", "https://example.org/a%2Fb", "https://example.org/a%2Fb"},
		{"open path is encoded", "https://example.org/é", "https://example.org/%C3%A9"},
		{"open query is encoded", `https://example.org/?q=a "b"`, "https://example.org/?q=a%20%22b%22"},
		{"empty", "", ""},
		{"relative", "/a/b", ""},
		{"without host", "https:///a", ""},
		{"opaque", "https:example.org", ""},
		{"dots for a host", "https://../a", ""},
		{"mail", "mailto:a@example.org", ""},
		{"script", "javascript:alert(1)", ""},
		{"other scheme", "ftp://example.org/a", ""},
		{"broken escape", "https://example.org/%zz", ""},
		{"line break", "https://example.org/a\nb", ""},
		{"quote in host", `https://exa"mple.org/`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Canonical(tt.link); got != tt.want {
				t.Errorf("Canonical(%q) = %q, want %q", tt.link, got, tt.want)
			}
		})
	}
}

func FuzzCanonical(f *testing.F) {
	for _, link := range []string{
		"https://Example.org:443/a?utm_source=x&b=%20#f", "http://[::1%25eth0]:80/", "https://BÜCHER.example./%C3%A9?é",
		"https://example.org/#!/a%20b", "http://a_b.example/..//x?&&", "https://example.org/?q=[]'()*!", "https://xn--a.example",
	} {
		f.Add(link)
	}
	f.Fuzz(func(t *testing.T, link string) {
		once := Canonical(link)
		if once == "" {
			return
		}
		if twice := Canonical(once); twice != once {
			t.Errorf("Canonical(%q) = %q, and again %q", link, once, twice)
		}
		u, err := url.Parse(once)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
			t.Errorf("Canonical(%q) = %q, not a plain web link: %v", link, once, err)
		}
		if strings.ContainsAny(once, " \t\r\n\"<>") {
			t.Errorf("Canonical(%q) = %q could break out of an attribute", link, once)
		}
	})
}
