package forest

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var settings = Settings{Trees: 80, Depth: 3, Rate: 0.2, LeastLeaf: 5, Share: 0.7, Features: 0.8, Shrink: 1, Seed: 1}

// steps are rows of a function with a step, a slope and an exception to both.
func steps(n int) Rows {
	random := rand.New(rand.NewPCG(1, 1))
	var r Rows
	for i := range n {
		row := []float64{random.Float64(), random.Float64(), random.Float64()}
		r.Features = append(r.Features, row)
		r.Want = append(r.Want, wanted(row))
		r.Group = append(r.Group, i/10)
	}
	return r
}

func wanted(row []float64) float64 {
	y := row[1]
	if row[0] > 0.5 {
		y += 2
	}
	if row[0] > 0.5 && row[2] < 0.3 {
		y -= 3
	}
	return y
}

func TestGrow(t *testing.T) {
	f := Grow(steps(4000), settings)
	worst, sum := 0.0, 0.0
	unseen := steps(5000)
	for _, row := range unseen.Features[4000:] {
		off := math.Abs(f.Predict(row) - wanted(row))
		worst, sum = math.Max(worst, off), sum+off/1000
	}
	if sum > 0.1 {
		t.Errorf("predictions are off by %.3f on average, %.3f at worst", sum, worst)
	}
}

func TestTheSameForestAgain(t *testing.T) {
	a, _ := Grow(steps(500), settings).MarshalBinary()
	b, _ := Grow(steps(500), settings).MarshalBinary()
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("another forest:\n%s", diff)
	}
}

func TestMarshal(t *testing.T) {
	f := Grow(steps(500), settings)
	b, err := f.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var read Forest
	if err := read.UnmarshalBinary(b); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*f, read, cmp.AllowUnexported(Forest{}, tree{}, node{}, cut{})); diff != "" {
		t.Errorf("not what was written:\n%s", diff)
	}
}

func FuzzUnmarshal(f *testing.F) {
	b, _ := Grow(steps(100), Settings{Trees: 1, Depth: 1, Rate: 1, LeastLeaf: 1, Share: 1, Features: 1}).MarshalBinary()
	f.Add(b)
	f.Add([]byte(format))
	f.Fuzz(func(t *testing.T, b []byte) {
		var read Forest
		if read.UnmarshalBinary(b) != nil {
			return
		}
		read.Predict(make([]float64, read.Width()))
		if again, _ := read.MarshalBinary(); !cmp.Equal(again, b) {
			t.Errorf("%x became %x", b, again)
		}
	})
}

// A row tells the same however much of it was read before.
func TestStart(t *testing.T) {
	f := Grow(steps(500), settings)
	for _, row := range steps(100).Features {
		for first := range len(row) + 1 {
			if got, want := f.Start(row[:first]).Predict(row[first:]), f.walk(row); got != want {
				t.Fatalf("%v after %d features of %v, want %v", got, first, row, want)
			}
		}
	}
}

// walk predicts as the trees are drawn.
func (f *Forest) walk(row []float64) float64 {
	sum := int64(f.base)
	for _, t := range f.trees {
		at := 0
		for at < len(t.inner) {
			child := 2*at + 1
			if row[t.inner[at].feature] > float64(t.inner[at].threshold) {
				child++
			}
			at = child
		}
		sum += int64(t.leaf[at-len(t.inner)])
	}
	return value(sum)
}

func BenchmarkPredict(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	rows := Rows{}
	for i := range 2000 {
		row := make([]float64, 40)
		for f := range row {
			row[f] = r.Float64()
		}
		rows.Features, rows.Want, rows.Group = append(rows.Features, row), append(rows.Want, row[0]*row[1]+r.Float64()), append(rows.Group, i)
	}
	f := Grow(rows, Settings{Trees: 150, Depth: 4, Rate: 0.05, LeastLeaf: 10, Share: 0.6, Features: 0.5, Seed: 1})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f.Predict(rows.Features[i%len(rows.Features)])
	}
}
