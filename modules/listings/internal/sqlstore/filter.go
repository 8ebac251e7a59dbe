package sqlstore

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/words"
)

// The conditions of partial indexes. A query uses such an index only if it says the same, word for word.
const (
	isRunning = "status IN ('scheduled', 'open')"
	isShown   = "status <> 'draft'"
)

// filter adds the conditions of a filter.
func (q *listQuery) filter(f app.Filter, viewer domain.Actor) {
	q.visible(f, viewer)
	if f.Seller != uuid.Nil {
		q.where("seller = " + q.add(f.Seller))
	}
	if len(f.Statuses) > 0 {
		q.statuses(f.Statuses)
	}
	if f.Currency != "" {
		q.where("currency = " + q.add(f.Currency))
	}
	if !f.EndsAfter.IsZero() {
		q.where(isShown)
		q.where("ends_at > " + q.add(db.Micros(f.EndsAfter)))
	}
	if !f.EndsBefore.IsZero() {
		q.where("ends_at < " + q.add(db.Micros(f.EndsBefore.Add(time.Microsecond-1)))) // the next whole one
	}
	if f.BuyNow {
		q.buyNow()
	}
	for _, word := range words.OfQuery(f.Words) {
		q.where(q.search.condition(q.add(q.search.wordQuery(word))))
	}
}

// visible leaves out drafts, unless the viewer asks for his own listings.
func (q *listQuery) visible(f app.Filter, viewer domain.Actor) {
	switch own := viewer.ID != uuid.Nil && f.Seller == viewer.ID; {
	case own:
	case onlyRunning(f):
		q.where(isRunning)
	default:
		q.where(isShown)
	}
}

// onlyRunning reports whether the filter wants nothing but scheduled and open listings, which are few.
func onlyRunning(f app.Filter) bool {
	other := func(s domain.Status) bool { return s != domain.StatusScheduled && s != domain.StatusOpen }
	return len(f.Statuses) > 0 && !slices.ContainsFunc(f.Statuses, other)
}

// statuses keeps listings in one of the statuses at the instant of the question. One that is asked for many times is asked
// for once: SQLite refuses to look at conditions of a thousand parts.
func (q *listQuery) statuses(wanted []domain.Status) {
	wanted = slices.Compact(slices.Sorted(slices.Values(wanted)))
	alternatives := make([]string, len(wanted))
	for i, s := range wanted {
		alternatives[i] = q.status(s)
	}
	q.where("(" + strings.Join(alternatives, " OR ") + ")")
}

// status is domain.Phase.At in SQL: the same answer before and after a job has stored that start or end have passed.
func (q *listQuery) status(s domain.Status) string {
	switch s {
	case domain.StatusScheduled:
		return q.going() + " AND starts_at > " + q.at()
	case domain.StatusOpen:
		return q.going() + " AND starts_at <= " + q.at()
	case domain.StatusSold:
		return "status = 'sold' OR " + q.over() + " AND leader IS NOT NULL AND reserve_met"
	case domain.StatusUnsoldReserve:
		return "status = 'unsold_reserve' OR " + q.over() + " AND leader IS NOT NULL AND NOT reserve_met"
	case domain.StatusUnsoldNoBids:
		return "status = 'unsold_no_bids' OR " + q.over() + " AND leader IS NULL"
	default:
		return "status = " + q.add(string(s))
	}
}

// over holds for what has ended, though nobody has closed it yet.
func (q *listQuery) over() string { return isRunning + " AND NOT frozen AND ends_at <= " + q.at() }

// going holds for what has been published and has not ended. Of what runs nearly all has not ended, but PostgreSQL would
// estimate that from the ends of all listings there are, nearly all of which have passed, and sort what it need not even
// read. "+ 0" hides the column from its statistics.
func (q *listQuery) going() string {
	return isRunning + " AND (frozen OR ends_at + 0 > " + q.at() + ")"
}

// buyNow keeps listings that can be bought at once: domain.Phase.BuyNowAvailable in SQL.
func (q *listQuery) buyNow() {
	q.where(isRunning)
	q.where("buy_now > 0 AND NOT frozen AND starts_at <= " + q.at() + " AND ends_at > " + q.at())
	q.where("(leader IS NULL OR NOT reserve_met)")
}
