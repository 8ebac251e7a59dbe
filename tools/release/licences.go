package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
)

// licenceFile is what the terms of a module are called. They ask for being passed on with what is built from it.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([-._].*)?$`)

// collectLicences returns the terms of Go itself and of every module in the binaries, one after the other.
// Errors: a module without terms.
func collectLicences(ctx context.Context, root string, built []binary) ([]byte, error) {
	modules := linked(built)
	dirs, err := moduleDirs(ctx, root, modules)
	if err != nil {
		return nil, err
	}
	goRoot, err := command(ctx, root, nil, "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}

	text := new(bytes.Buffer)
	fmt.Fprint(text, "The program contains the Go standard library and the modules below, each under its own terms.\n")
	if err := appendLicences(text, "Go, "+built[0].goes, goRoot); err != nil {
		return nil, err
	}
	for _, m := range modules {
		if err := appendLicences(text, m.Path+" "+m.Version, dirs[module(m)]); err != nil {
			return nil, err
		}
	}
	return text.Bytes(), nil
}

// appendLicences adds the terms that lie in the directory. Errors: none there.
func appendLicences(text *bytes.Buffer, title, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("look for the licence of %s: %w", title, err)
	}
	found := false
	for _, e := range entries {
		if !e.Type().IsRegular() || !licenceFile.MatchString(e.Name()) || strings.HasSuffix(e.Name(), ".go") {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return fmt.Errorf("read the licence of %s: %w", title, err)
		}
		found = true
		fmt.Fprintf(text, "\n%s\n%s, %s\n\n%s\n", strings.Repeat("=", 80), title, e.Name(), bytes.TrimSpace(content))
	}
	if !found {
		return fmt.Errorf("%s has no licence in its root; it cannot be passed on", title)
	}
	return nil
}

// moduleDirs returns where the modules lie on this machine, by path@version.
func moduleDirs(ctx context.Context, root string, modules []*debug.Module) (map[string]string, error) {
	args := []string{"mod", "download", "-json"}
	for _, m := range modules {
		args = append(args, module(m))
	}
	printed, err := command(ctx, root, []string{"GOFLAGS="}, "go", args...)
	if err != nil {
		return nil, fmt.Errorf("find the modules: %w", err)
	}
	dirs := map[string]string{}
	for answers := json.NewDecoder(strings.NewReader(printed)); ; {
		var m struct{ Path, Version, Dir string }
		if err := answers.Decode(&m); errors.Is(err, io.EOF) {
			return dirs, nil
		} else if err != nil {
			return nil, fmt.Errorf("find the modules: %w", err)
		}
		dirs[m.Path+"@"+m.Version] = m.Dir
	}
}
