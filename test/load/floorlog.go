package load

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// transaction is a line of pgbench's log.
type transaction struct {
	took  time.Duration
	ended time.Time
}

// floorLog are the transactions of a run, in no order.
type floorLog []transaction

// result sums up what ended in the window that begins a while after the first transaction did.
func (l floorLog) result(warm, lasts time.Duration, spent *meter) Result {
	if len(l) == 0 {
		return Result{}
	}
	begin := l[0].ended
	for _, t := range l {
		if t.ended.Before(begin) {
			begin = t.ended
		}
	}
	begin = begin.Add(warm)
	end := begin.Add(lasts)
	var took []time.Duration
	for _, t := range l {
		if !t.ended.Before(begin) && t.ended.Before(end) {
			took = append(took, t.took)
		}
	}
	r := resultOf(took, lasts)
	r.Count[Bid] = r.Done
	r.Spend(spent.between(begin, end))
	return r
}

// readLog reads the files that the threads of pgbench wrote.
func readLog(folder string) (floorLog, error) {
	files, err := filepath.Glob(filepath.Join(folder, "log*"))
	if err != nil {
		return nil, err
	}
	var all floorLog
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for line := range bytes.Lines(text) {
			t, err := parseLine(string(line))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			all = append(all, t)
		}
	}
	return all, nil
}

// parseLine reads a line: client, number, microseconds, script, and the end in seconds and microseconds.
func parseLine(line string) (transaction, error) {
	fields := strings.Fields(line)
	if len(fields) < 6 {
		return transaction{}, fmt.Errorf("a line of pgbench's log has %d fields", len(fields))
	}
	var numbers [6]int64
	for i := range numbers {
		n, err := strconv.ParseInt(fields[i], 10, 64)
		if err != nil {
			return transaction{}, fmt.Errorf("a line of pgbench's log: %w", err)
		}
		numbers[i] = n
	}
	return transaction{
		took: time.Duration(numbers[2]) * time.Microsecond, ended: time.Unix(numbers[4], numbers[5]*1000),
	}, nil
}
