package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// prove reads the public logs and has them verified, and the database.
func (m *market) prove() {
	m.chapter("Everything is proved")
	m.readHistory()
	guest := m.browser("a guest")
	files := []string{"verify"}
	for _, l := range []lot{
		m.chair, m.lamp, m.vase, m.clock, m.bench, m.radio, m.piano, m.typewriter, m.quilt, m.painting, m.mirror,
	} {
		files = append(files, m.download(guest, l))
	}
	chair := files[1]
	m.must("stop the server", m.server.stop())
	m.step("the server is stopped", "nothing of what follows needs it")

	m.verifies("monolith verify, with the eleven files", 0, files...)
	heads := filepath.Join(m.folder, "heads.ndjson")
	m.verifies("monolith verify --save-heads, with the whole database", 0, "verify", "--save-heads", heads)
	m.verifies("monolith verify --heads, with the heads just saved", 0, "verify", "--heads", heads)

	log, err := os.ReadFile(chair)
	m.must("read the chair's log", err)
	lines := bytes.Split(bytes.TrimSpace(log), []byte("\n"))
	forged := bytes.Join(append(lines[:4:4], lines[5:]...), []byte("\n"))
	m.must("forge the chair's log", os.WriteFile(chair, forged, 0o600))
	m.verifies("monolith verify, with a chair's log from which somebody took an event", 1, "verify", chair)
}

// saves writes an answer into a file and returns its name.
func (m *market) saves(a *answer, file string) string {
	name := filepath.Join(m.folder, file)
	m.must(a.step, os.WriteFile(name, a.body, 0o600))
	return name
}

// verifies runs the program and compares its status.
func (m *market) verifies(what string, want int, args ...string) {
	printed, status, err := m.server.monolith(m.ctx, args...)
	m.must(what, err)
	if status != want {
		m.fail(what, "its exit status is %d, not %d:\n%s", status, want, printed)
	}
	m.step(what, "exit status "+strconv.Itoa(status))
	for line := range strings.SplitSeq(strings.TrimSpace(printed), "\n") {
		m.remark("%s", line)
	}
}
