package config

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/knadh/koanf/providers/env/v2"
)

const (
	variablePrefix = "GAVEL_"
	fileVariable   = variablePrefix + "CONFIG"
	fileSuffix     = "_FILE"
)

// injected are the beginnings of the variables that Kubernetes sets for a service named gavel. They are nobody's
// mistake.
var injected = []string{variablePrefix + "PORT", variablePrefix + "SERVICE_"}

func (l *loader) environment() {
	variables := map[string]string{} // key → the variable that gave its value
	transform := func(variable, value string) (string, any) {
		name := l.variableKey(variable)
		if name == "" {
			return "", nil
		}
		origin := Origin{Kind: FromEnvironment, Name: variable}
		if other, twice := variables[name]; twice && other != variable {
			l.problem(name, origin, "is also given by %s; remove one of them", other)
			return "", nil
		}
		variables[name] = variable
		if variable != variableOf(name) {
			content, err := l.src.ReadFile(value)
			if err != nil {
				l.problem(name, origin, "the file that it names cannot be read: %v", withoutPath(err))
				return "", nil
			}
			value = strings.TrimRight(string(content), "\r\n")
		}
		return name, l.structure(name, value, origin)
	}
	provider := env.Provider(".", env.Opt{
		Prefix:        variablePrefix,
		TransformFunc: transform,
		EnvironFunc:   func() []string { return l.src.Environ },
	})
	l.add(provider, func(name string) Origin {
		if k, ok := l.key(name); ok {
			name = k.Name
		}
		return Origin{Kind: FromEnvironment, Name: variables[name]}
	})
}

// variableKey returns the key whose value the variable, or the file that it names, gives; "" when there is none, which
// is noted.
func (l *loader) variableKey(variable string) string {
	if variable == fileVariable {
		return ""
	}
	candidates := []string{fileVariable}
	for _, k := range l.keys {
		if variable == k.Variable() || variable == k.Variable()+fileSuffix {
			return k.Name
		}
		candidates = append(candidates, k.Variable())
	}
	for _, prefix := range injected {
		if strings.HasPrefix(variable, prefix) {
			l.from.Warnings = append(l.from.Warnings,
				"environment variable "+variable+" is no key of ours; ignored, because Kubernetes sets such variables")
			return ""
		}
	}
	l.problem(variable, Origin{Kind: FromEnvironment}, "unknown variable%s", didYouMean(variable, candidates))
	return ""
}

// withoutPath takes the path out of an error: somebody may have put the secret itself where its file's name belongs.
func withoutPath(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

func variableOf(key string) string { return Key{Name: key}.Variable() }
