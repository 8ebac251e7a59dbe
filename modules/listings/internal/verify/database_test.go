package verify_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/publiclog"
	"github.com/gavelhq/gavel/modules/listings/internal/verify"
)

func TestWhatHappenedVerifies(t *testing.T) {
	t.Parallel()
	check := func(t *testing.T, p *place) {
		t.Helper()
		_, err := p.CreateDraft.Do(t.Context(), app.CreateDraftCommand{Seller: member("seller")})
		require.NoError(t, err)
		p.play(t, "A lamp")
		p.play(t, "A cup")
		require.NoError(t, p.MoveTo(t.Context(), epoch.Add(50*time.Hour)))
		var heads bytes.Buffer
		var progress []int64
		report := p.verify(t, verify.Options{SaveTo: &heads, Progress: func(logs int64) { progress = append(progress, logs) }})
		require.Empty(t, cmp.Diff(&verify.Report{Logs: 2, Verified: 2, Events: 2 * (lastSeq + 1), Flaws: []verify.Flaw{}}, report))
		require.NoError(t, report.Err())
		require.Equal(t, []int64{1, 2}, progress)

		saved, err := publiclog.ReadHeads(&heads)
		require.NoError(t, err)
		require.Len(t, saved, 2)
		report = p.verify(t, verify.Options{Heads: saved})
		require.Equal(t, 2, report.Heads)
		require.NoError(t, report.Err())
	}
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		check(t, onMemory())
	})
	eachDatabase(t, check)
}

func TestNothingVerifies(t *testing.T) {
	t.Parallel()
	report := onMemory().verify(t, verify.Options{})
	require.NoError(t, report.Err())
	var text strings.Builder
	require.NoError(t, report.WriteText(&text))
	require.Equal(t, "0 of 0 logs verify (0 events).\n", text.String())
}

// tampering is something that is done to a database behind the program's back.
type tampering struct {
	do      func(t *testing.T, p *place, id uuid.UUID)
	seq     int64
	problem domain.Problem
	detail  string
}

// update changes the row of one event.
func update(assignment string, seq int64) func(t *testing.T, p *place, id uuid.UUID) {
	return func(t *testing.T, p *place, id uuid.UUID) {
		p.exec(t, "UPDATE listing_log SET "+assignment+" WHERE listing_id = $1 AND seq = $2", id, seq)
	}
}

// updateListing changes the row of the listing.
func updateListing(assignment string) func(t *testing.T, p *place, id uuid.UUID) {
	return func(t *testing.T, p *place, id uuid.UUID) {
		p.exec(t, "UPDATE listings SET "+assignment+" WHERE id = $1", id)
	}
}

