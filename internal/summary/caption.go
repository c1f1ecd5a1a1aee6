package summary

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// captionMarks are words that only stand below a picture, by what they share.
var captionMarks = []struct {
	shared string
	marks  []string
}{
	{"pictur", []string{"(pictured", "pictured:", "pictured left", "pictured right", "pictured above", "pictured with", "pictured here", "pictured in", "pictured at", "file picture", "picture:"}},
	{"photo", []string{"file photo", "photo:", "photo by", "photograph:", "photo credit", "crédit photo", "photo d'illustration"}},
	{"(", []string{
		"(above", "(left)", "(right)", "(centre)", "(center)", "(foto", "(archivo)",
		"(l.)", "(r.)", "(links)", "(rechts)", "(à gauche)", "(à droite)", "(a la izquierda)", "(a la derecha)", "(a sinistra)", "(a destra)",
	}},
	{"image", []string{"file image", "getty images", "image:"}},
	{"foto", []string{"foto:", "foto di archivio", "archieffoto", "archivfoto", "nella foto", "en la foto", "op de foto", "auf dem foto"}},
	{"bild", []string{"bild:", "symbolbild", "archivbild", "im bild:", "auf dem bild"}},
	{"©", []string{"©"}},
	{"scroll", []string{"scroll down for"}},
	{"click", []string{"click here", "click through"}},
}

// captionStarts are words that only begin a caption or a link.
var captionStarts = []string{
	"pictured ", "above, the ", "photo ", "image ", "read more", "read: ", "read the full", "read our ", "see our ", "more from ", "more: ", "sign up ", "subscribe ", "like us on ",
	"scroll down ", "follow us on ", "follow @", "lesen sie ", "lire aussi", "leer más", "leggi anche", "lees ook", "crédit", "légende", "pie de foto", "didascalia", "beeld: ", "fuente: ", "quelle: ",
}

// isCaption tells captions that are written as sentences.
func isCaption(sentence string) bool {
	low := strings.ToLower(sentence)
	for _, c := range captionMarks {
		if strings.Contains(low, c.shared) && slices.ContainsFunc(c.marks, func(mark string) bool { return strings.Contains(low, mark) }) {
			return true
		}
	}
	return beginsAsCaption(low)
}

func beginsAsCaption(low string) bool {
	return slices.ContainsFunc(captionStarts, func(first string) bool { return strings.HasPrefix(low, first) })
}

// isLabelled tells of a sentence behind a label of a few words, as captions
// have ("Wreckage: The car …") and interviews ("Smith: We …"); not of one that
// names who said it.
func isLabelled(sentence string) bool {
	const longest, most = 30, 3 // bytes, words
	head, rest, found := strings.Cut(sentence[:min(len(sentence), longest)], ": ")
	words := strings.Fields(head)
	if !found || len(words) > most {
		return false
	}
	for _, w := range words {
		if roles[wholeTerm(w)]&says != 0 {
			return false
		}
	}
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, openingMarks+" "))
	return unicode.IsUpper(first)
}
