package config

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"
	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/v2"
)

// decode fills a Config from the merged values. What cannot be read is a problem and stays zero.
func (l *loader) decode() *Config {
	cfg := new(Config)
	err := l.merged.UnmarshalWithConf("", cfg, koanf.UnmarshalConf{DecoderConfig: &mapstructure.DecoderConfig{
		ErrorUnused: true,
		MatchName:   func(key, field string) bool { return key == field },
		DecodeHook:  mapstructure.DecodeHookFuncType(decodeValue),
	}})
	l.decodeProblems(err)
	return cfg
}

// decodeValue turns what a source gave, text or what YAML makes of it, into a value of a field's type. Only text is
// read as a number: a number is never read as text, since YAML has turned 007 into 7 by then.
func decodeValue(_, to reflect.Type, value any) (any, error) {
	text, isText := value.(string)
	if isText && (!utf8.ValidString(text) || strings.ContainsRune(text, 0)) {
		return nil, errors.New("not text")
	}
	switch {
	case to == durationType && isText:
		return parseDuration(text)
	case to == sizeType && isText:
		return ParseSize(text)
	case to == prefixesType && isText:
		return ParsePrefixes(text)
	case to == prefixesType:
		return prefixList(value)
	case to.Kind() == reflect.Int && isText:
		return strconv.Atoi(text)
	case to == durationType, to == sizeType:
		return nil, errors.New("no unit")
	case to.Kind() == reflect.String && !isText:
		return nil, errUnquoted
	}
	return value, nil
}

// errUnquoted is text in a YAML file that YAML takes for something else.
var errUnquoted = errors.New("not text")

// prefixList reads a YAML list of addresses and networks.
func prefixList(value any) (Prefixes, error) {
	elements, ok := value.([]any)
	if !ok {
		return nil, errors.New("a list is wanted")
	}
	var all Prefixes
	for _, element := range elements {
		text, ok := element.(string)
		if !ok {
			return nil, errUnquoted
		}
		prefixes, err := ParsePrefixes(text)
		if err != nil {
			return nil, err
		}
		all = append(all, prefixes...)
	}
	return all, nil
}

// decodeProblems turns mapstructure's tree of errors into a problem for each value.
func (l *loader) decodeProblems(err error) {
	switch node := err.(type) { //nolint:errorlint // it is the tree that is walked
	case nil:
	case interface{ Unwrap() []error }:
		for _, branch := range node.Unwrap() {
			l.decodeProblems(branch)
		}
	case *mapstructure.DecodeError:
		detail := ""
		if errors.Is(node, errUnquoted) {
			detail = "; write it in quotes"
		}
		l.valueProblem(node.Name(), detail)
	case interface{ Unwrap() error }:
		l.decodeProblems(node.Unwrap())
	default:
		l.problem("configuration", Origin{}, "%v", err)
	}
}

// validate applies the rules of the fields' tags to what was decoded.
func (l *loader) validate(cfg *Config) {
	var invalid validator.ValidationErrors
	if err := newValidator().Struct(cfg); errors.As(err, &invalid) {
		for _, field := range invalid {
			l.valueProblem(strings.TrimPrefix(field.Namespace(), "Config."), "")
		}
	}
	if shared(cfg.Metrics.Addr, cfg.HTTP.Addr) {
		l.valueProblem("metrics.addr", "; http.addr has the same, and two listeners cannot share it")
	}
	l.validateProfiling(cfg)
}

// validateProfiling also warns of a listener that is allowed: it is meant to be there for a while.
func (l *loader) validateProfiling(cfg *Config) {
	addr := cfg.Profiling.Addr
	switch {
	case addr == "":
		return
	case shared(addr, cfg.HTTP.Addr), shared(addr, cfg.Metrics.Addr):
		l.valueProblem("profiling.addr", "; another key has the same, and two listeners cannot share it")
	case cfg.Profiling.OpenTo != Network && !isLoopback(addr):
		l.valueProblem("profiling.addr", "; other machines reach this one, and profiles are secret: name 127.0.0.1 as the host, or set profiling.open_to to network")
	}
	l.from.Warnings = append(l.from.Warnings, fmt.Sprintf(
		"profiling.addr (%s) is %s: whoever can connect to it looks into the running server", l.originOf("profiling.addr"), addr))
}

// shared reports whether two listeners would have the same address.
func shared(one, other string) bool {
	return one != "" && one == other && !strings.HasSuffix(one, ":0")
}

var indexPattern = regexp.MustCompile(`\[([^\]]*)\]`)

// valueProblem notes that the value at path, such as listings.tables[charity][0].from, is not what it must be. One
// problem per path is enough: what could not be read is not checked as well.
func (l *loader) valueProblem(path, more string) {
	path = strings.TrimPrefix(indexPattern.ReplaceAllString(path, ".$1"), ".")
	if slices.ContainsFunc(l.problems, func(p Problem) bool { return p.Key == path }) {
		return
	}
	k, _ := l.key(path)
	p := Problem{Key: path, Origin: l.originOf(path), Detail: "must be " + k.Range + more}
	p.Value = shown(k, l.merged.Get(path))
	l.problems = append(l.problems, p)
}

// shown is a source's value for k as an error may quote it: without secrets, and only if it is a single one.
func shown(k Key, value any) string {
	switch value := value.(type) {
	case nil, map[string]any, []any:
		return ""
	case string:
		if k.typ == databaseURLType {
			return DatabaseURL(value).String()
		}
	}
	if k.Secret {
		return ""
	}
	return fmt.Sprint(value)
}

// originOf returns where the value at path, or what holds it, came from.
func (l *loader) originOf(path string) Origin {
	for {
		if origin, ok := l.from.origins[path]; ok {
			return origin
		}
		dot := strings.LastIndexByte(path, '.')
		if dot < 0 {
			return Origin{Kind: FromDefault}
		}
		path = path[:dot]
	}
}
