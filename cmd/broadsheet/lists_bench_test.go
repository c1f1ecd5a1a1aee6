//go:build unix

package main_test

import "testing"

// BenchmarkMillion takes in a CSV file of a million readers with a thousand
// different sets of topics, counts the segments, and freezes an issue for them,
// of which one letter is sent.
func BenchmarkMillion(b *testing.B) {
	const readers = 1_000_000
	p := newTown(b, 10, 20, 3)
	p.write("million.csv", list(readers, topicSets(1000)))
	p.mailTo(&mailbox{port: startSink(b, p.path("mails"))}, 1)
	for _, step := range []struct {
		name string
		code int
		args []string
	}{
		{"import", 0, []string{"subscribers", "import", "--yes", p.path("million.csv")}},
		{"segments", 0, []string{"subscribers", "segments"}},
		{"compile", 0, []string{"compile"}},
		{"freeze", 4, []string{"send", "--yes", "--limit", "1"}},
	} {
		b.Run(step.name, func(b *testing.B) {
			for b.Loop() {
				measureUntil(p, b, step.code, step.args...)
				b.StartTimer()
			}
		})
	}
}
