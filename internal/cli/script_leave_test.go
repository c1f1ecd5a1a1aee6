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

	"github.com/rogpeppe/go-internal/testscript"
)

// leave is the page at which readers leave by one click (RFC 8058): it answers
// that request alone, with a status.
type leave struct {
	page   *httptest.Server
	status atomic.Int64
}

func leaveCommand(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "leave STATUS")
	l := &sceneOf(ts).leave
	status, err := strconv.ParseInt(args[0], 10, 64)
	ts.Check(err)
	l.status.Store(status)
	if l.page != nil {
		return
	}
	l.page = httptest.NewTLSServer(l)
	ts.Defer(l.page.Close)
	root := ts.MkAbs("leave.pem")
	ts.Check(os.WriteFile(root, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: l.page.Certificate().Raw}), 0o600))
	ts.Setenv("SSL_CERT_FILE", root)
	ts.Setenv("LEAVE", l.page.URL+"/leave")
}

func (l *leave) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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
