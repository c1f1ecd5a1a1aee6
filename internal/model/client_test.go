package model

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const (
	sentence = "Bread rose by a tenth on Monday."
	secret   = "sk-very-secret"
)

// serve runs a server that speaks as handler does, and a client of it.
func serve(t *testing.T, handler http.HandlerFunc, change ...func(*Options)) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	o := Options{BaseURL: server.URL + "/v1", Model: "small", Key: secret, Timeout: 10 * time.Second, HTTP: server.Client()}
	for _, c := range change {
		c(&o)
	}
	client := New(o)
	client.pause = time.Millisecond
	return client
}

func impatient(o *Options) { o.Timeout = 200 * time.Millisecond }

// say answers as the protocol wants it.
func say(words string) http.HandlerFunc { return choose(words, "stop") }

func choose(words, reason string) http.HandlerFunc {
	return send("application/json", fmt.Sprintf(`{"object":"chat.completion","choices":[{"index":0,"finish_reason":%q,"message":{"role":"assistant","content":%s}}]}`, reason, quoted(words)))
}

func quoted(words string) string {
	b, err := json.Marshal(words)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func send(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		io.WriteString(w, body)
	}
}

func fail(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func complain(status int, message, code string) http.HandlerFunc {
	return fail(status, fmt.Sprintf(`{"error":{"message":%q,"type":"x","code":%q}}`, message, code), "Content-Type", "application/json")
}

// hang answers nothing until the client has left.
func hang(_ http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body) // only then does the server notice that it left
	<-r.Context().Done()
}

func article() Request {
	return Request{Title: "Bread", Text: sentence + " Bakers shrugged.", Language: "en", Words: 20}
}

func TestRequest(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "of-another-server")
	t.Setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/")
	t.Setenv("OPENAI_ORG_ID", "acme")
	var got struct {
		Model       string
		Temperature *float64
		MaxTokens   int `json:"max_tokens"`
		Messages    []struct{ Role, Content string }
	}
	var path string
	var header http.Header
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		path, header = r.URL.Path, r.Header
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		say(sentence)(w, r)
	})
	answer, err := c.Summarize(t.Context(), article())
	if err != nil || answer != sentence {
		t.Fatalf("Summarize() = %q, %v", answer, err)
	}
	if path != "/v1/chat/completions" || header.Get("Authorization") != "Bearer "+secret || header.Get("OpenAI-Organization") != "" {
		t.Errorf("asked %s with %v", path, header)
	}
	if got.Model != "small" || got.Temperature == nil || *got.Temperature != 0 || got.MaxTokens != defaultMaxTokens {
		t.Errorf("asked for %+v", got)
	}
	if len(got.Messages) != 2 || got.Messages[0].Role != "system" || !strings.Contains(got.Messages[1].Content, "Bakers shrugged.") {
		t.Errorf("said %+v", got.Messages)
	}
}

func TestNoKeySendsNone(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "of-another-server")
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Authorization"); got != "" {
			t.Errorf("sent %q", got)
		}
		say(sentence)(w, r)
	}, func(o *Options) { o.Key = "" })
	if _, err := c.Summarize(t.Context(), article()); err != nil {
		t.Fatal(err)
	}
}

