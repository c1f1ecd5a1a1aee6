// Package sample writes the publication that broadsheet init makes: articles,
// feeds, lists and a configuration with which every command has something to
// do. The articles are written for Broadsheet; what they say can be looked up.
//
// It promises never to change a file that exists, and to write the same bytes
// for the same time.
package sample

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"text/template"
	"time"

	"broadsheet/internal/newsletter"
)

//go:embed publication
var files embed.FS

// renamed are files that go by another name here: as .gitignore the file would
// rule over this project too.
var renamed = map[string]string{"gitignore": ".gitignore"}

// Write makes a publication in dir, with the subscriber lists and their README
// from listFS. Its articles are some hours or days old at the time now. Files
// that exist are left as they are. It returns the paths of the files it made,
// relative to dir and with slashes, in the order of their names, lists last;
// with an error, those made until then.
func Write(dir string, now time.Time, listFS fs.FS) (created []string, err error) {
	publication, err := fs.Sub(files, "publication")
	if err != nil {
		return nil, err
	}
	dated := func(name string, content []byte) ([]byte, error) { return fill(name, content, now) }
	if created, err = copyFiles(dir, "", publication, dated); err != nil {
		return created, err
	}
	asIs := func(_ string, content []byte) ([]byte, error) { return content, nil }
	lists, err := copyFiles(dir, "subscribers", listFS, asIs)
	return append(created, lists...), err
}

// copyFiles writes the files of from into a folder of dir.
func copyFiles(dir, folder string, from fs.FS, change func(string, []byte) ([]byte, error)) (created []string, err error) {
	err = fs.WalkDir(from, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		if content, err = change(name, content); err != nil {
			return err
		}
		if to, ok := renamed[name]; ok {
			name = to
		}
		name = path.Join(folder, name)
		made, err := writeNew(filepath.Join(dir, filepath.FromSlash(name)), content)
		if made {
			created = append(created, name)
		}
		return err
	})
	if err != nil {
		return created, newsletter.Faultf(newsletter.Failure, "", "writing the sample publication: %w", err)
	}
	return created, nil
}

// writeNew writes a file, or returns false where something has its name.
func writeNew(file string, content []byte) (made bool, err error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return false, err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, err = f.Write(content)
	return true, errors.Join(err, f.Close())
}

// fill puts dates into a file: {{ago "26h"}} is the time 26 hours before now as
// RFC 3339 has it, mailDate as RFC 5322, and day as a newspaper.
func fill(name string, content []byte, now time.Time) ([]byte, error) {
	before := func(layout string) func(string) (string, error) {
		return func(age string) (string, error) {
			d, err := time.ParseDuration(age)
			return now.UTC().Truncate(time.Minute).Add(-d).Format(layout), err
		}
	}
	t, err := template.New(name).Funcs(template.FuncMap{
		"ago": before(time.RFC3339), "mailDate": before(time.RFC1123Z), "day": before("2 January 2006"),
	}).Parse(string(content))
	if err != nil {
		return nil, fmt.Errorf("reading the sample: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, nil); err != nil {
		return nil, fmt.Errorf("dating the sample: %w", err)
	}
	return out.Bytes(), nil
}
