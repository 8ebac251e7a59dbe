package architecture_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/test/architecture"
)

// trial is an import in a made-up file: the rule must refuse it, or let it pass.
type trial struct {
	file     string
	imported string
}

// trials has for every rule imports on both sides of its border.
var trials = map[string]struct{ refused, allowed []trial }{
	"domain imports": {
		refused: []trial{
			{"modules/listings/internal/domain/bid.go", "github.com/bojanz/currency"},
			{"modules/listings/internal/domain/bid.go", "github.com/jmoiron/sqlx"},
			{"modules/listings/internal/domain/bid.go", "./platform/uow"},
			{"modules/listings/internal/domain/bid.go", "./platform/clock"},
			{"modules/listings/internal/domain/bid.go", "./platform/words"},
			{"modules/listings/internal/domain/bid.go", "./platform/emailaddress/store"},
			{"modules/listings/internal/domain/bid.go", "./modules/listings/internal/app"},
			{"modules/listings/internal/domain/bid.go", "./modules/profiles/internal/domain"},
			{"modules/listings/internal/domain/money/money.go", "go.uber.org/zap"},
		},
		allowed: []trial{
			{"modules/listings/internal/domain/bid.go", "crypto/sha256"},
			{"modules/listings/internal/domain/bid.go", "github.com/google/uuid"},
			{"modules/listings/internal/domain/bid.go", "./platform/fault"},
			{"modules/listings/internal/domain/bid.go", "./platform/characters"},
			{"modules/listings/internal/domain/bid.go", "./platform/emailaddress"},
			{"modules/listings/internal/domain/bid.go", "./modules/listings/internal/domain/money"},
			{"modules/listings/internal/domain/bid_test.go", "github.com/stretchr/testify/require"},
		},
	},
	"domain does no I/O": {
		refused: []trial{
			{"modules/listings/internal/domain/event.go", "encoding/json"},
			{"modules/listings/internal/domain/event.go", "database/sql"},
			{"modules/listings/internal/domain/event.go", "log/slog"},
			{"modules/listings/internal/domain/event.go", "os"},
			{"modules/listings/internal/domain/event.go", "net/http"},
		},
		allowed: []trial{
			{"modules/listings/internal/domain/event.go", "encoding/binary"},
			{"modules/listings/internal/domain/event.go", "context"},
		},
	},
	"app imports": {
		refused: []trial{
			{"modules/listings/internal/app/placebid.go", "./modules/listings/internal/memory"},
			{"modules/listings/internal/app/placebid.go", "./modules/listings/internal/sqlstore"},
			{"modules/listings/internal/app/placebid.go", "./modules/listings/internal/rest"},
			{"modules/listings/internal/app/placebid.go", "./modules/profiles/internal/app"},
			{"modules/listings/internal/app/placebid.go", "./platform/db"},
			{"modules/listings/internal/app/placebid.go", "go.uber.org/fx"},
		},
		allowed: []trial{
			{"modules/listings/internal/app/placebid.go", "./modules/listings/internal/domain"},
			{"modules/listings/internal/app/placebid.go", "./modules/profiles/profilesapi"},
			{"modules/listings/internal/app/placebid.go", "./platform/uow"},
			{"modules/listings/internal/app/placebid_test.go", "./modules/listings/internal/memory"},
		},
	},
	"app does no I/O": {
		refused: []trial{
			{"modules/listings/internal/app/placebid.go", "net/smtp"},
			{"modules/listings/internal/app/placebid.go", "os/exec"},
			{"modules/listings/internal/app/placebid.go", "log"},
		},
		allowed: []trial{{"modules/listings/internal/app/placebid.go", "time"}},
	},
	"kernel imports": {
		refused: []trial{
			{"platform/uow/unit.go", "github.com/jmoiron/sqlx"},
			{"platform/uow/unit.go", "./platform/memory"},
			{"platform/clock/clock.go", "go.uber.org/fx"},
			{"platform/fault/fault.go", "./platform/uow"},
			{"platform/events/events.go", "./platform/db"},
			{"platform/page/page.go", "./platform/httpserver"},
		},
		allowed: []trial{
			{"platform/uow/unit.go", "./platform/events"},
			{"platform/uow/uowtest/suite.go", "github.com/stretchr/testify/require"},
			{"platform/events/sqlstore/outbox.go", "./platform/db"},
		},
	},
	"vocabulary imports": {
		refused: []trial{
			{"platform/emailaddress/address.go", "./platform/clock"},
			{"platform/emailaddress/address.go", "./platform/fault"},
			{"platform/characters/characters.go", "github.com/google/uuid"},
			{"platform/words/words.go", "./platform/words/index"},
		},
		allowed: []trial{
			{"platform/emailaddress/address.go", "./platform/characters"},
			{"platform/words/words.go", "golang.org/x/text/unicode/norm"},
			{"platform/words/words_test.go", "github.com/stretchr/testify/require"},
		},
	},
	"core stays light": {
		refused: []trial{
			{"platform/emailaddress/address.go", "./platform/heavy"},
			{"modules/listings/internal/domain/bid.go", "github.com/lib/pq"},
			{"modules/listings/internal/domain/bid.go", "./platform/heavy"},
			{"modules/listings/internal/app/placebid.go", "./platform/heavy"},
			{"modules/listings/listingsapi/listingsapi.go", "./platform/heavy"},
			{"platform/uow/unit.go", "go.uber.org/zap"},
			{"platform/clock/clock.go", "./platform/heavy"},
			{"platform/fault/fault.go", "net/http/httptest"},
		},
		allowed: []trial{
			{"modules/listings/internal/domain/bid.go", "github.com/google/uuid"},
			{"modules/listings/internal/rest/bids.go", "net/http"},
		},
	},
	"oracle imports": {
		refused: []trial{
			{"modules/listings/internal/oracle/prices.go", "./modules/listings/internal/domain"},
			{"modules/listings/internal/oracle/prices.go", "./platform/fault"},
			{"modules/listings/internal/oracle/prices.go", "./modules/profiles/internal/oracle"},
			{"modules/listings/internal/oracle/prices.go", "github.com/google/uuid"},
		},
		allowed: []trial{
			{"modules/listings/internal/oracle/prices.go", "sort"},
			{"modules/listings/internal/oracle/histories_test.go", "./modules/listings/internal/domain"},
		},
	},
	"api is a leaf": {
		refused: []trial{
			{"modules/listings/listingsapi/reader.go", "./modules/listings/internal/domain"},
			{"modules/listings/listingsapi/reader.go", "./modules/profiles/profilesapi"},
			{"modules/listings/listingsapi/reader.go", "./platform/db"},
		},
		allowed: []trial{
			{"modules/listings/listingsapi/reader.go", "time"},
			{"modules/listings/listingsapi/reader.go", "github.com/google/uuid"},
		},
	},
	"adapters keep apart": {
		refused: []trial{
			{"modules/listings/internal/rest/bids.go", "./modules/listings/internal/sqlstore"},
			{"modules/listings/internal/sqlstore/listings.go", "./modules/listings/internal/memory"},
			{"modules/listings/internal/jobs/closing.go", "./modules/listings/internal/rest"},
			{"modules/listings/internal/web/page.go", "./modules/listings/internal/rest"},
		},
		allowed: []trial{
			{"modules/listings/internal/rest/bids.go", "./modules/listings/internal/app"},
			{"modules/listings/internal/sqlstore/listings.go", "./modules/listings/internal/sqlstore/migrations"},
			{"modules/listings/module.go", "./modules/listings/internal/sqlstore"},
		},
	},
	"modules meet in api packages": {
		refused: []trial{
			{"modules/issues/module.go", "./modules/listings"},
			{"modules/issues/internal/app/open.go", "./modules/listings/internal/app"},
			{"modules/issues/internal/app/open_test.go", "./modules/listings/internal/memory"},
			{"modules/issues/issuestest/seam.go", "./modules/listings"},
		},
		allowed: []trial{
			{"modules/issues/internal/app/open.go", "./modules/listings/listingsapi"},
			{"modules/issues/internal/app/open_test.go", "./modules/listings/listingstest"},
			{"modules/issues/module.go", "./modules/issues/internal/app"},
			{"cmd/monolith/graph.go", "./modules/listings"},
		},
	},
	"platform knows no module": {
		refused: []trial{
			{"platform/uow/unit.go", "./modules/listings/listingsapi"},
			{"platform/platformtest/memory.go", "./modules/listings"},
			{"platform/uow/unit_test.go", "./modules/listings/listingstest"},
			{"platform/doctor/doctor.go", "./cmd/monolith"},
		},
		allowed: []trial{{"platform/uow/unit.go", "./platform/events"}},
	},
	"nothing imports the program": {
		refused: []trial{
			{"modules/listings/module.go", "./cmd/monolith/graph"},
			{"platform/db/pool.go", "./test/crash"},
		},
		allowed: []trial{{"modules/listings/module.go", "./platform/db"}},
	},
	"fx only in the wiring": {
		refused: []trial{
			{"modules/listings/internal/app/placebid.go", "go.uber.org/fx"},
			{"modules/listings/internal/jobs/closing.go", "go.uber.org/fx"},
			{"modules/listings/internal/sqlstore/store.go", "go.uber.org/fx/fxevent"},
			{"modules/listings/provide.go", "go.uber.org/fx"},
			{"modules/listings/listingsapi/reader.go", "go.uber.org/dig"},
		},
		allowed: []trial{
			{"modules/listings/module.go", "go.uber.org/fx"},
			{"modules/listings/listingstest/seam.go", "go.uber.org/fx"},
			{"platform/platformtest/swap.go", "go.uber.org/fx"},
			{"platform/httpserver/module.go", "go.uber.org/fx"},
			{"cmd/monolith/graph.go", "go.uber.org/fx"},
		},
	},
	"SQL only in stores": {
		refused: []trial{
			{"modules/listings/internal/app/placebid.go", "database/sql"},
			{"modules/listings/internal/jobs/closing.go", "github.com/jmoiron/sqlx"},
			{"modules/listings/internal/memory/listings.go", "database/sql/driver"},
			{"modules/listings/module.go", "github.com/pressly/goose/v3"},
			{"platform/uow/unit.go", "github.com/lib/pq"},
			{"platform/backup/backup.go", "modernc.org/sqlite"},
			{"cmd/monolith/doctor.go", "database/sql"},
		},
		allowed: []trial{
			{"modules/listings/internal/sqlstore/listings.go", "github.com/jmoiron/sqlx"},
			{"platform/events/sqlstore/outbox.go", "database/sql"},
			{"platform/db/postgres.go", "github.com/lib/pq"},
			{"platform/platformtest/postgres.go", "database/sql"},
			{"test/crash/load.go", "database/sql"},
		},
	},
	"HTTP only at the edge": {
		refused: []trial{
			{"modules/listings/internal/app/placebid.go", "net/http"},
			{"modules/listings/internal/jobs/closing.go", "github.com/go-chi/chi/v5"},
			{"modules/listings/module.go", "github.com/danielgtaylor/huma/v2"},
			{"platform/fault/problem.go", "net/http"},
			{"platform/db/pool.go", "net/http/pprof"},
		},
		allowed: []trial{
			{"modules/listings/internal/rest/bids.go", "github.com/danielgtaylor/huma/v2"},
			{"modules/listings/internal/web/page.go", "net/http"},
			{"platform/httpserver/server.go", "github.com/go-chi/chi/v5/middleware"},
			{"platform/db/pool.go", "net"},
			{"platform/profiling/handler.go", "net/http"},
			{"cmd/monolith/healthcheck.go", "net/http"},
		},
	},
	"profiles on their own listener": {
		refused: []trial{
			{"platform/httpserver/operations.go", "net/http/pprof"},
			{"cmd/monolith/serve.go", "net/http/pprof"},
			{"cmd/monolith/serve_test.go", "net/http/pprof"},
		},
		allowed: []trial{
			{"platform/profiling/handler.go", "net/http/pprof"},
			{"cmd/monolith/serve.go", "runtime/pprof"},
		},
	},
	"NATS only in its adapter": {
		refused: []trial{
			{"platform/events/delivery/worker.go", "github.com/nats-io/nats.go"},
			{"cmd/monolith/doctor.go", "github.com/nats-io/nats.go/jetstream"},
		},
		allowed: []trial{{"platform/events/broker/carrier.go", "github.com/nats-io/nats.go/jetstream"}},
	},
	"zap only where things run": {
		refused: []trial{
			{"modules/listings/internal/app/placebid.go", "go.uber.org/zap"},
			{"modules/listings/internal/sqlstore/listings.go", "go.uber.org/zap/zapcore"},
			{"modules/listings/internal/rest/bids.go", "go.uber.org/zap"},
		},
		allowed: []trial{
			{"modules/listings/internal/jobs/closing.go", "go.uber.org/zap"},
			{"platform/log/log.go", "go.uber.org/zap"},
		},
	},
	"tests stay out of the product": {
		refused: []trial{
			{"modules/listings/module.go", "./modules/listings/listingstest"},
			{"cmd/monolith/replay.go", "./platform/platformtest"},
			{"platform/db/pool.go", "./platform/uow/uowtest"},
			{"modules/listings/internal/memory/listings.go", "./modules/listings/internal/contract"},
			{"modules/listings/internal/jobs/closing.go", "./modules/listings/internal/oracle"},
			{"modules/listings/internal/domain/bid.go", "testing"},
			{"platform/uow/unit.go", "github.com/stretchr/testify/require"},
			{"platform/events/broker/carrier.go", "github.com/nats-io/nats-server/v2/server"},
		},
		allowed: []trial{
			{"modules/listings/module_test.go", "./modules/listings/listingstest"},
			{"modules/listings/listingstest/seam.go", "testing"},
			{"modules/listings/internal/contract/listings.go", "./platform/uow/uowtest"},
			{"platform/uow/uowtest/suite.go", "github.com/stretchr/testify/require"},
			{"platform/platformtest/swap.go", "testing"},
		},
	},
}

