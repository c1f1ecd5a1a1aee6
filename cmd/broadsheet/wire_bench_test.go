//go:build unix

package main_test

import (
	"bufio"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"iter"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/wneessen/go-mail"

	"broadsheet/internal/report"
)

// BenchmarkWire sends letters of about 28 KB, each with the reader's own way
// out, to a server in a process of its own that keeps nothing, first with
// go-mail's client, over as many connections that it uses again and again, and
// then with the program, every claim and outcome durable on the disk: from its
// start to its end, the freeze of the issue and the report within, and, of that,
// from the first letter to the last (sending).
func BenchmarkWire(b *testing.B) {
	for _, w := range []wire{
		{name: "16-connections", connections: 16, peer: 4_000, ours: 40_000},
		{name: "64-connections", connections: 64, peer: 4_000, ours: 40_000},
		{name: "16-connections-starttls", connections: 16, peer: 4_000, ours: 40_000, tls: true},
		{name: "16-connections-20ms", connections: 16, peer: 400, ours: 8_000, delay: 10 * time.Millisecond},
		{name: "16-connections-rsa", connections: 16, peer: 1_000, ours: 12_000, dkim: "RSA"},
		{name: "16-connections-ed25519-starttls", connections: 16, peer: 2_000, ours: 40_000, dkim: "Ed25519", tls: true},
	} {
		b.Run(w.name, w.run)
	}
	b.Run("million", func(b *testing.B) { onEachEngine(b, sendMillion) })
}

// sendMillion sends to a million readers in a thousand segments, which takes
// many minutes: only where the environment asks for it. The rates of the first
// and the last hundred thousand letters are those of the program's own report.
func sendMillion(b *testing.B, keep func(*publication)) {
	if os.Getenv("BROADSHEET_MILLION") == "" {
		b.Skip("set BROADSHEET_MILLION=1 to send a million letters")
	}
	const readers = 1_000_000
	for b.Loop() {
		b.StopTimer()
		p := newTown(b, 10, 20, 3)
		keep(p)
		p.patience = 5 * time.Hour
		p.write("million.csv", list(readers, topicSets(1000)))
		p.run(0, "subscribers", "import", "--yes", p.path("million.csv"))
		s := startSwallow(b, "plain")
		p.mailTo(&mailbox{port: s.port}, 16)
		p.run(0, "compile")
		p.run(4, "send", "--yes", "--limit", "1")
		measure(p, b, "send", "--yes", "--wait", "5h") // the clock goes on
		if all := s.stop(); all.letters != readers {
			b.Fatalf("%d letters arrived", all.letters)
		}
		first, last := p.rates(100_000)
		b.ReportMetric(first, "first/s")
		b.ReportMetric(last, "last/s")
		b.StartTimer()
	}
}

// rates are letters a second over the first and the last letters of a sending.
func (p *publication) rates(letters int) (first, last float64) {
	p.Helper()
	var course report.Report
	p.decode(p.read("issues/2026-W47/sending.json"), &course)
	var bars []report.Bar
	for _, s := range course.Timeline.Stretches {
		bars = append(bars, s.Bars...)
	}
	rate := func(bars iter.Seq2[int, report.Bar]) float64 {
		sent, steps := 0, 0
		for _, bar := range bars {
			if sent >= letters {
				break
			}
			sent, steps = sent+bar.Sent, steps+1
		}
		return float64(sent) / float64(steps*course.Timeline.Step)
	}
	return rate(slices.All(bars)), rate(slices.Backward(bars))
}

// A wire is one way to send.
type wire struct {
	dkim        string // algorithm of the signature
	name        string
	connections int
	peer, ours  int // letters
	tls         bool
	delay       time.Duration // each way
}