var tamperings = map[string]tampering{
	"an edited price":       {update("price = price + 1", 5), 5, domain.ProblemHash, "one of them was edited"},
	"an edited maximum":     {update("maximum = maximum + 100", 5), 5, domain.ProblemOpening, "the maximum beside it"},
	"an edited member":      {update("bidder = '00000000-0000-4000-8000-000000000001'", 4), 4, domain.ProblemOpening, "the bidder beside it"},
	"an edited alias":       {update("bidder_alias = hash", 4), 4, domain.ProblemHash, "one of them was edited"},
	"an edited stamp":       {update("at = at + 1", 5), 5, domain.ProblemHash, "one of them was edited"},
	"a stamp before":        {update("at = at - 86400000000", 5), 5, domain.ProblemTime, "its stamp lies before"},
	"an edited kind":        {update("kind = 'frozen'", 5), 5, domain.ProblemHash, "one of them was edited"},
	"an edited hash":        {update("hash = maximum_hash", 5), 5, domain.ProblemHash, "one of them was edited"},
	"an edited text":        {update("details = replace(details, 'scratch', 'diamond')", 7), 7, domain.ProblemOpening, "the text beside it"},
	"an edited title":       {update("details = replace(details, 'A lamp', 'A moon')", 1), 1, domain.ProblemOpening, "the title beside it"},
	"an edited reserve":     {update("details = replace(details, '1500', '1400')", 1), 1, domain.ProblemOpening, "the reserve beside it"},
	"an edited result":      {update("leads = NOT leads", 5), 5, domain.ProblemHash, "one of them was edited"},
	"a former leader":       {update("former_leader = leader", 6), 6, domain.ProblemOutcome, "another leader"},
	"a removed event":       {remove("seq = 5"), 5, domain.ProblemMissing, "event 6 stands in its place"},
	"a removed beginning":   {remove("seq = 1"), 1, domain.ProblemMissing, "event 2 stands in its place"},
	"a truncated tail":      {remove("seq > 8"), 9, domain.ProblemMissing, "the log ends here, though the head says that it has 10 events"},
	"a removed log":         {remove("seq > 0"), 1, domain.ProblemMissing, "the log ends here"},
	"an inserted event":     {insert, 5, domain.ProblemHash, "one of them was edited"},
	"two swapped events":    {swap, 5, domain.ProblemHash, "one of them was edited"},
	"an event put behind":   {extend, 11, domain.ProblemHash, "one of them was edited"},
	"an edited head":        {updateListing("head_hash = secret"), 10, domain.ProblemHead, "its hash is not the head's"},
	"a head before the end": {updateListing("head_seq = 9"), 10, domain.ProblemUnexpected, "the head says that the log ends before it"},
	"an edited head's time": {updateListing("head_at = head_at + 1"), 10, domain.ProblemState, "the stored head is not"},
	"a stored price":        {updateListing("price = price + 1"), 10, domain.ProblemState, "the stored price is not"},
	"a stored next minimum": {updateListing("next_minimum = 1"), 10, domain.ProblemState, "the stored price is not"},
	"a stored maximum":      {updateListing("leader_max = leader_max + 1"), 10, domain.ProblemState, "the stored leader is not"},
	"a stored leader":       {updateListing("leader = runner_up"), 10, domain.ProblemState, "the stored leader is not"},
	"a stored reserve":      {updateListing("reserve = 0"), 10, domain.ProblemState, "the stored reserve is not"},
	"a stored end":          {updateListing("ends_at = ends_at + 1"), 10, domain.ProblemState, "the stored end is not"},
	"a stored title":        {updateListing("title = 'A moon'"), 10, domain.ProblemState, "the stored title is not"},
	"a stored version":      {updateListing("version = version + 1"), 10, domain.ProblemState, "the stored version is not"},
	"a stored secret":       {updateListing("secret = head_hash"), 1, domain.ProblemOpening, "the command id beside it"},
	"a hash too short":      {update("hash = substr(hash, 1, 31)", 5), 5, domain.ProblemMalformed, "makes no sense"},
	"details that are none": {update("details = 'none'", 7), 7, domain.ProblemMalformed, "makes no sense"},
	"a stored table":        {updateListing("increments = 'none'"), 1, domain.ProblemState, "makes no sense"},
	"a draft with a log":    {updateListing("status = 'draft', head_seq = 0, head_hash = NULL, secret = NULL"), 1, domain.ProblemOpening, "beside it"},
	"a removed listing": {func(t *testing.T, p *place, id uuid.UUID) {
		p.exec(t, "DELETE FROM listings WHERE id = $1", id)
	}, 1, domain.ProblemState, "the listing that it belongs to is gone"},
	"removed texts": {func(t *testing.T, p *place, id uuid.UUID) {
		p.exec(t, "DELETE FROM listing_texts WHERE listing_id = $1", id)
	}, 1, domain.ProblemState, "or a part of it"},
	"a stored description": {func(t *testing.T, p *place, id uuid.UUID) {
		p.exec(t, "UPDATE listing_texts SET description = 'As good as gold.' WHERE listing_id = $1", id)
	}, 10, domain.ProblemState, "the stored description is not"},
}

func remove(which string) func(t *testing.T, p *place, id uuid.UUID) {
	return func(t *testing.T, p *place, id uuid.UUID) {
		p.exec(t, "DELETE FROM listing_log WHERE listing_id = $1 AND "+which, id)
	}
}

// eventColumns are those of the log but for listing, seq and command id, which are unique.
const eventColumns = `at, kind, version, currency, digits, command_hash, role, actor, actor_alias, bidder, bidder_alias, maximum,
	maximum_hash, leads, why, status, price, next_minimum, former_leader, leader, leader_alias, reserve_met, ends_at, details, hash`

func copyEvent(t *testing.T, p *place, id uuid.UUID, from, to int64) {
	p.exec(t, `INSERT INTO listing_log (listing_id, seq, `+eventColumns+`)
		SELECT listing_id, CAST($3 AS bigint), `+eventColumns+` FROM listing_log WHERE listing_id = $1 AND seq = $2`, id, from, to)
}

func insert(t *testing.T, p *place, id uuid.UUID) {
	p.exec(t, "UPDATE listing_log SET seq = seq + 1000 WHERE listing_id = $1 AND seq >= 5", id)
	p.exec(t, "UPDATE listing_log SET seq = seq - 999 WHERE listing_id = $1 AND seq >= 1000", id)
	copyEvent(t, p, id, 4, 5)
}

func swap(t *testing.T, p *place, id uuid.UUID) {
	p.exec(t, "UPDATE listing_log SET seq = 1000 WHERE listing_id = $1 AND seq = 5", id)
	p.exec(t, "UPDATE listing_log SET seq = 5 WHERE listing_id = $1 AND seq = 6", id)
	p.exec(t, "UPDATE listing_log SET seq = 6 WHERE listing_id = $1 AND seq = 1000", id)
}

func extend(t *testing.T, p *place, id uuid.UUID) { copyEvent(t, p, id, 10, 11) }