// surroundings are the packages that the made-up files import: one of ours that looks harmless and brings HTTP.
var surroundings = map[string][]string{
	"./platform/heavy":       {"fmt", "./platform/heavy/inner"},
	"./platform/heavy/inner": {"net/http"},
	"github.com/google/uuid": {"database/sql/driver", "net"},
}

func TestEveryRuleCatchesWhatItShould(t *testing.T) {
	t.Parallel()
	for _, rule := range architecture.Rules {
		t.Run(rule.Name, func(t *testing.T) {
			t.Parallel()
			tried := trials[rule.Name]
			require.NotEmpty(t, tried.refused, "the rule has no import that it must catch")
			require.NotEmpty(t, tried.allowed, "the rule has no import that it must let pass")

			for _, trial := range tried.refused {
				require.Len(t, rule.Check(trial.graph()), 1, "%s importing %s must be refused", trial.file, trial.imported)
			}
			for _, trial := range tried.allowed {
				require.Empty(t, rule.Check(trial.graph()), "%s importing %s must pass", trial.file, trial.imported)
			}
		})
	}
}

func TestEveryTrialBelongsToARule(t *testing.T) {
	t.Parallel()
	names := make([]string, 0, len(architecture.Rules))
	for _, rule := range architecture.Rules {
		names = append(names, rule.Name)
	}
	for name := range trials {
		require.Contains(t, names, name)
	}
}

