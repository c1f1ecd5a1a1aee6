package stylesheet

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestInlineRealPages inlines templates as people write them. What is inlined
// stays as it is, but that the HTML parser sorts the attributes of a link: so
// the second and the third time are compared.
func TestInlineRealPages(t *testing.T) {
	const folder = "../../../shared/data/email-html"
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the collection of e-mail templates is not there: %v", err)
	}
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".html" {
			return err
		}
		page, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var before []byte
		for range 3 {
			before = page
			if page, err = Inline(page); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
		if !bytes.Equal(before, page) {
			t.Errorf("%s: inlining again changes the page", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
