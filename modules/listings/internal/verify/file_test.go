package verify_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/publiclog"
	"github.com/gavelhq/gavel/modules/listings/internal/verify"
)

// exported returns the public log of a listing, as the API gives it.
func (p *place) exported(t testing.TB, id uuid.UUID) string {
	t.Helper()
	state, events := p.log(t, id)
	return written(t, publiclog.HeaderOf(state), domain.PublicLog(state, events))
}

func written(t testing.TB, h publiclog.Header, events []domain.PublicEvent) string {
	t.Helper()
	var file bytes.Buffer
	w, err := publiclog.NewWriter(&file, h)
	require.NoError(t, err)
	for _, e := range events {
		require.NoError(t, w.Write(e))
	}
	return file.String()
}

// read returns what a file says.
func read(t testing.TB, file string) (publiclog.Header, []domain.PublicEvent) {
	t.Helper()
	r, err := publiclog.NewReader(strings.NewReader(file))
	require.NoError(t, err)
	var events []domain.PublicEvent
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			return r.Header(), events
		}
		require.NoError(t, err)
		events = append(events, e)
	}
}

func verifyFile(t testing.TB, file string, heads publiclog.Heads) *verify.Report {
	t.Helper()
	report, err := verify.File(strings.NewReader(file), verify.Options{Heads: heads})
	require.NoError(t, err)
	return report
}

func TestExportedLogsVerify(t *testing.T) {
	t.Parallel()
	p := onMemory()
	id := p.play(t, "A lamp")
	check := func(events int64) {
		file := p.exported(t, id)
		require.Empty(t, cmp.Diff(&verify.Report{Logs: 1, Verified: 1, Events: events, Flaws: []verify.Flaw{}}, verifyFile(t, file, nil)))
		h, read := read(t, file)
		require.Equal(t, file, written(t, h, read), "a log can be written in one way only")
	}
	check(lastSeq)
	require.NoError(t, p.MoveTo(t.Context(), epoch.Add(50*time.Hour)))
	check(lastSeq + 1)
}

// lines changes the lines of a file, the first of which is the header: line i is event i.
func lines(change func(lines []string) []string) func(string) string {
	return func(file string) string {
		all := strings.SplitAfter(strings.TrimSuffix(file, "\n"), "\n")
		all[len(all)-1] += "\n"
		return strings.Join(change(all), "")
	}
}

// edit replaces text in one line.
func edit(line int, from, to string) func(string) string {
	return lines(func(all []string) []string {
		if !strings.Contains(all[line], from) {
			panic(from + " is not in " + all[line])
		}
		all[line] = strings.Replace(all[line], from, to, 1)
		return all
	})
}

