package cli_test

import (
	"net"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/net/dns/dnsmessage"
)

// dnsd is a DNS server for one script. Each line of its zone is a name, a type
// (TXT, A or PTR) and what is there; all else does not exist.
//
//	dnsd FILE        listens on loopback; $DNS is the address with its port
func dnsd(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg, len(args) == 1, "dnsd FILE")
	zone := make(map[string][]dnsmessage.ResourceBody)
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		fields := strings.SplitN(strings.TrimSpace(line), " ", 3)
		if len(fields) != 3 {
			ts.Fatalf("%s has a line %q", args[0], line)
		}
		key := fields[0] + ". Type" + fields[1]
		zone[key] = append(zone[key], resource(ts, fields[1], fields[2]))
	}
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { _ = conn.Close() })
	ts.Setenv("DNS", conn.LocalAddr().String())
	go func() {
		query := make([]byte, 4096)
		for {
			n, from, err := conn.ReadFrom(query)
			if err != nil {
				return
			}
			if reply, err := answer(zone, query[:n]); err == nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
}

func resource(ts *testscript.TestScript, kind, text string) dnsmessage.ResourceBody {
	switch kind {
	case "TXT":
		return &dnsmessage.TXTResource{TXT: []string{text[:len(text)/2], text[len(text)/2:]}} // as long ones come
	case "A":
		return &dnsmessage.AResource{A: [4]byte(net.ParseIP(text).To4())}
	case "PTR":
		return &dnsmessage.PTRResource{PTR: dnsmessage.MustNewName(text + ".")}
	}
	ts.Fatalf("dnsd knows no %s", kind)
	return nil
}

func answer(zone map[string][]dnsmessage.ResourceBody, query []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(query); err != nil {
		return nil, err
	}
	q := m.Questions[0]
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	for _, body := range zone[strings.ToLower(q.Name.String())+" "+q.Type.String()] {
		m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 60}, Body: body})
	}
	if len(m.Answers) == 0 {
		m.RCode = dnsmessage.RCodeNameError
	}
	return m.Pack()
}
