package main

import (
	"regexp"
	"slices"
	"strings"
)

// tokens name a feature as it stands in a letter:
//
//	<video>        an element          float          a CSS property
//	[background]   an attribute        display:flex   one of its values
//	.webp          a picture's format  calc()         a CSS function
//	:has           a selector's part   vh#            a unit
//	@import        an at-rule
func (f *feature) tokens() []string {
	if known, ok := special[f.Slug]; ok {
		return known
	}
	category, name, _ := strings.Cut(f.Slug, "-")
	switch category {
	case "css":
		return f.cssTokens(name)
	case "html":
		return f.htmlTokens()
	case "image":
		return []string{"." + name}
	}
	return nil
}

func (f *feature) cssTokens(name string) []string {
	for prefix, form := range map[string]string{
		"at-": "@$", "pseudo-class-": ":$", "pseudo-element-": ":$", "unit-": "$#", "function-": "$()", "display-": "display:$",
	} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return []string{strings.ReplaceAll(form, "$", rest)}
		}
	}
	return f.properties()
}

var (
	propertyName = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	functionName = regexp.MustCompile(`^[a-z-]+\(\)$`)
	elementName  = regexp.MustCompile(`^<([a-z0-9]+)>`)
	attribute    = regexp.MustCompile(`^([a-z-]+) attribute$`)
)

// properties are the names in the title, or else those among the keywords.
func (f *feature) properties() []string {
	title := strings.TrimSuffix(strings.TrimSpace(f.Title), " property")
	names := strings.FieldsFunc(title, func(r rune) bool { return r == ',' || r == '&' || r == ' ' })
	isName := func(s string) bool { return propertyName.MatchString(s) || functionName.MatchString(s) }
	if slices.ContainsFunc(names, func(s string) bool { return !isName(s) }) || strings.Contains(title, "properties") {
		names = strings.Split(f.Keywords, ", ")
		names = slices.DeleteFunc(names, func(s string) bool { return !propertyName.MatchString(s) })
	}
	return names
}

func (f *feature) htmlTokens() []string {
	if m := elementName.FindStringSubmatch(f.Title); m != nil {
		return []string{"<" + m[1] + ">"}
	}
	if m := attribute.FindStringSubmatch(f.Title); m != nil {
		return []string{"[" + m[1] + "]"}
	}
	return nil
}

// special names what the rules above cannot guess.
var special = map[string][]string{
	"css-flex-direction": {"flex-direction"}, "css-flex-wrap": {"flex-wrap"},
	"css-grid-template":            {"grid-template", "grid-template-areas", "grid-template-columns", "grid-template-rows"},
	"css-scroll-snap":              {"scroll-snap-type"},
	"css-unit-calc":                {"calc()"},
	"css-variables":                {"var()"},
	"css-intrinsic-size":           {"=fit-content", "=min-content", "=max-content"},
	"css-display":                  {"display"},
	"css-pseudo-class-lang":        {":lang"},
	"html-button-reset":            {},
	"html-button-submit":           {"<button>"},
	"html-input-checkbox":          {"<input type=checkbox>"},
	"html-input-radio":             {"<input type=radio>"},
	"html-input-text":              {"<input type=text>"},
	"html-input-submit":            {"<input type=submit>"},
	"html-input-hidden":            {},
	"html-input-reset":             {},
	"html-svg":                     {"<svg>"},
	"html-image-maps":              {"<map>"},
	"image-base64":                 {"data:image"},
	"image-heif":                   {".heif", ".heic"},
	"image-tiff":                   {".tiff", ".tif"},
	"css-nesting":                  {},
	"css-column-count":             {"column-count", "columns"},
	"css-column-layout-properties": {},
	"css-inline-size":              {},
	"css-position":                 {"position:absolute", "position:fixed", "position:sticky"},
	"css-left-right-top-bottom":    {},
	"css-text-decoration":          {},
	"css-list-style":               {},
	"css-important":                {},
	"css-comments":                 {},
	"css-unit-initial":             {},
	"css-unit-percent":             {},
	"css-selector-universal":       {},
}

// harmless are features that a letter may use without asking who understands
// them: whoever does not shows it plainer, and nothing is lost. What is not
// understood on phones or in the dark leaves the letter as it is elsewhere.
// The last line is of what no letter may hold anyway, or every one has.
var harmless = strings.Fields(`
	amp bimi
	css-accent-color css-animation css-backdrop-filter css-background-blend-mode css-background-clip
	css-background-origin css-background-position css-background-repeat css-background-size
	css-border-image css-border-radius css-border-radius-logical css-border-spacing css-box-shadow css-box-sizing
	css-caption-side css-color-scheme css-cursor css-empty-cells css-filter
	css-font-kerning css-font-size-adjust css-font-stretch css-sytem-ui
	css-hyphenate-character css-hyphenate-limit-chars css-hyphens css-inert-attribute
	css-letter-spacing css-list-style-image css-list-style-position css-mix-blend-mode
	css-object-fit css-object-position css-opacity css-orphans css-outline css-outline-offset
	css-overflow css-overflow-wrap css-resize css-scroll-snap css-shape-margin css-shape-outside css-tab-size
	css-table-layout css-text-align-last css-text-decoration-color css-text-decoration-line
	css-text-decoration-skip-ink css-text-decoration-style css-text-decoration-thickness
	css-text-emphasis css-text-emphasis-position css-text-justify css-text-overflow css-text-shadow
	css-text-underline-offset css-text-underline-position css-text-wrap css-transition css-user-select
	css-white-space css-white-space-collapse css-widows css-word-break css-word-spacing css-word-wrap css-z-index

	css-at-font-face css-at-keyframes css-at-supports css-at-media css-at-media-device-pixel-ratio
	css-at-media-hover css-at-media-orientation css-at-media-prefers-color-scheme css-at-media-prefers-reduced-motion

	css-height css-max-height css-max-width css-min-height css-min-width

	css-pseudo-class-active css-pseudo-class-checked css-pseudo-class-default css-pseudo-class-focus
	css-pseudo-class-focus-visible css-pseudo-class-focus-within css-pseudo-class-hover css-pseudo-class-lang
	css-pseudo-class-link css-pseudo-class-target css-pseudo-class-visited css-pseudo-element-first-letter
	css-pseudo-element-first-line css-pseudo-element-marker css-pseudo-element-placeholder
	css-selector-adjacent-sibling css-selector-attribute css-selector-chaining css-selector-child css-selector-class
	css-selector-descendant css-selector-general-sibling css-selector-grouping css-selector-id css-selector-type

	html-abbr html-acronym html-anchor-links html-bdi html-body html-comments html-dfn html-doctype html-lang html-link
	html-aria-describedby html-aria-hidden html-aria-label html-aria-labelledby html-aria-live html-role
	html-loading-attribute html-mailto-links html-meta-color-scheme html-picture html-popover html-required
	html-rp html-rt html-ruby html-semantics html-small html-srcset html-style html-target html-wbr
	image-apng image-hdr

	html-form html-object html-base html-dir html-height html-width`)
