package issue

import "strings"

// A writer puts chunks of different files together: each line end as the
// edited file has it, and an empty line wherever two files meet.
type writer struct {
	text   strings.Builder
	ending string // LF or CRLF
	seam   bool   // the last chunk was not edited's
}

// own writes a chunk of the edited file as it stands.
func (w *writer) own(text string) {
	if text == "" {
		return
	}
	if w.seam && strings.Trim(text, "\r\n") != "" {
		w.emptyLine()
	}
	w.text.WriteString(text)
	w.seam = false
}

// foreign writes a chunk of another file as paragraphs of their own.
func (w *writer) foreign(text string) {
	if text = essence(text); text == "" {
		return
	}
	w.emptyLine()
	w.text.WriteString(strings.ReplaceAll(text, "\n", w.ending) + w.ending)
	w.seam = true
}

// line writes a chunk of another file directly below what stands.
func (w *writer) line(text string) {
	w.newLine()
	w.text.WriteString(strings.ReplaceAll(essence(text), "\n", w.ending) + w.ending)
}

func (w *writer) newLine() {
	if text := w.text.String(); text != "" && !strings.HasSuffix(text, "\n") {
		w.text.WriteString(w.ending)
	}
}

func (w *writer) emptyLine() {
	w.newLine()
	if text := w.text.String(); !strings.HasSuffix(text, "\n\n") && !strings.HasSuffix(text, "\n\r\n") {
		w.text.WriteString(w.ending)
	}
}
