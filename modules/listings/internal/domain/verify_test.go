package domain_test

import (
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// audit checks a private log against a stored state and returns the flaw, nil if there is none.
func audit(t *testing.T, s domain.State, log []domain.Event, saved ...domain.Head) *domain.Flaw {
	t.Helper()
	check := domain.NewAudit(s, saved...)
	for _, e := range log {
		if err := check.Next(e); err != nil {
			return flaw(t, err)
		}
	}
	return flaw(t, check.End())
}

func flaw(t *testing.T, err error) *domain.Flaw {
	t.Helper()
	if err == nil {
		return nil
	}
	var f *domain.Flaw
	require.ErrorAs(t, err, &f)
	require.Contains(t, f.Error(), f.Detail)
	return f
}

// rehash makes the chain fit its entries again from the event at i on, as somebody would who covers his traces.
func rehash(log []domain.Event, i int) domain.Head {
	for ; i < len(log); i++ {
		var previous domain.Hash
		if i > 0 {
			previous = log[i-1].Hash
		}
		log[i].Hash = sha256.Sum256(append(previous[:], domain.EncodeEntry(log[i].Entry)...))
	}
	last := log[len(log)-1]
	return domain.Head{Seq: last.Seq, Hash: last.Hash, At: last.At}
}

// history is a log with a bit of everything. Its events: 1 published, 2 opened, 3 A bids, 4 B bids, 5 C bids, 6 B
// retracts, 7 C's are cancelled, 8 the description is appended to, 9 A bids, 10 closed.
func history(t *testing.T) *auction {
	a := published(t, reserve("15.00"), softClose(time.Hour, time.Hour, 24*time.Hour))
	a.bids(time.Hour, "A", "20.00", "B", "30.00", "C", "40.00")
	require.NoError(t, second(a.retract("B", 2*time.Hour)))
	require.NoError(t, second(a.cancelBids(moderator, "C", 3*time.Hour)))
	require.NoError(t, a.describe("It has a case.", 4*time.Hour))
	a.bids(5*time.Hour, "A", "25.00")
	require.True(t, a.close(end))
	require.Len(t, a.log, 10)
	return a
}

func TestAuditLocatesWhatWasDoneToALog(t *testing.T) {
	t.Parallel()
	type logs = []domain.Event
	tests := map[string]struct {
		tamper  func(log logs) logs
		seq     int64
		problem domain.Problem
	}{
		"nothing": {tamper: func(log logs) logs { return log }},
		"an edited amount": {seq: 4, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			log[3].Sealed.Maximum++
			return log
		}},
		"an edited price": {seq: 4, problem: domain.ProblemHash, tamper: func(log logs) logs {
			log[3].After.Price++
			return log
		}},
		"an edited price, hashed again": {seq: 4, problem: domain.ProblemOutcome, tamper: func(log logs) logs {
			log[3].After.Price++
			rehash(log, 3)
			return log
		}},
		"an edited stamp, hashed again": {seq: 5, problem: domain.ProblemTime, tamper: func(log logs) logs {
			log[4].At = log[2].At
			rehash(log, 4)
			return log
		}},
		"an edited hash": {seq: 4, problem: domain.ProblemHash, tamper: func(log logs) logs {
			log[3].Hash[5]++
			return log
		}},
		"another bidder": {seq: 4, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			log[3].Sealed.Bidder = member("D")
			return log
		}},
		"another actor": {seq: 7, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			log[6].Sealed.Actor = member("D")
			return log
		}},
		"another leader": {seq: 4, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			log[3].Sealed.Leader = member("D")
			return log
		}},
		"another former leader": {seq: 4, problem: domain.ProblemOutcome, tamper: func(log logs) logs {
			log[3].Sealed.FormerLeader = member("D")
			return log
		}},
		"another command id": {seq: 4, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			log[3].Sealed.Command[0]++
			return log
		}},
		"another reserve": {seq: 1, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			log[0].Sealed.Reserve++
			return log
		}},
		"another seller": {seq: 1, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			log[0].Sealed.Seller = member("D")
			return log
		}},
		"another title": {seq: 1, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			log[0].Sealed.Title += "!"
			return log
		}},
		"another description": {seq: 1, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			log[0].Sealed.Description += "!"
			return log
		}},
		"another reason": {seq: 7, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			log[6].Sealed.Text += "!"
			return log
		}},
		"a maximum where there was no bid": {seq: 2, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			log[1].Sealed.Maximum = 1
			return log
		}},
		"terms where there were none": {seq: 2, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			log[1].Sealed.Reserve = 1
			return log
		}},
		"other terms": {seq: 1, problem: domain.ProblemHash, tamper: func(log logs) logs {
			terms := *log[0].Terms
			terms.StartPrice--
			log[0].Terms = &terms
			return log
		}},
		"a removed event": {seq: 4, problem: domain.ProblemMissing, tamper: func(log logs) logs {
			return slices.Delete(log, 3, 4)
		}},
		"the first removed": {seq: 1, problem: domain.ProblemMissing, tamper: func(log logs) logs { return log[1:] }},
		"an inserted event": {seq: 4, problem: domain.ProblemUnexpected, tamper: func(log logs) logs {
			return slices.Insert(log, 4, log[3])
		}},
		"an inserted event, the rest renumbered": {seq: 5, problem: domain.ProblemHash, tamper: func(log logs) logs {
			log = slices.Insert(log, 3, log[3]) // a copy at its old place fits; what was there does not fit after it
			for i := 4; i < len(log); i++ {
				log[i].Seq++
			}
			return log
		}},
		"two swapped": {seq: 4, problem: domain.ProblemMissing, tamper: func(log logs) logs {
			log[3], log[4] = log[4], log[3]
			return log
		}},
		"two swapped, renumbered": {seq: 4, problem: domain.ProblemHash, tamper: func(log logs) logs {
			log[3], log[4] = log[4], log[3]
			log[3].Seq, log[4].Seq = 4, 5
			return log
		}},
		"the tail cut off": {seq: 9, problem: domain.ProblemMissing, tamper: func(log logs) logs { return log[:8] }},
		"everything cut off": {seq: 1, problem: domain.ProblemMissing, tamper: func(logs) logs {
			return nil
		}},
		"another listing's event": {seq: 4, problem: domain.ProblemUnexpected, tamper: func(log logs) logs {
			log[3].Listing = member("another listing")
			return log
		}},
		"an event added after the end": {seq: 11, problem: domain.ProblemUnexpected, tamper: func(log logs) logs {
			more := log[9]
			more.Seq++
			log = append(log, more)
			rehash(log, 10)
			log[10].Sealed = domain.Sealed{}
			return log
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := history(t)
			got := audit(t, a.state(), tt.tamper(slices.Clone(a.log)))
			if tt.problem == "" {
				require.Nil(t, got)
				return
			}
			require.NotNil(t, got)
			require.Equal(t, tt.seq, got.Seq, got)
			require.Equal(t, tt.problem, got.Problem, got)
			require.Equal(t, a.state().ID, got.Listing)
		})
	}
}