func (w wire) run(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		keys := makeKeys(b)
		p := newTown(b, 10, 20, 3)
		p.write("subscribers/list.csv", list(w.ours, topicSets(100)))
		w.configure(p, keys)
		s := w.sink(b, keys)
		p.mailTo(&mailbox{port: w.port(b, s)}, w.connections)
		p.run(0, "compile")
		_, ours := measure(p, b, "send", "--yes")
		all := s.stop()
		if all.letters != w.ours {
			b.Fatalf("%d letters arrived", all.letters)
		}
		size := all.size / all.letters
		peer := w.peerCost(b, size, keys)
		rate, peerRate := float64(w.ours)/ours.took.Seconds(), float64(w.peer)/peer.took.Seconds()
		b.ReportMetric(float64(size)/1e3, "kB/letter")
		b.ReportMetric(rate, "letters/s")
		b.ReportMetric(all.perSecond(), "sending/s")
		b.ReportMetric(peerRate, "peer/s")
		b.ReportMetric(rate/peerRate, "times")
		b.ReportMetric(all.perSecond()/peerRate, "sending-times")
		b.ReportMetric(micros(ours.cpu, w.ours), "cpu-µs/letter")
		b.ReportMetric(micros(cpuOf(s.cmd), w.ours), "sink-cpu-µs/letter")
		b.ReportMetric(micros(peer.cpu, w.peer), "peer-cpu-µs/letter")
		if key := keys.signing[w.dkim]; key != nil {
			signatures, bare := bareSigning(b, key)
			b.ReportMetric(all.perSecond()*bare.took.Seconds()/float64(signatures), "of-bare-signing")
			b.ReportMetric(micros(bare.cpu, signatures), "bare-cpu-µs/signature")
		}
		b.StartTimer()
	}
}

// configure makes the publication use the wire.
func (w wire) configure(p *publication, keys keys) {
	if w.tls {
		p.edit("broadsheet.yaml", `tls: none`, "tls: starttls")
		p.TB.(*testing.B).Setenv("SSL_CERT_FILE", keys.certificate)
	}
	if key := keys.signing[w.dkim]; key != nil {
		p.write("dkim.pem", string(key))
		p.edit("broadsheet.yaml", `(?m)^dkim: \[\]$`, "dkim: [{selector: s1, domain: example.org, key_file: dkim.pem}]")
	}
}

func (w wire) sink(b *testing.B, keys keys) *sinkProcess {
	if w.tls {
		return startSwallow(b, keys.certificate)
	}
	return startSwallow(b, "plain")
}

// port is where the sink is reached, with the wire's delay.
func (w wire) port(b *testing.B, s *sinkProcess) int {
	if w.delay == 0 {
		return s.port
	}
	return delayed(b, s.port, w.delay)
}

// bareSigning is how many digests all cores sign if they do nothing else.
func bareSigning(b *testing.B, key []byte) (signatures int, c cost) {
	b.Helper()
	block, _ := pem.Decode(key)
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		b.Fatal(err)
	}
	digest, hash := make([]byte, sha256.Size), crypto.SHA256
	if _, ok := parsed.(ed25519.PrivateKey); ok {
		hash = crypto.Hash(0)
	}
	var signed atomic.Int64
	var signers sync.WaitGroup
	start, before := time.Now(), ownCPU(b)
	for range runtime.GOMAXPROCS(0) {
		signers.Go(func() {
			for time.Since(start) < 3*time.Second {
				if _, err := parsed.(crypto.Signer).Sign(rand.Reader, digest, hash); err != nil {
					b.Error(err)
					return
				}
				signed.Add(1)
			}
		})
	}
	signers.Wait()
	return int(signed.Load()), cost{took: time.Since(start), cpu: ownCPU(b) - before}
}

func micros(d time.Duration, letters int) float64 {
	return float64(d.Microseconds()) / float64(letters)
}

// peerCost is what the peer takes for its letters of a size. Where the wire is
// delayed the delay's own work counts as the peer's.
func (w wire) peerCost(b *testing.B, size int, keys keys) cost {
	b.Helper()
	s := w.sink(b, keys)
	port := w.port(b, s)
	body := strings.Repeat("The council met on Tuesday and decided what to do about it, as before. <br>\n", size/77)
	numbers := make(chan int)
	var senders sync.WaitGroup
	start, before := time.Now(), ownCPU(b)
	for range w.connections {
		senders.Go(func() {
			if err := w.peer1(b.Context(), port, body, keys, numbers); err != nil {
				b.Error(err)
			}
		})
	}
	for n := range w.peer {
		select {
		case numbers <- n:
		case <-b.Context().Done():
		}
	}
	close(numbers)
	senders.Wait()
	c := cost{took: time.Since(start), cpu: ownCPU(b) - before}
	if all := s.stop(); all.letters != w.peer {
		b.Fatalf("%d of the peer's letters arrived", all.letters)
	}
	return c
}

