package config_test

import (
	"fmt"
	"io/fs"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/config"
)

// files is a file system in memory: name → content.
type files map[string]string

func (f files) read(name string) ([]byte, error) {
	content, ok := f[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return []byte(content), nil
}

func load(t *testing.T, src config.Sources, f files) (*config.Config, config.Provenance) {
	t.Helper()
	src.ReadFile = f.read
	cfg, from, err := config.Load(src)
	require.NoError(t, err)
	return cfg, from
}

// problems loads what must be refused and returns one line per problem.
func problems(t *testing.T, src config.Sources, f files) []string {
	t.Helper()
	src.ReadFile = f.read
	cfg, _, err := config.Load(src)
	require.Nil(t, cfg)
	require.ErrorIs(t, err, config.ErrInvalid)
	var invalid *config.Error
	require.ErrorAs(t, err, &invalid)
	lines := make([]string, len(invalid.Problems))
	for i, p := range invalid.Problems {
		lines[i] = p.String()
	}
	return lines
}

func file(content string) files { return files{config.DefaultFile: content} }

func TestEveryKeyIsDocumentedOnce(t *testing.T) {
	t.Parallel()
	variables := map[string]string{}
	for _, k := range config.Keys() {
		require.NotEmpty(t, k.Doc, k.Name)
		require.NotEmpty(t, k.Range, k.Name)
		require.Regexp(t, `^[a-z_]+(\.[a-z_]+)+$`, k.Name)
		require.Empty(t, variables[k.Variable()], "two keys with one variable")
		variables[k.Variable()] = k.Name
		require.Equal(t, "--"+k.Name, k.Flag())
	}
	require.Equal(t, "http.read_header_timeout", variables["GAVEL_HTTP_READ_HEADER_TIMEOUT"])
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	cfg, from := load(t, config.Sources{}, nil)
	require.Equal(t, "127.0.0.1:8080", cfg.HTTP.Addr)
	require.Equal(t, config.Size(1<<20), cfg.HTTP.MaxBody)
	require.Equal(t, "30s", cfg.HTTP.ShutdownTimeout.String())
	require.Equal(t, "./data", cfg.Data.Dir)
	require.Equal(t, "sqlite:data/gavel.db", cfg.Database.URL.Reveal())
	require.Equal(t, "data/backups", cfg.Backup.Dir)
	require.Equal(t, "ebay-us-classic", cfg.Listings.Increments)
	require.Empty(t, from.File)
	require.Empty(t, from.Set())
	require.Equal(t, "default", from.Of("http.addr").String())
}

func TestTheSiteIsWhereItsCertificateIsFor(t *testing.T) {
	t.Parallel()
	domains := map[string]string{"http.tls.acme.domains": "a.example.org, b.example.org"}
	cfg, _ := load(t, config.Sources{Flags: domains}, nil)
	require.Equal(t, "https://a.example.org", cfg.Site.URL, "links lead to where there is a certificate")

	domains["site.url"] = "https://b.example.org"
	cfg, _ = load(t, config.Sources{Flags: domains}, nil)
	require.Equal(t, "https://b.example.org", cfg.Site.URL, "what was said counts")
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	const inFile, inEnvironment, inFlag = 1, 2, 4
	for given := range 8 {
		t.Run(fmt.Sprintf("%03b", given), func(t *testing.T) {
			t.Parallel()
			src, f := config.Sources{}, files{}
			want, origin := "127.0.0.1:8080", config.Origin{Kind: config.FromDefault}
			if given&inFile != 0 {
				f[config.DefaultFile] = "http: {addr: 'file:1'}"
				want, origin = "file:1", config.Origin{Kind: config.FromFile, Name: "config.yaml"}
			}
			if given&inEnvironment != 0 {
				src.Environ = []string{"PATH=/bin", "GAVEL_HTTP_ADDR=variable:2"}
				want, origin = "variable:2", config.Origin{Kind: config.FromEnvironment, Name: "GAVEL_HTTP_ADDR"}
			}
			if given&inFlag != 0 {
				src.Flags = map[string]string{"http.addr": "flag:3"}
				want, origin = "flag:3", config.Origin{Kind: config.FromFlag, Name: "--http.addr"}
			}
			cfg, from := load(t, src, f)
			require.Equal(t, want, cfg.HTTP.Addr)
			require.Equal(t, origin, from.Of("http.addr"))
			require.Equal(t, "default", from.Of("http.idle_timeout").String())
		})
	}
}

func TestWhichFileIsRead(t *testing.T) {
	t.Parallel()
	f := files{
		"config.yaml": "site: {name: Default}",
		"env.yaml":    "site: {name: Variable}",
		"flag.yaml":   "site: {name: Flag}",
	}
	environ := []string{"GAVEL_CONFIG=env.yaml"}

	t.Run("config.yaml in the working directory when none is named", func(t *testing.T) {
		t.Parallel()
		cfg, from := load(t, config.Sources{}, f)
		require.Equal(t, "Default", cfg.Site.Name)
		require.Equal(t, "config.yaml", from.File)
	})
	t.Run("GAVEL_CONFIG's instead of it", func(t *testing.T) {
		t.Parallel()
		cfg, from := load(t, config.Sources{Environ: environ}, f)
		require.Equal(t, "Variable", cfg.Site.Name)
		require.Equal(t, "env.yaml", from.File)
	})
	t.Run("--config's before both", func(t *testing.T) {
		t.Parallel()
		cfg, from := load(t, config.Sources{Environ: environ, File: "flag.yaml"}, f)
		require.Equal(t, "Flag", cfg.Site.Name)
		require.Equal(t, "flag.yaml", from.Of("site.name").String())
	})
	t.Run("one that is named must exist", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, []string{"none.yaml (--config): open none.yaml: file does not exist"},
			problems(t, config.Sources{File: "none.yaml"}, f))
		require.Equal(t, []string{"gone.yaml (GAVEL_CONFIG): open gone.yaml: file does not exist"},
			problems(t, config.Sources{Environ: []string{"GAVEL_CONFIG=gone.yaml"}}, f))
	})
}

