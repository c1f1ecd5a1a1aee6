package cli_test

import (
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// leave is the page at which readers leave by one click (RFC 8058): it answers
// that request alone, with a status; its clock may be ahead.
type leave struct {
	page   *httptest.Server
	status atomic.Int64
	ahead  atomic.Int64 // nanoseconds
}

func leaveCommand(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1 || len(args) == 2, "leave STATUS [AHEAD]")
	l := &sceneOf(ts).leave
	status, err := strconv.ParseInt(args[0], 10, 64)
	ts.Check(err)
	l.status.Store(status)
	if len(args) == 2 {
		ahead, err := time.ParseDuration(args[1])
		ts.Check(err)
		l.ahead.Store(int64(ahead))
	}
	if l.page != nil {
		return
	}
	l.page = httptest.NewTLSServer(l)
	ts.Defer(l.page.Close)
	trust(ts, l.page.Certificate().Raw)
	ts.Setenv("LEAVE", l.page.URL+"/leave")
}

// trust lets the script's programs trust one more certificate.
func trust(ts *testscript.TestScript, der []byte) {
	root := ts.MkAbs("roots.pem")
	f, err := os.OpenFile(root, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	ts.Check(err)
	ts.Check(pem.Encode(f, &pem.Block{Type: "CERTIFICATE", Bytes: der}))
	ts.Check(f.Close())
	ts.Setenv("SSL_CERT_FILE", root)
}

func (l *leave) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", time.Now().Add(time.Duration(l.ahead.Load())).UTC().Format(http.TimeFormat))
	body, err := io.ReadAll(r.Body)
	asked := r.Method == http.MethodPost && r.URL.Path == "/leave" && strings.HasSuffix(r.URL.Query().Get("token"), ".test") &&
		r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" && string(body) == "List-Unsubscribe=One-Click"
	if err != nil || !asked {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Location", "/sure")
	w.WriteHeader(int(l.status.Load()))
}
