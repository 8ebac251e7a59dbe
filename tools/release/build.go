package main

import (
	"context"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
)

// everywhere is what a release is built for.
var everywhere = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64"}

// platform is an operating system and an architecture, as Go calls them.
type platform struct{ os, arch string }

func (p platform) String() string { return p.os + "/" + p.arch }

// program is what the binary is called there.
func (p platform) program() string {
	if p.os == "windows" {
		return "monolith.exe"
	}
	return "monolith"
}

// parsePlatforms returns the platforms in a fixed order. Errors: one that is not released.
func parsePlatforms(names []string) ([]platform, error) {
	var parsed []platform
	for _, name := range everywhere {
		if slices.Contains(names, name) {
			system, arch, _ := strings.Cut(name, "/")
			parsed = append(parsed, platform{os: system, arch: arch})
		}
	}
	for _, name := range names {
		if !slices.Contains(everywhere, name) {
			return nil, fmt.Errorf("%q is not among the platforms %s", name, strings.Join(everywhere, ", "))
		}
	}
	return parsed, nil
}

// binary is the program, built for one platform.
type binary struct {
	platform platform
	content  []byte
	sha256   string
	goes     string          // the Go that built it: go1.26.8
	modules  []*debug.Module // what is linked into it
}

// build builds the program into dir. The flags are those of `make build`; nothing of the builder's own settings counts.
func (s source) build(ctx context.Context, p platform, dir string) (binary, error) {
	path := filepath.Join(dir, p.os+"-"+p.arch)
	settings := []string{
		"CGO_ENABLED=0", "GOOS=" + p.os, "GOARCH=" + p.arch,
		"GOFLAGS=", "GOEXPERIMENT=", "GOAMD64=v1", "GOARM64=v8.0", "GOFIPS140=off", "GOWORK=off",
	}
	_, err := command(ctx, s.root, settings, "go", "build", "-mod=readonly", "-buildvcs=false", "-trimpath",
		"-ldflags", fmt.Sprintf("-s -w -X main.version=%s -X main.commit=%s", s.version, s.commit),
		"-o", path, "./cmd/monolith")
	if err != nil {
		return binary{}, fmt.Errorf("build for %s: %w", p, err)
	}
	return readBinary(p, path)
}

// readBinary reads a program that was built, and what Go wrote into it about its making.
func readBinary(p platform, path string) (binary, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return binary{}, err
	}
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return binary{}, fmt.Errorf("read what is in the program for %s: %w", p, err)
	}
	sum := sha256.Sum256(content)
	b := binary{platform: p, content: content, sha256: hex.EncodeToString(sum[:]), goes: info.GoVersion}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		b.modules = append(b.modules, m)
	}
	return b, nil
}

// linked returns the modules of all binaries together, each once, in order.
func linked(built []binary) []*debug.Module {
	var all []*debug.Module
	for _, b := range built {
		all = append(all, b.modules...)
	}
	slices.SortFunc(all, func(a, b *debug.Module) int { return strings.Compare(module(a), module(b)) })
	return slices.CompactFunc(all, func(a, b *debug.Module) bool { return module(a) == module(b) })
}

// module names a module as the go command does: path@version.
func module(m *debug.Module) string { return m.Path + "@" + m.Version }
