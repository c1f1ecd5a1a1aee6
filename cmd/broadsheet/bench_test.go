//go:build unix

package main_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkCompile reads 2,000 articles out of 40 feeds and makes an issue for
// 5,000 readers with 500 different sets of topics: one of usual length, and
// one that is far too long to be mailed.
func BenchmarkCompile(b *testing.B) {
	for _, perTopic := range []int{6, 100} {
		b.Run(fmt.Sprintf("%d-per-topic", perTopic), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				p := newTown(b, 40, 50, perTopic)
				p.write("subscribers/list.csv", list(5_000, topicSets(500)))
				compileTown(p, b)
				b.StartTimer()
			}
		})
	}
}

func compileTown(p *publication, b *testing.B) {
	b.Helper()
	o, _ := measure(p, b, "compile")
	var report struct {
		Articles, Items, Segments int
		HTMLBytesMax              int `json:"html_bytes_max"`
	}
	p.decode(o.out, &report)
	if report.Articles != 2_000 || report.Segments != 500 {
		b.Fatalf("%+v", report)
	}
	b.ReportMetric(float64(report.Items), "items")
	b.ReportMetric(float64(report.HTMLBytesMax)/1e3, "kB/page-max")
}

// BenchmarkSend sends 10,000 letters, all different, to a sink in a process of
// its own. Both keep what they do on disk.
func BenchmarkSend(b *testing.B) {
	const letters = 10_000
	for b.Loop() {
		b.StopTimer()
		p := newTown(b, 10, 20, 3)
		p.write("subscribers/list.csv", list(letters, topicSets(100)))
		dir := p.path("mails")
		p.mailTo(&mailbox{port: startSink(b, dir)}, 8)
		p.run(0, "compile")
		_, sent := measure(p, b, "send", "--yes")
		n, bytes := weigh(b, dir)
		if n != letters {
			b.Fatalf("%d letters in the sink", n)
		}
		b.ReportMetric(letters/sent.took.Seconds(), "letters/s")
		b.ReportMetric(float64(bytes)/letters/1e3, "kB/letter")
		b.StartTimer()
	}
}

// measure runs the program with the timer on and reports what it took, from
// its start to its end.
func measure(p *publication, b *testing.B, args ...string) (outcome, cost) {
	b.Helper()
	return measureUntil(p, b, 0, args...)
}

// A cost is what a process took.
type cost struct{ took, cpu time.Duration }

// measureUntil is measure for a command that ends with another exit code.
func measureUntil(p *publication, b *testing.B, code int, args ...string) (outcome, cost) {
	b.Helper()
	b.StartTimer()
	start := time.Now()
	cmd := p.start(args...)
	peak := watchPeak(cmd.Process.Pid)
	o, err := p.wait(cmd)
	c := cost{took: time.Since(start), cpu: cpuOf(cmd)}
	b.StopTimer()
	if err != nil || o.code != code {
		b.Fatalf("broadsheet %s: exit %d, %v\n%s", args[0], o.code, err, o.err)
	}
	if kB := <-peak; kB > 0 {
		b.ReportMetric(float64(kB)*1024/1e6, "MB-peak")
	}
	b.ReportMetric(c.took.Seconds(), "s")
	b.ReportMetric(c.cpu.Seconds(), "cpu-s")
	return o, c
}

// watchPeak tells, once a process has ended, the most memory that it held, in kB,
// as it was seen last; 0 where the system does not say so. What the system counts
// of an ended process is no use: a child begins with the memory of its parent.
func watchPeak(pid int) <-chan int {
	peak := make(chan int, 1)
	go func() {
		kB := 0
		for {
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			_, rest, found := strings.Cut(string(status), "VmHWM:")
			if err != nil || !found {
				peak <- kB
				return
			}
			_, _ = fmt.Sscan(rest, &kB)
			time.Sleep(20 * time.Millisecond)
		}
	}()
	return peak
}

// cpuOf is the time that cores spent on a process that has ended.
func cpuOf(cmd *exec.Cmd) time.Duration {
	if cmd.ProcessState == nil {
		return 0
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

// startSink starts the program as a sink and returns its port.
func startSink(b *testing.B, dir string) int {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0], "--json", "sink", "--addr", "127.0.0.1:0", "--dir", dir)
	cmd.Env = append(os.Environ(), "BROADSHEET_TEST_MAIN=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cmd.Wait() }) // the end of the benchmark's context kills it
	var hello struct{ Addr string }
	if err := json.NewDecoder(out).Decode(&hello); err != nil {
		b.Fatalf("the sink does not say where it listens: %v", err)
	}
	var port int
	if _, err := fmt.Sscanf(hello.Addr, "127.0.0.1:%d", &port); err != nil {
		b.Fatalf("the sink listens at %s: %v", hello.Addr, err)
	}
	return port
}

// weigh counts the letters in a sink's folder and their bytes.
func weigh(b *testing.B, dir string) (letters int, size int64) {
	b.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			b.Fatal(err)
		}
		size += info.Size()
	}
	return len(names), size
}

