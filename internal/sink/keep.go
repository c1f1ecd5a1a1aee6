package sink

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// maxNamed is how much of a recipient stands in a file name, in bytes.
const maxNamed = 150

// keep writes a letter once for each recipient, aside, and renames the files
// when all are whole. Until then an error leaves nothing behind.
func (s *Server) keep(letter io.Reader, recipients []string, buffer []byte) (err error) {
	var aside []string
	defer func() {
		for _, path := range aside {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	for range recipients {
		path, err := s.write(letter, aside, buffer)
		if path != "" {
			aside = append(aside, path)
		}
		if err != nil {
			return err
		}
	}
	for _, recipient := range recipients {
		name := fmt.Sprintf("%06d-%s.eml", s.number.Add(1), fileName(recipient))
		if err := os.Rename(aside[0], filepath.Join(s.dir, name)); err != nil {
			return err
		}
		aside = aside[1:]
		s.count.Add(1)
	}
	return nil
}

// write writes a letter into a new file: the first from the line, the others
// from the first. The path is not empty if there is a file, whole or not.
func (s *Server) write(letter io.Reader, before []string, buffer []byte) (path string, err error) {
	if len(before) > 0 {
		first, err := os.Open(before[0])
		if err != nil {
			return "", err
		}
		defer first.Close()
		letter = first
	}
	file, err := os.CreateTemp(s.dir, ".letter-*") // mode 0600
	if err != nil {
		return "", err
	}
	// Hiding the file's ReadFrom keeps io from allocating a buffer per letter.
	_, err = io.CopyBuffer(struct{ io.Writer }{file}, struct{ io.Reader }{letter}, buffer)
	return file.Name(), errors.Join(err, file.Close())
}

// fileName makes a recipient a safe part of a file name on any system.
func fileName(recipient string) string {
	safe := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', strings.ContainsRune("@.+-_=", r):
			return r
		}
		return '_'
	}, recipient)
	return safe[:min(len(safe), maxNamed)]
}
