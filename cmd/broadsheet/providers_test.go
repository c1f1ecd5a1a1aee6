package main_test

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A signed publication has two DKIM keys, a return path for each letter and a
// page that takes one-click requests.
type signed struct {
	*publication
	records string // file of the keys' TXT records, "name value" a line
}

func newSigned(t *testing.T) *signed {
	t.Helper()
	p := &signed{publication: newPublication(t), records: filepath.Join(t.TempDir(), "records")}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaPublic, err := x509.MarshalPKIXPublicKey(&rsaKey.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	p.keyFile("rsa.pem", rsaKey)
	p.keyFile("ed25519.pem", edKey)
	records := fmt.Sprintf("rsa._domainkey.example.org v=DKIM1; k=rsa; p=%s\ned._domainkey.example.org v=DKIM1; k=ed25519; p=%s\n",
		base64.StdEncoding.EncodeToString(rsaPublic), base64.StdEncoding.EncodeToString(public))
	if err := os.WriteFile(p.records, []byte(records), 0o600); err != nil {
		t.Fatal(err)
	}
	p.edit("broadsheet.yaml", `(?m)^dkim:.*`,
		"dkim: [{selector: rsa, domain: example.org, key_file: rsa.pem}, {selector: ed, domain: example.org, key_file: ed25519.pem}]")
	p.edit("broadsheet.yaml", `(?m)^# return_path:.*`, "return_path: bounces+{token}@example.org")
	p.edit("broadsheet.yaml", `(?m)^archive_url: ""`, `archive_url: "https://weekly.example.org/archive"`)
	p.edit("broadsheet.yaml", `allow_private_networks: false`, "allow_private_networks: true")
	p.edit("broadsheet.yaml", `(?m)^(unsubscribe: .*)url: ""`, fmt.Sprintf(`${1}url: "%s/leave?list=weekly", one_click: true`, oneClickPage(t)))
	p.write("subscribers/odd.csv", "email,name,topics\n"+
		`wim@bücher.example,"Wim ""the bear"", Jr. <wim@example.net>",all`+"\n"+
		`zoë@example.org,"Zoë Müller-Łukasiewicz, редактор отдела международных новостей и культуры",all`+"\n"+
		`o'hara+news=1@example.net,"=?utf-8?q?x?=",all`+"\n")
	return p
}

func (p *signed) keyFile(name string, key crypto.PrivateKey) {
	p.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		p.Fatal(err)
	}
	p.write(name, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
}

// oneClickPage serves over TLS with a certificate that this test's programs
// trust.
func oneClickPage(t *testing.T) (url string) {
	t.Helper()
	page := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(page.Close)
	root := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(root, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: page.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", root)
	return page.URL
}

// emlFiles writes letters into a folder of their own.
func emlFiles(t *testing.T, letters []letter) (paths []string) {
	t.Helper()
	dir := t.TempDir()
	for i, l := range letters {
		path := filepath.Join(dir, strconv.Itoa(i)+".eml")
		if err := os.WriteFile(path, l.raw, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// installed finds a program, or skips the test and says what to install.
func installed(t *testing.T, program, debian string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("%s is not installed (apt-get install %s)", program, debian)
	}
	return path
}

// python finds an interpreter that has a module.
func python(t *testing.T, module, debian string) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), name, "-c", "import "+module).Run() == nil {
			return name
		}
	}
	t.Skipf("no python3 with %s is installed (apt-get install %s)", module, debian)
	return ""
}

