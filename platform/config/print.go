package config

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/knadh/koanf/parsers/yaml"
)

// Entry is one effective value, as it may be shown.
type Entry struct {
	Key string `json:"key"`
	// Value is text, a number, a list or a mapping; secrets are hidden.
	Value  any    `json:"value"`
	Origin Origin `json:"origin"`
}

// Entries returns every key with its effective value, secrets hidden, and where it came from, in the order of Keys.
func Entries(cfg Config, from Provenance) []Entry {
	var entries []Entry
	for _, k := range Keys() {
		value := reflect.ValueOf(cfg).FieldByIndex(k.index).Interface()
		entries = append(entries, Entry{Key: k.Name, Value: plain(value), Origin: from.Of(k.Name)})
	}
	return entries
}

// plain turns a field's value into what YAML and JSON write as one would write it in config.yaml.
func plain(value any) any {
	switch value := value.(type) {
	case time.Duration:
		return durationText(value)
	case Prefixes:
		list := make([]string, len(value))
		for i, prefix := range value {
			list[i] = prefix.String()
		}
		return list
	case map[string]Table:
		tables := map[string]any{}
		for name, table := range value {
			rows := make([]map[string]string, len(table))
			for i, row := range table {
				rows[i] = map[string]string{"from": row.From, "increment": row.Increment}
			}
			tables[name] = rows
		}
		return tables
	case fmt.Stringer:
		return value.String()
	}
	return value
}

// Effective returns the configuration as YAML that Load accepts, but for the hidden secrets; each key is followed by a
// comment that says where its value came from.
func Effective(cfg Config, from Provenance) string {
	var w yamlWriter
	for _, e := range Entries(cfg, from) {
		w.section(e.Key)
		for i, line := range strings.Split(scalar(w.leaf(e.Key), e.Value), "\n") {
			if i == 0 {
				line += " # " + e.Origin.String()
			}
			w.line(line)
		}
	}
	return w.String()
}

// scalar returns "name: value" without the newline at the end.
func scalar(name string, value any) string {
	text, err := yaml.Parser().Marshal(map[string]any{name: value})
	if err != nil {
		panic(fmt.Sprintf("config: write %s: %v", name, err)) // text, numbers, lists and mappings can be written
	}
	return strings.TrimSuffix(string(text), "\n")
}

// yamlWriter writes keys below the headings of their sections.
type yamlWriter struct {
	strings.Builder
	open []string // the sections around the present line
}

// section opens the sections of key that are not open yet, and reports whether there were any.
func (w *yamlWriter) section(key string) bool {
	parts := strings.Split(key, ".")
	parts = parts[:len(parts)-1]
	same := 0
	for same < len(parts) && same < len(w.open) && parts[same] == w.open[same] {
		same++
	}
	w.open = w.open[:same]
	for _, part := range parts[same:] {
		if len(w.open) == 0 && w.Len() > 0 {
			w.WriteString("\n")
		}
		w.line(part + ":")
		w.open = append(w.open, part)
	}
	return same < len(parts)
}

func (w *yamlWriter) leaf(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

func (w *yamlWriter) line(text string) {
	w.WriteString(strings.Repeat("  ", len(w.open)) + text + "\n")
}
