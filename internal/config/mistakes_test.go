package config

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func TestMistakes(t *testing.T) {
	for _, tc := range []struct {
		name, old, new string // of the base configuration
		line           int
		message, mend  string // parts
	}{
		{"unknown key", "tagline:", "tagine:", 3, "tagine: unknown key", "did you mean tagline?"},
		{"unknown key within", "connections: 8", "conections: 8", 20, "smtp.conections: unknown key", "did you mean connections?"},
		{"unknown key in a list", "full_text: true", "fulltext: true", 15, "sources[1].fulltext: unknown key", "did you mean full_text?"},
		{"unknown key like no other", "theme: {name", "theme: {zzzzzz: 1, name", 18, "theme.zzzzzz: unknown key", "the keys here are name"},
		{"unknown rule", "contrast: error", "contrasts: error", 26, "check.rules.contrasts: there is no such rule", "did you mean contrast?"},
		{"unknown level", "contrast: error", "contrast: fatal", 26, "check.rules.contrast: is not one of the known words", "error, warning or off"},
		{"level that is no word", "contrast: error", "contrast: [off]", 26, "check.rules.contrast: a list where text is wanted", ""},
		{"list of levels", "{contrast: error, size: off}", "[contrast]", 26, "check.rules: a list where a set of keys and values is wanted", ""},
		{"unknown mail program", "outlook.windows", "outlook.window", 26, "check.clients[1]: there is no such mail program", "did you mean outlook.windows?"},
		{"password in the file", `username: ""`, "password: hunter2", 20, "smtp.password: unknown key", "password_env or password_file"},
		{"duplicate key", "archive_url: \"\"", "name: Again", 23, "already defined", "see this line"},
		{"tab", "theme: {name: plain}", "theme:\n\tname: plain", 19, "found character", ""},
		{"open quote", `language: en`, `language: "en`, 9, "not allowed", "those above it"},
		{"quote open to the end", "archive_url: \"\"", "archive_url: '", 23, "end character", "quotes"},
		{"open bracket", "lists: [subscribers/*.csv]", "lists: [subscribers/*.csv", 18, "must be specified", "brackets"},
		{"alias", "database: broadsheet.db", "database: &a broadsheet.db", 19, "anchors", "write the value out"},
		{"second document", "archive_url:", "---\narchive_url:", 24, "second document", "remove the line ---"},
		{"list for text", "language: en", "language: [en]", 7, "language: a list where text is wanted", ""},
		{"text for a list", "lists: [subscribers/*.csv]", "lists: subscribers/*.csv", 17, "lists: a list is wanted", "[one, two]"},
		{"text for keys", "theme: {name: plain}", "theme: plain", 18, "theme: a set of keys and values is wanted", "{key: value}"},
		{"text for a number", "port: 2525", "port: smtp", 20, "smtp.port: a whole number is wanted", "digits"},
		{"fraction for a whole number", "max_items: 5", "max_items: 5.5", 15, "a whole number is wanted", "digits"},
		{"text for yes or no", "full_text: true", "full_text: yes", 15, "true or false is wanted", "write true or false"},
		{"number that changes as text", "name: The Weekly Broadsheet", "name: 0x10", 1, "name: text is wanted", "quotes"},
		{"empty entry", "  - {id: desk, folder: articles}", "  -", 14, "an entry without a value", "remove it"},

		{"a colour in words", "theme: {name: plain}", "theme: {name: plain, colors: {ink: black}}", 18, "theme.colors.ink: is not a colour", "#96301c"},
		{"a dark colour that injects", "theme: {name: plain}", `theme: {name: plain, dark: {ink: "#fff;} * {x:y"}}`, 18, "theme.dark.ink: is not a colour", "hexadecimal"},
		{"an unknown colour", "theme: {name: plain}", `theme: {name: plain, colors: {inc: "#fff"}}`, 18, "theme.colors.inc: unknown key", "did you mean ink?"},
		{"a font without a family", "theme: {name: plain}", "theme: {name: plain, fonts: {text: Comic Sans}}", 18, "theme.fonts.text: is not a list of fonts", "Georgia, serif"},
		{"a font that injects", "theme: {name: plain}", `theme: {name: plain, fonts: {text: "x;color:red, serif"}}`, 18, "theme.fonts.text: is not a list of fonts", ""},
		{"too wide", "theme: {name: plain}", "theme: {name: plain, width: 2000}", 18, "theme.width: is no width for a letter", "600 is usual"},
		{"a logo in plain text", "theme: {name: plain}", `theme: {name: plain, logo: {url: "http://example.org/l.png", width: 10, height: 10}}`, 18, "theme.logo.url: is not a picture that mail programs show", "https://"},
		{"a logo without a size", "theme: {name: plain}", `theme: {name: plain, logo: {url: "https://example.org/l.png", width: 10}}`, 18, "theme.logo.height: is not a size", "pixels"},

		{"no name", "name: The Weekly Broadsheet", "name:", 1, "name: is missing", "name: The Weekly"},
		{"two-line name", "name: The Weekly Broadsheet", `name: "The\nWeekly"`, 1, "name: has a line break", "one line"},
		{"no id", "id: weekly.example.org", "", 0, "id: is missing", "id: weekly.example.org"},
		{"id with a space", "weekly.example.org", "weekly example", 2, "id: is not a domain name", "domain of yours"},
		{"id of one label", "weekly.example.org", "weekly", 2, "id: is not a domain name", "domain of yours"},
		{"no from", `from: "The Weekly <news@example.org>"`, "", 0, "from: is missing", "news@example.org"},
		{"from without a domain", "<news@example.org>", "<news>", 4, "from: is not one mail address", "Name <name@example.org>"},
		{"two from addresses", `"The Weekly <news@example.org>"`, "a@example.org, b@example.org", 4, "from: is not one mail address", ""},
		{"injected header", "The Weekly <news", `=?utf-8?q?a=0d=0aBcc=3a_x?= <news`, 4, "from: has a line break", ""},
		{"quoted local part", "<news@", `<\"the news\"@`, 4, "from: has characters before the @", "hyphens"},
		{"domain that cannot exist", "news@example.org", "news@exa_mple.org", 4, "from: has a domain that cannot exist", ""},
		{"bad reply_to", "reply_to: desk@example.org", "reply_to: desk at example.org", 5, "reply_to: is not one mail address", ""},
		{"return path in the domain", "reply_to: desk@example.org", "return_path: bounces@{token}.example.org", 5, "return_path: has braces that are not one {token} before the @", "bounces+{token}@example.org"},
		{"return path without a domain", "reply_to: desk@example.org", "return_path: nobody", 5, "return_path: is not one mail address", "name@example.org"},
		{"return path with two tokens", "reply_to: desk@example.org", "return_path: b+{token}+{token}@example.org", 5, "return_path: has braces that are not one {token}", "bounces+{token}@example.org"},
		{"return path with another token", "reply_to: desk@example.org", "return_path: b+{id}@example.org", 5, "return_path: has braces", "bounces+{token}@example.org"},
		{"return path without room", "reply_to: desk@example.org", "return_path: " + strings.Repeat("b", 36) + "{token}@example.org", 5, "return_path: has characters before the @ that few servers take", ""},
		{"no address", `address: "1 Example Street, 1010 Vienna"`, "", 0, "address: is missing", "1 Example Street"},
		{"bad language", "language: en", "language: english language", 7, "language: is not a language tag", "BCP 47"},
		{"bad time zone", "Europe/Vienna", "Europe/Wien", 8, "timezone: is not a time zone", "Europe/Vienna"},
		{"the machine's own time zone", "Europe/Vienna", "Local", 8, "timezone: is not a time zone", "IANA"},

		{"schedule without every", "every: week, ", "", 9, "schedule.every: is missing", "every: week"},
		{"unknown rhythm", "every: week", "every: month", 9, "schedule.every: is not one", "week or day"},
		{"unknown weekday", "on: friday", "on: freitag", 9, "schedule.on: is not a weekday", "friday"},
		{"weekly without a day", "on: friday, ", "", 9, "schedule.on: is missing", "on: friday"},
		{"daily with a day", "every: week", "every: day", 9, "schedule.on: a daily schedule has no weekday", "every: week"},
		{"no time of day", `at: "07:00", `, "", 9, "schedule.at: is missing", "07:00"},
		{"hour 24", "07:00", "24:00", 9, "schedule.at: is not a time of day", "18:30"},
		{"bad late", "late: 6h", "late: soon", 9, "schedule.late: is not a length of time", "6h"},
		{"unknown send", "send: auto", "send: never", 9, "schedule.send: is not one", "auto or ready"},

		{"no topics", base[strings.Index(base, "topics:"):strings.Index(base, "sources:")], "", 0, "topics: there is no topic", "{id: europe"},
		{"topic id with capitals", "id: ukraine", "id: Ukraine", 12, "topics[1].id: is not a topic id", "small letters"},
		{"weightless topic", "id: ukraine", "weight: 0, id: ukraine", 12, "topics[1].weight: is not a weight", "above 0"},
		{"model without an endpoint", "archive_url: \"\"", "model: {model: small}", 23, "model: has no base_url", "https://"},
		{"model without a name", "archive_url: \"\"", "model: {base_url: \"https://models.example/v1\"}", 23, "model.model: is missing", "the model's name"},
		{"reserved topic", "id: ukraine", "id: all", 12, "topics[1].id: is reserved", "another id"},
		{"topic without an id", "id: ukraine, ", "", 12, "topics[1].id: is missing", "id: europe"},
		{"duplicate topic", "id: ukraine", "id: europe", 12, "topics[1].id: is a name of the topic europe already", "names of its own"},
		{"alias of another topic", "[war in ukraine]", "[war, European  Union]", 12, "topics[1].aliases[1]: is a name of the topic europe", "names of its own"},
		{"alias that is a later topic's id", "aliases: [eu,", "aliases: [ukraine,", 11, "topics[0].aliases[0]: is a name of the topic ukraine", ""},
		{"title of another topic", "title: Ukraine", "title: Europe", 12, "topics[1].title: is a name of the topic europe", ""},
		{"reserved alias", "[war in ukraine]", "[All]", 12, "topics[1].aliases[0]: is reserved", "another word"},
		{"empty keyword", "[kyiv, kharkiv]", `[kyiv, " "]`, 12, "topics[1].keywords[1]: is empty", "remove it"},

		{"source without an id", "id: agency, ", "", 15, "sources[1].id: is missing", "id: agency"},
		{"bad source id", "id: agency", "id: ../agency", 15, "sources[1].id: is not a source id", "letters"},
		{"duplicate source", "id: agency", "id: desk", 15, "sources[1].id: is another source's id", "id of its own"},
		{"neither folder nor feed", ", folder: articles", "", 14, "sources[0]: has neither folder nor feed", "add one"},
		{"both folder and feed", "id: agency", "id: agency, folder: x", 15, "sources[1].feed: has both", "two sources"},
		{"feed over ftp", "https://agency", "ftp://agency", 15, "sources[1].feed: is not a feed's address", "https://"},
		{"feed without a host", "https://agency.example/rss", "https:///rss", 15, "sources[1].feed: is not a feed's address", "https://"},
		{"feed with a password", "https://agency", "https://me:pw@agency", 15, "sources[1].feed: holds a user name or password", "leave it out"},
		{"unknown topic in a source", "topics: [europe]", "topics: [europ]", 15, "sources[1].topics[0]: is not a topic", "did you mean europe?"},
		{"foreign topic in a source", "topics: [europe]", "topics: [sport]", 15, "sources[1].topics[0]: is not a topic", "the topics are europe, ukraine"},
		{"no weight", "weight: 1.5", "weight: 0", 15, "sources[1].weight: is not a weight", "above 0"},
		{"boundless weight", "weight: 1.5", "weight: .nan", 15, "sources[1].weight: is not a weight", "above 0"},
		{"negative max_items", "max_items: 5", "max_items: -1", 15, "sources[1].max_items: is out of range", "from 0"},

		{"no items", "max_items_per_topic: 6", "max_items_per_topic: 0", 16, "issue.max_items_per_topic: is out of range", "from 1 to 100"},
		{"summary of nothing", "summary_words: 60", "summary_words: 0", 16, "issue.summary_words: is out of range", "from 10"},
		{"unknown key kind", "key: week", "key: month", 16, "issue.key: is not one", "week, date or number"},
		{"bad max_age", "max_age: 14d", "max_age: 14", 16, "issue.max_age: is not a length of time", "7d"},
		{"negative max_age", "max_age: 14d", "max_age: -2h", 16, "issue.max_age: is not a length of time", "7d"},
		{"lists outside", "subscribers/*.csv", "../other/*.csv", 17, "lists[0]: is outside", "subscribers/"},
		{"absolute lists", "subscribers/*.csv", "/etc/*.csv", 17, "lists[0]: is outside", "subscribers/"},
		{"broken pattern", "[subscribers/*.csv]", `["subscribers/[a"]`, 17, "lists[0]: is not a file pattern", "*.csv"},
		{"two stars", "subscribers/*.csv", "subscribers/**/*.csv", 17, "lists[0]: ** means nothing", "each folder"},
		{"theme outside", "name: plain", "name: ../plain", 18, "theme.name: is not a theme's name", "plain"},
		{"database password", "broadsheet.db", "postgres://me:secret@db/news", 19, "database: holds a password", "PGPASSWORD"},
		{"database password at the end", "broadsheet.db", "postgres://me@db/news?sslmode=require&password=secret", 19, "database: holds a password", "PGPASSWORD"},
		{"unknown database", "broadsheet.db", "mysql://db/news", 19, "database: is not a database address", "postgres://"},

		{"no host", "host: 127.0.0.1", `host: ""`, 20, "smtp.host: is missing", "host: smtp"},
		{"host with a port", "host: 127.0.0.1", "host: smtp.example.org:25", 20, "smtp.host: is not a host", "host: smtp.example.org  and  port: 25"},
		{"port out of range", "port: 2525", "port: 70000", 20, "smtp.port: is out of range", "from 1 to 65535"},
		{"unknown tls", "tls: none", "tls: ssl", 20, "smtp.tls: is not one", "none, starttls or tls"},
		{"user without a password", `username: ""`, "username: me", 20, "smtp.username: has no password", "password_env"},
		{"password without a user", `password_env: ""`, "password_env: PW", 20, "smtp.username: is missing beside a password", "user name"},
		{"two passwords", `username: "", password_env: "", password_file: ""`, "username: me, password_env: PW, password_file: pw", 20, "smtp.password_file: stands beside password_env", "one of the two"},
		{"password in the clear", `host: 127.0.0.1, port: 2525, tls: none, username: "", password_env: ""`, "host: smtp.example.org, tls: none, username: me, password_env: PW", 20, "smtp.tls: would send the password in the clear", "starttls or tls"},
		{"one click in the clear", `url: "", secret`, `url: "http://example.org/leave", one_click: true, secret`, 22, "unsubscribe.one_click: wants an https address", "https://"},
		{"no connections", "connections: 8", "connections: 0", 20, "smtp.connections: is out of range", "from 1 to 256"},
		{"a rate for domains", "rate: 0", "per_domain: -0.5", 20, "smtp.per_domain: is not a rate", "letters a second"},
		{"a negative quota", "rate: 0", "per_day: -1", 20, "smtp.per_day: is out of range", ""},
		{"a warm-up without a day", "rate: 0", "warm_up: {days: [10, 20]}", 20, "smtp.warm_up.from: is not a date", "from: 2026-11-20"},
		{"a warm-up without letters", "rate: 0", "warm_up: {from: 2026-11-20}", 20, "smtp.warm_up.days: is missing", "days: [200"},
		{"a warm-up day of nothing", "rate: 0", "warm_up: {from: 2026-11-20, days: [10, 0]}", 20, "smtp.warm_up.days[1]: is out of range", ""},
		{"a list without a server", `smtp: {host: 127.0.0.1, port: 2525, tls: none, username: "", password_env: "", password_file: "", connections: 8, rate: 0}`, "smtp: []", 20, "smtp: is a list without a server", "- {host"},
		{"a listed server without a host", `smtp: {host: 127.0.0.1, port: 2525, tls: none, username: "", password_env: "", password_file: "", connections: 8, rate: 0}`, "smtp:\n  - {host: a.example.org}\n  - {port: 25}", 22, "smtp[1].host: is missing", "smtp.example.org"},
		{"a typing error in a list", `smtp: {host: 127.0.0.1, port: 2525, tls: none, username: "", password_env: "", password_file: "", connections: 8, rate: 0}`, "smtp:\n  - {host: a.example.org}\n  - {host: b.example.org, weigth: 2}", 22, "smtp[1].weigth: unknown key", "weight"},
		{"a server twice", `smtp: {host: 127.0.0.1, port: 2525, tls: none, username: "", password_env: "", password_file: "", connections: 8, rate: 0}`, "smtp: [{host: a.example.org}, {host: a.example.org}]", 20, "smtp[1].host: stands there twice", "keep one"},
		{"a limit of all at the second server", `smtp: {host: 127.0.0.1, port: 2525, tls: none, username: "", password_env: "", password_file: "", connections: 8, rate: 0}`, "smtp: [{host: a.example.org}, {host: b.example.org, per_day: 9}]", 20, "smtp[1]: has per_domain, per_day or warm_up", "at the first server"},
		{"only reserves", `smtp: {host: 127.0.0.1, port: 2525, tls: none, username: "", password_env: "", password_file: "", connections: 8, rate: 0}`, "smtp: [{host: a.example.org, weight: 0}, {host: b.example.org, weight: 0}]", 20, "smtp[0].weight: leaves no server", "a weight of 1"},
		{"a weight below zero", `smtp: {host: 127.0.0.1, port: 2525, tls: none, username: "", password_env: "", password_file: "", connections: 8, rate: 0}`, "smtp: [{host: a.example.org, weight: -1}, {host: b.example.org}]", 20, "smtp[0].weight: is out of range", "from 0 to 1000"},
		{"text for servers", `smtp: {host: 127.0.0.1, port: 2525, tls: none, username: "", password_env: "", password_file: "", connections: 8, rate: 0}`, "smtp: mail.example.org", 20, "smtp: a set of keys and values is wanted", "{key: value}"},
		{"negative rate", "rate: 0", "rate: -1", 20, "smtp.rate: is not a rate", "letters a second"},
		{"dkim without a selector", "selector: s1, ", "", 21, "dkim[0].selector: is missing", "selector: s1"},
		{"bad selector", "selector: s1", `selector: "s 1"`, 21, "dkim[0].selector: is not a selector", "s1"},
		{"bad dkim domain", "domain: example.org", "domain: example", 21, "dkim[0].domain: is not a domain name", ""},
		{"dkim without a key", ", key_file: dkim.pem", "", 21, "dkim[0].key_file: is missing", "dkim.pem"},
		{"no way out", "mailto: unsubscribe@example.org", `mailto: ""`, 22, "unsubscribe.mailto: is missing", "somebody reads"},
		{"bad mailto", "mailto: unsubscribe@example.org", "mailto: nobody", 22, "unsubscribe.mailto: is not one mail address", ""},
		{"bad unsubscribe url", `url: ""`, "url: example.org/out", 22, "unsubscribe.url: is not a web address", "https://"},
		{"no secret file", "secret_file: .broadsheet-secret", `secret_file: ""`, 22, "unsubscribe.secret_file: is missing", ""},
		{"bad archive_url", `archive_url: ""`, "archive_url: javascript:alert(1)", 23, "archive_url: is not a web address", "https://"},
		{"archive_url with a query", `archive_url: ""`, "archive_url: https://example.org/?page=", 23, "archive_url: has a query", "folder"},
		{"archive outside", `archive_url: ""`, "archive: ../www", 23, "archive: is not a folder inside", "relative path"},
		{"archive elsewhere", `archive_url: ""`, "archive: issues/web", 23, "archive: is a folder with another use", "folder of its own"},
		{"private preferences_url", `preferences_url: ""`, "preferences_url: https://me:pw@example.org", 24, "preferences_url: holds a user name", "leave it out"},
		{"not UTF-8", "Example Street", "Ex\xe4mple Street", 6, "not UTF-8", "save the file as UTF-8"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if !strings.Contains(base, tc.old) {
				t.Fatalf("the base configuration has no %q", tc.old)
			}
			_, err := load(t, strings.Replace(base, tc.old, tc.new, 1))
			var fault *newsletter.Fault
			var problem *newsletter.Problem
			if !errors.As(err, &fault) || fault.Kind != newsletter.Misuse || !errors.As(err, &problem) {
				t.Fatalf("error = %v, want a fault with a problem", err)
			}
			if problem.Line != tc.line || !strings.Contains(problem.Message, tc.message) || !strings.Contains(problem.Mend, tc.mend) {
				t.Errorf("problem = %+v\nwant line %d, message with %q, mend with %q", *problem, tc.line, tc.message, tc.mend)
			}
			if strings.Contains(fault.Error(), "\n") {
				t.Errorf("one mistake, several problems:\n%v", fault)
			}
			for _, secret := range []string{"hunter2", ":pw@", ":secret@", "=secret"} {
				if strings.Contains(fault.Hint+fault.Error(), secret) {
					t.Errorf("the report shows a password:\n%v\n%s", fault, fault.Hint)
				}
			}
		})
	}
}

