package main

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write modules.dot anew")

// TestModuleMapIsUpToDate draws the map from what the packages import. After a change of who leans on whom:
//
//	go test ./cmd/monolith -run TestModuleMapIsUpToDate -update
func TestModuleMapIsUpToDate(t *testing.T) {
	t.Parallel()
	drawn := drawModules(t, importsOf(t))
	if *update {
		require.NoError(t, os.WriteFile("modules.dot", []byte(drawn), 0o600))
		return
	}
	require.Equal(t, moduleMap, drawn, "draw it anew: go test ./cmd/monolith -run TestModuleMapIsUpToDate -update")
}

// importsOf returns the imports of this repository's packages, tests and test seams left out, by box of the map.
func importsOf(t *testing.T) map[string]map[string]bool {
	t.Helper()
	const root = "github.com/gavelhq/gavel/"
	list := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "../../...")
	var stderr bytes.Buffer
	list.Stderr = &stderr
	text, err := list.Output()
	require.NoError(t, err, stderr.String())
	imports := map[string]map[string]bool{}
	for line := range strings.Lines(string(text)) {
		paths := strings.Fields(line)
		from := box(strings.TrimPrefix(paths[0], root))
		if from == "" {
			continue
		}
		if imports[from] == nil {
			imports[from] = map[string]bool{}
		}
		for _, path := range paths[1:] {
			if below, ours := strings.CutPrefix(path, root); ours && box(below) != "" && box(below) != from {
				imports[from][box(below)] = true
			}
		}
	}
	return imports
}

// box returns where a package stands on the map: in its module, or for itself on the platform.
func box(path string) string {
	parts := strings.Split(path, "/")
	if len(parts) < 2 || parts[0] != "modules" && parts[0] != "platform" {
		return ""
	}
	for _, part := range parts[1:] {
		if strings.HasSuffix(part, "test") || part == "contract" || part == "oracle" {
			return ""
		}
	}
	if parts[0] == "platform" {
		return path
	}
	return parts[0] + "/" + parts[1]
}

func drawModules(t *testing.T, imports map[string]map[string]bool) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("digraph modules {\n\trankdir=LR;\n\tnode [shape=box];\n")
	for _, area := range []string{"modules", "platform"} {
		fmt.Fprintf(&b, "\tsubgraph cluster_%s {\n\t\tlabel=%q;\n", area, area)
		for _, from := range slices.Sorted(maps.Keys(imports)) {
			if name, ok := strings.CutPrefix(from, area+"/"); ok {
				fmt.Fprintf(&b, "\t\t%q [label=%q];\n", from, name)
			}
		}
		b.WriteString("\t}\n")
	}
	for _, from := range slices.Sorted(maps.Keys(imports)) {
		for _, to := range slices.Sorted(maps.Keys(imports[from])) {
			fmt.Fprintf(&b, "\t%q -> %q;\n", from, to)
		}
	}
	b.WriteString("}\n")
	return b.String()
}
