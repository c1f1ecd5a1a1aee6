package cli_test

import (
	"fmt"
	"net/mail"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// postlog writes what Postfix logs of letters that smtpd has dropped.
func postlog(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) >= 3 && len(args)%2 == 1, "postlog FILE ADDRESS STATUS …")
	const stamp = "Nov 19 09:00:01 mx postfix/"
	var log strings.Builder
	for i := 1; i < len(args); i += 2 {
		address, status := args[i], args[i+1]
		m, err := mail.ReadMessage(strings.NewReader(ts.ReadFile(ts.Getenv("WORK") + "/mail/" + address + ".dropped")))
		ts.Check(err)
		reply := map[string]string{
			"sent":     "dsn=2.0.0, status=sent (250 2.0.0 Ok)",
			"deferred": "dsn=4.2.0, status=deferred (host mx said: 450 4.2.0 come again)",
			"bounced":  "dsn=5.1.1, status=bounced (host mx said: 550 5.1.1 no such user)",
		}[status]
		fmt.Fprintf(&log, stamp+"cleanup[9]: 4F1A%d: message-id=%s\n", i, m.Header.Get("Message-Id"))
		fmt.Fprintf(&log, stamp+"qmgr[9]: 4F1A%d: from=<news@example.org>, size=2210, nrcpt=1 (queue active)\n", i)
		fmt.Fprintf(&log, stamp+"smtp[9]: 4F1A%d: to=<%s>, relay=mx[192.0.2.1]:25, delay=0.4, delays=0.1/0/0.1/0.2, %s\n", i, address, reply)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(log.String()), 0o600))
}
