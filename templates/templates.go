// Package templates holds the built-in themes, a folder for each: page.html
// draws the letter, style.css is inlined, head.css stays in the head. text.txt
// draws the plain-text part of all, and words has what letters say by
// themselves, a file for each language.
package templates

import "embed"

// FS holds the themes' folders at its root.
//
//go:embed text.txt words/*.yaml */page.html */style.css */head.css
var FS embed.FS
