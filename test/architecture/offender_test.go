package architecture_test

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/test/architecture"
)

// The module in testdata/offender breaks rules in every way that reading real packages could miss: directly, by way of
// others, in a file of another operating system, and in a test.
func TestARealModuleIsCaught(t *testing.T) {
	t.Parallel()
	graph, err := architecture.Load(filepath.Join("testdata", "offender"))
	require.NoError(t, err)

	want := map[string][]string{
		"domain imports": {"modules/shop/internal/domain/order.go imports ./platform/clock"},
		"domain does no I/O": {
			"modules/shop/internal/domain/order.go imports database/sql",
			"modules/shop/internal/domain/order.go imports encoding/json",
		},
		"app imports":         {"modules/shop/internal/app/buy.go imports ./modules/shop/internal/memory"},
		"adapters keep apart": {"modules/shop/internal/app/buy.go imports ./modules/shop/internal/memory"},
		"kernel imports": {
			"platform/clock/clock.go imports ./platform/utils",
			"platform/fault/fault.go imports ./modules/shop/shopapi",
		},
		"vocabulary imports": {"platform/emailaddress/address.go imports ./platform/clock"},
		"core stays light": {
			"modules/shop/internal/app/buy.go imports github.com/jmoiron/sqlx",
			"modules/shop/internal/app/buy.go imports go.uber.org/fx",
			"modules/shop/internal/domain/order.go imports database/sql",
			"modules/shop/internal/domain/order.go imports github.com/jmoiron/sqlx", // by its clock
			"modules/shop/internal/domain/order.go imports github.com/jmoiron/sqlx", // by that of its word
			"platform/clock/clock.go imports github.com/jmoiron/sqlx",
			"platform/emailaddress/address.go imports github.com/jmoiron/sqlx",
			"platform/uow/unit_windows.go imports net/http",
		},
		"modules meet in api packages": {"modules/shop/internal/sqlstore/orders.go imports ./modules/stock"},
		"platform knows no module": {
			"platform/fault/fault.go imports ./modules/shop/shopapi",
			"platform/uow/unit_test.go imports ./modules/stock/stockapi",
		},
		"fx only in the wiring": {"modules/shop/internal/memory/orders.go imports go.uber.org/fx"},
		"SQL only in stores": {
			"modules/shop/internal/domain/order.go imports database/sql",
			"platform/utils/time.go imports github.com/jmoiron/sqlx",
		},
		"HTTP only at the edge":         {"platform/uow/unit_windows.go imports net/http"},
		"tests stay out of the product": {"platform/uow/unit.go imports testing"},
	}

	got := make(map[string][]string)
	for _, rule := range architecture.Rules {
		for _, violation := range rule.Check(graph) {
			got[rule.Name] = append(got[rule.Name], violation.File+" imports "+violation.Import)
		}
		slices.Sort(got[rule.Name])
	}
	maps.DeleteFunc(got, func(_ string, found []string) bool { return len(found) == 0 })
	require.Empty(t, cmp.Diff(want, got))
	require.Equal(t, []string{"platform/utils/time.go"}, architecture.VagueNames(graph))
	require.Equal(t, []string{"shop", "stock", "shop"}, architecture.ModuleCycle(graph))
}

// Of the files of stock that know shop, only one knows nothing but its events.
func TestToHearOfEventsIsNoCall(t *testing.T) {
	t.Parallel()
	graph, err := architecture.Load(filepath.Join("testdata", "offender"))
	require.NoError(t, err)
	heard := map[string][]string{}
	for _, file := range graph.Files {
		if file.Heard != nil {
			heard[file.Path] = file.Heard
		}
	}
	require.Equal(t, map[string][]string{"modules/stock/internal/app/hear.go": {"./modules/shop/shopapi"}}, heard)
	listener := slices.IndexFunc(graph.Files, func(f architecture.File) bool { return f.Path == "modules/stock/internal/app/hear.go" })
	calls := architecture.File{Path: "modules/shop/internal/app/order.go", Imports: []string{"./modules/stock/stockapi"}}
	require.Empty(t, architecture.ModuleCycle(graphOf(graph.Files[listener], calls)))
}

func TestTheWayThatAnImportTookIsNamed(t *testing.T) {
	t.Parallel()
	graph, err := architecture.Load(filepath.Join("testdata", "offender"))
	require.NoError(t, err)

	var texts []string
	for _, rule := range architecture.Rules {
		for _, violation := range rule.Check(graph) {
			texts = append(texts, violation.Text)
		}
	}
	require.Contains(t, texts, "modules/shop/internal/app/buy.go imports "+
		"./platform/clock → ./platform/utils → github.com/jmoiron/sqlx: "+
		"core stays light: nothing may bring a framework or a driver into the core, not even by way of others")
}

func TestLoadSaysWhatGoListComplainedAbout(t *testing.T) {
	t.Parallel()
	_, err := architecture.Load(t.TempDir())
	require.ErrorContains(t, err, "go list: exit status 1: pattern ./...: directory prefix . does not contain main module")
}