func TestAVariableMayNameAFile(t *testing.T) {
	t.Parallel()
	f := files{"/run/secrets/token": "0123456789abcdef\n"}

	t.Run("its content is the value, without the line's end", func(t *testing.T) {
		t.Parallel()
		cfg, from := load(t, config.Sources{Environ: []string{"GAVEL_METRICS_TOKEN_FILE=/run/secrets/token"}}, f)
		require.Equal(t, "0123456789abcdef", cfg.Metrics.Token.Reveal())
		require.Equal(t, "GAVEL_METRICS_TOKEN_FILE", from.Of("metrics.token").String())
	})
	t.Run("any key can be given so", func(t *testing.T) {
		t.Parallel()
		for _, k := range config.Keys() {
			content := k.Default
			if k.Name == "listings.tables" {
				content = "{}"
			}
			src := config.Sources{Environ: []string{k.Variable() + "_FILE=value"}}
			load(t, src, files{"value": content})
		}
	})
	t.Run("a file that is missing is named by its variable, not by a path that may be the secret", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, []string{
			"metrics.token (GAVEL_METRICS_TOKEN_FILE): the file that it names cannot be read: file does not exist",
		}, problems(t, config.Sources{Environ: []string{"GAVEL_METRICS_TOKEN_FILE=hunter2"}}, f))
	})
	t.Run("giving the value as well is a contradiction", func(t *testing.T) {
		t.Parallel()
		got := problems(t, config.Sources{Environ: []string{
			"GAVEL_METRICS_TOKEN=fedcba9876543210", "GAVEL_METRICS_TOKEN_FILE=/run/secrets/token",
		}}, f)
		require.Equal(t, []string{
			"metrics.token (GAVEL_METRICS_TOKEN_FILE): is also given by GAVEL_METRICS_TOKEN; remove one of them",
		}, got)
	})
}

