package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"

	"broadsheet/internal/newsletter"
)

// Theme loads a theme: each file from the publication's templates/NAME or, where
// it has none, templates, else from the built-in themes.
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
	return theme, nil
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
	data, err := fs.ReadFile(builtin, path.Join(theme, file))
	if errors.Is(err, fs.ErrNotExist) {
		return newsletter.ThemeFile{}, newsletter.Faultf(newsletter.Misuse,
			fmt.Sprintf("use a built-in theme, or write templates/%s/%s", theme, file),
			"there is no theme %q: neither templates/%s/%s nor a built-in one has %s", theme, theme, file, file)
	}
	return newsletter.ThemeFile{Name: path.Join("built-in", theme, file), Content: string(data)}, err
}
