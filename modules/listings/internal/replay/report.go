package replay

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// Report says what came of a recording.
type Report struct {
	// File is the name of the recording, Reserve the reserve that the auctions had.
	File    string
	Reserve Reserve
	// Auctions, Bids and BadRows count what the file holds; bad rows are neither.
	Auctions, Bids, BadRows int
	// Accepted and Refused, by code, count what became of the bids.
	Accepted int
	Refused  map[string]int
	// Closed is how many auctions ended.
	Closed int
	// Exact is how many of them ended at the recorded price, to the cent.
	Exact int
	// Differing are the others, in the order of the file.
	Differing []Difference
	// Events is how many events the logs have.
	Events int64
	// ChainsVerified is how many of the logs verify; Flaws says what is wrong with the others.
	ChainsVerified int64
	Flaws          []error
	// Took is how long it took, without the verification.
	Took time.Duration
}

// Difference is an auction that closes at another price than it did.
type Difference struct {
	// Auction is what the file calls it.
	Auction string `json:"auction"`
	// Recorded and Computed are the prices as decimal text.
	Recorded string `json:"recorded"`
	Computed string `json:"computed"`
	// Why says why, as far as the bids tell. It is for people.
	Why string `json:"-"`
}

func newReport(recording *Recording, o Options) *Report {
	return &Report{
		File:      recording.File,
		Reserve:   o.Reserve,
		Auctions:  len(recording.Auctions),
		Bids:      len(recording.Bids),
		BadRows:   recording.BadRows,
		Refused:   map[string]int{},
		Differing: []Difference{},
	}
}

// Err returns an error if a chain does not verify. Prices that differ are none.
func (r *Report) Err() error {
	if len(r.Flaws) == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d chains do not verify; the first: %w", len(r.Flaws), r.Auctions, r.Flaws[0])
}

// MarshalJSON gives the report the keys that programs rely on. Errors: none.
func (r *Report) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Auctions       int            `json:"auctions"`
		Bids           int            `json:"bids"`
		BadRows        int            `json:"bad_rows,omitempty"`
		Accepted       int            `json:"accepted"`
		Refused        map[string]int `json:"refused"`
		Closed         int            `json:"closed"`
		Exact          int            `json:"exact"`
		Differing      []Difference   `json:"differing"`
		Events         int64          `json:"events"`
		ChainsVerified int64          `json:"chains_verified"`
		Seconds        float64        `json:"seconds"`
	}{
		r.Auctions, r.Bids, r.BadRows, r.Accepted, r.Refused, r.Closed, r.Exact, r.Differing, r.Events, r.ChainsVerified,
		seconds(r.Took),
	})
}

// seconds rounds to the millisecond.
func seconds(d time.Duration) float64 { return math.Round(d.Seconds()*1000) / 1000 }

// WriteText writes the report for people. Errors: what w reports.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, replayed through the use cases%s\n\n", r.File, r.reserves())
	line := func(name string, n int64, note string) {
		fmt.Fprintf(&b, "  %-16s %8s%s\n", name, thousands(n), strings.TrimRight("   "+note, " "))
	}
	line("auctions", int64(r.Auctions), "all on one clock, from the same start")
	line("bids", int64(r.Bids), r.badRows())
	line("accepted", int64(r.Accepted), "")
	line("refused", int64(r.Bids-r.Accepted), r.refusals())
	line("closed", int64(r.Closed), "by the closing job, when their days were over")
	line("exact", int64(r.Exact), "at the recorded price, to the cent: "+percent(r.Exact, r.Auctions))
	line("differing", int64(len(r.Differing)), "")
	line("events logged", r.Events, "")
	line("chains verified", r.ChainsVerified, r.verified())
	line("bids per second", int64(r.rate()), fmt.Sprintf("%.2f s in all", r.Took.Seconds()))
	if len(r.Differing) > 0 {
		b.WriteString("\nThose that differ, and why as far as the bids tell:\n\n")
		r.writeDiffering(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) reserves() string {
	if r.Reserve == ReserveRecorded {
		return ", the recorded price as hidden reserve"
	}
	return ""
}

func (r *Report) badRows() string {
	if r.BadRows == 0 {
		return ""
	}
	return thousands(int64(r.BadRows)) + " bad rows left out"
}

func (r *Report) refusals() string {
	codes := slices.Collect(maps.Keys(r.Refused))
	slices.SortFunc(codes, func(a, b string) int {
		if r.Refused[a] != r.Refused[b] {
			return r.Refused[b] - r.Refused[a]
		}
		return strings.Compare(a, b)
	})
	for i, code := range codes {
		codes[i] = thousands(int64(r.Refused[code])) + " " + code
	}
	return strings.Join(codes, ", ")
}

func (r *Report) verified() string {
	if len(r.Flaws) == 0 {
		return ""
	}
	return fmt.Sprintf("of %d", r.Auctions)
}

func (r *Report) rate() float64 {
	if r.Took <= 0 {
		return 0
	}
	return float64(r.Bids) / r.Took.Seconds()
}

func (r *Report) writeDiffering(b *strings.Builder) {
	right := func(text string) string { return fmt.Sprintf("%10s", text) }
	table := tabwriter.NewWriter(b, 0, 0, 3, ' ', 0)
	fmt.Fprintf(table, "  auction\t%s\t%s\n", right("recorded"), right("computed"))
	for _, d := range r.Differing {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", d.Auction, right(d.Recorded), right(d.Computed), d.Why)
	}
	_ = table.Flush() // a strings.Builder takes everything
}

// percent is the share of n in all.
func percent(n, all int) string {
	if all == 0 {
		return "none"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(all))
}

// thousands writes a number with commas.
func thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
