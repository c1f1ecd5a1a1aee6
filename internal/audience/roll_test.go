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
	checkOrder(t, roll)
	if _, ok, err := roll.Find("nobody@example.org"); ok || err != nil {
		t.Errorf("nobody was found: %v", err)
	}
}

func checkOrder(t *testing.T, roll *Roll) {
	t.Helper()
	previous, readers := "", 0
	for place, err := range roll.ByIdentity() {
		if err != nil {
			t.Fatal(err)
		}
		r, err := roll.At(place)
		if err != nil || r.Address.Identity <= previous {
			t.Fatalf("%s comes after %s: %v", r.Address.Identity, previous, err)
		}
		previous, readers = r.Address.Identity, readers+1
	}
	if readers != roll.Len() {
		t.Fatalf("%d of %d readers in order", readers, roll.Len())
	}
}

// A roll is the same whatever the order of its readers, and whenever one is
// asked for.
func TestOrderOfRoll(t *testing.T) {
	named := func(name string) newsletter.Subscriber {
		return newsletter.Subscriber{Address: newsletter.Address{Spelled: name, Identity: name, Wire: name}}
	}
	for _, c := range []struct{ name, add string }{
		{"nobody", ""},
		{"in order", "abcd"},
		{"backwards", "dcba"},
		{"the first again", "abcda"},
		{"the last again", "abcdd"},
		{"mixed at the end", "abdc"},
		{"mixed at the beginning", "bacd"},
		{"asked for meanwhile", "ab?cd"},
		{"asked for, then mixed", "ab?dc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			roll, names := NewRoll(), map[string]bool{}
			for _, name := range strings.Split(c.add, "") {
				if name == "?" {
					if _, found, err := roll.Find("a"); !found || err != nil {
						t.Fatalf("found %t, %v", found, err)
					}
					continue
				}
				if names[name] = true; roll.Add(named(name)) != nil {
					t.Fatal("not added")
				}
			}
			if roll.Len() != len(names) {
				t.Errorf("%d readers of %d", roll.Len(), len(names))
			}
			checkOrder(t, roll)
			for _, name := range strings.Split("abcde", "") {
				if r, found, err := roll.Find(name); found != names[name] || err != nil || found && r.Address.Identity != name {
					t.Errorf("%s: found %t %s, %v", name, found, r.Address.Identity, err)
				}
			}
		})
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
