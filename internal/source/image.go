package source

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"broadsheet/internal/markup"
	"broadsheet/internal/newsletter"

	ext "github.com/mmcdole/gofeed/extensions"
)

// image is the picture that an entry declares: the widest of Media RSS, an
// enclosure, the format's own, or a thumbnail, in this order.
func (e entry) image() newsletter.Image {
	candidates := e.media()
	for _, enclosure := range e.item.Enclosures {
		if isPicture(enclosure.Type, "", enclosure.URL) {
			candidates = append(candidates, newsletter.Image{URL: enclosure.URL, Alt: e.raw.alts[enclosure.URL]})
		}
	}
	candidates = append(candidates, newsletter.Image{URL: e.ownImage()})
	candidates = append(candidates, e.thumbnails()...)
	for _, c := range candidates {
		if link := webLink(e.base, c.URL); link != "" {
			return newsletter.Image{URL: link, Alt: line(markup.HTMLText(c.Alt))}
		}
	}
	return newsletter.Image{}
}

// ownImage is the image member of JSON Feed, or that of iTunes in RSS. What else
// gofeed calls an item's image is among the other candidates.
func (e entry) ownImage() string {
	switch {
	case e.item.ITunesExt != nil:
		return e.item.ITunesExt.Image
	case e.feed.FeedType == "json" && e.item.Image != nil:
		return e.item.Image.URL
	}
	return ""
}

// media is the pictures of Media RSS, the widest first.
func (e entry) media() []newsletter.Image {
	var pictures []ext.Extension
	for _, c := range e.mediaElements("content") {
		if isPicture(c.Attrs["type"], c.Attrs["medium"], c.Attrs["url"]) && width(c) != 1 {
			pictures = append(pictures, c)
		}
	}
	slices.SortStableFunc(pictures, func(a, b ext.Extension) int { return width(b) - width(a) })
	out := make([]newsletter.Image, len(pictures))
	for i, p := range pictures {
		out[i] = newsletter.Image{URL: p.Attrs["url"], Alt: value(p, "description", "title")}
	}
	return out
}

func (e entry) thumbnails() []newsletter.Image {
	all := e.mediaElements("thumbnail")
	for _, c := range e.mediaElements("content") {
		all = append(all, c.Children["thumbnail"]...)
	}
	var out []newsletter.Image
	for _, t := range all {
		if width(t) != 1 {
			out = append(out, newsletter.Image{URL: t.Attrs["url"]})
		}
	}
	return out
}

// mediaElements finds the Media RSS elements of a name, alone and in groups.
func (e entry) mediaElements(name string) []ext.Extension {
	media := e.item.Extensions["media"]
	out := slices.Clone(media[name])
	for _, group := range media["group"] {
		out = append(out, group.Children[name]...)
	}
	return out
}

func width(e ext.Extension) int {
	w, err := strconv.ParseUint(e.Attrs["width"], 10, 16)
	if err != nil {
		return 0
	}
	return int(w)
}

func value(e ext.Extension, names ...string) string {
	for _, name := range names {
		if c := e.Children[name]; len(c) > 0 && c[0].Value != "" {
			return c[0].Value
		}
	}
	return ""
}

// isPicture goes by the declared type, and by the name's ending without one.
func isPicture(mediaType, medium, link string) bool {
	switch {
	case medium == "image", strings.HasPrefix(strings.ToLower(mediaType), "image/"):
		return true
	case medium != "", mediaType != "":
		return false
	}
	link, _, _ = strings.Cut(link, "?")
	return slices.Contains([]string{".jpg", ".jpeg", ".png", ".gif", ".webp"}, strings.ToLower(path.Ext(link)))
}