// townTopics are what newTown's articles carry.
func townTopics() []string {
	return []string{
		"city", "region", "nation", "world", "economy", "climate",
		"science", "health", "culture", "sport", "travel", "opinion",
	}
}

// newTown makes a publication with a dozen topics that lives on feeds alone.
func newTown(b testing.TB, feeds, articles, perTopic int) *publication {
	b.Helper()
	p := newPublication(b)
	for _, dir := range []string{"articles", "feeds", "subscribers"} {
		if err := os.RemoveAll(p.path(dir)); err != nil {
			b.Fatal(err)
		}
	}
	var topics, sources strings.Builder
	for _, topic := range townTopics() {
		fmt.Fprintf(&topics, "  - {id: %s, title: %s}\n", topic, strings.ToUpper(topic[:1])+topic[1:])
	}
	w := newWriter()
	for i := range feeds {
		fmt.Fprintf(&sources, "  - {id: feed%02d, feed: \"file:feeds/%02d.xml\"}\n", i, i)
		p.write(fmt.Sprintf("feeds/%02d.xml", i), w.feed(i, articles))
	}
	p.edit("broadsheet.yaml", `(?m)^topics:\n(  .*\n)+`, "topics:\n"+topics.String())
	p.edit("broadsheet.yaml", `max_items_per_topic: \d+`, fmt.Sprint("max_items_per_topic: ", perTopic))
	p.edit("broadsheet.yaml", `(?m)^sources:\n(  .*\n)+`, "sources:\n"+sources.String())
	return p
}

// topicSets makes n different sets of two to six topics.
func topicSets(n int) []string {
	random := rand.New(rand.NewPCG(1, 2))
	seen := make(map[string]bool)
	var sets []string
	for len(sets) < n {
		topics := townTopics()
		random.Shuffle(len(topics), func(i, j int) { topics[i], topics[j] = topics[j], topics[i] })
		chosen := topics[:2+random.IntN(5)]
		slices.Sort(chosen)
		if set := strings.Join(chosen, ";"); !seen[set] {
			seen[set] = true
			sets = append(sets, set)
		}
	}
	return sets
}

// list is a list of n readers, spread over sets of topics.
func list(n int, sets []string) string {
	var b strings.Builder
	b.WriteString("email,name,topics\n")
	for i := range n {
		fmt.Fprintf(&b, "reader%05d@example%d.org,Reader %d,%s\n", i, i%50, i, sets[i%len(sets)])
	}
	return b.String()
}

// A writer writes articles that look like ones: words of a vocabulary, the
// common ones often, in sentences and paragraphs.
type writer struct {
	random *rand.Rand
	often  *rand.Zipf
	words  []string
	last   string // the newest article's content
}

func newWriter() *writer {
	w := &writer{random: rand.New(rand.NewPCG(3, 4))}
	for range 8_000 {
		word := ""
		for range 1 + w.random.IntN(4) {
			word += string("bcdfghklmnprstvw"[w.random.IntN(16)]) + string("aeiou"[w.random.IntN(5)])
		}
		w.words = append(w.words, word+[]string{"", "n", "s", "r"}[w.random.IntN(4)])
	}
	slices.SortStableFunc(w.words[:200], func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	w.often = rand.NewZipf(w.random, 1.1, 10, uint64(len(w.words)-1))
	return w
}

func (w *writer) sentence(words int) string {
	list := make([]string, words)
	for i := range list {
		list[i] = w.words[w.often.Uint64()]
	}
	s := strings.Join(list, " ")
	return strings.ToUpper(s[:1]) + s[1:]
}

// content is about 300 words in four paragraphs.
func (w *writer) content() string {
	var b strings.Builder
	for range 4 {
		b.WriteString("<p>")
		for range 5 {
			b.WriteString(w.sentence(10+w.random.IntN(11)) + ". ")
		}
		b.WriteString("</p>\n")
	}
	return b.String()
}

// feed is an RSS file. Every twentieth article repeats the one before it under
// another title, as agencies' texts are.
func (w *writer) feed(number, articles int) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Feed</title>` + "\n")
	at, _ := time.Parse(time.RFC3339, friday)
	topics := townTopics()
	for i := range articles {
		if i%20 != 19 {
			w.last = w.content()
		}
		fmt.Fprintf(&b, "<item><title>%s</title><link>https://feed%02d.example.com/%d</link><guid>%d-%d</guid><pubDate>%s</pubDate>",
			w.sentence(6+w.random.IntN(5)), number, i, number, i, at.Add(-time.Duration(w.random.IntN(6*24*60))*time.Minute).Format(time.RFC1123Z))
		for range 1 + w.random.IntN(2) {
			fmt.Fprintf(&b, "<category>%s</category>", topics[w.random.IntN(len(topics))])
		}
		_, _ = io.WriteString(&b, "<content:encoded>"+html.EscapeString(w.last)+"</content:encoded></item>\n")
	}
	b.WriteString("</channel></rss>\n")
	return b.String()
}
