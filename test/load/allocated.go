package load

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Allocated is what one operation of a benchmark takes from the heap.
type Allocated struct {
	Objects int64 // allocations
	Bytes   int64
}

// mayGrow is by how much the objects of a benchmark may grow before that is called a fault. Bytes are only told: the growth of
// tables and buffers spreads unevenly over operations.
const mayGrow = 1.1

// ParseBenchmarks reads what go test -bench -benchmem prints, by package and benchmark: "platform/uow.Do". root is cut off the
// packages' names. Errors: a line of a benchmark that makes no sense.
func ParseBenchmarks(output, root string) (map[string]Allocated, error) {
	found := map[string]Allocated{}
	pkg := ""
	for line := range strings.Lines(output) {
		if name, ok := strings.CutPrefix(line, "pkg: "); ok {
			pkg = strings.TrimPrefix(strings.TrimSpace(name), root)
		}
		name, ok := strings.CutPrefix(line, "Benchmark")
		if !ok {
			continue
		}
		fields := strings.Fields(name)
		a, measured, err := allocated(fields)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", strings.TrimSpace(line), err)
		}
		if measured {
			found[pkg+"."+withoutProcessors(fields[0])] = a
		}
	}
	return found, nil
}

// allocated finds the figures before their units.
func allocated(fields []string) (a Allocated, measured bool, err error) {
	for i, unit := range fields {
		var to *int64
		switch unit {
		case "B/op":
			to = &a.Bytes
		case "allocs/op":
			to = &a.Objects
		default:
			continue
		}
		n, err := strconv.ParseInt(fields[max(0, i-1)], 10, 64)
		if err != nil {
			return a, false, err
		}
		*to, measured = n, true
	}
	return a, measured, nil
}

// withoutProcessors cuts off the number of processors that go test appends.
func withoutProcessors(name string) string {
	if i := strings.LastIndexByte(name, '-'); i >= 0 {
		if _, err := strconv.Atoi(name[i+1:]); err == nil {
			return name[:i]
		}
	}
	return name
}

// ParseBaseline reads what FormatBaseline wrote. Errors: a line that makes no sense.
func ParseBaseline(text string) (map[string]Allocated, error) {
	found := map[string]Allocated{}
	for line := range strings.Lines(text) {
		var name string
		var a Allocated
		if _, err := fmt.Sscanf(line, "%s %d objects %d bytes", &name, &a.Objects, &a.Bytes); err != nil {
			return nil, fmt.Errorf("%q: %w", strings.TrimSpace(line), err)
		}
		found[name] = a
	}
	return found, nil
}

// FormatBaseline returns the text of a baseline: a line for each benchmark, in the order of their names.
func FormatBaseline(all map[string]Allocated) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&text, "%s %d objects %d bytes\n", name, all[name].Objects, all[name].Bytes)
	}
	return text.String()
}

// CompareAllocated tells, line by line, how the benchmarks differ from the baseline. Errors: each one whose objects have grown by more
// than a tenth, that is gone, or that the baseline does not have.
func CompareAllocated(baseline, now map[string]Allocated) (lines []string, err error) {
	var wrong error
	for _, name := range slices.Sorted(maps.Keys(now)) {
		was, known := baseline[name]
		is := now[name]
		if !known {
			wrong = errors.Join(wrong, fmt.Errorf("%s is not in the baseline", name))
			continue
		}
		lines = append(lines, fmt.Sprintf("%s: %d objects (%s), %d bytes (%s)",
			name, is.Objects, change(was.Objects, is.Objects), is.Bytes, change(was.Bytes, is.Bytes)))
		if float64(is.Objects) > mayGrow*float64(was.Objects) {
			wrong = errors.Join(wrong, fmt.Errorf("%s allocates %d objects, and %d before", name, is.Objects, was.Objects))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(baseline)) {
		if _, measured := now[name]; !measured {
			wrong = errors.Join(wrong, fmt.Errorf("%s was not measured", name))
		}
	}
	return lines, wrong
}

// change is the growth in percent.
func change(was, is int64) string {
	if was == 0 {
		return "before 0"
	}
	return fmt.Sprintf("%+.1f %%", 100*(float64(is)/float64(was)-1))
}
