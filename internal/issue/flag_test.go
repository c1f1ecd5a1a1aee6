package issue_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/issue"
)

func TestFlag(t *testing.T) {
	plain := string(issue.Format(weekly(t)))
	ids := issue.IDs([]byte(plain))
	flagged := string(issue.Flag([]byte(plain), map[string]string{ids[0]: "new", ids[1]: "gone"}))
	if strings.Count(flagged, "; new -->") != 1 || strings.Count(flagged, "; gone -->") != 1 {
		t.Fatalf("flags are missing:\n%s", flagged)
	}
	if diff := cmp.Diff(ids, issue.IDs([]byte(flagged))); diff != "" {
		t.Errorf("flags change the items (-want +got):\n%s", diff)
	}
	again := string(issue.Flag([]byte(flagged), map[string]string{ids[1]: "new"}))
	if strings.Count(again, ";") != strings.Count(plain, ";")+1 || !strings.Contains(again, ids[1]+" ") {
		t.Errorf("flags do not replace one another:\n%s", again)
	}
	if diff := cmp.Diff(plain, string(issue.Flag([]byte(again), nil))); diff != "" {
		t.Errorf("taking flags away leaves something (-want +got):\n%s", diff)
	}
	if got := string(issue.Flag([]byte("no issue\n"), map[string]string{ids[0]: "new"})); got != "no issue\n" {
		t.Errorf("a file that cannot be read became %q", got)
	}
}

func TestFlagStaysInsideItsMark(t *testing.T) {
	plain := issue.Format(weekly(t))
	ids := issue.IDs(plain)
	flagged := issue.Flag(plain, map[string]string{ids[0]: "why -->\n## not a section; <!-- item: x -->"})
	if diff := cmp.Diff(ids, issue.IDs(flagged)); diff != "" {
		t.Errorf("a flag changes the items (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(string(plain), string(issue.Flag(flagged, nil))); diff != "" {
		t.Errorf("taking it away leaves something (-want +got):\n%s", diff)
	}
}

func TestFlagKeepsTheLineAround(t *testing.T) {
	crlf := strings.ReplaceAll(string(issue.Format(weekly(t))), "\n", "\r\n")
	ids := issue.IDs([]byte(crlf))
	flagged := issue.Flag([]byte(crlf), map[string]string{ids[0]: "new"})
	if diff := cmp.Diff(crlf, string(issue.Flag(flagged, nil))); diff != "" {
		t.Errorf("line ends changed (-want +got):\n%s", diff)
	}
}
