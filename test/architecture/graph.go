package architecture

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// File is one Go file of the repository.
type File struct {
	Path    string   // relative to the root of the repository, with slashes
	Imports []string // packages of the repository as "./platform/uow", others by their import path
	Heard   []string // those imports of other modules of which it names nothing but published events
}

// IsTest reports whether only `go test` compiles the file.
func (f File) IsTest() bool { return strings.HasSuffix(f.Path, "_test.go") }

// Package returns the import by which other files of the repository name the file's package.
func (f File) Package() string { return "./" + path.Dir(f.Path) }

// Graph is what the rules look at: every file with its imports, and what each package, of the repository or not,
// imports when it is built without its tests.
type Graph struct {
	Files    []File
	Packages map[string][]string
}

// listed is the part of what `go list -json` says about a package that the graph is made of.
type listed struct {
	ImportPath     string
	Dir            string
	Imports        []string
	GoFiles        []string
	CgoFiles       []string
	IgnoredGoFiles []string // of other systems: the borders hold there too
	TestGoFiles    []string
	XTestGoFiles   []string
	Module         *struct {
		Path string
		Dir  string
		Main bool
	}
}

// Load reads the graph of the module at dir, with everything that it depends on.
// Errors: those of `go list`, with what it printed; a file that does not parse.
func Load(dir string) (Graph, error) {
	packages, err := list(dir)
	if err != nil {
		return Graph{}, fmt.Errorf("load the packages of %s: %w", dir, err)
	}
	graph := Graph{Packages: make(map[string][]string, len(packages))}
	module := ""
	for _, p := range packages {
		if p.Module != nil && p.Module.Main {
			module = p.Module.Path
		}
	}
	for _, p := range packages {
		imports := make([]string, 0, len(p.Imports))
		for _, imported := range p.Imports {
			imports = append(imports, relative(imported, module))
		}
		graph.Packages[relative(p.ImportPath, module)] = imports
		if p.Module == nil || !p.Module.Main {
			continue
		}
		files, err := p.files(module)
		if err != nil {
			return Graph{}, fmt.Errorf("read the imports of %s: %w", p.ImportPath, err)
		}
		graph.Files = append(graph.Files, files...)
	}
	return graph, nil
}

// list runs go list over all packages of the module at dir and their dependencies.
func list(dir string) ([]listed, error) {
	cmd := exec.Command("go", "list", "-deps", "-json", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-buildvcs=false")
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, complaint.String())
	}
	var packages []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, fmt.Errorf("read what go list printed: %w", err)
		}
		packages = append(packages, p)
	}
}

// files parses the imports of every file of the package, tests included.
func (p listed) files(module string) ([]File, error) {
	var files []File
	for _, name := range slices.Concat(p.GoFiles, p.CgoFiles, p.IgnoredGoFiles, p.TestGoFiles, p.XTestGoFiles) {
		at := filepath.Join(p.Dir, name)
		parsed, err := parser.ParseFile(token.NewFileSet(), at, nil, parser.ImportsOnly)
		if err != nil {
			return nil, fmt.Errorf("parse %s: %w", at, err)
		}
		within, err := filepath.Rel(p.Module.Dir, at)
		if err != nil {
			return nil, fmt.Errorf("place %s in its module: %w", at, err)
		}
		file := File{Path: filepath.ToSlash(within)}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return nil, fmt.Errorf("unquote the import %s: %w", spec.Path.Value, err)
			}
			file.Imports = append(file.Imports, relative(imported, module))
		}
		if file.Heard, err = heard(at, file, module); err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// relative shortens the import path of a package of the module to "./platform/uow" and leaves others as they are.
func relative(importPath, module string) string {
	if importPath == module {
		return "."
	}
	if within, ok := strings.CutPrefix(importPath, module+"/"); ok {
		return "./" + within
	}
	return importPath
}

// Chain returns the shortest way by which the package comes to import one that reaches accepts, the package itself
// first, or nil if there is none.
func (g Graph) Chain(from string, reaches func(importPath string) bool) []string {
	cameFrom := map[string]string{from: ""}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		for _, imported := range g.Packages[queue[0]] {
			if _, seen := cameFrom[imported]; seen {
				continue
			}
			cameFrom[imported] = queue[0]
			if reaches(imported) {
				return wayTo(imported, cameFrom)
			}
			queue = append(queue, imported)
		}
	}
	return nil
}

func wayTo(end string, cameFrom map[string]string) []string {
	var way []string
	for at := end; at != ""; at = cameFrom[at] {
		way = append(way, at)
	}
	slices.Reverse(way)
	return way
}
