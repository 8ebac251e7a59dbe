package figure

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Field reads a key of the JSON object that the command printed: a number or a text as it stands, of a list how many it
// holds, of an object the sum of its numbers.
func Field(key string) func(Result) (string, error) {
	return func(r Result) (string, error) {
		var answer map[string]any
		if err := json.Unmarshal(r.Stdout, &answer); err != nil {
			return "", fmt.Errorf("no JSON object: %w", err)
		}
		value, ok := answer[key]
		if !ok {
			return "", fmt.Errorf("no %s in the answer", key)
		}
		switch v := value.(type) {
		case []any:
			return strconv.Itoa(len(v)), nil
		case map[string]any:
			return sum(v)
		default:
			return fmt.Sprint(v), nil
		}
	}
}

func sum(parts map[string]any) (string, error) {
	total := 0.0
	for name, part := range parts {
		n, ok := part.(float64)
		if !ok {
			return "", fmt.Errorf("%s is no number", name)
		}
		total += n
	}
	return strconv.FormatFloat(total, 'f', -1, 64), nil
}

// Match reads the first group of the pattern where it matches for the first time in either stream.
func Match(pattern string) func(Result) (string, error) {
	compiled := regexp.MustCompile(pattern)
	return func(r Result) (string, error) {
		found := compiled.FindSubmatch(r.Output)
		if found == nil {
			return "", errors.New("nothing printed matches " + pattern)
		}
		return string(found[1]), nil
	}
}

// Total reads the sum of the first group over all matches of the pattern in either stream.
func Total(pattern string) func(Result) (string, error) {
	compiled := regexp.MustCompile(pattern)
	return func(r Result) (string, error) {
		total := 0
		for _, found := range compiled.FindAllSubmatch(r.Output, -1) {
			n, err := strconv.Atoi(string(found[1]))
			if err != nil {
				return "", fmt.Errorf("%s is no number: %w", found[1], err)
			}
			total += n
		}
		return strconv.Itoa(total), nil
	}
}

// Count reads how often the pattern matches in either stream.
func Count(pattern string) func(Result) (string, error) {
	compiled := regexp.MustCompile(pattern)
	return func(r Result) (string, error) { return strconv.Itoa(len(compiled.FindAll(r.Output, -1))), nil }
}

// Passed reads that the command ended well, which Measure has made sure of.
func Passed(Result) (string, error) { return "passed", nil }

// Elapsed reads how long the command took.
func Elapsed(r Result) (string, error) { return r.Elapsed.Round(time.Second).String(), nil }

// AtLeast holds from the number on.
func AtLeast(least float64) func(string) (bool, error) {
	return func(got string) (bool, error) {
		n, err := strconv.ParseFloat(got, 64)
		return err == nil && n >= least, err
	}
}

// Between holds from the first number to the second, both included.
func Between(least, most float64) func(string) (bool, error) {
	return func(got string) (bool, error) {
		n, err := strconv.ParseFloat(got, 64)
		return err == nil && least <= n && n <= most, err
	}
}

// Within holds for a duration that is not longer.
func Within(most time.Duration) func(string) (bool, error) {
	return func(got string) (bool, error) {
		d, err := time.ParseDuration(got)
		return err == nil && d <= most, err
	}
}
