package config_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/config"
)

func TestTheRepositorysFileIsTheTemplate(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../config.yaml")
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(config.Template(), string(content)), "run: go run ./cmd/monolith config init --force")
}

func TestTheTemplateGivesTheDefaults(t *testing.T) {
	t.Parallel()
	want, _ := load(t, config.Sources{}, nil)
	commented := regexp.MustCompile(`(?m)^( *)#([a-z])`)
	for name, content := range map[string]string{
		"as it is":                   config.Template(),
		"with every key uncommented": commented.ReplaceAllString(config.Template(), "$1$2"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _ := load(t, config.Sources{}, file(content))
			require.Empty(t, cmp.Diff(want, got))
		})
	}
	require.Len(t, commented.FindAllString(config.Template(), -1), len(config.Keys()))
}

func TestWhatIsPrintedCanBeLoaded(t *testing.T) {
	t.Parallel()
	src := config.Sources{Environ: []string{
		"GAVEL_SITE_NAME=yes: # 'no' \"~\"", "GAVEL_HTTP_TRUSTED_PROXIES=10.1.2.3/8,::1", "GAVEL_HTTP_MAX_BODY=2000B",
		"GAVEL_HTTP_READ_TIMEOUT=90s", "GAVEL_DATA_DIR=-/x y", "GAVEL_METRICS_ADDR=[::1]:1", "GAVEL_HTTP_RATE_BURST=007",
		`GAVEL_LISTINGS_TABLES={charity: [{from: "0.01", increment: "0.10"}]}`,
	}}
	want, from := load(t, src, nil)
	printed := config.Effective(*want, from)
	require.Contains(t, printed, "  read_timeout: 1m30s # GAVEL_HTTP_READ_TIMEOUT\n")
	require.Contains(t, printed, "  idle_timeout: 2m # default\n")
	got, _ := load(t, config.Sources{}, file(printed))
	require.Empty(t, cmp.Diff(want, got, cmp.Comparer(func(a, b config.Prefixes) bool { return a.String() == b.String() })))
}

func FuzzLoad(f *testing.F) {
	f.Add(config.Template(), "1s", "{}")
	f.Add("http: {addr: 1, rate: [], x: {}}\nlistings: {tables: {a: {b: c}, '': []}}", "3", "[")
	f.Add("a: &a [*a]", "", "a: [{from: 1}]")
	f.Add("1: 2\n? [x]\n: y", "\xff", "{a.b: {c: d}}")
	f.Add("http: ~\nsite: {name: !!binary gIGC}", "-1s", "1")
	f.Fuzz(func(t *testing.T, content, variable, tables string) {
		src := config.Sources{
			Environ:  []string{"GAVEL_HTTP_READ_TIMEOUT=" + variable, "GAVEL_SITE_NAME=" + variable},
			Flags:    map[string]string{"listings.tables": tables},
			ReadFile: files{config.DefaultFile: content}.read,
		}
		cfg, from, err := config.Load(src)
		if err != nil {
			require.ErrorIs(t, err, config.ErrInvalid)
			return
		}
		again, _, err := config.Load(config.Sources{ReadFile: file(config.Effective(*cfg, from)).read})
		if cfg.Metrics.Token == "" && cfg.Database.URL.String() == cfg.Database.URL.Reveal() {
			require.NoError(t, err)
			require.Equal(t, config.Effective(*cfg, config.Provenance{}), config.Effective(*again, config.Provenance{}))
		}
	})
}
