package sink

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"broadsheet/internal/newsletter"
)

// rehearsalMark is the file that says whose the letters beside it are.
const rehearsalMark = ".rehearsal"

const rehearsalWords = "broadsheet send --rehearse keeps letters here; it removes them when it is called again\n"

// ForRehearsal makes dir a rehearsal's, so that its letters will be those of the
// next one and no others: it removes the letters that an earlier rehearsal left
// there, and nothing else. Letters that are no rehearsal's are a Fault of kind
// Misuse, unless nothing but rehearsals may keep any there.
func ForRehearsal(dir string, nothingElse bool) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of letters: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("read the folder of letters: %w", err)
	}
	var letters []string
	for _, e := range entries {
		if e.Type().IsRegular() && letterNumber(e.Name()) > 0 {
			letters = append(letters, filepath.Join(dir, e.Name()))
		}
	}
	mark := filepath.Join(dir, rehearsalMark)
	_, err = os.Lstat(mark)
	switch unmarked := errors.Is(err, fs.ErrNotExist); {
	case err != nil && !unmarked:
		return err
	case unmarked && !nothingElse && len(letters) > 0:
		return newsletter.Faultf(newsletter.Misuse, "name another folder, or none: then they come beside the issue, in place of the last rehearsal's",
			"%s holds letters already, such as %s, which are no rehearsal's", dir, filepath.Base(letters[0]))
	}
	err = nil
	for _, letter := range letters {
		err = errors.Join(err, os.Remove(letter))
	}
	return errors.Join(err, os.WriteFile(mark, []byte(rehearsalWords), 0o600))
}

// ForLetters makes dir no rehearsal's any more: no rehearsal removes what is kept
// there from now on.
func ForLetters(dir string) error {
	if err := os.Remove(filepath.Join(dir, rehearsalMark)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
