package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// event is what the story looks at in a line of a public log.
type event struct {
	Seq    int64     `json:"seq"`
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"`
	Bidder string    `json:"bidder"`
	After  struct {
		Status string `json:"status"`
		Price  string `json:"price"`
	} `json:"after"`
	Opened struct {
		Maximum struct {
			Amount string `json:"amount"`
		} `json:"maximum"`
	} `json:"opened"`
}

// eventsOf reads a public log; its first line names the listing and the head.
func (m *market) eventsOf(log *answer) []event {
	lines := bytes.Split(bytes.TrimSpace(log.body), []byte("\n"))
	events := make([]event, len(lines)-1)
	for i := range events {
		m.must(log.step, json.Unmarshal(lines[i+1], &events[i]))
	}
	return events
}

// readHistory reads the logs of the chair, whose bids it tells, and of the quilt, which the clock has opened.
func (m *market) readHistory() {
	guest := m.browser("a guest")
	log := guest.asks("reads the chair's public log", get(m.chair.path("/log"))).is(http.StatusOK)
	opened := map[int64]string{}
	for _, e := range m.eventsOf(log) {
		m.remark("%2d  %s  %-14s  %-16.16s  %5s  %s", e.Seq, e.At.Format(time.DateTime), e.Kind, e.Bidder, e.After.Price, e.Opened.Maximum.Amount)
		if e.Opened.Maximum.Amount != "" {
			opened[e.Seq] = e.Opened.Maximum.Amount
		}
	}
	if want := map[int64]string{4: "25.00", 9: "30.00", 10: "35.00"}; !maps.Equal(opened, want) {
		m.fail(log.step, "it shows the maxima %v, not %v", opened, want)
	}
	m.remark("The last column shows what was bid: Cleo's maxima, which lost. What Ben would have paid stays his secret for good.")

	m.happened(m.quilt, "opened", "starts_at")
	m.happened(m.bench, "closed", "ends_at")
	m.remark("Both happened on time to the microsecond, although no server ran then.")
}

// happened ends the story unless the listing's log has an event of the kind at the instant that the listing names.
func (m *market) happened(l lot, kind, instant string) {
	guest := m.browser("a guest")
	at := guest.reads("reads "+l.name, l.path("")).time(instant)
	log := guest.asks("looks in the public log for when "+l.name+" was "+kind, get(l.path("/log"))).is(http.StatusOK)
	if !slices.ContainsFunc(m.eventsOf(log), func(e event) bool { return e.Kind == kind && e.At.Equal(at) }) {
		m.fail(log.step, "not at %s: %s", at, log.body)
	}
}

// download saves a public log and returns the file's name.
func (m *market) download(guest *client, l lot) string {
	log := guest.asks("downloads the public log of "+l.name, get(l.path("/log"))).is(http.StatusOK)
	events := strconv.Itoa(len(m.eventsOf(log)))
	if told := guest.reads("reads "+l.name, l.path("")).text("log.events"); told != events {
		m.fail(log.step, "it has %s events, not %s", events, told)
	}
	return m.saves(log, strings.ReplaceAll(l.name, " ", "-")+".ndjson")
}