func TestAuditComparesTheStoredListing(t *testing.T) {
	t.Parallel()
	a := history(t)
	s := a.state()
	s.Standing.Price++
	got := audit(t, s, a.log)
	require.Equal(t, domain.ProblemState, got.Problem)
	require.Contains(t, got.Detail, "price")

	s = a.state()
	s.Secret = secret("another")
	got = audit(t, s, a.log)
	require.Equal(t, domain.ProblemOpening, got.Problem)
	require.EqualValues(t, 1, got.Seq)

	require.Nil(t, audit(t, drafted(t).state(), nil), "a draft has no log")
}

func TestErasingAMemberBreaksNoProof(t *testing.T) {
	t.Parallel()
	a := history(t)
	for i := range a.log {
		sealed := &a.log[i].Sealed
		sealed.Actor, sealed.Bidder, sealed.Leader, sealed.FormerLeader = [16]byte{}, [16]byte{}, [16]byte{}, [16]byte{}
		sealed.Seller, sealed.Title, sealed.Description, sealed.Text = [16]byte{}, "", "", ""
	}
	require.Nil(t, audit(t, a.state(), a.log))

	a.log[3].Sealed.Maximum++
	require.EqualValues(t, 4, audit(t, a.state(), a.log).Seq, "and what is left still proves itself")
}

// Somebody who can rewrite the log and the head can hide from them, but not from a head that was saved before.
func TestSavedHeadsFindARewrittenLog(t *testing.T) {
	t.Parallel()
	a := history(t)
	state := a.state()
	saved := func(seq int) domain.Head { return domain.Head{Seq: int64(seq), Hash: a.log[seq-1].Hash} }
	genuine := slices.Clone(a.log)

	forged := slices.Clone(a.log)
	forged[3].At = forged[3].At.Add(time.Millisecond)
	forgedState := state
	forgedState.Head = rehash(forged, 3)
	require.Nil(t, audit(t, forgedState, forged), "it hides from its own head")
	require.Equal(t, domain.ProblemHead, audit(t, state, forged).Problem, "not from the genuine one")

	require.Nil(t, audit(t, forgedState, forged, saved(3)), "nor is anything wrong up to the third event")
	got := audit(t, forgedState, forged, saved(3), saved(5))
	require.Equal(t, domain.ProblemHead, got.Problem)
	require.EqualValues(t, 5, got.Seq)

	cut := state
	cut.Head = domain.Head{Seq: 8, Hash: genuine[7].Hash, At: genuine[7].At}
	chain := domain.NewChain(state.ID, saved(10))
	for _, e := range genuine[:8] {
		require.NoError(t, chain.Next(e.Entry, e.Hash))
	}
	got = flaw(t, chain.End(cut.Head))
	require.Equal(t, domain.ProblemMissing, got.Problem)
	require.EqualValues(t, 9, got.Seq)
}

