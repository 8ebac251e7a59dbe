package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/v2"
)

// DefaultFile is the configuration file that is read, if it exists, when none is named.
const DefaultFile = "config.yaml"

// Sources are what a configuration is made of. The zero value gives the defaults and reads ./config.yaml if there is
// one.
type Sources struct {
	// File is the configuration file that --config names; empty for GAVEL_CONFIG's, or else DefaultFile.
	File string
	// Environ is the environment, "NAME=value" each, as os.Environ returns it.
	Environ []string
	// Flags are the flags that were given, by key and without the dashes.
	Flags map[string]string
	// ReadFile reads a file; nil means os.ReadFile.
	ReadFile func(name string) ([]byte, error)
}

// Check is a rule about keys that this package cannot know, such as what an increment table must be. It returns what is
// wrong, by Key, Detail and, unless it is secret, Value; the origin is added. It sees values that passed their own
// rules only.
type Check func(Config) []Problem

// Load reads the sources, strongest last: defaults, file, environment, flags. The provenance is valid also when there
// is an error. Errors: *Error, which is ErrInvalid and names everything that is wrong at once.
func Load(src Sources, checks ...Check) (*Config, Provenance, error) {
	if src.ReadFile == nil {
		src.ReadFile = os.ReadFile
	}
	l := &loader{src: src, keys: Keys(), merged: koanf.New("."), from: Provenance{origins: map[string]Origin{}}}
	l.defaults()
	l.file()
	l.environment()
	l.flags()
	cfg := l.decode()
	l.validate(cfg)
	if len(l.problems) == 0 {
		l.check(*cfg, checks)
	}
	if len(l.problems) > 0 {
		slices.SortStableFunc(l.problems, func(a, b Problem) int { return cmp.Compare(a.Key, b.Key) })
		return nil, l.from, &Error{Problems: l.problems}
	}
	resolve(cfg)
	return cfg, l.from, nil
}

// resolve fills in what is said relative to other keys.
func resolve(cfg *Config) {
	if cfg.Database.URL == sqlitePrefix {
		cfg.Database.URL += DatabaseURL(filepath.Join(cfg.Data.Dir, "gavel.db"))
	}
	if cfg.Backup.Dir == "" {
		cfg.Backup.Dir = filepath.Join(cfg.Data.Dir, "backups")
	}
	if names := SplitNames(cfg.HTTP.TLS.ACME.Domains); cfg.Site.URL == "" && len(names) > 0 {
		cfg.Site.URL = "https://" + names[0] // the server has no certificate for the address that it listens on
	}
}

// loader is one run of Load.
type loader struct {
	src      Sources
	keys     []Key
	merged   *koanf.Koanf
	from     Provenance
	problems []Problem
}

func (l *loader) problem(key string, origin Origin, detail string, args ...any) {
	l.problems = append(l.problems, Problem{Key: key, Origin: origin, Detail: fmt.Sprintf(detail, args...)})
}

// key returns the key that name is, or is an entry of.
func (l *loader) key(name string) (Key, bool) {
	for _, k := range l.keys {
		if name == k.Name || k.structured() && strings.HasPrefix(name, k.Name+".") {
			return k, true
		}
	}
	return Key{}, false
}

func (l *loader) names() []string {
	names := make([]string, len(l.keys))
	for i, k := range l.keys {
		names[i] = k.Name
	}
	return names
}

// isSection reports whether name is what keys are grouped under, such as http.
func (l *loader) isSection(name string) bool {
	return slices.ContainsFunc(l.keys, func(k Key) bool { return strings.HasPrefix(k.Name, name+".") })
}

func (l *loader) defaults() {
	values := map[string]any{}
	for _, k := range l.keys {
		if !k.structured() {
			values[k.Name] = k.Default
		}
	}
	if err := l.merged.Load(confmap.Provider(values, "."), nil); err != nil {
		l.problem("defaults", Origin{Kind: FromDefault}, "%v", err)
	}
}