func TestMisbehaviour(t *testing.T) {
	tests := []struct {
		name   string
		server http.HandlerFunc
		want   Error // Detail: a part of it
		calls  int32
	}{
		{"401", complain(401, "Incorrect API key provided: "+secret, "invalid_api_key"), Error{Kind: Unauthorised, Status: 401, Halt: true, Detail: "provided: …"}, 1},
		{"403", fail(403, "<h1>Forbidden</h1>"), Error{Kind: Unauthorised, Status: 403, Halt: true, Detail: "Forbidden"}, 1},
		{"403 without a body", fail(403, ""), Error{Kind: Unauthorised, Status: 403, Halt: true}, 1},
		{"unknown model", complain(404, "no model small", "model_not_found"), Error{Kind: Rejected, Status: 404, Halt: true, Detail: "no model small"}, 1},
		{"context too small", complain(400, "too many tokens", "context_length_exceeded"), Error{Kind: TooLong, Status: 400}, 1},
		{"filtered request", complain(400, "policy", "content_filter"), Error{Kind: Refused, Status: 400}, 1},
		{"numeric code", fail(400, `{"error":{"message":"bad","code":400}}`), Error{Kind: Rejected, Status: 400, Halt: true, Detail: "bad"}, 1},
		{"429 for long", fail(429, "slow down", "Retry-After", "3600"), Error{Kind: RateLimited, Status: 429, RetryAfter: time.Hour, Detail: "slow down"}, 1},
		{"429 without end", fail(429, "slow down", "Retry-After", "-7"), Error{Kind: RateLimited, Status: 429}, 2},
		{"429 without money", complain(429, "quota", "insufficient_quota"), Error{Kind: RateLimited, Status: 429, Halt: true}, 1},
		{"500", fail(500, "oops"), Error{Kind: Unavailable, Status: 500, Detail: "oops"}, 2},
		{"503 that says never again", fail(503, "", "X-Should-Retry", "true"), Error{Kind: Unavailable, Status: 503}, 2},
		{"redirect", fail(307, "", "Location", "http://127.0.0.1:1/"), Error{Kind: Rejected, Halt: true, Detail: "redirects to http://127.0.0.1:1/"}, 1},
		{"redirect to nowhere", fail(302, ""), Error{Kind: Rejected, Status: 302, Halt: true}, 1},
		{"invalid JSON", send("application/json", "{choices"), Error{Kind: Nonsense}, 1},
		{"a page", send("text/html", "<h1>Welcome</h1>"), Error{Kind: Nonsense, Detail: "text/html"}, 1},
		{"a stream", send("text/event-stream", "data: {}\n\n"), Error{Kind: Nonsense}, 1},
		{"null", send("application/json", "null"), Error{Kind: Nonsense, Detail: "no choices"}, 1},
		{"no choices", send("application/json", `{"choices":[]}`), Error{Kind: Nonsense, Detail: "no choices"}, 1},
		{"empty choice", send("application/json", `{"choices":[null]}`), Error{Kind: Empty}, 1},
		{"content of another type", send("application/json", `{"choices":[{"message":{"content":{"a":1}}}]}`), Error{Kind: Nonsense, Detail: "no text"}, 1},
		{"wrong shape", send("application/json", `{"choices":"none"}`), Error{Kind: Nonsense}, 1},
		{"cut off", choose(sentence, "length"), Error{Kind: TooLong, Detail: "cut off"}, 1},
		{"filtered answer", choose("", "content_filter"), Error{Kind: Refused, Detail: "filter"}, 1},
		{"refusal", send("application/json", `{"choices":[{"finish_reason":"stop","message":{"content":null,"refusal":"I can't."}}]}`), Error{Kind: Refused, Detail: "I can't."}, 1},
		{"tool call", send("application/json", `{"choices":[{"finish_reason":"tool_calls","message":{"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]}}]}`), Error{Kind: Nonsense, Detail: "tool"}, 1},
		{"nothing said", say(" \n "), Error{Kind: Empty}, 1},
		{"far too many words", say(strings.Repeat("bread ", 200)), Error{Kind: TooLong, Detail: "longer"}, 1},
		{"HTML", say("<p>" + sentence + "</p>"), Error{Kind: NotPlain}, 1},
		{"a list", say("- bread\n- milk"), Error{Kind: NotPlain}, 1},
		{"closes at once", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, Error{Kind: Unavailable}, 1},
		{"closes in the body", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, `{"choices":[`)
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, Error{Kind: Unavailable, Detail: "broke"}, 1},
		{"endless", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for chunk := []byte(strings.Repeat(" ", 32<<10)); ; {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}, Error{Kind: TooLong, Detail: "larger than"}, 1},
		{"endless error", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			for chunk := []byte(strings.Repeat("x", 32<<10)); ; {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}, Error{Kind: Rejected, Status: 400, Halt: true, Detail: "xxx"}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var calls atomic.Int32
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				tt.server(w, r)
			})
			answer, err := c.Summarize(t.Context(), article())
			check(t, answer, err, tt.want)
			if calls.Load() != tt.calls {
				t.Errorf("%d requests, want %d", calls.Load(), tt.calls)
			}
		})
	}
}

