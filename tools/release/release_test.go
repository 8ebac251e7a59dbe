package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/stretchr/testify/require"
)

func TestTheBillNamesEachModuleOnceAndWhatItIsIn(t *testing.T) {
	t.Parallel()
	shared := &debug.Module{Path: "example.org/shared/v2", Version: "v2.0.0+incompatible", Sum: "h1:s"}
	built := []binary{
		{platform: platform{"linux", "amd64"}, sha256: strings.Repeat("a", 64), goes: "go1.26.8", modules: []*debug.Module{shared}},
		{
			platform: platform{"windows", "amd64"}, sha256: strings.Repeat("b", 64), goes: "go1.26.8",
			modules: []*debug.Module{{Path: "example.org/only", Version: "v1.0.0", Sum: "h1:o"}, shared},
		},
	}
	path := filepath.Join(t.TempDir(), "bill.json")
	released := source{version: "v1.2.3", commit: "c0ffee", time: instant}
	require.NoError(t, released.writeMaterials(built, path))

	text, err := os.ReadFile(path)
	require.NoError(t, err)
	bill := new(cdx.BOM)
	require.NoError(t, cdx.NewBOMDecoder(bytes.NewReader(text), cdx.BOMFileFormatJSON).Decode(bill))
	var refs []string
	for _, c := range *bill.Components {
		refs = append(refs, c.BOMRef)
	}
	require.Equal(t, []string{
		"pkg:golang/stdlib@1.26.8", "pkg:golang/example.org/only@v1.0.0",
		"pkg:golang/example.org/shared/v2@v2.0.0%2Bincompatible", "program:linux/amd64", "program:windows/amd64",
	}, refs)
	dependencies := map[string][]string{}
	for _, d := range *bill.Dependencies {
		dependencies[d.Ref] = *d.Dependencies
	}
	require.Equal(t, map[string][]string{
		"release": {"program:linux/amd64", "program:windows/amd64"},
		"program:linux/amd64": {
			"pkg:golang/stdlib@1.26.8", "pkg:golang/example.org/shared/v2@v2.0.0%2Bincompatible",
		},
		"program:windows/amd64": {
			"pkg:golang/stdlib@1.26.8", "pkg:golang/example.org/only@v1.0.0",
			"pkg:golang/example.org/shared/v2@v2.0.0%2Bincompatible",
		},
	}, dependencies)
}

func TestAModuleWithoutALicenceIsNotReleased(t *testing.T) {
	t.Parallel()
	dir, text := t.TempDir(), new(bytes.Buffer)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "license.go"), []byte("package code"), 0o600))
	require.ErrorContains(t, appendLicences(text, "example.org/code v1.0.0", dir), "no licence")

	require.NoError(t, os.WriteFile(filepath.Join(dir, "LICENSE-3RD-PARTY.md"), []byte("terms of others\n"), 0o600))
	require.NoError(t, appendLicences(text, "example.org/code v1.0.0", dir))
	require.Contains(t, text.String(), "example.org/code v1.0.0, LICENSE-3RD-PARTY.md\n\nterms of others\n")
}

func TestADirectoryWithSomethingElseIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "dist")
	require.NoError(t, empty(dir))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "gavel-v1-linux-amd64.tar.gz"), nil, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, sumsFile), nil, 0o600))
	require.NoError(t, empty(dir))
	require.NoFileExists(t, filepath.Join(dir, sumsFile))

	require.NoError(t, os.WriteFile(filepath.Join(dir, "letters.txt"), nil, 0o600))
	require.ErrorContains(t, empty(dir), "letters.txt")
	require.FileExists(t, filepath.Join(dir, "letters.txt"))
}

func TestPlatformsAreThoseThatAreReleased(t *testing.T) {
	t.Parallel()
	parsed, err := parsePlatforms([]string{"windows/amd64", "linux/arm64"})
	require.NoError(t, err)
	require.Equal(t, []platform{{"linux", "arm64"}, {"windows", "amd64"}}, parsed)
	_, err = parsePlatforms([]string{"plan9/386"})
	require.ErrorContains(t, err, "plan9/386")
}
