package workflow

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"broadsheet/internal/newsletter"
	"broadsheet/internal/render"
)

// A ThemeLine says what a theme is.
type ThemeLine struct {
	Name  string   `json:"name"`
	About string   `json:"about"`
	Used  bool     `json:"used"`
	Own   []string `json:"own"` // the publication's own files
}

// ListThemes lists the themes.
func (d *Desk) ListThemes() ([]ThemeLine, error) {
	names, err := d.Themes()
	if err != nil {
		return nil, err
	}
	lines := make([]ThemeLine, 0, len(names))
	for _, name := range names {
		theme, err := d.Theme(name)
		if err != nil {
			return nil, err
		}
		line := ThemeLine{Name: name, About: render.About(theme), Used: name == d.Publication.Theme.Name, Own: []string{}}
		for _, file := range theme.Files() {
			if !file.Builtin() {
				line.Own = append(line.Own, file.Name)
			}
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// A ThemeView is what can be seen and changed of a theme.
type ThemeView struct {
	Name    string          `json:"name"`
	About   string          `json:"about"`
	Files   []string        `json:"files"`
	Options []render.Option `json:"options"`
}

// ShowTheme shows a theme; "" is the publication's.
func (d *Desk) ShowTheme(name string) (ThemeView, error) {
	set := d.Publication.Theme.Styles
	if name == "" {
		name = d.Publication.Theme.Name
	}
	if name != d.Publication.Theme.Name {
		set = nil
	}
	theme, err := d.Theme(name)
	if err != nil {
		return ThemeView{}, err
	}
	v := ThemeView{Name: name, About: render.About(theme), Options: render.Options(theme, set)}
	for _, file := range theme.Files() {
		v.Files = append(v.Files, file.Name)
	}
	return v, nil
}

// themeParts are the files of a theme that an export without names writes.
var themeParts = []string{"page.html", "text.txt", "style.css", "head.css"}

// ExportTheme copies files of a theme into the publication, all but the words
// where none are named. It never overwrites.
func (d *Desk) ExportTheme(name string, parts []string) (written []string, err error) {
	theme, err := d.Theme(name)
	if err != nil {
		return nil, err
	}
	if len(parts) == 0 {
		parts = themeParts
	}
	var files []newsletter.ThemeFile
	for _, part := range parts {
		i := slices.IndexFunc(theme.Files(), func(f newsletter.ThemeFile) bool { return f.Part() == part })
		if i < 0 {
			return nil, newsletter.Faultf(newsletter.Misuse, "it has "+strings.Join(partsOf(theme), ", "), "the theme %s has no file %q", name, part)
		}
		files = append(files, theme.Files()[i])
	}
	for i, file := range files {
		files[i].Name = exportedTo(name, file)
		switch _, err := d.Folder.Read(files[i].Name); {
		case err == nil:
			return nil, newsletter.Faultf(newsletter.Failure, "move it away first, or name other files: broadsheet themes export "+name+" FILE", "%s is there already", files[i].Name)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, err
		}
	}
	for _, file := range files {
		if err := d.Folder.Write(file.Name, []byte(file.Content), 0o644); err != nil {
			return written, err
		}
		written = append(written, file.Name)
	}
	return written, nil
}

// exportedTo is where the publication has a file of a theme; words are those of
// every theme.
func exportedTo(theme string, file newsletter.ThemeFile) string {
	if strings.HasPrefix(file.Part(), "words/") {
		return path.Join("templates", file.Part())
	}
	return path.Join("templates", theme, file.Part())
}

// partsOf names the files of a theme.
func partsOf(theme newsletter.Theme) []string {
	var parts []string
	for _, file := range theme.Files() {
		parts = append(parts, file.Part())
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}

// themeMend says how to mend a theme that cannot be rendered.
func themeMend(err error) string {
	mend := "mend the theme's file, or remove it to fall back on the built-in one"
	if p := (*newsletter.Problem)(nil); errors.As(err, &p) && p.Mend != "" {
		return p.Mend + "\n" + mend
	}
	return mend
}
