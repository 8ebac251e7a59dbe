package main

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// answer is what the server said in a step.
type answer struct {
	s      *story
	step   string
	status int
	header http.Header
	body   []byte
	parsed any // the JSON of the body; nil where it is none
}

// absent is the value of a field that is not there.
const absent = "absent"

// is ends the story unless the answer has the status, and each named field its value; it tells them. A field's name is a
// path: items.0.price.
func (a *answer) is(status int, pairs ...string) *answer {
	if a.status != status {
		a.s.fail(a.step, "answered with %d %s, not with %d", a.status, a.body, status)
	}
	told := make([]string, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		name, want := pairs[i], pairs[i+1]
		if got := a.text(name); got != want {
			a.s.fail(a.step, "%s is %s, not %s, in %s", name, got, want, a.body)
		}
		if known, ok := a.s.known[want]; ok {
			want = "of " + known
		}
		told = append(told, name+" "+want)
	}
	answer := fmt.Sprintf("%d", status)
	if len(told) > 0 {
		answer += ", " + strings.Join(told, ", ")
	}
	a.s.step(a.step, answer)
	return a
}

// refused ends the story unless the answer is this refusal, a problem with the named fields. It tells it.
func (a *answer) refused(status int, code string, pairs ...string) {
	want := refusal{status, code}
	if got := (refusal{a.status, a.code()}); got != want {
		a.s.fail(a.step, "answered with %d %s, not refused with %s", a.status, a.body, want)
	}
	if kind := a.header.Get("Content-Type"); kind != "application/problem+json" {
		a.s.fail(a.step, "the refusal has the media type %s", kind)
	}
	detail := a.text("detail")
	for i := 0; i+1 < len(pairs); i += 2 {
		name, value := pairs[i], pairs[i+1]
		if got := a.text(name); got != value {
			a.s.fail(a.step, "%s is %s, not %s, in %s", name, got, value, a.body)
		}
		detail += " " + name + " " + value
	}
	a.s.refused(a.step, want, detail)
}

// code is that of a problem; empty for another answer.
func (a *answer) code() string {
	if code := a.text("code"); code != absent {
		return code
	}
	return ""
}

// text returns a field as text, an amount as "10.50 USD"; absent where there is none.
func (a *answer) text(path string) string {
	switch value := a.at(path).(type) {
	case nil:
		return absent
	case map[string]any:
		if amount, ok := value["amount"]; ok {
			return fmt.Sprintf("%v %v", amount, value["currency"])
		}
		return fmt.Sprint(value)
	case []any:
		return strconv.Itoa(len(value)) // of a list, how many
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	default:
		return fmt.Sprint(value)
	}
}

// at returns a field; nil where there is none.
func (a *answer) at(path string) any {
	value := a.parsed
	for name := range strings.SplitSeq(path, ".") {
		switch inside := value.(type) {
		case map[string]any:
			value = inside[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(inside) {
				return nil
			}
			value = inside[i]
		default:
			return nil
		}
	}
	return value
}

// time returns a field as an instant.
func (a *answer) time(path string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, a.text(path))
	a.s.must(a.step, err)
	return at
}