// An import pattern may only use placeholders that every In of its rule binds: an unbound one would let any module pass.
func TestPlaceholdersAreBound(t *testing.T) {
	t.Parallel()
	placeholder := regexp.MustCompile(`\{[a-z]+\}`)
	for _, rule := range architecture.Rules {
		for _, pattern := range slices.Concat(rule.Only, rule.Never, rule.Unless) {
			for _, name := range placeholder.FindAllString(string(pattern), -1) {
				for _, in := range rule.In {
					require.Contains(t, string(in), name, "%s uses %s in %s", rule.Name, name, pattern)
				}
			}
		}
	}
}

// Each part of a rule must earn its place: without it some trial comes out differently.
func TestEveryPatternOfARuleMatters(t *testing.T) {
	t.Parallel()
	for _, rule := range architecture.Rules {
		t.Run(rule.Name, func(t *testing.T) {
			t.Parallel()
			for name, weakened := range withoutOnePart(rule) {
				require.False(t, agrees(weakened), "without %s all trials of the rule still come out as they should", name)
			}
		})
	}
}

func withoutOnePart(rule architecture.Rule) map[string]architecture.Rule {
	parts := make(map[string]architecture.Rule)
	if len(rule.Only) > 0 {
		weakened := rule
		weakened.Only = nil
		parts["Only"] = weakened
	}
	if len(rule.Never) > 0 {
		weakened := rule
		weakened.Never = nil
		parts["Never"] = weakened
	}
	if len(rule.Unless) > 0 {
		weakened := rule
		weakened.Unless = nil
		parts["Unless"] = weakened
	}
	if len(rule.Except) > 0 {
		weakened := rule
		weakened.Except = nil
		parts["Except"] = weakened
	}
	if rule.Tests {
		weakened := rule
		weakened.Tests = false
		parts["Tests"] = weakened
	}
	if rule.Deep {
		weakened := rule
		weakened.Deep = false
		parts["Deep"] = weakened
	}
	return parts
}