func check(t *testing.T, answer string, err error, want Error) {
	t.Helper()
	var got *Error
	if !errors.As(err, &got) || answer != "" {
		t.Fatalf("Summarize() = %q, %v", answer, err)
	}
	if got.Kind != want.Kind || got.Status != want.Status || got.Halt != want.Halt || got.RetryAfter != want.RetryAfter || !strings.Contains(got.Detail, want.Detail) {
		t.Errorf("got  %+v\nwant %+v", *got, want)
	}
	if text := fmt.Sprintf("%v %+v", err, got); strings.Contains(text, secret) {
		t.Errorf("the key stands in %q", text)
	}
}

func TestTimeouts(t *testing.T) {
	tests := []struct {
		name   string
		server http.HandlerFunc
	}{
		{"hangs before the answer", hang},
		{"hangs in the body", func(w http.ResponseWriter, r *http.Request) {
			send("application/json", `{"choices":[`)(w, r)
			w.(http.Flusher).Flush()
			hang(w, r)
		}},
		{"drips", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, " "); err != nil {
					return
				}
				w.(http.Flusher).Flush()
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			answer, err := serve(t, tt.server, impatient).Summarize(t.Context(), article())
			check(t, answer, err, Error{Kind: Timeout})
		})
	}
}

func TestRetryWaitsAndSucceeds(t *testing.T) {
	var calls atomic.Int32
	var second time.Time
	start := time.Now()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) == 1 {
			fail(429, "", "Retry-After", "1")(w, r)
			return
		}
		second = time.Now()
		say(sentence)(w, r)
	})
	answer, err := c.Summarize(t.Context(), article())
	if err != nil || answer != sentence {
		t.Fatalf("Summarize() = %q, %v", answer, err)
	}
	if second.Sub(start) < time.Second {
		t.Errorf("asked again after %v; the server wanted a second", second.Sub(start))
	}
}

// Models that think before they answer refuse a temperature and count tokens
// under another name.
func TestOtherParameters(t *testing.T) {
	var calls atomic.Int32
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		body, _ := io.ReadAll(r.Body)
		if strings.Contains(string(body), `"max_tokens"`) || strings.Contains(string(body), "temperature") {
			complain(400, "use max_completion_tokens", "unsupported_parameter")(w, r)
			return
		}
		say(sentence)(w, r)
	})
	for range 2 {
		if answer, err := c.Summarize(t.Context(), article()); err != nil || answer != sentence {
			t.Fatalf("Summarize() = %q, %v", answer, err)
		}
	}
	if calls.Load() != 3 {
		t.Errorf("%d requests for two summaries; the second ought to know", calls.Load())
	}
}

func TestDeadEndpoints(t *testing.T) {
	closed, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	tests := []struct {
		name, url string
		want      Kind
	}{
		{"nobody listens", "http://" + closed.Addr().String() + "/v1", Unavailable},
		{"no address", "", Rejected},
		{"no scheme", "127.0.0.1/v1", Rejected},
		{"another scheme", "ftp://127.0.0.1/v1", Rejected},
		{"not a URL", "http://[::1", Rejected},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			answer, err := New(Options{BaseURL: tt.url, Key: secret}).Summarize(t.Context(), article())
			check(t, answer, err, Error{Kind: tt.want, Halt: true})
		})
	}
}

func TestCallerGivesUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		hang(w, r)
	})
	if _, err := c.Summarize(ctx, article()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	c = serve(t, func(w http.ResponseWriter, r *http.Request) { hang(w, r) })
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.Summarize(ctx, article()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestManyAtOnce(t *testing.T) {
	c := serve(t, say(sentence))
	done := make(chan error)
	for range 8 {
		go func() {
			_, err := c.Summarize(t.Context(), article())
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
