package main

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"github.com/gavelhq/gavel/modules/profiles/profilestest"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// newMember is what only a new member is stored with: account, profile, settings and an event.
const newMember = 4

// TestTheDatabaseIsAskedTheSameAboutMembersAndOthers counts what is asked of the database for one answer. What takes the
// same number of statements and commits takes the same time, up to what nobody can measure from outside.
//
// Registering is different: a new member is a few rows more. But that happens once to each address, which is a member's
// from then on, so there is nothing to take the mean of; and both answers wait for the same hash, which takes a hundred
// times as long.
func TestTheDatabaseIsAskedTheSameAboutMembersAndOthers(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, store []string) {
		flags := flagsOf(store)
		flags["http.rate.requests"], flags["members.sign_in.failures"] = "0", "1000000"
		var server *httpserver.Server
		var pool *db.Pool
		// Without what the program does by itself, which would be counted, too.
		started(t, core(configured(t, flags), quiet), httpserver.Module, profilestest.CheapPasswords(), fx.Populate(&server, &pool))
		s := &stopwatch{t: t, base: "http://" + server.Addr()}
		client := newClient(t)
		cost := func(q question, address string) db.Stats {
			before := pool.Stats()
			s.ask(client, q, address)
			spent := pool.Stats().Since(before)
			spent.RoundTrips = 0 // a statement is prepared when it is first used
			return spent
		}
		for _, q := range s.questions() {
			cost(q, s.address()) // the first one of all
			for range 3 {
				members, others := cost(q, s.members(1)[0]), cost(q, s.address())
				require.Positive(t, members.Commits, q.name)
				if q.name == "register" {
					members.Statements += newMember
				}
				require.Equal(t, members, others, q.name)
			}
		}
	})
}
