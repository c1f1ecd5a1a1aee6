package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A language model writes what its articles bear out, is overruled where they
// do not, and whatever becomes of it, the issue is made.
func TestLanguageModel(t *testing.T) {
	const invented = "A metro station in Kyiv lies 450 metres below the street, said Peter Smith."
	tests := []struct {
		name    string
		answer  func(article string) (status int, words string)
		written int
		flag    string
	}{
		{"writes what is there", func(string) (int, string) { return 200, "" }, 4, "; written by tiny"},
		{"invents", func(string) (int, string) { return 200, invented }, 0, "; verbatim: the model's words are not in the article"},
		{"is down", func(string) (int, string) { return 503, "" }, 0, "; verbatim: the language model cannot be reached"},
		{"refuses the key", func(string) (int, string) { return 401, "" }, 0, "; verbatim: the language model does not take the key"},
		{"answers nothing", func(string) (int, string) { return 200, " " }, 0, "; verbatim: the language model wrote nothing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				status, words := tt.answer(string(body))
				if status == 200 && words == "" {
					words = firstSentence(string(body))
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(status)
				quoted, _ := json.Marshal(words)
				fmt.Fprintf(w, `{"id":"x","object":"chat.completion","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":%s}}]}`, quoted)
			}))
			defer server.Close()
			dir := modelPublication(t, server.URL)
			report := runJSON(t, dir, "compile", "--now", "2026-11-19T09:00:00+01:00")
			if report["items"] != float64(4) {
				t.Fatalf("compile: %v", report)
			}
			words := runJSON(t, dir, "check", "--now", "2026-11-19T09:00:00+01:00")["words"].(map[string]any)
			if words["written"] != float64(tt.written) || words["verbatim"] != float64(4-tt.written) {
				t.Errorf("words: %v", words)
			}
			file, err := os.ReadFile(filepath.Join(dir, "issues/2026-W47/issue.md"))
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(file), tt.flag); n != 4 {
				t.Errorf("%d items carry the flag %q:\n%s", n, tt.flag, file)
			}
			for line := range strings.Lines(string(file)) {
				if strings.Contains(line, "Peter Smith") && !strings.HasPrefix(line, "<!--") {
					t.Errorf("invented words reached the issue: %s", line)
				}
			}
		})
	}
}

// Where nobody answers, the items say so in plain words, and what the network
// said is told once.
func TestDeadModel(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	dir := modelPublication(t, server.URL)
	report := runJSON(t, dir, "compile", "--now", "2026-11-19T09:00:00+01:00")
	problems, _ := report["problems"].([]any)
	if len(problems) != 1 || !strings.Contains(fmt.Sprint(problems[0]), "no words for 4 articles: ask the language model: unavailable: nobody answers: Post ") {
		t.Errorf("problems: %v", problems)
	}
	file, err := os.ReadFile(filepath.Join(dir, "issues/2026-W47/issue.md"))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(file), "; verbatim: the language model cannot be reached -->"); n != 4 {
		t.Errorf("%d items say that nobody answers:\n%s", n, file)
	}
}

// firstSentence is a summary that every article bears out: its own words.
func firstSentence(request string) string {
	for _, s := range []string{
		"Peat bogs cover a small share of the land and hold a large share of its carbon.",
		"Two towns on the Danube have agreed to repair the bridge between them.",
		"In a Viennese coffee house a glass of water comes with every cup.",
		"A metro station in Kyiv lies more than a hundred metres below the street.",
	} {
		if strings.Contains(request, s) {
			return s
		}
	}
	return "nothing of the kind"
}

func modelPublication(t *testing.T, url string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/script/publication")); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "broadsheet.yaml")
	file, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	file = append(file, fmt.Sprintf("model: {base_url: %q, model: tiny, timeout: 3s}\n", url+"/v1")...)
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func runJSON(t *testing.T, dir string, args ...string) map[string]any {
	t.Helper()
	var out, problems bytes.Buffer
	args = append([]string{"broadsheet", "--json", "-C", dir, args[0]}, args[1:]...)
	if code := Run(t.Context(), args, Streams{In: strings.NewReader(""), Out: &out, Err: &problems}); code != 0 {
		t.Fatalf("%v: exit %d\n%s%s", args, code, out.String(), problems.String())
	}
	var doc map[string]any
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return doc
}
