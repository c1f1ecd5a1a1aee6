package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"broadsheet/internal/disk"
	"broadsheet/internal/markup"
	"broadsheet/internal/newsletter"
)

// maxFile is the most that is read of one file.
const maxFile = 5 << 20

// folder reads every article in a folder and the folders in it, in the order of
// their names.
func (r *reading) folder(ctx context.Context) error {
	dir, err := localPath(r.Publication.Dir, r.src.Folder)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return newsletter.Faultf(newsletter.Failure, "make the folder, or remove the source from the configuration",
			"read folder %s: %w", r.src.Folder, plain(err))
	}
	defer root.Close()
	files := folder{reading: r, fs: root.FS(), labels: labels(r.Publication)}
	if err := fs.WalkDir(files.fs, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		} else if name != "." {
			files.fail(name, plain(err))
			return nil
		}
		if err != nil {
			return err
		}
		return files.visit(name, d)
	}); err != nil {
		return fmt.Errorf("read folder %s: %w", r.src.Folder, plain(err))
	}
	r.countProblems(r.src.Folder)
	return nil
}

// A folder is what is being read. Its file system does not follow symbolic
// links that lead out of it.
type folder struct {
	*reading
	fs     fs.FS
	labels []string
}

// visit reads one file, or says which folders not to enter.
func (f *folder) visit(name string, d fs.DirEntry) error {
	switch base := path.Base(name); {
	case name == ".":
	case strings.HasPrefix(base, "."), strings.HasPrefix(base, "~"): // hidden, or an editor's
		if d.IsDir() {
			return fs.SkipDir
		}
	case d.Type()&fs.ModeSymlink != 0 && f.escapes(name):
		f.problem(newsletter.Problem{
			File: f.shown(name), Message: "is a symbolic link that leads out of the folder",
			Mend: "put a copy into the folder, or make the link relative if its target is inside",
		})
	case !d.IsDir() && isArticle(name):
		if err := f.read(name); err != nil {
			f.fail(name, err)
		}
	}
	return nil
}

// escapes tells whether a link leads to an article or a folder elsewhere. Where
// it leads is known by its not being found from inside but from outside.
func (f *folder) escapes(name string) bool {
	if _, err := fs.Stat(f.fs, name); err == nil || errors.Is(err, fs.ErrNotExist) {
		return false
	}
	if isArticle(name) {
		return true
	}
	dir, err := localPath(f.Publication.Dir, f.src.Folder)
	if err != nil {
		return true
	}
	info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
	return err == nil && info.IsDir()
}

func isArticle(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".txt", ".html", ".htm":
		return true
	}
	return false
}

// shown is a file's name as the user would write it.
func (f *folder) shown(name string) string {
	return filepath.Join(f.src.Folder, filepath.FromSlash(name))
}

// fail reports what is wrong with a file, whose own report of it may be more
// exact.
func (f *folder) fail(name string, err error) {
	var exact *newsletter.Problem
	if errors.As(err, &exact) {
		p := *exact
		p.File = f.shown(name)
		f.problem(p)
		return
	}
	f.problem(newsletter.Problem{File: f.shown(name), Message: err.Error()})
}

// read makes an article of one file.
func (f *folder) read(name string) error {
	data, err := disk.ReadFile(f.fs, name, maxFile)
	if errors.Is(err, disk.ErrTooLarge) {
		return &newsletter.Problem{Message: fmt.Sprintf("is larger than %d MiB, the most that is read", maxFile>>20), Mend: "split the file"}
	}
	if err != nil {
		return plain(err)
	}
	x, err := f.extract(name, data)
	if err != nil {
		return err
	}
	if x.Title == "" && x.Text == "" {
		return &newsletter.Problem{Message: "has neither a title nor a text", Mend: "write the article, or remove the file"}
	}
	a := newsletter.Article{
		Key: strings.ToValidUTF8(name, "\uFFFD"), Title: headline(line(x.Title), x.Text), Text: x.Text, Author: x.Author, Language: languageTag(x.Language),
		Image: x.Image, Labels: x.Labels, Published: x.Published,
	}
	a.Link = f.link(name, x.Link)
	if x.Image.URL != "" && webLink(nil, x.Image.URL) == "" {
		a.Image = newsletter.Image{}
	}
	if x.Hold {
		a.State, a.Why = newsletter.Held, "hold: true in its front matter"
	}
	f.add(a)
	return nil
}

func (f *folder) link(name, link string) string {
	out := webLink(nil, link)
	if link != "" && out == "" {
		f.problem(newsletter.Problem{
			File: f.shown(name), Value: link, Message: "the link is no web address", Mend: "write it with https:// in front",
		})
	}
	return out
}

// extract leaves the file's format to markup.
func (f *folder) extract(name string, data []byte) (x markup.Extracted, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("could not be read: %v", p)
		}
	}()
	return markup.FromFile(f.shown(name), data, f.labels, f.Publication.Location)
}

// plain takes an operating system's error out of its wrapping, which names
// paths that the user never wrote.
func plain(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