func TestEveryMistakeIsReported(t *testing.T) {
	source := strings.NewReplacer("tagline:", "tagine:", "Europe/Vienna", "Vienna", "port: 2525", "port: 0, prt: 1").Replace(base)
	_, err := load(t, source)
	var fault *newsletter.Fault
	if !errors.As(err, &fault) {
		t.Fatalf("error = %v", err)
	}
	var got []string
	for line := range strings.Lines(fault.Error()) {
		got = append(got, strings.TrimSpace(line[strings.Index(line, DefaultFile)+len(DefaultFile):]))
	}
	want := []string{
		`:3: tagine: unknown key: "tagine"`,
		`:8: timezone: is not a time zone: "Vienna"`,
		`:20: smtp.prt: unknown key: "prt"`,
		`:20: smtp.port: is out of range: "0"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestHintShowsTheLine(t *testing.T) {
	_, err := load(t, strings.Replace(base, "Europe/Vienna", "Europe/Wien", 1))
	var fault *newsletter.Fault
	if !errors.As(err, &fault) {
		t.Fatalf("error = %v", err)
	}
	want := "    8 | timezone: Europe/Wien\n      = write a name of the IANA database such as Europe/Vienna or UTC"
	if fault.Hint != want {
		t.Errorf("hint:\n%s\nwant:\n%s", fault.Hint, want)
	}
}

func TestMissingKeysAreNamedTogether(t *testing.T) {
	_, err := load(t, "language: en\n")
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"name: is missing", "id: is missing", "from: is missing", "address: is missing", "no topic", "unsubscribe.mailto: is missing"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}

func TestEmptyFile(t *testing.T) {
	for _, source := range []string{"", "# nothing\n", "---\n"} {
		if _, err := load(t, source); err == nil || !strings.Contains(err.Error(), "empty") {
			t.Errorf("Load of %q: %v", source, err)
		}
	}
}
