package summary

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// captionMarks are words that only stand below a picture; a profile picture is none.
var captionMarks = []string{
	"(pictured", "pictured:", "pictured left", "pictured right", "pictured above", "pictured with", "pictured here", "pictured in", "pictured at", " file picture", "(file picture", "picture:",
	" file photo", "(file photo", "photo:", "photo by", "photograph:", "photo credit", "crédit photo", "photo d'illustration", " file image", "(file image", "getty images", "image:",
	"(above", "(left)", "(right)", "(centre)", "(center)", "(foto", "(archivo)", "(l.)", "(r.)",
	"(links)", "(rechts)", "(à gauche)", "(à droite)", "(a la izquierda)", "(a la derecha)", "(a sinistra)", "(a destra)",
	"foto:", "foto di archivio", "archieffoto", "archivfoto", "nella foto", "en la foto", "op de foto", "auf dem foto", "bild:", "symbolbild", "archivbild", "im bild:", "auf dem bild",
	"©", "scroll down for", "click here", "click through",
}

// Every mark has one of these signs or words.
var captionSigns = []string{":", "(", "©"}

const captionWords = "pictured file photo getty foto archieffoto archivfoto bild symbolbild archivbild scroll click"

// captionStarts are words that only begin a caption or a link.
var captionStarts = []string{
	"pictured ", "above, the ", "photo ", "image ", "read more", "read: ", "read the full", "read our ", "see our ", "more from ", "more: ", "sign up ", "subscribe ", "like us on ",
	"scroll down ", "follow us on ", "follow @", "lesen sie ", "lire aussi", "leer más", "leggi anche", "lees ook", "crédit", "légende", "pie de foto", "didascalia", "beeld: ", "fuente: ", "quelle: ",
}

// isCaption tells captions that are written as sentences.
func isCaption(p passage) bool {
	return beginsAsCaption(p.text) || mayHoldMark(p) && holdsOne(" "+strings.ToLower(p.text), captionMarks)
}

func mayHoldMark(p passage) bool {
	return holdsOne(p.text, captionSigns) || slices.ContainsFunc(p.words, func(w word) bool { return w.does&shows != 0 })
}

func holdsOne(text string, parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

func beginsAsCaption(text string) bool {
	const longest = 20 // bytes
	low := strings.ToLower(text[:min(len(text), longest)])
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