func TestUnknownKeys(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		src  config.Sources
		file string
		want string
	}{
		"a letter wrong in the file": {
			file: "http: {adr: x}", want: "http.adr (config.yaml): unknown key; did you mean http.addr?",
		},
		"two letters swapped in a section": {
			file: "htpt: {addr: x}", want: "htpt.addr (config.yaml): unknown key; did you mean http.addr?",
		},
		"a section forgotten": {
			file: "currency: USD", want: "currency (config.yaml): unknown key; did you mean site.currency?",
		},
		"nothing like it": {
			file: "zzzzzzzz: 1", want: "zzzzzzzz (config.yaml): unknown key; config init lists them all",
		},
		"a letter wrong in a variable": {
			src:  config.Sources{Environ: []string{"GAVEL_HTTP_ADR=secret"}},
			want: "GAVEL_HTTP_ADR (environment): unknown variable; did you mean GAVEL_HTTP_ADDR?",
		},
		"a variable for the file's name, with _FILE": {
			src:  config.Sources{Environ: []string{"GAVEL_CONFIG_FILE=x"}},
			want: "GAVEL_CONFIG_FILE (environment): unknown variable; did you mean GAVEL_CONFIG?",
		},
		"a section that is given a value": {
			file: "http: 8080", want: "http (config.yaml): is a section; its keys are written below it, indented",
		},
		"a dotted name": {
			file: "http.addr: x",
			want: "http.addr (config.yaml): has a dot in a name; write one level of indentation for each part",
		},
		"a second document": {
			file: "site: {name: A}\n---\nsite: {name: B}",
			want: "config.yaml: has more than one document; only the first would count",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, []string{test.want}, problems(t, test.src, file(test.file)))
		})
	}
}

func TestKubernetesVariablesOnlyWarn(t *testing.T) {
	t.Parallel()
	_, from := load(t, config.Sources{Environ: []string{
		"GAVEL_PORT=tcp://10.0.0.1:80", "GAVEL_PORT_80_TCP_ADDR=10.0.0.1", "GAVEL_SERVICE_HOST=10.0.0.1",
	}}, nil)
	require.Len(t, from.Warnings, 3)
	require.Contains(t, from.Warnings[0], "GAVEL_PORT ")
}

func TestProfiling(t *testing.T) {
	t.Parallel()
	t.Run("is off, and nothing is said of it", func(t *testing.T) {
		t.Parallel()
		cfg, from := load(t, config.Sources{}, nil)
		require.Equal(t, config.Profiling{OpenTo: config.ThisMachine}, cfg.Profiling)
		require.Empty(t, from.Warnings)
	})
	t.Run("is warned of where it is on", func(t *testing.T) {
		t.Parallel()
		_, from := load(t, config.Sources{Environ: []string{"GAVEL_PROFILING_ADDR=127.0.0.1:6060"}}, nil)
		require.Len(t, from.Warnings, 1)
		require.Contains(t, from.Warnings[0], "profiling.addr (GAVEL_PROFILING_ADDR) is 127.0.0.1:6060: whoever can connect to it looks into")
	})
	t.Run("is for other machines only where a second key says so", func(t *testing.T) {
		t.Parallel()
		flags := map[string]string{"profiling.addr": "0.0.0.0:6060"}
		refused := problems(t, config.Sources{Flags: flags}, nil)
		require.Len(t, refused, 1)
		require.Contains(t, refused[0], "profiles are secret: name 127.0.0.1 as the host, or set profiling.open_to to network")
		load(t, config.Sources{Flags: map[string]string{"profiling.addr": "0.0.0.0:6060", "profiling.open_to": "network"}}, nil)
	})
	t.Run("shares its address with nobody", func(t *testing.T) {
		t.Parallel()
		for _, other := range []string{"http.addr", "metrics.addr"} {
			flags := map[string]string{"profiling.addr": "127.0.0.1:6060", other: "127.0.0.1:6060"}
			require.Contains(t, problems(t, config.Sources{Flags: flags}, nil)[0], "two listeners cannot share it")
			flags = map[string]string{"profiling.addr": "127.0.0.1:0", other: "127.0.0.1:0"}
			load(t, config.Sources{Flags: flags}, nil)
		}
	})
}

