package audience

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/newsletter"
)

func all(t *testing.T, r *Roll) []newsletter.Subscriber {
	t.Helper()
	list := make([]newsletter.Subscriber, r.Len())
	for i := range list {
		var err error
		if list[i], err = r.At(i); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// reader makes a reader of a number; whatever can differ from one to the next
// does.
func reader(n int) newsletter.Subscriber {
	s := newsletter.Subscriber{
		Address: newsletter.Address{
			Spelled:  fmt.Sprintf("Reader.%d@Bücher.example", n),
			Identity: fmt.Sprintf("reader.%d@xn--bcher-kva.example", n),
			Wire:     fmt.Sprintf("Reader.%d@xn--bcher-kva.example", n),
		},
		Topics: []string{"europe", fmt.Sprintf("topic-%d", n%7)}, Lists: []string{"a.csv"},
	}
	if n%2 == 0 {
		s.Address.Spelled, s.Address.Wire = s.Address.Identity, s.Address.Identity
		s.Name, s.Language, s.Origin = strings.Repeat("N", n%300), "de", "Ghost"
		s.Consent = time.Date(2020, 1, 1, 0, 0, n, 5000, time.UTC)
	}
	return s
}

// A long roll leaves memory and says the same, in any order of asking.
func TestLongRoll(t *testing.T) {
	const most = 150_000
	roll := NewRoll()
	for n := range most {
		if err := roll.Add(reader(n)); err != nil {
			t.Fatal(err)
		}
	}
	again := newsletter.Subscriber{Address: reader(4).Address, Name: "late", Topics: []string{newsletter.All}, Lists: []string{"b.csv"}}
	for _, m := range []newsletter.Subscriber{again, reader(4), reader(most - 1)} {
		if err := roll.Add(m); err != nil {
			t.Fatal(err)
		}
	}
	if roll.Len() != most || roll.file == nil {
		t.Fatalf("%d readers, in a file: %t", roll.Len(), roll.file != nil)
	}
	numbers := slices.Concat(rand.New(rand.NewPCG(1, 2)).Perm(most)[:10_000], []int{0, 1, 2, 3, 4, 5, most - 2, most - 1})
	for _, n := range numbers {
		want := reader(n)
		if n == 4 {
			want.Topics, want.Lists = []string{newsletter.All}, []string{"a.csv", "b.csv"}
		}
		got, err := roll.At(n)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("reader %d (-want +got):\n%s", n, diff)
		}
		if found, ok, err := roll.Find(want.Address.Identity); err != nil || !ok || found.Address != want.Address {
			t.Fatalf("finding %s: %v, %t, %v", want.Address.Identity, found.Address, ok, err)
		}
	}
	previous, count := "", 0
	for r, err := range roll.ByIdentity() {
		if err != nil || r.Address.Identity <= previous {
			t.Fatalf("%s comes after %s: %v", r.Address.Identity, previous, err)
		}
		previous = r.Address.Identity
		count++
	}
	if count != most {
		t.Errorf("%d readers by identity", count)
	}
	if _, ok, err := roll.Find("nobody@example.org"); ok || err != nil {
		t.Errorf("nobody was found: %v", err)
	}
}

func BenchmarkRoll(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		roll := NewRoll()
		for n := range 100_000 {
			if err := roll.Add(reader(n)); err != nil {
				b.Fatal(err)
			}
		}
		for n := range roll.Len() {
			if _, err := roll.At(n); err != nil {
				b.Fatal(err)
			}
		}
	}
}
