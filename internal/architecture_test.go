package internal_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport is the map of the house: which of the project's packages each may
// import, besides the vocabulary, which all may. A package that is not here
// has no place yet.
var mayImport = map[string][]string{
	"internal/newsletter": {},
	// pure: values in, values out
	"internal/markup":         {},
	"internal/selection":      {},
	"internal/summary":        {"internal/summary/forest"},
	"internal/summary/forest": {},
	"internal/proof":          {},
	"internal/guard":          {},
	"internal/classify":       {},
	"internal/issue":          {"internal/markup"},
	"internal/stylesheet":     {},
	"internal/render":         {"internal/markup", "internal/stylesheet"},
	"internal/preflight":      {"internal/markup"},
	"internal/archive":        {"internal/markup", "internal/render"},
	"internal/message":        {},
	"internal/postfix":        {},
	"internal/bounce":         {},
	"internal/report":         {},
	"internal/doctor":         {},
	// edges: one outside thing each
	"internal/web":      {"internal/markup"},
	"internal/disk":     {},
	"internal/source":   {"internal/markup", "internal/web", "internal/disk"},
	"internal/audience": {"internal/markup", "internal/web", "internal/disk"},
	"internal/store":    {"internal/markup", "internal/web"},
	// for tests alone
	"internal/store/storetest": {},
	"internal/model":           {"internal/markup", "internal/web"},
	"internal/mailer":          {"internal/markup", "internal/web"},
	"internal/sink":            {"internal/markup", "internal/web"},
	"internal/preview":         {"internal/markup", "internal/web"},
	"internal/config":          {"internal/markup", "internal/web", "internal/disk"},
	"internal/folder":          {"internal/markup", "internal/web", "internal/disk"},
	"internal/sample":          {},
	// a program of its own, run by whoever trains the summaries anew
	"internal/summary/train": {"internal/summary", "internal/summary/forest"},
	// a program of its own, run by whoever brings the facts about mail programs up to date
	"internal/preflight/caniemail": {},
	// middle and face
	"internal/workflow": {
		"internal/markup", "internal/selection", "internal/classify", "internal/summary", "internal/proof", "internal/guard", "internal/issue",
		"internal/stylesheet", "internal/render", "internal/preflight", "internal/archive", "internal/message", "internal/postfix", "internal/bounce", "internal/report", "internal/doctor",
	},
	"internal/cli": {
		"internal/workflow", "internal/web", "internal/source", "internal/audience", "internal/store",
		"internal/mailer", "internal/sink", "internal/preview", "internal/config", "internal/folder", "internal/disk",
		"internal/sample", "internal/model", "internal/message", "internal/bounce", "internal/summary", "internal/classify", "internal/selection", "internal/preflight", "internal/report", "templates", "subscribers",
	},
	"cmd/broadsheet": {"internal/cli"},
	"templates":      {},
	"subscribers":    {},
}

// pureForbidden names what of the world a pure package must not touch: it
// sees no file, no wire and no process.
var pureForbidden = []string{"os", "os/exec", "net", "net/http", "database/sql", "log/slog"}

var pure = []string{"newsletter", "markup", "selection", "summary", "classify", "proof", "guard", "issue", "stylesheet", "render", "preflight", "archive", "message", "postfix", "bounce", "report", "doctor", "workflow"}

type goPackage struct {
	ImportPath string
	Imports    []string
}

const module = "broadsheet/"

func packages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", module+"...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("list the packages: %v", err)
	}
	var list []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

func TestArrowsPointOneWay(t *testing.T) {
	seen := 0
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		if name == "internal" {
			continue // this test
		}
		allowed, known := mayImport[name]
		if !known {
			t.Errorf("%s has no place in the map of the house", name)
		}
		seen++
		for _, imported := range p.Imports {
			to, own := strings.CutPrefix(imported, module)
			if own && to != "internal/newsletter" && !slices.Contains(allowed, to) {
				t.Errorf("%s imports %s; the arrow points the wrong way", name, to)
			}
		}
	}
	if seen != len(mayImport) {
		t.Errorf("the map names %d packages, the module has %d", len(mayImport), seen)
	}
}

func TestPurePackagesTouchNothingOutside(t *testing.T) {
	for _, p := range packages(t) {
		name, own := strings.CutPrefix(p.ImportPath, module+"internal/")
		if !own || !slices.Contains(pure, name) {
			continue
		}
		for _, imported := range p.Imports {
			if slices.Contains(pureForbidden, imported) {
				t.Errorf("%s is pure and imports %s", name, imported)
			}
		}
	}
}

func TestVocabularyImportsTheStandardLibraryOnly(t *testing.T) {
	for _, p := range packages(t) {
		if p.ImportPath != module+"internal/newsletter" {
			continue
		}
		for _, imported := range p.Imports {
			if strings.Contains(imported, ".") || strings.HasPrefix(imported, module) {
				t.Errorf("newsletter imports %s", imported)
			}
		}
	}
}