func TestTamperingWithExportedLogsIsFoundAndLocated(t *testing.T) {
	t.Parallel()
	p := onMemory()
	id := p.play(t, "A lamp")
	other := p.play(t, "A cup")
	file := p.exported(t, id)
	_, events := read(t, file)
	nonce := events[4].Opened
	require.Nil(t, nonce.Maximum, "bert took his bids back")
	require.NotNil(t, events[2].Opened.Maximum, "anna's first bid is open")
	otherLine := strings.SplitAfter(p.exported(t, other), "\n")[5]

	cases := map[string]struct {
		change  func(string) string
		seq     int64
		problem domain.Problem
	}{
		"an edited price":       {edit(6, `"price":"26.50"`, `"price":"26.51"`), 6, domain.ProblemHash},
		"an edited amount":      {edit(3, `"amount":"20.00"`, `"amount":"19.00"`), 3, domain.ProblemOpening},
		"an edited nonce":       {edit(3, `"nonce":"`+events[2].Opened.Maximum.Nonce.String()[:1], `"nonce":"`+flipped(events[2].Opened.Maximum.Nonce)), 3, domain.ProblemOpening},
		"an edited title":       {edit(1, `A lamp`, `A moon`), 1, domain.ProblemOpening},
		"an edited member":      {edit(4, `"bidder":"`+hexOf(events[3].Bidder), `"bidder":"`+hexOf(events[2].Bidder)), 4, domain.ProblemHash},
		"an edited time":        {edit(5, `"at":"2026-03-01T12:03`, `"at":"2026-03-01T12:02`), 5, domain.ProblemHash},
		"an edited hash":        {edit(5, `"hash":"`+events[4].Hash.String(), `"hash":"`+events[3].Hash.String()), 5, domain.ProblemHash},
		"a field left out":      {edit(5, `"role":"bidder",`, ``), 5, domain.ProblemMalformed},
		"a field twice":         {edit(5, `"role":"bidder",`, `"role":"bidder","role":"bidder",`), 5, domain.ProblemMalformed},
		"a field too many":      {edit(5, `"role":"bidder",`, `"role":"bidder","rule":1,`), 5, domain.ProblemMalformed},
		"a space too many":      {edit(5, `"role":"bidder",`, `"role": "bidder",`), 5, domain.ProblemMalformed},
		"an amount of nothing":  {edit(5, `"price":"20.50"`, `"price":""`), 5, domain.ProblemMalformed},
		"no JSON":               {edit(5, `{`, ``), 5, domain.ProblemMalformed},
		"an empty line":         {lines(func(all []string) []string { all[5] = "\n" + all[5]; return all }), 5, domain.ProblemMalformed},
		"a removed event":       {lines(func(all []string) []string { return append(all[:5:5], all[6:]...) }), 5, domain.ProblemMissing},
		"an inserted event":     {lines(func(all []string) []string { return append(all[:5:5], append([]string{all[4]}, all[5:]...)...) }), 4, domain.ProblemUnexpected},
		"another log's event":   {lines(func(all []string) []string { all[5] = otherLine; return all }), 5, domain.ProblemHash},
		"two swapped events":    {lines(func(all []string) []string { all[5], all[6] = all[6], all[5]; return all }), 5, domain.ProblemMissing},
		"a truncated tail":      {lines(func(all []string) []string { return all[:9] }), 9, domain.ProblemMissing},
		"half of the tail":      {func(file string) string { return file[:len(file)-200] }, 10, domain.ProblemMalformed},
		"no event at all":       {lines(func(all []string) []string { return all[:1] }), 1, domain.ProblemMissing},
		"an event put behind":   {lines(func(all []string) []string { return append(all, all[10]) }), 10, domain.ProblemUnexpected},
		"an edited head":        {edit(0, `"hash":"`+events[9].Hash.String(), `"hash":"`+events[8].Hash.String()), 10, domain.ProblemHead},
		"a head before":         {edit(0, `"events":10`, `"events":9`), 10, domain.ProblemUnexpected},
		"an edited head's time": {edit(0, `"at":"2026-03-01`, `"at":"2026-03-02`), 10, domain.ProblemHead},
		"another listing":       {edit(0, id.String(), other.String()), 1, domain.ProblemHash},
		"another currency":      {edit(0, `"USD"`, `"EUR"`), 1, domain.ProblemHash},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := verifyFile(t, c.change(file), nil)
			require.Len(t, report.Flaws, 1)
			require.Equal(t, c.seq, report.Flaws[0].Seq, report.Flaws[0].Detail)
			require.Equal(t, string(c.problem), report.Flaws[0].Problem, report.Flaws[0].Detail)
			require.Zero(t, report.Verified)
			require.ErrorContains(t, report.Err(), "1 of 1 logs do not verify")
			var text strings.Builder
			require.NoError(t, report.WriteText(&text))
			require.Contains(t, text.String(), "BAD   listing "+report.Flaws[0].Listing.String()+", event ")
		})
	}
}

func hexOf(a domain.Alias) string { return domain.Hash(a).String() }

