package preview

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"

	"broadsheet/internal/newsletter"
)

//go:embed assets
var assets embed.FS

var pages = template.Must(template.New("").
	Funcs(template.FuncMap{"count": count, "kilobytes": kilobytes}).
	ParseFS(assets, "assets/page.html"))

// The desk loads its own files only. A letter may show pictures and fonts from
// the web, as in an inbox; it runs nothing.
const (
	deskPolicy = "default-src 'none'; connect-src 'self'; frame-src 'self'; img-src 'self'; script-src 'self'; " +
		"style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	letterPolicy = "sandbox " + sandbox + "; default-src 'none'; style-src 'unsafe-inline'; " +
		"img-src https: http: data:; font-src https: data:; frame-ancestors 'self'"
	// sandbox lets the desk reach into the letter, for its scroll and links, and
	// the links open pages beside the desk.
	sandbox = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)

// handler answers:
//
//	/                                the desk: choose a segment, a part, a width
//	/html?segment=N, /text?segment=N the parts of a letter, byte for byte
//	/turn?round=N                    waits until there is a newer rendering
//	/style.css, /script.js, /icon.svg
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.desk)
	mux.HandleFunc("GET /html", s.html)
	mux.HandleFunc("GET /text", s.text)
	mux.HandleFunc("GET /turn", s.turn)
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

// guard refuses requests that were meant for another host, and keeps answers
// from other pages.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", deskPolicy)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		if !s.hosts[r.Host] {
			http.Error(w, "this preview answers at "+s.url+" only", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// A deskPage is what the template draws.
type deskPage struct {
	Proof
	Round   int
	Chosen  Letter
	Part    string // html or text
	Width   string // desktop or phone
	Sandbox string
	More    int      // problems that are not shown
	Failure *failure // why there is no letter
}

// problemsShown bounds how many problems of the lists stand beside the letter.
const problemsShown = 25

func (s *Server) desk(w http.ResponseWriter, r *http.Request) {
	proof, round, err := s.current()
	page := deskPage{Proof: proof, Round: round, Part: "html", Width: "desktop", Sandbox: sandbox}
	page.Chosen, _ = proof.letter(r.FormValue("segment"))
	if r.FormValue("part") == "text" {
		page.Part = "text"
	}
	if r.FormValue("width") == "phone" {
		page.Width = "phone"
	}
	if all := len(proof.Problems); all > problemsShown {
		page.Problems, page.More = proof.Problems[:problemsShown], all-problemsShown
	}
	if err != nil {
		page.Failure = explain(err)
	} else if len(proof.Letters) == 0 {
		page.Failure = &failure{Problems: []newsletter.Problem{{Message: "no segment gets a letter"}}}
	}
	var out bytes.Buffer
	if err := pages.ExecuteTemplate(&out, "page.html", page); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	write(w, "text/html", out.Bytes())
}

func (s *Server) html(w http.ResponseWriter, r *http.Request) {
	if html, _, ok := s.cut(w, r); ok {
		w.Header().Set("Content-Security-Policy", letterPolicy)
		write(w, "text/html", html)
	}
}

func (s *Server) text(w http.ResponseWriter, r *http.Request) {
	if _, text, ok := s.cut(w, r); ok {
		w.Header().Set("Content-Security-Policy", letterPolicy)
		write(w, "text/plain", text)
	}
}

// cut makes the parts of the letter that is asked for, or answers why not.
func (s *Server) cut(w http.ResponseWriter, r *http.Request) (html, text []byte, ok bool) {
	proof, _, err := s.current()
	letter, found := proof.letter(r.FormValue("segment"))
	switch {
	case err != nil:
	case !found:
		http.NotFound(w, r)
		return nil, nil, false
	default:
		html, text, err = letter.Cut()
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
	return html, text, err == nil
}

func write(w http.ResponseWriter, kind string, body []byte) {
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	_, _ = w.Write(body) // a browser that went away is no error
}
