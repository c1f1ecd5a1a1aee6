package render

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"

	"broadsheet/internal/newsletter"
)

// wordsFor returns the words of the first language that has some, English in
// the end. "de-AT" has those of its own file on top of those of "de"; of two
// files of a language the later changes single words of the earlier.
func wordsFor(files []newsletter.ThemeFile, languages ...string) (*words, error) {
	for _, tag := range append(languages, "en") {
		w := words{Language: tag, Direction: direction(tag), tag: language.Make(tag)}
		var last newsletter.ThemeFile
		base, _, _ := strings.Cut(tag, "-")
		for _, name := range slices.Compact([]string{base, tag}) {
			for _, file := range files {
				if !strings.EqualFold(languageOf(file), name) {
					continue
				}
				if err := w.read(file); err != nil {
					return nil, err
				}
				last = file
			}
		}
		if last.Name == "" {
			continue
		}
		if names := w.missing(); len(names) > 0 {
			return nil, &newsletter.Problem{
				File: last.Name, Value: strings.Join(names, ", "), Message: "words are missing",
				Mend: "write them all; broadsheet themes export has the English ones to start from",
			}
		}
		return &w, nil
	}
	return nil, errors.New("the theme has no words, not even English ones")
}

func languageOf(file newsletter.ThemeFile) string {
	return strings.TrimSuffix(path.Base(file.Name), ".yaml")
}

// checkWords reads every file of words, those too whose language nobody reads
// yet.
func checkWords(files []newsletter.ThemeFile) error {
	var all []error
	said := make(map[string]bool)
	for _, file := range files {
		if _, err := language.Parse(languageOf(file)); err != nil {
			all = append(all, &newsletter.Problem{
				File: file.Name, Value: languageOf(file), Message: "the file is not named after a language",
				Mend: "name it after a BCP 47 tag, such as da.yaml or de-AT.yaml",
			})
			continue
		}
		// A dialect repeats what is wrong with its language.
		if _, err := wordsFor(files, languageOf(file)); err != nil && !said[err.Error()] {
			said[err.Error()] = true
			all = append(all, err)
		}
	}
	return errors.Join(all...)
}

// read puts the words of a file over those that are there.
func (w *words) read(file newsletter.ThemeFile) error {
	var said words
	err := yaml.NewDecoder(strings.NewReader(file.Content), yaml.Strict()).Decode(&said)
	if located := yaml.Error(nil); errors.As(err, &located) && located.GetToken() != nil {
		return &newsletter.Problem{
			File: file.Name, Line: located.GetToken().Position.Line, Value: located.GetToken().Value,
			Message: located.GetMessage(), Mend: "the words are " + strings.Join(new(words).missing(), ", "),
		}
	} else if err != nil && file.Content != "" {
		return &newsletter.Problem{File: file.Name, Message: "the words cannot be read: " + err.Error(), Mend: "write one  name: words  on each line"}
	}
	to, from := reflect.ValueOf(w).Elem(), reflect.ValueOf(said)
	for i := range from.NumField() {
		if from.Field(i).IsZero() {
			continue
		}
		field := from.Type().Field(i)
		if message := wrong(field, from.Field(i)); message != "" {
			return &newsletter.Problem{
				File: file.Name, Line: lineOf(file.Content, field.Tag.Get("yaml")), Value: field.Tag.Get("yaml"),
				Message: message, Mend: "compare with the English words: broadsheet themes export",
			}
		}
		to.Field(i).Set(from.Field(i))
	}
	return nil
}

// wrong says what is wrong with a word that a file gives, or nothing.
func wrong(field reflect.StructField, value reflect.Value) string {
	switch said := value.Interface().(type) {
	case counted:
		return said.wrong()
	case []string:
		if want := field.Tag.Get("length"); fmt.Sprint(len(said)) != want {
			return fmt.Sprintf("there are %d entries where %s are due", len(said), want)
		}
		if slices.ContainsFunc(said, func(s string) bool { return !isLine(s) }) {
			return "an entry is empty or has a line break"
		}
	case string:
		if !isLine(said) {
			return "the words are not on one line"
		}
		for place := range strings.FieldsSeq(field.Tag.Get("needs")) {
			if !strings.Contains(said, place) {
				return place + " is missing"
			}
		}
	}
	return ""
}

func (c counted) wrong() string {
	known := []string{"zero", "one", "two", "few", "many", "other"}
	for _, form := range slices.Sorted(maps.Keys(c)) {
		switch {
		case !slices.Contains(known, form):
			return fmt.Sprintf("%q is no plural form; there are %s", form, strings.Join(known, ", "))
		case !isLine(c[form]):
			return "a form is empty or not on one line"
		}
	}
	if !strings.Contains(c["other"], "{n}") {
		return `the form "other" is missing, or {n} in it`
	}
	return ""
}

// isLine tells whether s has words, on one line.
func isLine(s string) bool {
	return s != "" && strings.TrimSpace(s) == s && !strings.ContainsFunc(s, unicode.IsControl)
}

// UnmarshalYAML reads the forms, or words that are the same for every number.
func (c *counted) UnmarshalYAML(read func(any) error) error {
	var all string
	if read(&all) == nil {
		*c = counted{"other": all}
		return nil
	}
	var forms map[string]string
	err := read(&forms)
	*c = forms
	return err
}

// lineOf is the line of a key of a file of words; 0: it cannot be told.
func lineOf(content, key string) int {
	n := 0
	for line := range strings.Lines(content) {
		if n++; strings.HasPrefix(line, key+":") {
			return n
		}
	}
	return 0
}
