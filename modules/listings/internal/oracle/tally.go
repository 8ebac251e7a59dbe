package oracle

import (
	"fmt"
	"sort"
	"strings"
)

// Required are the marks that at least a tenth of a set of random histories must bear, each.
func Required() []Mark {
	return []Mark{Tie, Clip, ReserveCrossed, Retraction, OwnRaise, Extension}
}

// Tally counts in how many histories each mark occurs. The zero value is ready for use, by one goroutine at a time.
type Tally struct {
	Histories int
	Commands  int
	marked    map[Mark]int
}

// Count adds one history and what happened in it.
func (t *Tally) Count(h History, marks map[Mark]bool) {
	t.Histories++
	t.Commands += len(h.Commands)
	if t.marked == nil {
		t.marked = map[Mark]int{}
	}
	for m := range marks {
		t.marked[m]++
	}
}

// Add adds another tally.
func (t *Tally) Add(other Tally) {
	t.Histories += other.Histories
	t.Commands += other.Commands
	if t.marked == nil {
		t.marked = map[Mark]int{}
	}
	for m, n := range other.marked {
		t.marked[m] += n
	}
}

// Share is the part of the histories that bear a mark, from 0 to 1.
func (t *Tally) Share(m Mark) float64 {
	return float64(t.marked[m]) / float64(max(t.Histories, 1))
}

// String prints the shares in percent, the required ones first and the others by name.
func (t *Tally) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d histories, %d commands; share of the histories that contain", t.Histories, t.Commands)
	line := func(m Mark) { fmt.Fprintf(&text, "\n%7.2f %%  %s", 100*t.Share(m), m) }
	rest := map[Mark]bool{}
	for m := range t.marked {
		rest[m] = true
	}
	for _, m := range Required() {
		line(m)
		delete(rest, m)
	}
	var others []string
	for m := range rest {
		others = append(others, string(m))
	}
	sort.Strings(others)
	for _, m := range others {
		line(Mark(m))
	}
	return text.String()
}