func (l *loader) file() {
	name, origin := l.fileName()
	content, err := l.src.ReadFile(cmp.Or(name, DefaultFile))
	switch {
	case name == "" && errors.Is(err, fs.ErrNotExist):
		return
	case err != nil:
		l.problem(cmp.Or(name, DefaultFile), origin, "%v", err)
		return
	}
	l.from.File = cmp.Or(name, DefaultFile)
	origin = Origin{Kind: FromFile, Name: l.from.File}
	values, err := parseYAML(content)
	if err != nil {
		l.problem(l.from.File, origin, "%v", err)
		return
	}
	for _, dotted := range takeDotted(values, "") {
		l.problem(dotted, origin, "has a dot in a name; write one level of indentation for each part")
	}
	l.add(confmap.Provider(values, ""), func(string) Origin { return origin })
}

// fileName returns the file that was asked for, and by what.
func (l *loader) fileName() (string, Origin) {
	if l.src.File != "" {
		return l.src.File, Origin{Kind: FromFlag, Name: "--config"}
	}
	for _, entry := range l.src.Environ {
		if name, value, _ := strings.Cut(entry, "="); name == fileVariable && value != "" {
			return value, Origin{Kind: FromEnvironment, Name: fileVariable}
		}
	}
	return "", Origin{Kind: FromFile, Name: DefaultFile}
}

func (l *loader) flags() {
	values := map[string]any{}
	for name, text := range l.src.Flags {
		values[name] = l.structure(name, text, Origin{Kind: FromFlag, Name: "--" + name})
	}
	l.add(confmap.Provider(values, "."), func(name string) Origin {
		if k, ok := l.key(name); ok {
			name = k.Name
		}
		return Origin{Kind: FromFlag, Name: "--" + name}
	})
}

// structure turns the text of a mapping, which flags and variables give as YAML (or JSON, which is YAML), into one;
// any other text stays what it is.
func (l *loader) structure(name, text string, origin Origin) any {
	if k, ok := l.key(name); !ok || !k.structured() {
		return text
	}
	values, err := parseYAML([]byte(text))
	if err != nil {
		l.problem(name, origin, "%v", err)
	}
	for _, dotted := range takeDotted(values, name+".") {
		l.problem(dotted, origin, "has a dot in a name")
	}
	return values
}

// add puts what a provider gives over what is there, after taking out what nobody knows.
func (l *loader) add(provider koanf.Provider, origin func(name string) Origin) {
	layer := koanf.New(".")
	if err := layer.Load(provider, nil); err != nil {
		l.problem(origin("").String(), origin(""), "%v", err)
		return
	}
	for name, value := range layer.All() {
		if detail, ok := l.accept(name, value); !ok {
			layer.Delete(name)
			if detail != "" {
				l.problem(name, origin(name), "%s", detail)
			}
			continue
		}
		l.from.origins[name] = origin(name)
		if k, _ := l.key(name); k.Name != name {
			l.from.origins[k.Name] = origin(name)
		}
	}
	if err := l.merged.Merge(layer); err != nil {
		l.problem(origin("").String(), origin(""), "%v", err)
	}
}

// accept reports whether a source may give name this value and, if not, why; nothing is said about sections without
// content, which is what a commented file has.
func (l *loader) accept(name string, value any) (detail string, ok bool) {
	k, known := l.key(name)
	nothing := value == nil
	if m, isMap := value.(map[string]any); isMap && len(m) == 0 {
		nothing = true
	}
	switch {
	case nothing && (l.isSection(name) || known && k.structured()):
		return "", false
	case l.isSection(name):
		return "is a section; its keys are written below it, indented", false
	case !known:
		return "unknown key" + didYouMean(name, l.names()), false
	case known && k.structured() && name == k.Name:
		return "must be " + k.Range, false
	case value == nil:
		return "has no value; give it one or remove the line", false
	}
	return "", true
}

func (l *loader) check(cfg Config, checks []Check) {
	for _, check := range checks {
		for _, p := range check(cfg) {
			p.Origin = l.from.Of(p.Key)
			l.problems = append(l.problems, p)
		}
	}
}
