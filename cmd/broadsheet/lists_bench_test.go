//go:build unix

package main_test

import (
	"testing"

	"broadsheet/internal/store/storetest"
)

// onEachEngine measures with the database in a file, and then at a server.
func onEachEngine(b *testing.B, measure func(b *testing.B, keep func(*publication))) {
	b.Run("SQLite", func(b *testing.B) { measure(b, func(*publication) {}) })
	b.Run("PostgreSQL", func(b *testing.B) {
		address := storetest.Address(b)
		measure(b, func(p *publication) { p.edit("broadsheet.yaml", "(?m)^database: .*", "database: "+address) })
	})
}

// BenchmarkMillion takes in a CSV file of a million readers with a thousand
// different sets of topics, counts the segments, and freezes an issue for them,
// of which one letter is sent.
func BenchmarkMillion(b *testing.B) { onEachEngine(b, measureMillion) }

func measureMillion(b *testing.B, keep func(*publication)) {
	const readers = 1_000_000
	p := newTown(b, 10, 20, 3)
	keep(p)
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
