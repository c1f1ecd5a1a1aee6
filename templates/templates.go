// Package templates holds the built-in themes, a folder for each: page.html and
// text.txt draw the letter, style.css is inlined, head.css stays in the head.
package templates

import "embed"

// FS holds the themes' folders at its root.
//
//go:embed plain/page.html plain/text.txt plain/style.css plain/head.css
var FS embed.FS
