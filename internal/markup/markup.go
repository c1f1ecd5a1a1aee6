// Package markup turns Markdown into HTML and text, text into Markdown, and
// messy files into the text of an article.
//
// It promises three things. HTML that leaves the package is safe for a letter
// and well-formed, whatever came in. Text that passes through Escape and back
// through HTML, InlineHTML, Plain or Text is the same text. And nothing that an
// extractor leaves out of an article goes unreported, but for what a web page
// has around it.
//
// Markdown is CommonMark 0.31 with the tables, strikethrough and bare links of
// GitHub Flavored Markdown. HTML is read as the WHATWG standard has browsers
// read it.
package markup

import (
	"bytes"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// HTML renders Markdown as the HTML of a letter's body: one block element
// after another, sanitised as by Sanitize. Raw HTML in the Markdown is welcome
// as far as Sanitize lets it pass.
func HTML(markdown string) string {
	return Sanitize(convert(blockMarkdown(), tame(markdown)))
}

// InlineHTML renders one paragraph of Markdown without its <p>. Only inline
// constructs count: what would open a block ("# ", "1. ", "> ") is text like
// any other, and blank lines are spaces.
func InlineHTML(markdown string) string {
	return sanitize(convert(inlineMarkdown(), tameInline(markdown)), inlinePolicy())
}

// Plain renders one paragraph of Markdown as plain text on one line, as
// headlines and subjects need it. Like InlineHTML it knows inline constructs
// only. Links are reduced to their label, images to their description.
func Plain(markdown string) string {
	return oneLine(flatten(convert(inlineMarkdown(), tameInline(markdown)), true))
}

// blockMarkdown and inlineMarkdown are built once; goldmark promises that they
// may then be used from many goroutines. Raw HTML passes through them
// because everything they make is sanitised or reduced to text.
var (
	blockMarkdown = sync.OnceValue(func() goldmark.Markdown {
		return goldmark.New(
			goldmark.WithExtensions(
				// The default alignment is a style attribute, which no letter keeps.
				extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
				extension.Strikethrough,
				extension.Linkify,
			),
			goldmark.WithRendererOptions(rendererOptions()...),
		)
	})
	inlineMarkdown = sync.OnceValue(func() goldmark.Markdown {
		return goldmark.New(
			goldmark.WithParser(parser.NewParser(
				parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 1000)),
				parser.WithInlineParsers(parser.DefaultInlineParsers()...),
			)),
			goldmark.WithExtensions(extension.Strikethrough, extension.Linkify),
			goldmark.WithRendererOptions(rendererOptions()...),
		)
	})
)

func rendererOptions() []renderer.Option {
	return []renderer.Option{gmhtml.WithUnsafe(), gmhtml.WithXHTML()}
}

func convert(md goldmark.Markdown, source string) string {
	var out bytes.Buffer
	if err := md.Convert([]byte(source), &out); err != nil {
		// Only the writer can fail, and a buffer does not.
		return ""
	}
	return out.String()
}