// ownCPU is the time that cores have spent on this process.
func ownCPU(b testing.TB) time.Duration {
	b.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// peer1 is one connection of go-mail's client.
func (w wire) peer1(ctx context.Context, port int, body string, keys keys, numbers <-chan int) error {
	options := []mail.Option{mail.WithPort(port), mail.WithTLSPolicy(mail.NoTLS), mail.WithHELO("example.org")}
	if w.tls {
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory),
			mail.WithTLSConfig(&tls.Config{RootCAs: keys.roots, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}))
	}
	client, err := mail.NewClient("127.0.0.1", options...)
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return err
	}
	for n := range numbers {
		m := mail.NewMsg()
		if err := m.From("news@example.org"); err != nil {
			return err
		}
		if err := m.To(fmt.Sprintf("reader%05d@example%d.org", n, n%50)); err != nil {
			return err
		}
		if key := keys.signing[w.dkim]; key != nil {
			signer, err := mail.PrivKeyFromPEM(key)
			if err != nil {
				return err
			}
			m.SetDKIM(mail.NewDKIMSigner("example.org", "s1", signer))
		}
		m.Subject("The week in the region")
		link := fmt.Sprintf("https://example.org/leave?token=%d", n)
		m.SetBodyString(mail.TypeTextPlain, body[:len(body)/5]+link)
		m.AddAlternativeString(mail.TypeTextHTML, body[:4*len(body)/5]+link)
		if err := client.Send(m); err != nil {
			return err
		}
	}
	return client.Close()
}

// A sinkProcess is a server that swallows letters, in a process of its own.
type sinkProcess struct {
	testing.TB
	port  int
	stdin io.Closer
	lines *bufio.Scanner
	cmd   *exec.Cmd
}

func startSwallow(b testing.TB, how string) *sinkProcess {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "BROADSHEET_TEST_SWALLOW="+how)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	s := &sinkProcess{TB: b, stdin: stdin, lines: bufio.NewScanner(out), cmd: cmd}
	s.line(&s.port)
	return s
}

func (s *sinkProcess) line(to ...any) {
	s.Helper()
	if !s.lines.Scan() {
		s.Fatal("the sink says nothing")
	}
	if _, err := fmt.Sscan(s.lines.Text(), to...); err != nil {
		s.Fatal(err)
	}
}

// swallowed is what came to a sink, and how long it took from the first letter
// to the last.
type swallowed struct {
	letters, size int
	took          time.Duration
}

// perSecond is the letters a second between the first and the last.
func (s swallowed) perSecond() float64 { return float64(s.letters-1) / s.took.Seconds() }

// stop ends the sink and says what it has swallowed.
func (s *sinkProcess) stop() (all swallowed) {
	s.Helper()
	if err := s.stdin.Close(); err != nil {
		s.Fatal(err)
	}
	var took int
	s.line(&all.letters, &all.size, &took)
	_ = s.cmd.Wait()
	all.took = time.Duration(took) * time.Microsecond
	return all
}

// delayed is a port from which bytes take their time, each way, to another.
func delayed(b testing.TB, port int, delay time.Duration) int {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", port))
			if err != nil {
				_ = near.Close()
				return
			}
			go delay1(far, near, delay)
			go delay1(near, far, delay)
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port
}

// delay1 passes on what it reads, each piece after the delay.
func delay1(to, from net.Conn, delay time.Duration) {
	type piece struct {
		due   time.Time
		bytes []byte
	}
	pieces := make(chan piece, 1000)
	go func() {
		defer close(pieces)
		for {
			buf := make([]byte, 64<<10)
			n, err := from.Read(buf)
			if err != nil {
				return
			}
			pieces <- piece{time.Now().Add(delay), buf[:n]}
		}
	}()
	for p := range pieces {
		time.Sleep(time.Until(p.due))
		if _, err := to.Write(p.bytes); err != nil {
			break
		}
	}
	_ = to.Close()
}

// keys are what a wire may need.
type keys struct {
	certificate string // a file, with its key
	roots       *x509.CertPool
	signing     map[string][]byte // PEM, by algorithm
}

func makeKeys(b testing.TB) keys {
	b.Helper()
	k := keys{certificate: filepath.Join(b.TempDir(), "certificate.pem"), roots: x509.NewCertPool(), signing: map[string][]byte{}}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	encode := func(key any) []byte {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			b.Fatal(err)
		}
		return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	}
	k.signing["RSA"], k.signing["Ed25519"] = encode(rsaKey), encode(edKey)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		b.Fatal(err)
	}
	file := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), encode(key)...)
	if err := os.WriteFile(k.certificate, file, 0o600); err != nil {
		b.Fatal(err)
	}
	k.roots.AppendCertsFromPEM(file)
	return k
}
