// Caniemail condenses the facts of caniemail.com into the table that package
// preflight embeds: which token of a letter's HTML and CSS which mail program
// does not understand.
//
//	go run ./internal/preflight/caniemail < data.json > internal/preflight/caniemail.tsv
//
// Data.json is what https://www.caniemail.com/api/data.json gives. The facts
// are by the contributors of caniemail, under the MIT licence.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

func main() {
	if err := condense(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "caniemail:", err)
		os.Exit(1)
	}
}

// facts is the part of the data that matters here.
type facts struct {
	Updated string `json:"last_update_date"`
	Names   struct {
		Family   map[string]string `json:"family"`
		Platform map[string]string `json:"platform"`
	} `json:"nicenames"`
	Features []feature `json:"data"`
}

type feature struct {
	Slug     string                        `json:"slug"`
	Title    string                        `json:"title"`
	Keywords string                        `json:"keywords"`
	Stats    map[string]map[string]verdict `json:"stats"`
}

// A verdict is what is known of a client's newest version: y, a (partly), n or
// u (unknown).
type verdict byte

// UnmarshalJSON reads the versions in the order of the document, in which the
// newest is the last.
func (v *verdict) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	last := ""
	for key := false; ; key = !key {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if text, ok := token.(string); ok && !key {
			last = text
		}
	}
	*v = 'u'
	if last != "" && strings.Contains("yan", last[:1]) {
		*v = verdict(last[0])
	}
	return nil
}

// condense writes a line for each token that at least one client lacks.
func condense(in io.Reader, out io.Writer) error {
	var f facts
	if err := json.NewDecoder(in).Decode(&f); err != nil {
		return fmt.Errorf("read the facts: %w", err)
	}
	if len(f.Features) == 0 || len(f.Updated) < len("2006-01-02") {
		return errors.New("these are not the facts of caniemail")
	}
	clients := f.clients()
	lines := []string{
		"# What mail programs understand: facts of caniemail.com (MIT licence). Made by ./caniemail; do not edit.",
		"date\t" + f.Updated[:len("2006-01-02")],
		"clients\t" + strings.Join(clients, "\t"),
		"names\t" + strings.Join(f.names(clients), "\t"),
	}
	var rows []string
	for _, feature := range f.Features {
		if slices.Contains(harmless, feature.Slug) {
			continue
		}
		verdicts := feature.verdicts(clients)
		if !strings.Contains(verdicts, "n") {
			continue
		}
		for _, token := range feature.tokens() {
			rows = append(rows, token+"\t"+feature.Slug+"\t"+verdicts)
		}
	}
	slices.Sort(rows)
	_, err := fmt.Fprintln(out, strings.Join(append(lines, rows...), "\n"))
	return err
}

func (f *facts) clients() []string {
	var list []string
	for _, feature := range f.Features {
		for family, platforms := range feature.Stats {
			for platform := range platforms {
				list = append(list, family+"."+platform)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (f *facts) names(clients []string) []string {
	names := make([]string, len(clients))
	for i, client := range clients {
		family, platform, _ := strings.Cut(client, ".")
		names[i] = cmp.Or(f.Names.Family[family], family) + " (" + cmp.Or(f.Names.Platform[platform], platform) + ")"
	}
	return names
}

func (f *feature) verdicts(clients []string) string {
	all := make([]byte, len(clients))
	for i, client := range clients {
		family, platform, _ := strings.Cut(client, ".")
		all[i] = byte(cmp.Or(f.Stats[family][platform], 'u'))
	}
	return string(all)
}
