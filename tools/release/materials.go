package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// writeMaterials writes the release's bill of materials: each program with its checksum, and which modules are linked
// into it. It says what Go wrote into the programs, not what go.mod asks for.
func (s source) writeMaterials(built []binary, path string) error {
	text := new(bytes.Buffer)
	if err := cdx.NewBOMEncoder(text, cdx.BOMFileFormatJSON).SetPretty(true).Encode(s.materials(built)); err != nil {
		return fmt.Errorf("write the bill of materials: %w", err)
	}
	return os.WriteFile(path, text.Bytes(), 0o644)
}

// materials returns the bill. It has no serial number, which would make each one different.
func (s source) materials(built []binary) *cdx.BOM {
	whole := cdx.Component{
		BOMRef: "release", Type: cdx.ComponentTypeApplication, Name: product, Version: s.version,
		Licenses:           &cdx.Licenses{{License: &cdx.License{ID: "Apache-2.0"}}},
		ExternalReferences: &[]cdx.ExternalReference{{Type: cdx.ERTypeVCS, URL: "https://github.com/gavelhq/gavel", Comment: "commit " + s.commit}},
	}
	components := []cdx.Component{standardLibrary(built[0].goes)}
	for _, m := range linked(built) {
		components = append(components, library(m))
	}
	programs := make([]string, len(built))
	dependencies := []cdx.Dependency{{Ref: whole.BOMRef, Dependencies: &programs}}
	for i, b := range built {
		program := s.program(b)
		programs[i] = program.BOMRef
		components = append(components, program)
		refs := []string{standardLibrary(b.goes).BOMRef}
		for _, m := range b.modules {
			refs = append(refs, packageURL(m))
		}
		dependencies = append(dependencies, cdx.Dependency{Ref: program.BOMRef, Dependencies: &refs})
	}

	bill := cdx.NewBOM()
	bill.Metadata = &cdx.Metadata{Timestamp: s.time.Format(time.RFC3339), Component: &whole}
	bill.Components = &components
	bill.Dependencies = &dependencies
	return bill
}

// program describes a binary. Scanners find it by its checksum.
func (s source) program(b binary) cdx.Component {
	return cdx.Component{
		BOMRef: "program:" + b.platform.String(), Type: cdx.ComponentTypeFile, Name: b.platform.program(), Version: s.version,
		Hashes: &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: b.sha256}},
		Properties: &[]cdx.Property{
			{Name: "gavel:os", Value: b.platform.os},
			{Name: "gavel:arch", Value: b.platform.arch},
		},
	}
}

func library(m *debug.Module) cdx.Component {
	url := packageURL(m)
	return cdx.Component{
		BOMRef: url, Type: cdx.ComponentTypeLibrary, Name: m.Path, Version: m.Version, PackageURL: url,
		Properties: &[]cdx.Property{{Name: "gavel:go.sum", Value: m.Sum}},
	}
}

// standardLibrary describes Go's own packages under the name that vulnerability databases know.
func standardLibrary(goes string) cdx.Component {
	version := strings.TrimPrefix(goes, "go")
	url := "pkg:golang/stdlib@" + version
	return cdx.Component{BOMRef: url, Type: cdx.ComponentTypeLibrary, Name: "stdlib", Version: version, PackageURL: url}
}

// packageURL names a module as the package-url specification does.
func packageURL(m *debug.Module) string {
	return "pkg:golang/" + m.Path + "@" + strings.ReplaceAll(m.Version, "+", "%2B")
}