func TestValuesAreChecked(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ refused, accepted []string }{
		"http.addr":            {[]string{"", "8080", "localhost", "a:b", "h:65536"}, []string{":8080", "[::1]:0", "gavel.test:80"}},
		"http.read_timeout":    {[]string{"", "3", "0", "999ms", "2h", "1 s", "x"}, []string{"1s", "1h", "1m30s"}},
		"http.max_body":        {[]string{"", "1048576", "1MB", "1023B", "2GiB", "-1KiB", "1.5KiB"}, []string{"1KiB", "1GiB", "2000B"}},
		"http.trusted_proxies": {[]string{"x", "10.0.0.0/33", "fe80::1%eth0"}, []string{"", "10.0.0.0/8, ::1"}},
		"http.rate.requests":   {[]string{"", "-1", "1.5", "many", "1000001"}, []string{"0", "1000000"}},
		"http.rate.burst":      {[]string{"0"}, []string{"1"}},
		"events.nats.url": {
			[]string{"x", "http://h", "nats://", "nats://h/x", "nats://h?x=y", "nats://h,", "nats://a,http://b"},
			[]string{"", "nats://h", "tls://u:p@h:4222", "nats://token@a:1, nats://b"},
		},
		"events.nats.stream":   {[]string{"", "a.b", "a b", "*", strings.Repeat("a", 65)}, []string{"gavel", "A_1-b", strings.Repeat("a", 64)}},
		"events.nats.replicas": {[]string{"0", "6"}, []string{"1", "5"}},
		"events.nats.max_age":  {[]string{"0s", "59s", "8761h"}, []string{"1m", "8760h"}},
		"http.tls.acme.domains": {
			[]string{",", " , ", "a.example.org,10.0.0.1", "a b.example.org", "https://a.example.org"},
			[]string{"", "a.example.org", "a.example.org, b.example.org,"},
		},
		"http.tls.acme.email":     {[]string{"a", "Ada <a@example.org>"}, []string{"", "a@example.org"}},
		"http.tls.acme.directory": {[]string{"", "http://ca.example.org", "ca.example.org"}, []string{"https://ca.example.org/directory"}},
		"metrics.addr":            {[]string{"9090", "127.0.0.1:8080"}, []string{"", ":9090"}},
		"profiling.addr": {
			[]string{"6060", "127.0.0.1", ":6060", "0.0.0.0:6060", "[::]:6060", "192.0.2.1:6060", "gavel.test:6060", "127.0.0.1:8080"},
			[]string{"", "127.0.0.1:6060", "127.8.8.8:0", "[::1]:6060", "localhost:6060"},
		},
		"profiling.open_to": {[]string{"", "all"}, []string{"machine", "network"}},
		"metrics.token":     {[]string{"fifteen-letters"}, []string{"", "sixteen--letters"}},
		"data.dir":          {[]string{""}, []string{"/var/lib/gavel"}},
		"database.url": {
			[]string{"", "gavel.db", "mysql://h/d", "sqlite://data/x.db", "sqlite:x?mode=ro", "sqlite::memory:", "postgres://host", "host=h"},
			[]string{"sqlite:", "sqlite:/tmp/x.db", "postgres://u:p@h:5432/d?sslmode=disable", "postgresql:///d?host=/tmp"},
		},
		"members.registration":        {[]string{"", "closed"}, []string{"open", "approval", "invite"}},
		"listings.ends_soon":          {[]string{"0s", "299s", "168h1s"}, []string{"5m", "168h"}},
		"members.deletion_grace":      {[]string{"-1s", "8761h"}, []string{"0s", "8760h"}},
		"members.password.memory":     {[]string{"18MiB", "2GiB"}, []string{"19MiB", "1GiB"}},
		"members.password.iterations": {[]string{"1", "21"}, []string{"2", "20"}},
		"members.password.at_once":    {[]string{"0", "65"}, []string{"1", "64"}},
		"members.sessions.keep":       {[]string{"-1s", "8760h1s"}, []string{"0s", "8760h"}},
		"command.keys.keep":           {[]string{"167h59m59s", "8760h1s"}, []string{"168h", "8760h"}},
		"members.notices.keep":        {[]string{"23h", "87601h"}, []string{"24h", "87600h"}},
		"members.sign_in.failures":    {[]string{"-1"}, []string{"0"}},
		"mail.from":                   {[]string{"a", "Ada <a@example.org>"}, []string{"", "a@example.org"}},
		"mail.smtp.host":              {[]string{"a b", "a:25", "-a"}, []string{"", "mail.example.org", "::1"}},
		"mail.smtp.port":              {[]string{"0", "65536"}, []string{"1", "65535"}},
		"mail.smtp.tls":               {[]string{"", "ssl"}, []string{"starttls", "tls", "none"}},
		"mail.smtp.timeout":           {[]string{"999ms", "301s"}, []string{"1s", "5m"}},
		"log.level":                   {[]string{"", "trace", "INFO"}, []string{"debug", "error"}},
		"log.format":                  {[]string{"text"}, []string{"json", "console", "auto"}},
		"site.url":                    {[]string{"example.org", "https://", "https://e.org/", "ftp://e.org", "https://u@e.org"}, []string{"", "https://e.org", "http://e.org:8080"}},
		"site.name":                   {[]string{"", "a\nb", strings.Repeat("a", 81), "\xff"}, []string{"Gavel & Söhne", strings.Repeat("ä", 80)}},
		"site.currency":               {[]string{"", "usd", "XXX", "EURO"}, []string{"EUR", "JPY", "KWD"}},
		"site.time_zone":              {[]string{"", "Local", "Berlin"}, []string{"UTC", "Europe/Berlin"}},
		"listings.increments":         {[]string{"", "flat:", "flat:x", "Ebay UK"}, []string{"ebay-uk", "flat:0.50", "charity"}},
		"listings.sale.pay_within":    {[]string{"59m", "8761h"}, []string{"1h", "8760h"}},
		"listings.sale.remind_before": {[]string{"-1s", "8761h"}, []string{"0s", "8760h"}},
		"listings.sale.grace":         {[]string{"-1s", "8761h"}, []string{"0s", "8760h"}},
		"listings.reads.at_most":      {[]string{"-1ms", "1001ms"}, []string{"0s", "1s"}},
		"listings.tables": {
			[]string{"x", "[]", "{A: [{from: '1', increment: '1'}]}", "{a: []}", "{a: [{from: 1, increment: '1'}]}", "{a: [{from: '1'}]}", "{a: [{from: '1', increment: '1', x: 1}]}"},
			[]string{"", "{}", "{a: [{from: '0.01', increment: '1'}]}", `{"a": [{"from": "0.01", "increment": "1"}]}`},
		},
	}
	for key, test := range tests {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			for _, text := range test.refused {
				src := config.Sources{Flags: map[string]string{key: text}}
				for _, p := range problems(t, src, nil) {
					require.Regexp(t, "^"+regexp.QuoteMeta(key), p)
					require.Contains(t, p, "--"+key, "the origin is named")
				}
			}
			for _, text := range test.accepted {
				load(t, config.Sources{Flags: map[string]string{key: text}}, nil)
			}
		})
	}
}

