package load

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// meterEvery is rare enough to cost what is measured next to nothing.
const meterEvery = 500 * time.Millisecond

// meter reads a growing figure again and again, so that its growth between two instants can be told afterwards.
type meter struct {
	readings []reading
	end      chan struct{}
	ended    chan struct{}
}

type reading struct {
	at    time.Time
	value time.Duration
}

func startMeter(read func() time.Duration) *meter {
	m := &meter{end: make(chan struct{}), ended: make(chan struct{})}
	go func() {
		defer close(m.ended)
		tick := time.NewTicker(meterEvery)
		defer tick.Stop()
		for {
			m.readings = append(m.readings, reading{at: time.Now(), value: read()})
			select {
			case <-tick.C:
			case <-m.end:
				return
			}
		}
	}()
	return m
}

// stop ends the readings; before that nothing can be told.
func (m *meter) stop() {
	close(m.end)
	<-m.ended
}

// between tells the growth, as if it were even between two readings, and the same after the last two as between them.
func (m *meter) between(begin, end time.Time) time.Duration { return m.at(end) - m.at(begin) }

func (m *meter) at(instant time.Time) time.Duration {
	if len(m.readings) < 2 {
		return 0
	}
	i := 1
	for i < len(m.readings)-1 && m.readings[i].at.Before(instant) {
		i++
	}
	before, after := m.readings[i-1], m.readings[i]
	share := float64(instant.Sub(before.at)) / float64(after.at.Sub(before.at))
	return before.value + time.Duration(share*float64(after.value-before.value))
}

// ProcessTime is the processor time of a process so far; 0 when it is gone, or where there is no /proc.
func ProcessTime(pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest) // from the state on: the times of user and system are 11 and 12
	var ticks int64
	for _, field := range fields[min(11, len(fields)):min(13, len(fields))] {
		n, _ := strconv.ParseInt(field, 10, 64)
		ticks += n
	}
	return time.Duration(ticks) * time.Second / 100
}