// agrees reports whether the rule decides all its trials as they ask for.
func agrees(rule architecture.Rule) bool {
	for _, trial := range trials[rule.Name].refused {
		if len(rule.Check(trial.graph())) == 0 {
			return false
		}
	}
	for _, trial := range trials[rule.Name].allowed {
		if len(rule.Check(trial.graph())) > 0 {
			return false
		}
	}
	return true
}

func (t trial) graph() architecture.Graph {
	return architecture.Graph{
		Files:    []architecture.File{{Path: t.file, Imports: []string{t.imported}}},
		Packages: surroundings,
	}
}

func TestVagueNamesAreFound(t *testing.T) {
	t.Parallel()
	graph := architecture.Graph{Files: []architecture.File{
		{Path: "platform/utils/time.go"},
		{Path: "modules/listings/internal/app/helpers.go"},
		{Path: "modules/listings/internal/app/helpers_test.go"},
		{Path: "modules/common/doc.go"},
		{Path: "platform/misc.go"},
		{Path: "platform/clock/clock.go"},
		{Path: "platform/commonlog/utility.go"},
	}}
	require.Equal(t, []string{
		"platform/utils/time.go",
		"modules/listings/internal/app/helpers.go",
		"modules/listings/internal/app/helpers_test.go",
		"modules/common/doc.go",
		"platform/misc.go",
	}, architecture.VagueNames(graph))
}