func TestADurationInTheFileNeedsItsUnit(t *testing.T) {
	t.Parallel()
	require.Equal(t,
		[]string{`http.read_timeout = "3" (config.yaml): must be a duration with its unit (ms, s, m or h), 1s to 1h`},
		problems(t, config.Sources{}, file("http: {read_timeout: 3}")))
}

func TestTextThatYAMLTakesForANumberIsRefused(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{
		`site.name = "7" (config.yaml): must be 1 to 80 characters, without control characters; write it in quotes`,
	}, problems(t, config.Sources{}, file("site: {name: 007}")))
}

func TestAllErrorsAtOnce(t *testing.T) {
	t.Parallel()
	src := config.Sources{
		Environ: []string{"GAVEL_LOG_LEVEL=loud", "GAVEL_NONE=1", "GAVEL_BACKUP_KEEP=x"},
		Flags:   map[string]string{"site.currency": "BTC"},
	}
	got := problems(t, src, file("http: {read_timeout: 3, unknown: 1}\nsite: {time_zone: Mars}"))
	want := []string{
		`GAVEL_NONE (environment): unknown variable; config init lists them all`,
		`backup.keep = "x" (GAVEL_BACKUP_KEEP): must be a whole number, 1 to 1000`,
		`http.read_timeout = "3" (config.yaml): must be a duration with its unit (ms, s, m or h), 1s to 1h`,
		`http.unknown (config.yaml): unknown key; config init lists them all`,
		`log.level = "loud" (GAVEL_LOG_LEVEL): must be debug, info, warn or error`,
		`site.currency = "BTC" (--site.currency): must be an ISO 4217 code, such as USD`,
		`site.time_zone = "Mars" (config.yaml): must be a name of the IANA zone database, such as Europe/Berlin`,
	}
	require.Empty(t, cmp.Diff(want, got))
}