// say runs a program of others and returns all that it says.
func say(t *testing.T, program string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir()) // SpamAssassin writes there
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// TestProviders shows letters to the programs that mailbox providers run.
func TestProviders(t *testing.T) {
	p, m := newSigned(t), newMailbox(t, nil)
	p.mailTo(m, 4)
	p.run(0, "compile")
	p.send(0)
	letters := m.kept()
	for _, l := range letters {
		got := parse(t, l)
		for _, name := range []string{"List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Post", "List-Archive", "Feedback-ID", "Auto-Submitted"} {
			if len(got.header.Values(name)) != 1 {
				t.Errorf("letter to %s has %d times %s", l.to, len(got.header.Values(name)), name)
			}
		}
	}
	paths := emlFiles(t, letters)
	t.Run("SpamAssassin", func(t *testing.T) { testSpamAssassin(t) })
	t.Run("dkimpy", func(t *testing.T) { testDkimpy(t, p, paths) })
	t.Run("OpenDKIM", func(t *testing.T) { testOpenDKIM(t, p, letters, paths) })
	t.Run("Python", func(t *testing.T) {
		if defects := say(t, python(t, "email", "python3"), append([]string{"testdata/providers/strict.py"}, paths...)...); defects != "" {
			t.Errorf("Python finds defects:\n%s", defects)
		}
	})
}

// testSpamAssassin scores the sample issue as it is for a reader of everything,
// by local rules alone.
func testSpamAssassin(t *testing.T) {
	const most = 1.0
	program := installed(t, "spamassassin", "spamassassin")
	p, m := newPublication(t), newMailbox(t, nil)
	p.mailTo(m, 1)
	p.edit("broadsheet.yaml", `(?m)^(unsubscribe: .*)url: ""`, `${1}url: "https://weekly.example.org/leave"`)
	p.readers(1)
	p.run(0, "compile")
	p.send(0)
	out := say(t, program, "--local", "--test-mode", emlFiles(t, m.kept())[0])
	found := regexp.MustCompile(`X-Spam-Status: .* score=(-?[0-9.]+)`).FindStringSubmatch(out)
	if found == nil {
		t.Fatalf("SpamAssassin gives no score:\n%s", out)
	}
	if score, err := strconv.ParseFloat(found[1], 64); err != nil || score >= most {
		_, analysis, _ := strings.Cut(out, "Content analysis details:")
		t.Errorf("SpamAssassin's score is %s, not under %.1f:%s", found[1], most, analysis)
	}
}

func testDkimpy(t *testing.T, p *signed, paths []string) {
	program := python(t, "dkim, nacl", "python3-dkim python3-nacl")
	verify := func(paths ...string) string {
		return say(t, program, append([]string{"testdata/providers/dkim_verify.py", p.records}, paths...)...)
	}
	if got, want := verify(paths...), strings.Repeat("ok ok\n", len(paths)); got != want {
		t.Errorf("dkimpy says of %d letters:\n%s", len(paths), got)
	}
	if got := verify(changed(t, paths[0])); got != "bad bad\n" {
		t.Errorf("dkimpy says of a changed letter: %s", got)
	}
}

// testOpenDKIM shows it one letter of each kind; it starts anew for each.
func testOpenDKIM(t *testing.T, p *signed, letters []letter, paths []string) {
	program := installed(t, "opendkim", "opendkim")
	conf := filepath.Join(t.TempDir(), "opendkim.conf")
	if err := os.WriteFile(conf, []byte("Mode v\nTestPublicKeys "+p.records+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	results := regexp.MustCompile(`\bdkim=\w+`)
	verify := func(path string) string {
		return strings.Join(results.FindAllString(say(t, program, "-x", conf, "-vv", "-t", path), -1), " ")
	}
	for i, l := range letters {
		if i > 0 && !strings.ContainsAny(l.to, "ë'") && !strings.Contains(l.to, "xn--") {
			continue
		}
		if got := verify(paths[i]); got != "dkim=pass dkim=pass" {
			t.Errorf("OpenDKIM says of the letter to %s: %s", l.to, got)
		}
	}
	if got := verify(changed(t, paths[0])); got != "dkim=fail dkim=fail" {
		t.Errorf("OpenDKIM says of a changed letter: %s", got)
	}
}

// changed is a copy of a letter with one more word in its subject.
func changed(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return emlFiles(t, []letter{{raw: []byte(strings.Replace(string(raw), "\r\nSubject: ", "\r\nSubject: not ", 1))}})[0]
}