func TestModuleCycleIsFound(t *testing.T) {
	t.Parallel()
	issuesToListings := architecture.File{Path: "modules/issues/internal/app/open.go", Imports: []string{"./modules/listings/listingsapi"}}
	listingsToProfiles := architecture.File{Path: "modules/listings/module.go", Imports: []string{"./modules/profiles/profilesapi"}}
	profilesToIssues := architecture.File{Path: "modules/profiles/internal/app/show.go", Imports: []string{"./modules/issues/issuesapi"}}
	profilesTest := profilesToIssues
	profilesTest.Path = "modules/profiles/internal/app/show_test.go"

	require.Equal(t, []string{"issues", "listings", "profiles", "issues"},
		architecture.ModuleCycle(graphOf(issuesToListings, listingsToProfiles, profilesToIssues)))
	require.Empty(t, architecture.ModuleCycle(graphOf(issuesToListings, listingsToProfiles)))
	require.Empty(t, architecture.ModuleCycle(graphOf(issuesToListings, listingsToProfiles, profilesTest)))

	profilesHear := profilesToIssues
	profilesHear.Heard = profilesHear.Imports
	require.Empty(t, architecture.ModuleCycle(graphOf(issuesToListings, listingsToProfiles, profilesHear)), "events flow back")
	require.NotEmpty(t, architecture.ModuleCycle(graphOf(issuesToListings, listingsToProfiles, profilesHear, profilesToIssues)),
		"one file hears, another calls")
}

func graphOf(files ...architecture.File) architecture.Graph {
	return architecture.Graph{Files: files}
}
