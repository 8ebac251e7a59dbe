package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
)

// parseYAML reads a single document that is a mapping, or nothing. Errors never quote a value, which may be secret.
func parseYAML(content []byte) (map[string]any, error) {
	if documents(content) > 1 {
		return nil, errors.New("has more than one document; only the first would count")
	}
	values, err := yaml.Parser().Unmarshal(content)
	if err != nil {
		return nil, fmt.Errorf("is not the YAML that is expected here: %s", withoutValues(err.Error()))
	}
	return values, nil
}

// withoutValues cuts what a YAML error quotes from the text: "cannot unmarshal !!str `secret` into …".
func withoutValues(message string) string {
	message, _, _ = strings.Cut(message, "`")
	return strings.TrimSpace(message)
}

// takeDotted removes what has a dot in its name, which would pass for a name of several levels, and returns its path.
func takeDotted(values map[string]any, prefix string) (paths []string) {
	for name, value := range values {
		if strings.Contains(name, ".") {
			delete(values, name)
			paths = append(paths, prefix+name)
			continue
		}
		if section, ok := value.(map[string]any); ok {
			paths = append(paths, takeDotted(section, prefix+name+".")...)
		}
	}
	return paths
}

// documents counts the documents with anything in them before another begins.
func documents(content []byte) int {
	n, inside := 0, false
	for line := range bytes.Lines(content) {
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case bytes.Equal(line, []byte("---")), bytes.HasPrefix(line, []byte("--- ")):
			inside = false
		case len(bytes.TrimSpace(line)) == 0, line[0] == '#', line[0] == '%':
		case !inside:
			inside = true
			n++
		}
	}
	return n
}
