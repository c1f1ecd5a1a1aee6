package preview

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strings"
)

//go:embed assets
var assets embed.FS

var pages = template.Must(template.New("").
	Funcs(template.FuncMap{"count": count, "kilobytes": kilobytes, "percent": percent, "characters": characters, "way": way}).
	ParseFS(assets, "assets/*.html"))

// handler answers, below the token; NAME is a segment's name or a reader's
// address:
//
//	GET  /                               the desk
//	GET  /html?for=NAME[&images=off]     the parts of a letter, byte for byte
//	GET  /text?for=NAME
//	GET  /source?for=NAME                the HTML part with numbered lines
//	GET  /choices?find=WORDS             segments and readers, for the picker
//	GET  /turn?round=N[&notes=M]         waits until there is something newer
//	POST /seen                           the present state is the last look
//	POST /test, /test/send               a test letter: the question, the answer
//	GET  /style.css, /script.js, /icon.svg
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.desk)
	mux.HandleFunc("GET /html", s.html)
	mux.HandleFunc("GET /text", s.text)
	mux.HandleFunc("GET /source", s.source)
	mux.HandleFunc("GET /choices", s.choices)
	mux.HandleFunc("GET /turn", s.turn)
	mux.HandleFunc("POST /seen", s.seen)
	mux.HandleFunc("POST /test", s.ask)
	mux.HandleFunc("POST /test/send", s.sendTest)
	for name, kind := range map[string]string{
		"style.css": "text/css", "script.js": "text/javascript", "icon.svg": "image/svg+xml",
	} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind+"; charset=utf-8")
			http.ServeFileFS(w, r, assets, "assets/"+name)
		})
	}
	return s.guard(mux)
}

func (s *Server) html(w http.ResponseWriter, r *http.Request) {
	if html, _, ok := s.cut(w, r); ok {
		policy := pagePolicy
		if r.FormValue("images") != off {
			policy += picturesOn
		}
		w.Header().Set("Content-Security-Policy", policy)
		write(w, "text/html", html)
	}
}

func (s *Server) text(w http.ResponseWriter, r *http.Request) {
	if _, text, ok := s.cut(w, r); ok {
		w.Header().Set("Content-Security-Policy", pagePolicy)
		write(w, "text/plain", text)
	}
}

func (s *Server) source(w http.ResponseWriter, r *http.Request) {
	if html, _, ok := s.cut(w, r); ok {
		w.Header().Set("Content-Security-Policy", pagePolicy)
		draw(w, "source.html", strings.Split(strings.TrimSuffix(string(html), "\n"), "\n"))
	}
}

// cut makes the parts of the letter that is asked for, or answers why not.
func (s *Server) cut(w http.ResponseWriter, r *http.Request) (html, text []byte, ok bool) {
	letter, err := s.current().letter(r.Context(), r.FormValue("for"))
	if err == nil {
		html, text, err = letter.Cut()
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
	}
	return html, text, err == nil
}

// draw answers with a page of the templates.
func draw(w http.ResponseWriter, name string, data any) {
	var out bytes.Buffer
	if err := pages.ExecuteTemplate(&out, name, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	write(w, "text/html", out.Bytes())
}

func write(w http.ResponseWriter, kind string, body []byte) {
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	_, _ = w.Write(body) // a browser that went away is no error
}
