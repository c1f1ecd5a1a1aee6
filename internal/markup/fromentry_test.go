package markup

import (
	"strings"
	"testing"
)

func TestFromEntry(t *testing.T) {
	const body = "<p>The ferry over the Lenn runs at night again, after a year’s pause.</p><p>Passengers pay twice the day fare, the town said.</p>"
	plain := "The ferry over the Lenn runs at night again, after a year’s pause.\n\nPassengers pay twice the day fare, the town said."
	tests := []struct{ name, in, want string }{
		{"nothing", body, plain},
		{"WordPress", body + `<p>The post <a href="https://l.example/1">Night ferry</a> appeared first on <a href="https://l.example">The Ledger</a>.</p>`, plain},
		{"WordPress in German", body + `<p>Der Beitrag <a href="/1">Nachtfähre</a> erschien zuerst auf <a href="/">Lennbote</a>.</p>`, plain},
		{"appeal", body + "<p>Subscribe to our newsletter and never miss a story.</p>", plain},
		{"headline again", "<h1>Night ferry</h1>" + body, plain},
		{"links to others", body + `<ul><li><a href="/2">Harbour reopens</a></li></ul>`, plain},
		{"continue reading", `<p>The ferry runs at night again… <a href="/1">Continue reading...</a></p>`, "The ferry runs at night again…"},
		{"a link within", `<p>The ferry has a <a href="/1">video</a> of the night.</p>`, "The ferry has a video of the night."},
		{"dateline", strings.Replace(body, "The ferry", "OBERLENN (Agency) — The ferry", 1), plain},
		{"nothing else", "<p>Read more</p>", "Read more"},
		{"a paper about itself", "<p>Our newsletter has a new name: sign up for it here.</p>", "Our newsletter has a new name: sign up for it here."},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := FromEntry(tt.in, "Night ferry").Text; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
