package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version and commit are set when a release is built: -ldflags "-X main.version=v1.2.3 -X main.commit=…".
var version, commit string

// build says what this binary was made from.
type build struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"`
	Modified bool   `json:"modified"` // built from more than the commit
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// buildInfo returns what the linker was told or else what the Go tool noted; "unknown" for what neither says.
func buildInfo() build {
	b := build{Version: version, Commit: commit, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok {
		b.Version = cmp.Or(b.Version, info.Main.Version)
		for _, setting := range info.Settings {
			switch setting.Key {
			case "vcs.revision":
				b.Commit = cmp.Or(b.Commit, setting.Value)
			case "vcs.modified":
				b.Modified = commit == "" && setting.Value == "true"
			}
		}
	}
	b.Version, b.Commit = cmp.Or(b.Version, "unknown"), cmp.Or(b.Commit, "unknown")
	return b
}

func newVersionCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Say which version this is",
		Example: `  monolith version
  monolith version --json`,
		Args: cobra.NoArgs,
	}
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(*cobra.Command, []string) error {
		b := buildInfo()
		if *asJSON {
			return p.writeJSON(b)
		}
		changes := ""
		if b.Modified {
			changes = " with changes"
		}
		_, err := fmt.Fprintf(p.stdout, "monolith %s\ncommit %s%s\n%s %s\n", b.Version, b.Commit, changes, b.Go, b.Platform)
		return err
	}
	return cmd
}
