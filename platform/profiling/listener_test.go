package profiling_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/gavelhq/gavel/platform/profiling"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// started starts a listener that stops with the test.
func started(t *testing.T, settings profiling.Settings) *profiling.Listener {
	t.Helper()
	l := profiling.New(settings, zap.NewNop())
	require.Empty(t, l.Addr())
	require.NoError(t, l.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, l.Stop(context.Background())) })
	return l
}

// ask asks for a path and returns the status and the body of the answer; headers are name, value, ….
func ask(t *testing.T, l *profiling.Listener, path string, headers ...string) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.Addr()+path, nil)
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			request.Host = headers[i+1]
		}
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
	require.NoError(t, err)
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode, string(content)
}

// zipped is how a profile begins.
const zipped = "\x1f\x8b"

func TestProfilesAreServed(t *testing.T) {
	t.Parallel()
	l := started(t, profiling.Settings{Addr: "127.0.0.1:0"})
	for _, kind := range []string{"heap", "allocs", "goroutine", "block", "mutex", "threadcreate"} {
		status, body := ask(t, l, profiling.Path+kind)
		require.Equal(t, http.StatusOK, status, kind)
		require.True(t, strings.HasPrefix(body, zipped), kind)
	}
	status, body := ask(t, l, profiling.Path)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "goroutine")
	for _, path := range []string{"/", "/metrics", profiling.Path + "cmdline", profiling.Path + "symbol", profiling.Path + "none"} {
		status, _ = ask(t, l, path)
		require.Equal(t, http.StatusNotFound, status, path)
	}
}

func TestAProfileMayTakeLongerThanAnAnswer(t *testing.T) {
	t.Parallel()
	l := started(t, profiling.Settings{Addr: "127.0.0.1:0", Patience: 500 * time.Millisecond})
	status, body := ask(t, l, profiling.Path+"profile?seconds=1")
	require.Equal(t, http.StatusOK, status, body)
	require.True(t, strings.HasPrefix(body, zipped))
}

func TestWhoMayAsk(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		network bool
		path    string
		headers []string
		want    int
	}{
		"by address":                               {want: http.StatusOK},
		"by localhost":                             {headers: []string{"Host", "localhost:6060"}, want: http.StatusOK},
		"by an address of version 6":               {headers: []string{"Host", "[::1]:6060"}, want: http.StatusOK},
		"by a name that a stranger gave it":        {headers: []string{"Host", "evil.example.org"}, want: http.StatusMisdirectedRequest},
		"by its name in a network":                 {network: true, headers: []string{"Host", "gavel-1:6060"}, want: http.StatusOK},
		"a browser, by itself":                     {headers: []string{"Sec-Fetch-Site", "none"}, want: http.StatusOK},
		"a browser, from the list of profiles":     {headers: []string{"Sec-Fetch-Site", "same-origin"}, want: http.StatusOK},
		"a browser, from another site":             {headers: []string{"Sec-Fetch-Site", "cross-site"}, want: http.StatusForbidden},
		"a browser, from another port":             {headers: []string{"Sec-Fetch-Site", "same-site"}, want: http.StatusForbidden},
		"a browser, from another site, in network": {network: true, headers: []string{"Sec-Fetch-Site", "cross-site"}, want: http.StatusForbidden},
		"for more than five minutes":               {path: "trace?seconds=300.1", want: http.StatusBadRequest},
		"for ever":                                 {path: "profile?seconds=Inf", want: http.StatusBadRequest},
		"for no number":                            {path: "profile?seconds=NaN", want: http.StatusBadRequest},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := started(t, profiling.Settings{Addr: "127.0.0.1:0", Network: test.network})
			path := test.path
			if path == "" {
				path = "threadcreate"
			}
			status, _ := ask(t, l, profiling.Path+path, test.headers...)
			require.Equal(t, test.want, status)
		})
	}
}

func TestOtherMachinesReachItOnlyWhenTheyMay(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0"} {
		l := profiling.New(profiling.Settings{Addr: addr}, zap.NewNop())
		require.ErrorContains(t, l.Start(t.Context()), "profiles are secret", addr)
		require.Empty(t, l.Addr())
		require.NoError(t, l.Stop(context.Background()))
	}
	l := started(t, profiling.Settings{Addr: "0.0.0.0:0", Network: true})
	require.NotEmpty(t, l.Addr())
	started(t, profiling.Settings{Addr: "localhost:0"})
}

func TestWithoutAnAddressThereIsNoListener(t *testing.T) {
	t.Parallel()
	require.Empty(t, started(t, profiling.Settings{}).Addr())
}

func TestATakenAddressIsNamed(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, taken.Close()) })
	l := profiling.New(profiling.Settings{Addr: taken.Addr().String()}, zap.NewNop())
	require.ErrorContains(t, l.Start(t.Context()), taken.Addr().String())
}

func TestAProfileDoesNotHoldUpTheStop(t *testing.T) {
	t.Parallel()
	l := profiling.New(profiling.Settings{Addr: "127.0.0.1:0"}, zap.NewNop())
	require.NoError(t, l.Start(t.Context()))
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get("http://" + l.Addr() + profiling.Path + "trace?seconds=300")
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}()
	begun := func() bool {
		_, body := ask(t, l, profiling.Path+"goroutine?debug=1")
		return strings.Contains(body, "net/http/pprof.Trace")
	}
	require.Eventually(t, begun, time.Minute, 10*time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, l.Stop(ctx))
	<-answered
}

func TestModule(t *testing.T) {
	t.Parallel()
	var l *profiling.Listener
	app := fxtest.New(t, fx.Supply(profiling.Settings{Addr: "127.0.0.1:0"}), fx.Provide(zap.NewNop), profiling.Module, fx.Populate(&l))
	app.RequireStart()
	status, _ := ask(t, l, profiling.Path+"heap")
	require.Equal(t, http.StatusOK, status)
	addr := l.Addr()
	app.RequireStop()
	again, err := net.Listen("tcp", addr)
	require.NoError(t, err, "the address is free again")
	require.NoError(t, again.Close())
}
