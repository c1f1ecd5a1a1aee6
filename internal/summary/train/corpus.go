package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
)

// An example is an article with the summary that a person wrote.
type example struct {
	set, id, text string
	summary       string
	reference     []string // its tokens
	group         string   // the least id among its near-duplicates
}

// load reads every set (*.jsonl) of a folder, in the order of their names.
func load(dir string) ([]example, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, fmt.Errorf("list the sets in %s: %w", dir, err)
	}
	var all []example
	for _, file := range files {
		if all, err = loadSet(all, file); err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
	}
	group(all)
	return all, nil
}

func loadSet(all []example, file string) ([]example, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	set, _, _ := strings.Cut(filepath.Base(file), "-")
	lines := bufio.NewScanner(f)
	const longestLine = 1 << 22
	lines.Buffer(nil, longestLine)
	for lines.Scan() {
		var row struct {
			ID, Text string
			Summary  []string
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return nil, err
		}
		summary := strings.Join(row.Summary, " ")
		all = append(all, example{set: set, id: row.ID, text: row.Text, summary: summary, reference: tokens(summary)})
	}
	return all, lines.Err()
}

// group puts articles that share a run of shingle tokens into one group, so
// that no near-duplicate stands on both sides of a split.
func group(all []example) {
	const (
		shingle = 12 // tokens
		shared  = 5
	)
	parent := make([]int, len(all))
	for i := range parent {
		parent[i] = i
	}
	var root func(int) int
	root = func(i int) int {
		if parent[i] != i {
			parent[i] = root(parent[i])
		}
		return parent[i]
	}
	first := map[string]int{}
	pairs := map[[2]int]int{}
	for i, e := range all {
		seen := map[string]bool{}
		words := tokens(e.text)
		for at := 0; at+shingle <= len(words); at++ {
			run := strings.Join(words[at:at+shingle], " ")
			if seen[run] {
				continue
			}
			seen[run] = true
			j, ok := first[run]
			if !ok {
				first[run] = i
				continue
			}
			if pairs[[2]int{i, j}]++; pairs[[2]int{i, j}] == shared {
				parent[root(i)] = root(j)
			}
		}
	}
	for i := range all {
		all[i].group = all[root(i)].id
	}
}

// fold is a number below n that all of a group share.
func (e example) fold(n int) int {
	h := fnv.New64a()
	fmt.Fprint(h, e.group)
	return int(h.Sum64() >> 7 % uint64(n))
}
