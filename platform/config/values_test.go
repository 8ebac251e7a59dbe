package config_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"github.com/gavelhq/gavel/platform/config"
)

func TestSize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]config.Size{
		"0B": 0, "1B": 1, "1000B": 1000, "1KiB": 1024, "64 KiB": 65536, "3MiB": 3 << 20, "8589934591GiB": 8589934591 << 30,
	} {
		got, err := config.ParseSize(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
		again, err := config.ParseSize(got.String())
		require.NoError(t, err)
		require.Equal(t, got, again)
	}
	for _, text := range []string{"", "1", "B", "-1B", "1kB", "1.5MiB", "8589934592GiB", "99999999999999999999B"} {
		_, err := config.ParseSize(text)
		require.Error(t, err, text)
	}
}

func TestPrefixes(t *testing.T) {
	t.Parallel()
	proxies, err := config.ParsePrefixes("10.1.2.3/8, 192.0.2.1,, 2001:db8::/32")
	require.NoError(t, err)
	require.Equal(t, "10.0.0.0/8, 192.0.2.1/32, 2001:db8::/32", proxies.String())
}

func TestDatabaseURL(t *testing.T) {
	t.Parallel()
	path, ok := config.DatabaseURL("sqlite:/tmp/x.db").SQLite()
	require.True(t, ok)
	require.Equal(t, "/tmp/x.db", path)
	_, ok = config.DatabaseURL("postgres://h/d").SQLite()
	require.False(t, ok)

	encoded, err := json.Marshal(map[string]any{"url": config.DatabaseURL("postgres://u:p@h/d"), "token": config.Secret("t")})
	require.NoError(t, err)
	require.JSONEq(t, `{"url": "postgres://u:xxxxx@h/d", "token": "[hidden]"}`, string(encoded))
}

func TestAConstructorAsksForItsPart(t *testing.T) {
	t.Parallel()
	cfg, _ := load(t, config.Sources{}, nil)
	var addr string
	app := fxtest.New(t, config.Supply(*cfg),
		fx.Replace(config.HTTP{Addr: "127.0.0.1:0"}),
		fx.Invoke(func(http config.HTTP, _ config.Metrics, _ config.Data, _ config.Database, _ config.Command,
			_ config.Backup, _ config.Log, _ config.Site, _ config.Listings,
		) {
			addr = http.Addr
		}),
	)
	app.RequireStart().RequireStop()
	require.Equal(t, "127.0.0.1:0", addr)
}
