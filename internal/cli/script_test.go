package cli_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"broadsheet/internal/cli"
	"broadsheet/internal/store/storetest"
)

// TestMain lets the scripts run broadsheet as a process of its own: the test
// binary under another name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"broadsheet": broadsheet})
}

// broadsheet does what cmd/broadsheet does.
func broadsheet() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(cli.Run(ctx, os.Args, cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}

// patience bounds every wait for something that happens elsewhere.
const patience = 20 * time.Second

// TestScript runs the scripts of testdata/script, one for each theme of the
// command line's contract. Beside testscript's own commands they know:
//
//	publication DIR          writes the publication of testdata/script/publication
//	schema VAR               makes an empty schema at the server and keeps its address
//	exits CODE COMMAND …     runs a command that must end with that exit code
//	json FILE PATH [VALUE]   FILE is one JSON document, and nothing else, in which
//	                         PATH (keys and indices joined by /, len for a length,
//	                         . for all) exists and has the value; with ! it has not
//	keep VAR FILE PATH       puts such a value into an environment variable
//	edit FILE REGEXP TEXT    replaces every match, of which there must be one;
//	                         \n in TEXT is a new line
//	append FILE OTHER        appends OTHER's content to FILE
//	get URL [FILE]           requests a page; status and body are the stdout, and
//	                         the body goes into the file
//	start NAME ARG …         runs broadsheet in the background
//	heard NAME PATH VAR      keeps a value of the JSON document that it says first
//	interrupt NAME           is Ctrl-C to it
//	finish NAME CODE         waits for its end with that exit code
//	smtpd …                  is a mail server with scripted replies, see smtpd
//	postlog FILE ADDRESS STATUS …
//	                         writes the log of a Postfix that took the letters that
//	                         smtpd dropped: sent, deferred or bounced
//	leave STATUS             is the page at $LEAVE that answers one-click requests
//	                         with a status
//	header VAR ADDRESS FIELD keeps a field of the letter that smtpd took
//	answers FILE OTHER       the letter in FILE is an answer to that in OTHER
//	dnsd FILE                is a DNS server, see dnsd
//	letter ADDRESS WORDS     both parts of the letter that smtpd took say WORDS
//
// [file] is true where the database is a file.
func TestScript(t *testing.T) { scripts(t, "", "*") }

// TestScriptPostgreSQL runs those that lean on the database most with each
// publication's database at a server.
func TestScriptPostgreSQL(t *testing.T) {
	if storetest.Server() == "" {
		t.Skip(storetest.Without)
	}
	scripts(t, storetest.Server(), "abandon", "articles", "bounces", "correct", "deferred", "enrol", "explain", "interrupt", "lock", "move",
		"canary", "missed", "quota", "refused", "rehearse", "resolve_log", "run", "send", "subscribers", "suppress", "uncertain", "updated")
}

func scripts(t *testing.T, server string, names ...string) {
	var files []string
	for _, name := range names {
		found, err := filepath.Glob("testdata/script/" + name + ".txtar")
		if err != nil || len(found) == 0 {
			t.Fatalf("there is no script %s (%v)", name, err)
		}
		files = append(files, found...)
	}
	testscript.Run(t, testscript.Params{
		Files:               files,
		RequireUniqueNames:  true,
		RequireExplicitExec: false,
		Setup: func(env *testscript.Env) error {
			env.Values[serverKey{}] = server
			env.Setenv("PGPASSWORD", os.Getenv("PGPASSWORD"))
			return setup(env)
		},
		Condition: func(name string) (bool, error) {
			if name != "file" {
				return false, fmt.Errorf("%s is no condition", name)
			}
			return server == "", nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"publication": publication,
			"schema":      schema,
			"exits":       exits,
			"json":        jsonCommand,
			"keep":        keep,
			"edit":        edit,
			"append":      appendFile,
			"get":         get,
			"start":       start,
			"heard":       heard,
			"interrupt":   interrupt,
			"finish":      finish,
			"smtpd":       smtpdCommand,
			"letter":      letter,
			"header":      header,
			"postlog":     postlog,
			"leave":       leaveCommand,
			"answers":     answers,
			"dnsd":        dnsd,
		},
	})
}

// scene is what the commands of one script share.
type scene struct {
	running map[string]*process
	mail    smtpd
	leave   leave
}

type (
	sceneKey  struct{}
	serverKey struct{}
)

func setup(env *testscript.Env) error {
	env.Values[sceneKey{}] = &scene{running: make(map[string]*process)}
	env.Vars = append(env.Vars,
		"THU=2026-11-19T09:00:00+01:00", // the day before an issue is due
		"FRI=2026-11-20T07:30:00+01:00", // half an hour after
		"GORACE=atexit_sleep_ms=0",      // the race detector's processes linger for a second
	)
	// The ids of the publication's articles.
	env.Vars = append(env.Vars, "BRIDGE=tcap37t6z7", "METRO=epg5njj7va", "BOGS=udkqsg3hap", "COFFEE=kjnslckagm")
	return nil
}

func sceneOf(ts *testscript.TestScript) *scene { return ts.Value(sceneKey{}).(*scene) }

func usage(ts *testscript.TestScript, neg, ok bool, words string) {
	if neg || !ok {
		ts.Fatalf("usage: %s", words)
	}
}

func publication(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "publication DIR")
	ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS("testdata/script/publication")))
	if ts.Value(serverKey{}) == "" {
		return
	}
	address := newSchema(ts)
	file := filepath.Join(ts.MkAbs(args[0]), "broadsheet.yaml")
	ts.Check(os.WriteFile(file, []byte(ts.ReadFile(file)+"\ndatabase: "+address+"\n"), 0o600))
}

