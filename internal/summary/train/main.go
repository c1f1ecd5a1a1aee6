// Command train fits the weights of package summary to articles with summaries
// that people wrote, and measures summaries by ROUGE. The same data give the
// same weights.
//
//	train -data DIR               cross-validate on what is not held back
//	train -data DIR -held         measure the part held back, learning from the rest
//	train -data DIR -out FILE     learn from everything and write the weights
//
// A fifth of the data is held back. Look at it rarely: each look makes it
// worth less. The data are files of lines, each a JSON object with id, text and
// summary (a list of strings); none of their text goes into the weights.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	data := flag.String("data", "../shared/data/summaries", "`folder` of the sets")
	lookAtHeld := flag.Bool("held", false, "measure the part held back")
	out := flag.String("out", "", "`file` for the weights, learned from everything")
	flag.Parse()
	if err := run(os.Stdout, *data, *lookAtHeld, *out); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, data string, lookAtHeld bool, out string) error {
	all, err := load(data)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return errors.New("there are no sets in " + data)
	}
	const parts = 5
	split := folds(all, parts)
	switch {
	case out != "":
		return write(out, all)
	case lookAtHeld:
		validate(w, split[:1], split[1:])
	default:
		validate(w, split[1:], split[1:])
	}
	return nil
}

// validate measures each part with weights learned from the others: summaries of
// an article, and of a story that two articles tell.
func validate(w io.Writer, parts, learnFrom [][]example) {
	var measured []example
	var articles, stories table
	for _, part := range parts {
		var rest []example
		for _, other := range learnFrom {
			if &other[0] != &part[0] {
				rest = append(rest, other...)
			}
		}
		learned := learn(rest)
		measured = append(measured, part...)
		articles.add(evaluate(part, append(baselines(), with("broadsheet", learned))))
		stories.add(evaluate(part, storyMethods(learned)))
	}
	fmt.Fprintln(w, "of one article")
	articles.print(w, measured)
	fmt.Fprintln(w, "of two articles")
	stories.print(w, measured)
}

func write(file string, examples []example) error {
	b, err := learn(examples).MarshalBinary()
	if err != nil {
		return err
	}
	const mode = 0o644
	if err := os.WriteFile(file, b, mode); err != nil {
		return fmt.Errorf("write the weights: %w", err)
	}
	return nil
}
