// Command train fits the weights of summaries to articles with summaries that
// people wrote, and measures them.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
)

func main() {
	data := flag.String("data", "../shared/data/summaries", "folder of sets: a line each, JSON with id, text and summary")
	part := flag.Int("part", validation, "the part to measure")
	flag.Parse()
	all, err := load(*data)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	evaluate(os.Stdout, slices.DeleteFunc(all, func(e example) bool { return e.part() != *part }))
}
