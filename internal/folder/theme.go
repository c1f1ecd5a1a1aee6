package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
)

// Theme loads a theme: each file from the publication's templates/NAME or, where
// it has none, templates, else from the built-in themes; and the words of every
// language, the publication's own last.
func (f *Folder) Theme(name string, builtin fs.FS) (newsletter.Theme, error) {
	theme := newsletter.Theme{Name: name}
	for _, part := range []struct {
		file string
		to   *newsletter.ThemeFile
	}{
		{"page.html", &theme.Page},
		{"text.txt", &theme.Text},
		{"style.css", &theme.Style},
		{"head.css", &theme.Head},
	} {
		file, err := f.themeFile(name, part.file, builtin)
		if err != nil {
			return newsletter.Theme{}, err
		}
		*part.to = file
	}
	var err error
	theme.Words, err = f.words(builtin)
	return theme, err
}

func (f *Folder) themeFile(theme, file string, builtin fs.FS) (newsletter.ThemeFile, error) {
	for _, name := range []string{path.Join("templates", theme, file), path.Join("templates", file)} {
		data, err := f.Read(name)
		if err == nil {
			return newsletter.ThemeFile{Name: name, Content: string(data)}, nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return newsletter.ThemeFile{}, err
		}
	}
	// What the built-in themes share stands beside their folders.
	for _, name := range []string{path.Join(theme, file), file} {
		data, err := fs.ReadFile(builtin, name)
		if !errors.Is(err, fs.ErrNotExist) {
			return newsletter.ThemeFile{Name: newsletter.BuiltinPrefix + name, Content: string(data)}, err
		}
	}
	return newsletter.ThemeFile{}, newsletter.Faultf(newsletter.Misuse,
		fmt.Sprintf("use a built-in theme (broadsheet themes list), or write templates/%s/%s", theme, file),
		"there is no theme %q: neither templates/%s/%s nor a built-in one has %s", theme, theme, file, file)
}

// words are the files of the letter's own words.
func (f *Folder) words(builtin fs.FS) ([]newsletter.ThemeFile, error) {
	var files []newsletter.ThemeFile
	names, err := fs.Glob(builtin, "words/*.yaml")
	for _, name := range names {
		data, failed := fs.ReadFile(builtin, name)
		err = errors.Join(err, failed)
		files = append(files, newsletter.ThemeFile{Name: newsletter.BuiltinPrefix + name, Content: string(data)})
	}
	own, failed := f.Match("templates/words/*.yaml")
	err = errors.Join(err, failed)
	for _, name := range own {
		data, failed := f.Read(name)
		err = errors.Join(err, failed)
		files = append(files, newsletter.ThemeFile{Name: name, Content: string(data)})
	}
	return files, err
}

// Themes names the themes there are: those built in, and those of which the
// publication has a folder with a page of its own.
func (f *Folder) Themes(builtin fs.FS) ([]string, error) {
	names, err := fs.Glob(builtin, "*/page.html")
	own, failed := f.Match("templates/*/page.html")
	for _, name := range own {
		names = append(names, strings.TrimPrefix(name, "templates/"))
	}
	for i, name := range names {
		names[i] = path.Dir(name)
	}
	slices.Sort(names)
	return slices.Compact(names), errors.Join(err, failed)
}