func TestAPublicLogProvesItself(t *testing.T) {
	t.Parallel()
	type logs = []domain.PublicEvent
	tests := map[string]struct {
		tamper  func(log logs) logs
		seq     int64
		problem domain.Problem
	}{
		"nothing": {tamper: func(log logs) logs { return log }},
		"an edited amount": {seq: 4, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			opened := *log[3].Opened.Maximum
			opened.Amount++
			log[3].Opened.Maximum = &opened
			return log
		}},
		"an edited title": {seq: 1, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			log[0].Opened.Title = &domain.OpenedText{Text: "Stradivari", Nonce: log[0].Opened.Title.Nonce}
			return log
		}},
		"an edited description": {seq: 1, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			log[0].Opened.Description = &domain.OpenedText{Text: "x", Nonce: log[0].Opened.Description.Nonce}
			return log
		}},
		"an edited addition": {seq: 8, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			log[7].Opened.Text = &domain.OpenedText{Text: "x", Nonce: log[7].Opened.Text.Nonce}
			return log
		}},
		"a maximum where there was no bid": {seq: 2, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			log[1].Opened.Maximum = &domain.OpenedAmount{Amount: 1}
			return log
		}},
		"a title where there was none": {seq: 2, problem: domain.ProblemOpening, tamper: func(log logs) logs {
			log[1].Opened.Title = &domain.OpenedText{Text: "x"}
			return log
		}},
		"an edited price": {seq: 4, problem: domain.ProblemHash, tamper: func(log logs) logs {
			log[3].After.Price++
			return log
		}},
		"a removed event": {seq: 4, problem: domain.ProblemMissing, tamper: func(log logs) logs {
			return slices.Delete(log, 3, 4)
		}},
		"the tail cut off": {seq: 10, problem: domain.ProblemMissing, tamper: func(log logs) logs { return log[:9] }},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := history(t)
			chain := domain.NewChain(a.state().ID)
			var got *domain.Flaw
			for _, e := range tt.tamper(domain.PublicLog(a.state(), a.log)) {
				if got = flaw(t, chain.NextPublic(e)); got != nil {
					break
				}
			}
			if got == nil {
				got = flaw(t, chain.End(a.state().Head))
			}
			if tt.problem == "" {
				require.Nil(t, got)
				return
			}
			require.NotNil(t, got)
			require.Equal(t, tt.seq, got.Seq, got)
			require.Equal(t, tt.problem, got.Problem, got)
		})
	}
}

// Whoever erases one member must not get the rest of the listing out of the audit with that.
func TestAnErasedMemberHidesNothingElse(t *testing.T) {
	t.Parallel()
	tampers := map[string]func(s *domain.State){
		"price":          func(s *domain.State) { s.Standing.Price++ },
		"leader":         func(s *domain.State) { s.Standing.Leader.Bidder = member("Mallory") },
		"leader's bid":   func(s *domain.State) { s.Standing.Leader.Max++ },
		"runner-up":      func(s *domain.State) { s.Standing.RunnerUp.Max++ },
		"end":            func(s *domain.State) { s.EndsAt = s.EndsAt.Add(time.Hour) },
		"winner":         func(s *domain.State) { s.Winner = member("Mallory") },
		"final price":    func(s *domain.State) { s.FinalPrice = 1 },
		"seller":         func(s *domain.State) { s.Seller = member("Mallory") },
		"reserve":        func(s *domain.State) { s.Terms.Reserve = 1 },
		"title":          func(s *domain.State) { s.Title = "Stradivari" },
		"excluded":       func(s *domain.State) { s.Excluded = append(slices.Clone(s.Excluded), member("Mallory")) },
		"status":         func(s *domain.State) { s.Status = domain.StatusCancelled },
		"number of bids": func(s *domain.State) { s.Bids++ },
	}
	for name, tamper := range tampers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := history(t)
			state := a.state()
			a.log[0].Sealed.Actor = uuid.Nil
			require.Nil(t, audit(t, state, a.log))
			tamper(&state)
			got := audit(t, state, a.log)
			require.NotNil(t, got)
			require.Equal(t, domain.ProblemState, got.Problem, got)
		})
	}
}
