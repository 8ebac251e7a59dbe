// Package verify checks logs and tells what it found: those of all listings in a store, and public logs in files.
package verify

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/publiclog"
)

// Options say what to compare with, and what to keep.
type Options struct {
	// Heads are heads that were saved earlier.
	Heads publiclog.Heads
	// SaveTo, if not nil, gets the heads of all logs that verify.
	SaveTo io.Writer
	// Progress, if not nil, is told how many logs have verified so far.
	Progress func(logs int64)
}

// Verifier checks the logs of all listings in a store.
type Verifier struct {
	logs  *app.VerifyLogs
	heads *app.CheckHeads
}

// New returns a verifier of what the ledger reads.
func New(ledger app.Ledger) *Verifier {
	return &Verifier{logs: app.NewVerifyLogs(ledger), heads: app.NewCheckHeads(ledger)}
}

// Run checks everything. Bids may go on meanwhile. Errors: what SaveTo or the store reports; what is wrong with a log is
// in the report.
func (v *Verifier) Run(ctx context.Context, o Options) (*Report, error) {
	heads, err := newHeadSaver(o.SaveTo)
	if err != nil {
		return nil, err
	}
	verified := int64(0)
	found, err := v.logs.Do(ctx, app.VerifyLogsQuery{
		Saved: o.Heads,
		Each: func(listing uuid.UUID, head domain.Head) error {
			verified++
			if o.Progress != nil {
				o.Progress(verified)
			}
			return heads.save(listing, head)
		},
	})
	if err != nil {
		return nil, err
	}
	report := &Report{Logs: found.Listings, Verified: verified, Events: found.Events, Flaws: newFlaws(found.Flaws)}
	for _, saved := range o.Heads {
		report.Heads += len(saved)
	}
	return report, heads.end()
}

// Heads only looks whether each log ends where its listing says, which is quick; Verified are those that do. progress, if
// not nil, is told how many. Errors: what the store reports; what is wrong with a log is in the report.
func (v *Verifier) Heads(ctx context.Context, progress func(logs int64)) (*Report, error) {
	verified := int64(0)
	found, err := v.heads.Do(ctx, func(uuid.UUID, domain.Head) error {
		verified++
		if progress != nil {
			progress(verified)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &Report{Logs: found.Listings, Verified: verified, Events: found.Events, Flaws: newFlaws(found.Flaws)}, nil
}

// headSaver writes heads, or nothing at all.
type headSaver struct{ writer *publiclog.HeadsWriter }

func newHeadSaver(w io.Writer) (headSaver, error) {
	if w == nil {
		return headSaver{}, nil
	}
	writer, err := publiclog.NewHeadsWriter(w)
	return headSaver{writer}, err
}

func (s headSaver) save(listing uuid.UUID, head domain.Head) error {
	if s.writer == nil {
		return nil
	}
	return s.writer.Write(listing, head)
}

func (s headSaver) end() error {
	if s.writer == nil {
		return nil
	}
	return s.writer.End()
}

// File checks a public log that somebody downloaded. Errors: publiclog.ErrNotALog, what r or SaveTo reports; what is
// wrong with the log is in the report.
func File(r io.Reader, o Options) (*Report, error) {
	heads, err := newHeadSaver(o.SaveTo)
	if err != nil {
		return nil, err
	}
	verified, err := publiclog.Verify(r, o.Heads)
	report := &Report{Logs: 1, Events: verified.Events, Heads: verified.Heads, Flaws: []Flaw{}}
	var flaw *domain.Flaw
	switch {
	case errors.As(err, &flaw):
		report.Flaws = newFlaws([]*domain.Flaw{flaw})
		return report, nil
	case err != nil:
		return nil, err
	}
	report.Verified = 1
	if err := heads.save(verified.Header.Listing, verified.Header.Head); err != nil {
		return nil, err
	}
	return report, heads.end()
}

// Report says what was found.
type Report struct {
	// Logs is how many logs were checked, Verified how many of them verify, Events how many events they have, up to the
	// first bad one.
	Logs     int64 `json:"logs"`
	Verified int64 `json:"verified"`
	Events   int64 `json:"events"`
	// Heads is how many saved heads they were compared with.
	Heads int `json:"heads_compared"`
	// Flaws are the first bad events of logs that do not verify.
	Flaws []Flaw `json:"flaws"`
}

// Flaw is the first bad event of a log.
type Flaw struct {
	// Listing is whose log it is, Seq the position of the event.
	Listing uuid.UUID `json:"listing"`
	Seq     int64     `json:"seq"`
	// Problem is a word for what is wrong, Detail a sentence.
	Problem string `json:"problem"`
	Detail  string `json:"detail"`
}

func newFlaws(found []*domain.Flaw) []Flaw {
	flaws := make([]Flaw, len(found))
	for i, f := range found {
		flaws[i] = Flaw{Listing: f.Listing, Seq: f.Seq, Problem: string(f.Problem), Detail: f.Detail}
	}
	return flaws
}

// Add puts what another report says to r.
func (r *Report) Add(other *Report) {
	r.Logs += other.Logs
	r.Verified += other.Verified
	r.Events += other.Events
	r.Heads += other.Heads
	r.Flaws = append(r.Flaws, other.Flaws...)
}

// Err returns an error that names the first flaw; nil if there is none.
func (r *Report) Err() error {
	if len(r.Flaws) == 0 {
		return nil
	}
	first := r.Flaws[0]
	return fmt.Errorf("%d of %d logs do not verify; the first: listing %s, event %d: %s",
		len(r.Flaws), max(r.Logs, int64(len(r.Flaws))), first.Listing, first.Seq, first.Detail)
}

// WriteText writes the report for people. Errors: what w reports.
func (r *Report) WriteText(w io.Writer) error {
	for _, f := range r.Flaws {
		if _, err := fmt.Fprintf(w, "BAD   listing %s, event %d (%s): %s\n", f.Listing, f.Seq, f.Problem, f.Detail); err != nil {
			return err
		}
	}
	compared := ""
	if r.Heads > 0 {
		compared = fmt.Sprintf(", %d saved heads", r.Heads)
	}
	_, err := fmt.Fprintf(w, "%d of %d logs verify (%d events%s).\n", r.Verified, r.Logs, r.Events, compared)
	return err
}