// flipped returns a first digit that h does not have.
func flipped(h domain.Hash) string {
	if h.String()[0] == '0' {
		return "1"
	}
	return "0"
}

func TestARewrittenFileIsFoundWithSavedHeads(t *testing.T) {
	t.Parallel()
	p := onMemory()
	id := p.play(t, "A lamp")
	file := p.exported(t, id)
	h, events := read(t, file)
	saved := publiclog.Heads{id: {h.Head, {Seq: 7, Hash: events[6].Hash}}}
	report := verifyFile(t, file, saved)
	require.NoError(t, report.Err())
	require.Equal(t, 2, report.Heads)

	// The fifth event an hour later, and everything that follows from it.
	for i := 4; i < len(events); i++ {
		events[i].At = events[i].At.Add(time.Hour)
		events[i].Hash = sha256.Sum256(append(events[i-1].Hash[:], domain.EncodeEntry(events[i].Entry)...))
	}
	h.Head.Hash, h.Head.At = events[len(events)-1].Hash, events[len(events)-1].At
	rewritten := written(t, h, events)
	require.NoError(t, verifyFile(t, rewritten, nil).Err(), "whoever rewrites everything leaves a log that verifies")
	report = verifyFile(t, rewritten, saved)
	require.Len(t, report.Flaws, 1)
	require.Equal(t, int64(7), report.Flaws[0].Seq, "the first head saved behind the edit")
	require.Equal(t, string(domain.ProblemHead), report.Flaws[0].Problem)

	h.Head = domain.Head{Seq: 6, Hash: events[5].Hash, At: events[5].At}
	report = verifyFile(t, written(t, h, events[:6]), saved)
	require.Equal(t, string(domain.ProblemMissing), report.Flaws[0].Problem, "a tail that is cut off with the head")
	require.Equal(t, int64(7), report.Flaws[0].Seq)
}

func TestFilesThatAreNoLog(t *testing.T) {
	t.Parallel()
	p := onMemory()
	file := p.exported(t, p.play(t, "A lamp"))
	cases := map[string]struct{ text, want string }{
		"empty":            {"", "the file is empty"},
		"a web page":       {"<html></html>", ": it cannot be read"},
		"another format":   {edit(0, publiclog.LogFormat, "gavel-log-9")(file), `the format is "gavel-log-9"`},
		"heads":            {`{"format":"gavel-heads-1"}` + "\n", `the format is "gavel-heads-1"`},
		"no currency":      {edit(0, `"USD"`, `"dollars"`)(file), `"dollars" with 2 digits is no currency`},
		"a field too many": {edit(0, `{`, `{"x":1,`)(file), `unknown field "x"`},
		"a very long line": {strings.Repeat("x", 2<<20), "it has more than 1048576 bytes"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := verify.File(strings.NewReader(c.text), verify.Options{})
			require.ErrorIs(t, err, publiclog.ErrNotALog)
			require.ErrorContains(t, err, c.want)
		})
	}
	t.Run("a file that cannot be read", func(t *testing.T) {
		t.Parallel()
		broken := errors.New("the disk is broken")
		_, err := verify.File(iotest.ErrReader(broken), verify.Options{})
		require.ErrorIs(t, err, broken)
		_, err = verify.File(io.MultiReader(strings.NewReader(file), iotest.ErrReader(broken)), verify.Options{})
		require.ErrorIs(t, err, broken)
	})
}

func FuzzFile(f *testing.F) {
	p := onMemory()
	file := p.exported(f, p.play(f, "A lamp"))
	f.Add(file)
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		report, err := verify.File(strings.NewReader(text), verify.Options{})
		if err == nil && report.Err() == nil && strings.HasPrefix(text, file[:strings.Index(file, "\n")]) {
			text = strings.ReplaceAll(text, "\r\n", "\n")
			require.Equal(t, strings.TrimSuffix(file, "\n"), strings.TrimRight(text, "\r\n"), "another log with the same head verifies")
		}
	})
}
