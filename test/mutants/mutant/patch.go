// Package mutant judges patches that break the code: a good test suite notices each of them.
package mutant

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Patch is one way to break the code, and the test that must notice.
type Patch struct {
	Name    string // the file's name without .patch
	Path    string // the file
	Breaks  string // what it breaks, for people
	Package string // the package of the test, like ./platform/uow
	Run     string // the test, as go test -run takes it

	Changes []string // the packages that it changes, sorted, like Package
}

var (
	breaksLine = regexp.MustCompile(`(?m)^# Breaks: (\S.*)$`)
	testLine   = regexp.MustCompile(`(?m)^# Test: (\./\S*) -run '([^']+)'$`)
	targetLine = regexp.MustCompile(`(?m)^\+\+\+ (?:b/)?(\S+)`)
)

// Read returns the patches of a directory by name, or only those that are named.
// Errors: no patch at all, a name that no patch has, a header without its two lines, a patch that touches a test.
func Read(dir string, names ...string) ([]Patch, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.patch"))
	if err != nil {
		return nil, fmt.Errorf("find the patches in %s: %w", dir, err)
	}
	var patches []Patch
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".patch")
		if len(names) > 0 && !slices.Contains(names, name) {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read the patch %s: %w", name, err)
		}
		patch, err := parse(string(text))
		if err != nil {
			return nil, fmt.Errorf("read the patch %s: %w", name, err)
		}
		patch.Name, patch.Path = name, path
		patches = append(patches, patch)
	}
	for _, name := range names {
		if !slices.ContainsFunc(patches, func(p Patch) bool { return p.Name == name }) {
			return nil, fmt.Errorf("no patch %s in %s", name, dir)
		}
	}
	if len(patches) == 0 {
		return nil, fmt.Errorf("no patches in %s", dir)
	}
	return patches, nil
}

// parse reads a patch's header, and refuses a patch that would break a test rather than the code.
func parse(text string) (Patch, error) {
	header, _, _ := strings.Cut(text, "\n--- ")
	breaks := breaksLine.FindStringSubmatch(header)
	if breaks == nil {
		return Patch{}, errors.New("the header has no line like \"# Breaks: the tie goes to the later bid\"")
	}
	test := testLine.FindStringSubmatch(header)
	if test == nil {
		return Patch{}, errors.New("the header has no line like \"# Test: ./platform/uow -run 'TestUnit/rolls_back'\"")
	}
	targets := targetLine.FindAllStringSubmatch(text, -1)
	if targets == nil {
		return Patch{}, errors.New("there is no change in it")
	}
	var changes []string
	for _, target := range targets {
		changes = append(changes, "./"+path.Dir(target[1]))
		if strings.HasSuffix(target[1], "_test.go") {
			return Patch{}, fmt.Errorf("it changes %s, and a broken test proves nothing", target[1])
		}
	}
	slices.Sort(changes)
	return Patch{Breaks: breaks[1], Package: test[1], Run: test[2], Changes: slices.Compact(changes)}, nil
}