// TestTamperingWithTheDatabaseIsFoundAndLocated does everything at once, each to a listing of its own.
func TestTamperingWithTheDatabaseIsFoundAndLocated(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, p *place) {
		spoiled := map[uuid.UUID]string{}
		for name := range tamperings {
			spoiled[p.play(t, "A lamp: "+name)] = name
		}
		p.play(t, "A cup that nobody touches")
		require.NoError(t, p.verify(t, verify.Options{}).Err())
		for id, name := range spoiled {
			tamperings[name].do(t, p, id)
		}
		report := p.verify(t, verify.Options{})
		require.Len(t, report.Flaws, len(tamperings), "every one is found, the first bad event of each log, and no other")
		require.Equal(t, int64(1), report.Verified)
		for _, flaw := range report.Flaws {
			name := spoiled[flaw.Listing]
			c := tamperings[name]
			require.Equal(t, c.seq, flaw.Seq, "%s: %s", name, flaw.Detail)
			require.Equal(t, string(c.problem), flaw.Problem, "%s: %s", name, flaw.Detail)
			require.Contains(t, flaw.Detail, c.detail, name)
		}
		first := report.Flaws[0]
		require.ErrorContains(t, report.Err(), " logs do not verify; the first: listing "+first.Listing.String()+", event ")
	})
}

// rewrite changes what the leader's secret maximum was, in everything that commits to it: the commitment, all later
// hashes, the head and the stored listing.
func rewrite(t *testing.T, p *place, id uuid.UUID) {
	t.Helper()
	state, events := p.log(t, id)
	const edited = 5 // the sixth event, the leader's bid
	e := &events[edited]
	e.Sealed.Maximum += 10_00
	nonce := hmac.New(sha256.New, state.Secret[:])
	nonce.Write(binary.BigEndian.AppendUint64([]byte("maximum"), uint64(e.Seq)))
	e.Maximum = sha256.Sum256(binary.BigEndian.AppendUint64(nonce.Sum(nil), uint64(e.Sealed.Maximum)))
	for i := edited; i < len(events); i++ {
		events[i].Hash = sha256.Sum256(append(events[i-1].Hash[:], domain.EncodeEntry(events[i].Entry)...))
		p.exec(t, "UPDATE listing_log SET maximum = $3, maximum_hash = $4, hash = $5 WHERE listing_id = $1 AND seq = $2",
			id, events[i].Seq, events[i].Sealed.Maximum, bytesOrNull(events[i].Maximum), events[i].Hash[:])
	}
	p.exec(t, "UPDATE listings SET leader_max = leader_max + 1000, head_hash = $2 WHERE id = $1", id, events[len(events)-1].Hash[:])
}

func bytesOrNull(h domain.Hash) []byte {
	if h.IsZero() {
		return nil
	}
	return h[:]
}

func TestARewrittenLogIsFoundWithSavedHeads(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, p *place) {
		id := p.play(t, "A lamp")
		var heads bytes.Buffer
		p.verify(t, verify.Options{SaveTo: &heads})
		saved, err := publiclog.ReadHeads(&heads)
		require.NoError(t, err)

		require.NoError(t, p.bid(t.Context(), id, "emil", "50"), "the log may grow")
		require.NoError(t, p.verify(t, verify.Options{Heads: saved}).Err())

		rewrite(t, p, id)
		require.NoError(t, p.verify(t, verify.Options{}).Err(), "whoever rewrites everything leaves a log that verifies")
		report := p.verify(t, verify.Options{Heads: saved})
		require.Empty(t, cmp.Diff([]verify.Flaw{{
			Listing: id, Seq: lastSeq, Problem: string(domain.ProblemHead),
			Detail: "its hash is not the one that was saved earlier: the log was rewritten here or before",
		}}, report.Flaws))
	})
}

func TestARemovedListingIsFoundWithSavedHeads(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, p *place) {
		id := p.play(t, "A lamp")
		state, _ := p.log(t, id)
		p.exec(t, "DELETE FROM listing_log WHERE listing_id = $1", id)
		p.exec(t, "DELETE FROM listings WHERE id = $1", id)
		require.NoError(t, p.verify(t, verify.Options{}).Err())
		report := p.verify(t, verify.Options{Heads: publiclog.Heads{id: {state.Head}}})
		require.Equal(t, []verify.Flaw{{
			Listing: id, Seq: 1, Problem: string(domain.ProblemMissing), Detail: "a head of its log was saved earlier, and nothing of it is left",
		}}, report.Flaws)
	})
}

func TestVerificationWhileBidsGoOn(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, p *place) {
		id := p.publish(t, "A lamp")
		require.NoError(t, p.bid(t.Context(), id, "anna", "20"))
		bids := make(chan error, 1)
		stop := while(func(ctx context.Context) { bids <- p.keepBidding(ctx, id) })
		for range 30 {
			if !stillVerifies(t, p) {
				break
			}
		}
		stop()
		require.NoError(t, <-bids)
	})
}

func stillVerifies(t *testing.T, p *place) bool {
	report, err := verify.New(p.ledger).Run(t.Context(), verify.Options{})
	if err == nil {
		err = report.Err()
	}
	if err != nil {
		t.Error(err)
	}
	return err == nil
}

// keepBidding raises one bid after the other until ctx ends.
func (p *place) keepBidding(ctx context.Context, id uuid.UUID) error {
	for cents := int64(21_00); ctx.Err() == nil; cents++ {
		amount := domain.Currency{Code: "USD", Digits: 2}.Money(cents).Decimal()
		if err := p.bid(context.WithoutCancel(ctx), id, "anna", amount); err != nil {
			return err
		}
	}
	return nil
}
