package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/gavelhq/gavel/platform/config"
)

func newHealthcheckCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "healthcheck",
		Short: "Ask the running server whether it is ready",
		Long: `Asks the server at http.addr whether it is ready, for containers, which often have no other client. The exit status is
0 when it is and 1 when it is not, or does not answer.`,
		Example: `  monolith healthcheck
  monolith healthcheck --http.addr 10.0.0.5:8080 --timeout 1s
  monolith healthcheck --json`,
		Args: cobra.NoArgs,
	}
	asJSON := jsonFlag(cmd)
	timeout := cmd.Flags().Duration("timeout", 5*time.Second, "how long to wait for the answer")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := p.config()
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(cmd.Context(), *timeout)
		defer cancel()
		notReady := askReadiness(ctx, cfg.HTTP)
		switch {
		case *asJSON:
			err = p.writeJSON(newHealthAnswer(notReady))
		case notReady == nil:
			_, err = fmt.Fprintf(p.stdout, "The server at %s is ready.\n", cfg.HTTP.Addr)
		}
		if err == nil && notReady != nil {
			err = fmt.Errorf("ask the server at %s: %w", cfg.HTTP.Addr, notReady)
		}
		return err
	}
	return cmd
}

// healthAnswer is what healthcheck --json says.
type healthAnswer struct {
	Ready   bool     `json:"ready"`
	Failing []string `json:"failing"`          // the checks that fail
	Detail  string   `json:"detail,omitempty"` // why it is not ready
}

// maxHealthAnswer bounds what is read of an answer, which may come from another program than ours.
const maxHealthAnswer = 64 << 10

// notReadyError is what a server that answers says about itself.
type notReadyError struct {
	detail  string
	failing []string
}

func (e *notReadyError) Error() string { return "not ready: " + e.detail }

func newHealthAnswer(err error) healthAnswer {
	answer := healthAnswer{Ready: err == nil, Failing: []string{}}
	if err != nil {
		answer.Detail = err.Error()
	}
	var told *notReadyError
	if errors.As(err, &told) {
		answer.Failing = append(answer.Failing, told.failing...)
	}
	return answer
}

// askReadiness asks the server of this machine. Errors: that it does not answer, *notReadyError.
func askReadiness(ctx context.Context, cfg config.HTTP) error {
	target, err := readinessURL(cfg)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return err
	}
	response, err := localClient(cfg).Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // what matters has been read
	if response.StatusCode == http.StatusOK {
		return nil
	}
	var problem struct {
		Detail  string   `json:"detail"`
		Failing []string `json:"failing"`
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, maxHealthAnswer))
	if err != nil || json.Unmarshal(text, &problem) != nil || problem.Detail == "" {
		problem.Detail = response.Status
	}
	return &notReadyError{detail: problem.Detail, failing: problem.Failing}
}

// localClient returns a client for one question to the server of this machine, never through a proxy. The server's
// certificate is for the name that visitors use, not for the address that it is asked at here, so it is not checked: the
// question and the answer are no secrets.
func localClient(cfg config.HTTP) *http.Client {
	t := &http.Transport{DisableKeepAlives: true}
	if secure(cfg.TLS) {
		t.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // see above
		if names := config.SplitNames(cfg.TLS.ACME.Domains); len(names) > 0 {
			t.TLSClientConfig.ServerName = names[0] // it has certificates only for those who say a name
		}
	}
	return &http.Client{Transport: t}
}

// secure reports whether the server speaks HTTPS by itself.
func secure(cfg config.TLS) bool { return cfg.Certificate != "" || cfg.ACME.Domains != "" }

// readinessURL returns where the server answers on this machine. Errors: a port that only the server knows.
func readinessURL(cfg config.HTTP) (string, error) {
	addr, scheme := cfg.Addr, "http"
	if secure(cfg.TLS) {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("http.addr: %w", err)
	}
	if port == "0" {
		return "", fmt.Errorf("http.addr is %s, which takes any free port: say with --http.addr which one it was", addr)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	target := url.URL{Scheme: scheme, Host: net.JoinHostPort(host, port), Path: "/readyz"}
	return target.String(), nil
}
