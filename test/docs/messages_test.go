package docs_test

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// messagesFile is where the lists of commands and events are, and messagesMark what surrounds them.
var (
	messagesFile = filepath.Join(root, "docs", "reference", "commands-and-events.md")
	messagesMark = regexp.MustCompile(`(?s)(<!-- commands and events: [^\n]*-->\n).*?(<!-- end of commands and events -->)`)
)

// modules are those whose commands and events are listed, with their titles.
var modules = []struct{ folder, title string }{{"listings", "Listings and bids"}, {"profiles", "Members"}, {"issues", "Help desk"}}

// TestEveryCommandAndEventIsWrittenDown collects commands, published events and subscribers from the source, and requires
// that a command has one handler. After a new one:
//
//	go test ./test/docs -run TestEveryCommandAndEventIsWrittenDown -update
func TestEveryCommandAndEventIsWrittenDown(t *testing.T) {
	t.Parallel()
	written, err := os.ReadFile(messagesFile)
	require.NoError(t, err)
	require.True(t, messagesMark.Match(written), "%s has no place for the lists", messagesFile)
	subscribers := map[string][]string{}
	for _, m := range modules {
		for kind, names := range subscribersIn(t, filepath.Join(root, "modules", m.folder)) {
			subscribers[kind] = append(subscribers[kind], names...)
		}
	}
	lists := ""
	for _, m := range modules {
		lists += "\n## " + m.title + "\n\n" + commandsOf(t, m.folder) + "\n" + eventsOf(t, m.folder, subscribers)
	}
	want := messagesMark.ReplaceAllStringFunc(string(written), func(old string) string {
		marks := messagesMark.FindStringSubmatch(old)
		return marks[1] + lists + marks[2]
	})
	if *update {
		require.NoError(t, os.WriteFile(messagesFile, []byte(want), 0o600))
		return
	}
	require.Equal(t, want, string(written), "write it anew: go test ./test/docs -run TestEveryCommandAndEventIsWrittenDown -update")
}

// parsed returns the files of a package without its tests, by their paths.
func parsed(t *testing.T, folder string) map[string]*ast.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	require.NoError(t, err)
	files := map[string]*ast.File{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(t, err)
		files[path] = file
	}
	return files
}

// commandsOf lists the use cases of a module that handle commands.
func commandsOf(t *testing.T, module string) string {
	t.Helper()
	files := parsed(t, filepath.Join(root, "modules", module, "internal", "app"))
	promises := map[string]string{}   // of types, by name
	handlers := map[string][]string{} // of command types
	lines := map[string]string{}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		for _, declaration := range files[path].Decls {
			switch d := declaration.(type) {
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if s, ok := spec.(*ast.TypeSpec); ok {
						promises[s.Name.Name] = d.Doc.Text()
					}
				}
			case *ast.FuncDecl:
				if handler, command, ok := handlerOf(d); ok {
					handlers[command] = append(handlers[command], handler)
					lines[handler] = "modules/" + module + "/internal/app/" + filepath.Base(path)
				}
			}
		}
	}
	require.NotEmpty(t, lines, module)
	for command, by := range handlers {
		if _, own := promises[strings.TrimSuffix(command, "Command")]; own {
			require.Len(t, by, 1, "%s has one handler", command)
		}
	}
	list := "| command | what it does |\n|---|---|\n"
	for _, handler := range slices.Sorted(maps.Keys(lines)) {
		name, _, _ := strings.Cut(handler, ".")
		promise := new(doc.Package).Synopsis(promises[name])
		promise = strings.TrimPrefix(promise, name+" ")
		list += fmt.Sprintf("| [%s](../../%s) | %s |\n", strings.TrimSuffix(handler, ".Do"), lines[handler], promise)
	}
	return list
}

// handlerOf returns the use case's method and the type of the command that it takes: func (u *PlaceBid) Do(ctx, PlaceBidCommand).
func handlerOf(d *ast.FuncDecl) (handler, command string, ok bool) {
	if d.Recv == nil || !d.Name.IsExported() || len(d.Type.Params.List) != 2 {
		return "", "", false
	}
	command = nameOf(d.Type.Params.List[1].Type)
	receiver, pointer := d.Recv.List[0].Type.(*ast.StarExpr)
	if !pointer || !strings.HasSuffix(command, "Command") || strings.Contains(command, ".") {
		return "", "", false
	}
	return nameOf(receiver.X) + "." + d.Name.Name, command, ast.IsExported(nameOf(receiver.X))
}

// eventsOf lists the events that a module publishes, and who subscribes to them.
func eventsOf(t *testing.T, module string, subscribers map[string][]string) string {
	t.Helper()
	list := "| event | means | heard by |\n|---|---|---|\n"
	n := 0
	files := parsed(t, filepath.Join(root, "modules", module, module+"api"))
	for _, path := range slices.Sorted(maps.Keys(files)) {
		ast.Inspect(files[path], func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok || len(spec.Names) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Kind") {
				return true
			}
			kind, written := textOf(spec.Values[0])
			require.True(t, written)
			require.NotEmpty(t, spec.Comment.Text(), "say behind %s what has happened", spec.Names[0].Name)
			heard := subscribers[module+"api."+spec.Names[0].Name]
			slices.Sort(heard)
			list += fmt.Sprintf("| `%s` | %s | %s |\n", kind, strings.TrimSpace(spec.Comment.Text()), strings.Join(heard, ", "))
			n++
			return true
		})
	}
	require.NotZero(t, n, module)
	return list
}

// subscribersIn returns the names of a module's subscribers by the constants of the kinds that they want.
func subscribersIn(t *testing.T, folder string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for path, file := range parsed(t, folder) {
		ast.Inspect(file, func(node ast.Node) bool {
			literal, ok := node.(*ast.CompositeLit)
			if !ok || nameOf(literal.Type) != "events.Subscriber" {
				return true
			}
			name, kinds := "", []string{}
			for _, element := range literal.Elts {
				field := element.(*ast.KeyValueExpr)
				switch nameOf(field.Key) {
				case "Name":
					name, _ = textOf(field.Value)
				case "Kinds":
					for _, kind := range field.Value.(*ast.CompositeLit).Elts {
						kinds = append(kinds, nameOf(kind))
					}
				}
			}
			require.NotEmpty(t, name, "%s: a subscriber without a name", path)
			require.NotEmpty(t, kinds, "%s: the kinds of %s are not written where it is made", path, name)
			for _, kind := range kinds {
				found[kind] = append(found[kind], "`"+name+"`")
			}
			return true
		})
	}
	return found
}
