package cli_test

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// A process is broadsheet in the background.
type process struct {
	cmd      *exec.Cmd
	out, err strings.Builder // not to be read before ended
	first    chan any        // the first JSON document of its output; closed at the end
	ended    chan error
}

func start(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) >= 2, "start NAME ARG…")
	path, err := exec.LookPath("broadsheet")
	ts.Check(err)
	p := &process{cmd: exec.Command(path, args[1:]...), first: make(chan any, 1), ended: make(chan error, 1)}
	p.cmd.Dir, p.cmd.Stderr = ts.MkAbs("."), &p.err
	p.cmd.Env = append(os.Environ(), "TMPDIR="+ts.Getenv("TMPDIR"), "GORACE="+ts.Getenv("GORACE"))
	stdout, err := p.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(p.cmd.Start())
	sceneOf(ts).running[args[0]] = p
	go func() {
		p.listen(stdout)
		p.ended <- p.cmd.Wait()
	}()
	ts.Defer(func() { _ = p.cmd.Process.Kill() })
}

func (p *process) listen(stdout io.Reader) {
	defer close(p.first)
	said := io.TeeReader(stdout, &p.out)
	var doc any
	if err := json.NewDecoder(said).Decode(&doc); err == nil {
		p.first <- doc
	}
	_, _ = io.Copy(io.Discard, said)
}

func processOf(ts *testscript.TestScript, name string) *process {
	p := sceneOf(ts).running[name]
	if p == nil {
		ts.Fatalf("nothing was started as %s", name)
	}
	return p
}

func heard(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 3, "heard NAME PATH VAR")
	select {
	case doc := <-processOf(ts, args[0]).first:
		value, ok := lookUp(doc, args[1])
		if !ok {
			ts.Fatalf("%s said no %s, but %v", args[0], args[1], doc)
		}
		ts.Setenv(args[2], value)
	case <-time.After(patience):
		ts.Fatalf("%s said nothing", args[0])
	}
}

func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "interrupt NAME")
	ts.Check(processOf(ts, args[0]).cmd.Process.Signal(os.Interrupt))
}

func finish(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 2, "finish NAME CODE")
	p := processOf(ts, args[0])
	select {
	case err := <-p.ended:
		fmt.Fprint(ts.Stdout(), p.out.String())
		fmt.Fprint(ts.Stderr(), p.err.String())
		if got := exitCode(ts, err); got != args[1] {
			ts.Fatalf("%s ended with exit code %s, want %s", args[0], got, args[1])
		}
	case <-time.After(patience):
		ts.Fatalf("%s does not end", args[0])
	}
}
