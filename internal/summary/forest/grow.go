package forest

import (
	"math/rand/v2"
	"slices"
)

// Settings say how a forest grows.
type Settings struct {
	Trees, Depth int     // at most mostTrees and deepest
	Rate         float64 // how much of what is left each tree takes, 0 to 1
	LeastLeaf    int     // rows a leaf must have
	Share        float64 // of the groups that each tree sees, 0 to 1
	Features     float64 // share of the features that each tree may use, 0 to 1
	Shrink       float64 // pulls leaves towards nothing: as many rows without residue
	Seed         uint64
}

// Rows are what a forest learns from: features, the value wanted, and which
// rows belong together and are drawn together.
type Rows struct {
	Features [][]float64
	Want     []float64
	Group    []int
}

// bins is how many values of a feature are told apart.
const bins = 64

// Grow grows a forest on rows. The same rows and settings give the same forest.
func Grow(r Rows, s Settings) *Forest {
	g := newGrower(r, s)
	f := &Forest{depth: s.Depth}
	mean := 0.0
	for _, want := range r.Want {
		mean += want / float64(len(r.Want))
	}
	f.base = units(mean)
	for i, want := range r.Want {
		g.rest[i] = want - value(int64(f.base))
	}
	for range s.Trees {
		f.trees = append(f.trees, g.tree())
	}
	f.cut()
	return f
}

type grower struct {
	Settings
	rows   Rows
	random *rand.Rand
	edges  [][]float64 // of each feature: the upper bound of each bin but the last
	binned [][]uint8   // by feature, then row
	rest   []float64   // what the trees so far leave
	node   []int32     // of each row
	used   []bool      // rows in this tree's draw
	groups int
}

func newGrower(r Rows, s Settings) *grower {
	g := &grower{Settings: s, rows: r, random: rand.New(rand.NewPCG(s.Seed, s.Seed)), rest: make([]float64, len(r.Want)), node: make([]int32, len(r.Want)), used: make([]bool, len(r.Want))}
	for f := range r.Features[0] {
		edges := edgesOf(r.Features, f)
		binned := make([]uint8, len(r.Features))
		for i, row := range r.Features {
			at, _ := slices.BinarySearch(edges, row[f])
			binned[i] = uint8(at)
		}
		g.edges, g.binned = append(g.edges, edges), append(g.binned, binned)
	}
	g.groups = slices.Max(r.Group) + 1
	return g
}

// edgesOf cuts a feature's values into bins of like size. An edge is a float32
// as the tree will have it, so that growing and predicting agree.
func edgesOf(rows [][]float64, feature int) []float64 {
	values := make([]float64, len(rows))
	for i, row := range rows {
		values[i] = row[feature]
	}
	slices.Sort(values)
	var edges []float64
	for b := 1; b < bins; b++ {
		v := float64(float32(values[b*len(values)/bins]))
		if len(edges) == 0 || v > edges[len(edges)-1] {
			edges = append(edges, v)
		}
	}
	return edges
}

// draw chooses the rows and features of one tree.
func (g *grower) draw() []int {
	in := make([]bool, g.groups)
	for i := range in {
		in[i] = g.random.Float64() < g.Share
	}
	for i, group := range g.rows.Group {
		g.used[i] = in[group]
		g.node[i] = 0
	}
	features := g.random.Perm(len(g.edges))
	features = features[:max(1, int(g.Features*float64(len(features))))]
	slices.Sort(features)
	return features
}

func (g *grower) tree() tree {
	features := g.draw()
	inner := 1<<g.Depth - 1
	t := tree{inner: make([]node, inner)}
	for level := range g.Depth {
		g.splitLevel(&t, 1<<level-1, 1<<level, features)
	}
	sums, counts := make([]float64, inner+1), make([]float64, inner+1)
	for i, n := range g.node {
		if g.used[i] {
			sums[int(n)-inner] += g.rest[i]
			counts[int(n)-inner]++
		}
	}
	for i := range inner + 1 {
		t.leaf[i] = units(g.Rate * sums[i] / (counts[i] + g.Shrink + 1))
	}
	for i, n := range g.node {
		g.rest[i] -= value(int64(t.leaf[int(n)-inner]))
	}
	return t
}

// A histogram sums the rows of a node by the bins of a feature.
type histogram struct{ sum, count [bins]float64 }

// splitLevel finds the best split of each node of a level and sends its rows
// on.
func (g *grower) splitLevel(t *tree, first, nodes int, features []int) {
	gain := make([]float64, nodes)
	edge := make([]int, nodes)
	for i := range nodes { // without a split all rows go left
		t.inner[first+i].threshold = maxFloat32
		edge[i] = bins
	}
	for _, f := range features {
		all := make([]histogram, nodes)
		column := g.binned[f]
		for i, used := range g.used {
			if used {
				h := &all[int(g.node[i])-first]
				h.sum[column[i]] += g.rest[i]
				h.count[column[i]]++
			}
		}
		for n := range all {
			if at, better := g.best(&all[n], len(g.edges[f]), gain[n]); at >= 0 {
				gain[n], edge[n] = better, at
				t.inner[first+n] = node{threshold: float32(g.edges[f][at]), feature: uint8(f)}
			}
		}
	}
	for i, n := range g.node {
		at := int(n) - first
		child := 2*n + 1
		if edge[at] < bins && int(g.binned[t.inner[n].feature][i]) > edge[at] {
			child++
		}
		g.node[i] = child
	}
}

const maxFloat32 = 0x1p127 * (1 + (1 - 0x1p-23))

// best finds the edge that explains most above a bound; -1: none does.
func (g *grower) best(h *histogram, edges int, bound float64) (at int, gain float64) {
	total, count := 0.0, 0.0
	for b := range bins {
		total += h.sum[b]
		count += h.count[b]
	}
	worth := func(sum, n float64) float64 { return sum * sum / (n + g.Shrink) }
	at, gain = -1, bound
	left, n := 0.0, 0.0
	for e := range edges {
		left += h.sum[e]
		n += h.count[e]
		if n < float64(g.LeastLeaf) || count-n < float64(g.LeastLeaf) {
			continue
		}
		if w := worth(left, n) + worth(total-left, count-n) - worth(total, count); w > gain+1e-12 {
			at, gain = e, w
		}
	}
	return at, gain
}