func schema(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "schema VAR")
	ts.Setenv(args[0], newSchema(ts))
}

// newSchema is the address of an empty schema until the script ends.
func newSchema(ts *testscript.TestScript) string {
	address, drop, err := storetest.Schema(context.Background())
	ts.Check(err)
	ts.Defer(func() { ts.Check(drop()) })
	return address
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) >= 2, "exits CODE COMMAND ARG…")
	err := ts.Exec(args[1], args[2:]...)
	if got := exitCode(ts, err); got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

func exitCode(ts *testscript.TestScript, err error) string {
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		ts.Fatalf("%v", err)
	}
	if exit == nil {
		return "0"
	}
	return strconv.Itoa(exit.ExitCode())
}

func jsonCommand(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, false, len(args) == 2 || len(args) == 3, "json FILE PATH [VALUE]")
	got, ok := lookUp(document(ts, ts.ReadFile(args[0])), args[1])
	if len(args) == 2 {
		if ok == neg {
			ts.Fatalf("%s: there is %s: %v, want %v", args[0], args[1], ok, !neg)
		}
		return
	}
	if !ok {
		ts.Fatalf("%s has no %s", args[0], args[1])
	}
	if (got == args[2]) == neg {
		ts.Fatalf("%s is %s, want %s", args[1], got, args[2])
	}
}

func keep(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 3, "keep VAR FILE PATH")
	value, ok := lookUp(document(ts, ts.ReadFile(args[1])), args[2])
	if !ok {
		ts.Fatalf("%s has no %s", args[1], args[2])
	}
	ts.Setenv(args[0], value)
}

// document decodes text that is one JSON document.
func document(ts *testscript.TestScript, text string) (doc any) {
	in := json.NewDecoder(strings.NewReader(text))
	in.UseNumber()
	ts.Check(in.Decode(&doc))
	if rest, err := in.Token(); err != io.EOF {
		ts.Fatalf("more than one JSON document: %v", rest)
	}
	return doc
}

// lookUp finds a value in a document: texts as they are, others as JSON.
func lookUp(doc any, path string) (value string, ok bool) {
	for step := range strings.SplitSeq(path, "/") {
		if path == "." {
			break
		}
		switch v := doc.(type) {
		case map[string]any:
			if step == "len" {
				doc = len(v)
			} else if doc, ok = v[step]; !ok {
				return "", false
			}
		case []any:
			n, err := strconv.Atoi(step)
			switch {
			case step == "len":
				doc = len(v)
			case err != nil || n < 0 || n >= len(v):
				return "", false
			default:
				doc = v[n]
			}
		default:
			return "", false
		}
	}
	if text, ok := doc.(string); ok {
		return text, true
	}
	text, err := json.Marshal(doc)
	return string(text), err == nil
}

func edit(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 3, "edit FILE REGEXP TEXT")
	re, err := regexp.Compile("(?m)" + args[1])
	ts.Check(err)
	text := ts.ReadFile(args[0])
	if !re.MatchString(text) {
		ts.Fatalf("%s has no match for %s", args[0], args[1])
	}
	with := strings.ReplaceAll(args[2], `\n`, "\n")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(re.ReplaceAllString(text, with)), 0o600))
}

func appendFile(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "append FILE OTHER")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(ts.ReadFile(args[0])+ts.ReadFile(args[1])), 0o600))
}

func get(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1 || len(args) == 2, "get URL [FILE]")
	client := http.Client{Timeout: patience}
	reply, err := client.Get(args[0])
	ts.Check(err)
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s\n%s", reply.Status, body)
	if len(args) == 2 {
		ts.Check(os.WriteFile(ts.MkAbs(args[1]), body, 0o600))
	}
}
