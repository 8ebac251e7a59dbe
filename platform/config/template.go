package config

import (
	"reflect"
	"strconv"
	"strings"
)

const templateHead = `# Configuration of Gavel. Every key is here, commented out, with its default: remove the # to change one.
#
# A key such as http.addr is also the flag --http.addr and the environment variable GAVEL_HTTP_ADDR, or
# GAVEL_HTTP_ADDR_FILE, which names a file that holds the value. Flags come before the environment, and the environment
# before this file. Unknown keys are errors. "monolith config check" checks everything; "monolith config print" shows
# what counts and where it comes from. This file is what "monolith config init" writes.

`

// Template returns a configuration file with every key commented out: its documentation, what it may be, and its
// default. Load accepts it as it is and with every comment sign before a key removed; both give the defaults.
func Template() string {
	var w yamlWriter
	for _, k := range Keys() {
		if !w.section(k.Name) {
			w.WriteString("\n")
		}
		for _, text := range []string{k.Doc, "Must be " + k.Range + "."} {
			for _, line := range wrap(text, 116-2*len(w.open)) {
				w.line("# " + line)
			}
		}
		w.line("#" + scalar(w.leaf(k.Name), k.defaultValue()))
	}
	return templateHead + w.String()
}

func (k Key) defaultValue() any {
	switch {
	case k.structured():
		return map[string]any{}
	case k.typ == prefixesType:
		return []string{}
	case k.typ.Kind() == reflect.Int:
		n, err := strconv.Atoi(k.Default)
		if err != nil {
			panic(err) // a constant of a struct tag
		}
		return n
	}
	return k.Default
}

// wrap breaks text into lines of at most width letters.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
