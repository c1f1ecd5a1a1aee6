// Package model asks a language model for a summary's words, over the chat
// completions protocol that OpenAI defined and most servers speak, local ones
// too. What comes back is a claim, not a fact: package guard checks it.
//
// It promises:
//   - The article is data. It stands between marks that its author cannot
//     know, and the instructions say so.
//   - Bounds on everything: the article's bytes, the answer's bytes and words,
//     the time of the whole request, one retry (after 429 and 5xx), no redirect.
//   - What it returns is plain sentences on one line. Wrappings that models are
//     fond of (a preamble, emphasis, thoughts) are taken off; an answer that
//     cannot be made plain is an error.
//   - Every error is an *Error that says why; the key stands in none.
//
// The environment is not read: the library's own client would send
// OPENAI_API_KEY to whatever server is configured.
package model

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/openai/openai-go/v2"
	"github.com/openai/openai-go/v2/option"
)

// What holds where Options say nothing, and what no option changes.
const (
	defaultTimeout   = time.Minute
	defaultMaxTokens = 1024
	maxAnswerBytes   = 1 << 20
	pauseBeforeRetry = time.Second // where the server names none
)

// Options shape a Client. Zero values stand for the defaults.
type Options struct {
	BaseURL   string        // of the API, with its version: http://127.0.0.1:11434/v1
	Model     string        // as the server calls it
	Key       string        // "": the server wants none
	Timeout   time.Duration // of a whole summary, the retry included; 1 min
	MaxTokens int           // the answer's most, thoughts included; 1024
	HTTP      *http.Client  // its redirect policy is not used: none is followed
}

// A Client asks one model. It may be used from several goroutines.
type Client struct {
	options     Options
	completions openai.ChatCompletionService
	pause       time.Duration
	// bare says that the model refused the usual parameters, as models that
	// think before they answer do.
	bare atomic.Bool
	// unusable is what is wrong with the options; nil: nothing.
	unusable *Error
}

// New makes a client. Nothing is sent before the first summary; a faulty
// address is that one's error.
func New(o Options) *Client {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.MaxTokens <= 0 {
		o.MaxTokens = defaultMaxTokens
	}
	doer := http.Client{}
	if o.HTTP != nil {
		doer = *o.HTTP
	}
	doer.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		return &Error{Kind: Rejected, Halt: true, Detail: "it redirects to " + r.URL.Redacted() + ", where the key must not follow; configure that address"}
	}
	settings := []option.RequestOption{
		option.WithBaseURL(o.BaseURL),
		option.WithHTTPClient(&doer),
		// The library waits without an eye on the context, and retries more.
		option.WithMaxRetries(0),
		option.WithMiddleware(inspect),
	}
	if o.Key != "" {
		settings = append(settings, option.WithAPIKey(o.Key))
	}
	return &Client{
		options:     o,
		completions: openai.NewChatCompletionService(settings...),
		pause:       pauseBeforeRetry,
		unusable:    checkAddress(o.BaseURL),
	}
}

func checkAddress(address string) *Error {
	u, err := url.Parse(address)
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		return nil
	}
	return &Error{Kind: Rejected, Halt: true, Detail: fmt.Sprintf("%q is no address; a base URL looks like https://api.example.org/v1", short(address))}
}

// A Request is an article and what is wanted of it.
type Request struct {
	Title, Text string
	Language    string // BCP 47, of the article and so of the summary; "": the article's own
	Words       int    // the summary's most
}

// Summarize asks for the summary of an article: plain sentences on one line.
// An error is an *Error, or the context's own where the caller gave up.
func (c *Client) Summarize(ctx context.Context, r Request) (string, error) {
	if c.unusable != nil {
		return "", c.unusable
	}
	whole, cancel := context.WithTimeout(ctx, c.options.Timeout)
	defer cancel()
	answer, err := c.ask(whole, r)
	if err == nil {
		answer, err = plain(answer, r.Words)
	}
	if err == nil {
		return answer, nil
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	return "", c.explain(err)
}

// ask sends the request, and once more where that may help and there is time.
func (c *Client) ask(ctx context.Context, r Request) (string, error) {
	answer, err := c.complete(ctx, r)
	fault := asError(err)
	switch {
	case fault == nil:
		return answer, nil
	case fault.parameter:
		c.bare.Store(true)
	case !fault.again || !c.wait(ctx, fault.RetryAfter):
		return "", fault
	}
	return c.complete(ctx, r)
}

// wait lets the time pass that the server asked for, and tells whether any is
// left afterwards.
func (c *Client) wait(ctx context.Context, asked time.Duration) bool {
	if asked <= 0 {
		asked = c.pause
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= asked {
		return false
	}
	timer := time.NewTimer(asked)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (c *Client) complete(ctx context.Context, r Request) (string, error) {
	system, user := prompt(r)
	params := openai.ChatCompletionNewParams{
		Model:    c.options.Model,
		Messages: []openai.ChatCompletionMessageParamUnion{openai.SystemMessage(system), openai.UserMessage(user)},
	}
	if c.bare.Load() {
		params.MaxCompletionTokens = openai.Int(int64(c.options.MaxTokens))
	} else {
		params.MaxTokens = openai.Int(int64(c.options.MaxTokens))
		params.Temperature = openai.Float(0)
	}
	completion, err := c.completions.New(ctx, params)
	if err != nil {
		return "", err
	}
	return content(completion)
}

// content is what the model said, if it finished.
func content(completion *openai.ChatCompletion) (string, error) {
	if completion == nil || len(completion.Choices) == 0 {
		return "", &Error{Kind: Nonsense, Detail: "the answer has no choices"}
	}
	choice := completion.Choices[0]
	switch {
	case choice.FinishReason == "length":
		return "", &Error{Kind: TooLong, Detail: "the answer was cut off at the limit of tokens"}
	case choice.FinishReason == "content_filter":
		return "", &Error{Kind: Refused, Detail: "the answer was withheld by the server's filter"}
	case choice.Message.Refusal != "":
		return "", &Error{Kind: Refused, Detail: "the model refuses: " + short(choice.Message.Refusal)}
	case len(choice.Message.ToolCalls) > 0:
		return "", &Error{Kind: Nonsense, Detail: "the model wants to call a tool, and none was offered"}
	case strings.HasPrefix(choice.Message.JSON.Content.Raw(), "{"), strings.HasPrefix(choice.Message.JSON.Content.Raw(), "["):
		return "", &Error{Kind: Nonsense, Detail: "the answer's content is no text"} // the library gives its JSON
	}
	return choice.Message.Content, nil
}