func TestSecretsAreNotShown(t *testing.T) {
	t.Parallel()
	const secret = "correct-horse-battery"
	environ := []string{
		"GAVEL_METRICS_TOKEN=" + secret,
		"GAVEL_DATABASE_URL=postgres://gavel:" + secret + "@db/gavel?sslpassword=" + secret,
		"GAVEL_EVENTS_NATS_URL=nats://gavel:" + secret + "@one:4222,nats://gavel:" + secret + "@two:4222",
	}

	t.Run("by printing the configuration in whatever way", func(t *testing.T) {
		t.Parallel()
		cfg, from := load(t, config.Sources{Environ: environ}, nil)
		require.Equal(t, secret, cfg.Metrics.Token.Reveal())
		require.Contains(t, cfg.Database.URL.Reveal(), secret)
		for _, text := range []string{
			config.Effective(*cfg, from), fmt.Sprint(config.Entries(*cfg, from)),
			fmt.Sprintf("%v %+v %#v %q", *cfg, *cfg, *cfg, cfg.Database.URL),
		} {
			require.NotContains(t, text, secret)
		}
		require.Contains(t, config.Effective(*cfg, from), "postgres://gavel:xxxxx@db/gavel")
	})
	t.Run("by an error", func(t *testing.T) {
		t.Parallel()
		for _, text := range []string{
			"host=h password=" + secret, "gavel:" + secret + "@h/d", "mysql://gavel:" + secret + "@h/d",
			"postgres://gavel:" + secret + " @h/d", "postgres://gavel:" + secret + "@h",
		} {
			got := problems(t, config.Sources{Flags: map[string]string{"database.url": text}}, nil)
			require.NotContains(t, strings.Join(got, "\n"), secret)
		}
		got := problems(t, config.Sources{Environ: []string{"GAVEL_EVENTS_NATS_URL=http://gavel:" + secret + "@h"}}, nil)
		require.NotContains(t, strings.Join(got, "\n"), secret)
		got = problems(t, config.Sources{Environ: []string{"GAVEL_METRICS_TOKEN=" + strings.Repeat(secret, 30)}}, nil)
		require.NotContains(t, strings.Join(got, "\n"), secret)
		got = problems(t, config.Sources{}, file("`"+secret))
		require.NotContains(t, strings.Join(got, "\n"), secret)
		got = problems(t, config.Sources{}, file(secret))
		require.NotContains(t, strings.Join(got, "\n"), secret)
	})
}

func TestTablesOfSeveralSourcesAddUp(t *testing.T) {
	t.Parallel()
	src := config.Sources{Environ: []string{`GAVEL_LISTINGS_TABLES={"b": [{"from": "0.01", "increment": "2"}]}`}}
	cfg, from := load(t, src, file(`
listings:
  tables:
    a: [{from: "0.01", increment: "1"}]
    b: [{from: "0.01", increment: "1"}]
`))
	require.Equal(t, map[string]config.Table{
		"a": {{From: "0.01", Increment: "1"}},
		"b": {{From: "0.01", Increment: "2"}},
	}, cfg.Listings.Tables)
	require.Equal(t, "config.yaml", from.Of("listings.tables.a").String())
	require.Equal(t, "GAVEL_LISTINGS_TABLES", from.Of("listings.tables.b").String())
	require.Equal(t, "GAVEL_LISTINGS_TABLES", from.Of("listings.tables").String())
}

func TestChecksOfModules(t *testing.T) {
	t.Parallel()
	check := func(cfg config.Config) []config.Problem {
		if cfg.Listings.Increments == "ebay-us-classic" {
			return nil
		}
		return []config.Problem{{Key: "listings.increments", Value: cfg.Listings.Increments, Detail: "names no table"}}
	}
	_, _, err := config.Load(config.Sources{ReadFile: files{}.read}, check)
	require.NoError(t, err)
	src := config.Sources{ReadFile: files{}.read, Environ: []string{"GAVEL_LISTINGS_INCREMENTS=charity"}}
	_, _, err = config.Load(src, check)
	require.EqualError(t, err,
		`invalid_configuration: listings.increments = "charity" (GAVEL_LISTINGS_INCREMENTS): names no table`)
}

func TestTheConfigHasNoFieldThatIsNoKey(t *testing.T) {
	t.Parallel()
	var count func(typ reflect.Type) int
	count = func(typ reflect.Type) (n int) {
		for i := range typ.NumField() {
			field := typ.Field(i)
			require.NotEmpty(t, field.Tag.Get("koanf"), field.Name)
			if field.Type.Kind() == reflect.Struct {
				n += count(field.Type)
			} else {
				n++
			}
		}
		return n
	}
	require.Len(t, config.Keys(), count(reflect.TypeFor[config.Config]()))
}
