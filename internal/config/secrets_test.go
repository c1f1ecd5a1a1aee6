package config

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/internal/newsletter"
)

func TestPassword(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"good": " p w \n", "crlf": "pw\r\n", "empty": "\n", "lines": "a\nb\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	getenv := func(name string) string { return map[string]string{"PW": "from the environment"}[name] }
	for name, tc := range map[string]struct {
		smtp newsletter.SMTP
		want string
		err  string
	}{
		"none":               {newsletter.SMTP{}, "", ""},
		"variable":           {newsletter.SMTP{PasswordEnv: "PW"}, "from the environment", ""},
		"empty variable":     {newsletter.SMTP{PasswordEnv: "NO"}, "", "NO of smtp.password_env is empty"},
		"file":               {newsletter.SMTP{PasswordFile: "good"}, " p w ", ""},
		"absolute file":      {newsletter.SMTP{PasswordFile: filepath.Join(dir, "crlf")}, "pw", ""},
		"empty file":         {newsletter.SMTP{PasswordFile: "empty"}, "", "does not hold one line"},
		"file of many lines": {newsletter.SMTP{PasswordFile: "lines"}, "", "does not hold one line"},
		"missing file":       {newsletter.SMTP{PasswordFile: "missing"}, "", "reading the password"},
		"both":               {newsletter.SMTP{PasswordEnv: "PW", PasswordFile: "good"}, "", "both"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Password(tc.smtp, dir, getenv)
			checkFault(t, err, tc.err)
			if got != tc.want {
				t.Errorf("password = %q, want %q", got, tc.want)
			}
		})
	}
}

func checkFault(t *testing.T, err error, want string) {
	t.Helper()
	if want == "" {
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	var fault *newsletter.Fault
	if !errors.As(err, &fault) || fault.Kind != newsletter.Misuse || !strings.Contains(err.Error(), want) {
		t.Fatalf("error = %v, want a fault with %q", err, want)
	}
}

func TestSecretIsMadeOnce(t *testing.T) {
	pub := &newsletter.Publication{Dir: t.TempDir(), Unsubscribe: newsletter.Unsubscribe{SecretFile: ".secret"}}
	secrets := make([][]byte, 8)
	var wg sync.WaitGroup
	for i := range secrets {
		wg.Go(func() {
			var err error
			if secrets[i], err = Secret(pub, true); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, s := range secrets {
		if len(s) != 32 || !bytes.Equal(s, secrets[0]) {
			t.Fatalf("secrets differ: %x", secrets)
		}
	}
	entries, err := os.ReadDir(pub.Dir)
	if err != nil || len(entries) != 1 {
		t.Fatalf("folder holds %v, %v", entries, err)
	}
	if info, _ := entries[0].Info(); info.Mode().Perm() != 0o600 {
		t.Errorf("mode = %v", info.Mode())
	}
}

func TestSecretRefusesADamagedFile(t *testing.T) {
	for _, content := range []string{"", "abcd\n", strings.Repeat("x", 64), strings.Repeat("a", maxSecret+1)} {
		pub := &newsletter.Publication{Dir: t.TempDir(), Unsubscribe: newsletter.Unsubscribe{SecretFile: "s"}}
		if err := os.WriteFile(filepath.Join(pub.Dir, "s"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Secret(pub, true); err == nil {
			t.Errorf("no error for %d bytes", len(content))
		}
	}
}

func TestSecretIsNotMadeAgain(t *testing.T) {
	pub := &newsletter.Publication{Dir: t.TempDir(), Unsubscribe: newsletter.Unsubscribe{SecretFile: "s"}}
	_, err := Secret(pub, false)
	checkFault(t, err, "is missing")
	if entries, err := os.ReadDir(pub.Dir); err != nil || len(entries) > 0 {
		t.Errorf("folder holds %v, %v", entries, err)
	}
}

func TestSecretNeedsItsFolder(t *testing.T) {
	pub := &newsletter.Publication{Dir: t.TempDir(), Unsubscribe: newsletter.Unsubscribe{SecretFile: "no/such/secret"}}
	_, err := Secret(pub, true)
	checkFault(t, err, "reading the secret")
}

func TestDKIMKey(t *testing.T) {
	pub := &newsletter.Publication{Dir: t.TempDir()}
	if err := os.WriteFile(filepath.Join(pub.Dir, "dkim.pem"), []byte("key\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	key, err := DKIMKey(pub, newsletter.DKIM{Selector: "s1", Domain: "example.org", KeyFile: "dkim.pem"})
	if err != nil || string(key) != "key\n" {
		t.Errorf("key = %q, %v", key, err)
	}
	_, err = DKIMKey(pub, newsletter.DKIM{Selector: "s1", Domain: "example.org", KeyFile: "none.pem"})
	checkFault(t, err, "DKIM key s1 of example.org")
}

func TestParseDuration(t *testing.T) {
	const day = 24 * time.Hour
	for s, want := range map[string]time.Duration{
		"90m": 90 * time.Minute, "6h": 6 * time.Hour, "7d": 7 * day, "2w": 14 * day, "1w2d": 9 * day,
		"1d12h30m": day + 12*time.Hour + 30*time.Minute, "0.5d": 12 * time.Hour, "0": 0, "-2h": -2 * time.Hour,
	} {
		if got, err := ParseDuration(s); err != nil || got != want {
			t.Errorf("ParseDuration(%q) = %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"", "d", "14", "3x", "1d-2h", "-1d", "1h1d", "99999999999999w", "1e3d", "1d 2h", strings.Repeat("9", 400) + "d", "106751d24h"} {
		if got, err := ParseDuration(s); err == nil {
			t.Errorf("ParseDuration(%q) = %v, want an error", s, got)
		}
	}
}
