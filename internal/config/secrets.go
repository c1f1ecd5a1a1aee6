package config

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"broadsheet/internal/newsletter"
)

// maxSecret bounds files that hold a key or a password.
const maxSecret = 64 << 10

// secretBytes is the size of the key that unsubscribe tokens are made with.
const secretBytes = 32

// Password finds the password of the mail server in the environment, through
// getenv, or in a file; relative paths are relative to dir. One line end at the
// file's end is not part of it. "" without error means that none is configured.
// Every error is a *newsletter.Fault of kind Misuse.
func Password(s newsletter.SMTP, dir string, getenv func(string) string) (string, error) {
	switch {
	case s.PasswordEnv != "" && s.PasswordFile != "":
		return "", newsletter.Faultf(newsletter.Misuse, "keep one of the two", "smtp has both password_env and password_file")
	case s.PasswordEnv != "":
		password := getenv(s.PasswordEnv)
		if password == "" {
			return "", newsletter.Faultf(newsletter.Misuse, fmt.Sprintf("set %s to the password of %s", s.PasswordEnv, s.Username),
				"the environment variable %s of smtp.password_env is empty", s.PasswordEnv)
		}
		return password, nil
	case s.PasswordFile != "":
		return passwordIn(s.PasswordFile, dir)
	}
	return "", nil
}

func passwordIn(name, dir string) (string, error) {
	content, err := readSmall(resolve(dir, name))
	if err != nil {
		return "", newsletter.Faultf(newsletter.Misuse, "see smtp.password_file", "reading the password: %w", err)
	}
	password := strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r")
	if password == "" || strings.ContainsAny(password, "\r\n\x00") {
		return "", newsletter.Faultf(newsletter.Misuse, "write the password into it, on one line",
			"the file %s of smtp.password_file does not hold one line", name)
	}
	return password, nil
}

// DKIMKey reads the file of a signing key as it is. An error is a
// *newsletter.Fault of kind Misuse.
func DKIMKey(pub *newsletter.Publication, k newsletter.DKIM) ([]byte, error) {
	key, err := readSmall(resolve(pub.Dir, k.KeyFile))
	if err != nil {
		return nil, newsletter.Faultf(newsletter.Misuse, "see dkim.key_file, and keep the key readable for this program only",
			"reading the DKIM key %s of %s: %w", k.Selector, k.Domain, err)
	}
	return key, nil
}

// Secret reads the 32 bytes that unsubscribe tokens are made with, from
// pub.Unsubscribe.SecretFile. A missing file is made if it may be, in
// hexadecimal and with mode 0600; of two processes at once both get the same. An
// error is a *newsletter.Fault of kind Misuse.
func Secret(pub *newsletter.Publication, mayMake bool) ([]byte, error) {
	file := resolve(pub.Dir, pub.Unsubscribe.SecretFile)
	content, err := readSmall(file)
	if errors.Is(err, fs.ErrNotExist) {
		if !mayMake {
			return nil, newsletter.Faultf(newsletter.Misuse, newsletter.LostSecretHint, "%s is missing, and this database was used with it", pub.Unsubscribe.SecretFile)
		}
		if err = makeSecret(file); err == nil {
			content, err = readSmall(file)
		}
	}
	if err != nil {
		return nil, newsletter.Faultf(newsletter.Misuse,
			fmt.Sprintf("make the file yourself: openssl rand -hex %d > %s", secretBytes, pub.Unsubscribe.SecretFile),
			"reading the secret of unsubscribe.secret_file: %w", err)
	}
	secret, err := hex.DecodeString(string(bytes.TrimSpace(content)))
	if err != nil || len(secret) != secretBytes {
		return nil, newsletter.Faultf(newsletter.Misuse,
			newsletter.LostSecretHint,
			"%s does not hold %d hexadecimal digits", pub.Unsubscribe.SecretFile, 2*secretBytes)
	}
	return secret, nil
}

// makeSecret writes the file aside and links it into place: a link never
// replaces what another process has put there, and never shows half a file.
func makeSecret(file string) error {
	secret := make([]byte, secretBytes)
	if _, err := rand.Read(secret); err != nil {
		return fmt.Errorf("making a secret: %w", err)
	}
	aside, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*") // with mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(aside.Name()) }() // the link keeps what it holds
	_, err = fmt.Fprintln(aside, hex.EncodeToString(secret))
	if err = errors.Join(err, aside.Sync(), aside.Close()); err != nil {
		return err
	}
	if err := os.Link(aside.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

func resolve(dir, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}

func readSmall(file string) ([]byte, error) { return readUpTo(file, maxSecret) }
