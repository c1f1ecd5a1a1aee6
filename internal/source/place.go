package source

import (
	"net/url"
	"os"
	"path/filepath"

	"broadsheet/internal/disk"
	"broadsheet/internal/newsletter"
)

// localPath makes the path of a folder or file that the configuration names.
// An absolute path stands for itself, wherever it is: whoever writes the
// configuration may read the file anyway. A relative one stays below dir, so
// that a publication that came from elsewhere reads nothing but its own.
func localPath(dir, name string) (string, error) {
	if filepath.IsAbs(name) {
		return filepath.Clean(name), nil
	}
	if !filepath.IsLocal(name) {
		return "", newsletter.Faultf(newsletter.Misuse, "write the absolute path if this is meant",
			"%q leads out of the publication's folder", name)
	}
	return filepath.Join(dir, name), nil
}

// filePath takes the path out of a file: URL (RFC 8089), or out of its relative
// form file:feeds/x.xml.
func filePath(feed *url.URL) (string, error) {
	if feed.Host != "" && feed.Host != "localhost" {
		return "", newsletter.Faultf(newsletter.Misuse, "write file:"+feed.Host+feed.Path+" for a path below the publication, file:///… for an absolute one",
			"%q names a host", feed)
	}
	if feed.Opaque == "" {
		return filepath.FromSlash(feed.Path), nil
	}
	path, err := url.PathUnescape(feed.Opaque)
	return filepath.FromSlash(path), err
}

// readBelow reads a file without following a symbolic link out of dir.
func readBelow(dir, name string, limit int64) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return disk.ReadFile(root.FS(), filepath.ToSlash(name), limit)
}
