package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strconv"
	"strings"
	"time"
)

// client asks the server: a browser, which keeps cookies, or a program, which shows a token.
type client struct {
	s     *story
	name  string // who uses it, in the story
	http  *http.Client
	token string // shown as a bearer token, if there is one
}

// browser returns a new browser without cookies.
func (s *story) browser(name string) *client {
	jar, err := cookiejar.New(nil)
	s.must(name, err)
	return &client{s: s, name: name, http: &http.Client{
		Jar:           jar,
		Timeout:       time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// program returns a program that shows a token.
func (s *story) program(name, token string) *client {
	c := s.browser(name)
	c.http.Jar, c.token = nil, token
	return c
}

// fields is a JSON object.
type fields map[string]any

// request is what is asked.
type request struct {
	method, path string
	body         any
	header       http.Header
}

func get(path string) request { return request{method: http.MethodGet, path: path} }
func post(path string, body any) request {
	return request{method: http.MethodPost, path: path, body: body}
}

func put(path string, body any) request {
	return request{method: http.MethodPut, path: path, body: body}
}
func del(path string) request { return request{method: http.MethodDelete, path: path} }

// key makes the request safe to repeat.
func (r request) key(key string) request { return r.with("Idempotency-Key", key) }

// read says which version the client has read.
func (r request) read(etag string) request { return r.with("If-Match", etag) }

func (r request) with(name, value string) request {
	if r.header = r.header.Clone(); r.header == nil {
		r.header = http.Header{}
	}
	r.header.Set(name, value)
	return r
}

// asks sends the request; what says it in the story, after the asker's name. The answer is told when it is judged.
func (c *client) asks(what string, r request) *answer {
	a := &answer{s: c.s, step: strings.TrimSpace(c.name + " " + what)}
	for {
		a.fetch(c, r)
		wait, err := strconv.Atoi(a.header.Get("Retry-After"))
		if a.status != http.StatusTooManyRequests || a.code() != "too_many_requests" || err != nil {
			return a
		}
		// We ask faster than one client may. Whoever waits as long as he is told gets through.
		select {
		case <-time.After(time.Duration(wait) * time.Second):
		case <-c.s.ctx.Done():
			c.s.fail(a.step, "%v", c.s.ctx.Err())
		}
	}
}

// fetch sends the request once and reads the answer.
func (a *answer) fetch(c *client, r request) {
	var content []byte
	if r.body != nil {
		var err error
		content, err = json.Marshal(r.body)
		a.s.must(a.step, err)
	}
	asked, err := http.NewRequestWithContext(a.s.ctx, r.method, a.s.server.base+r.path, bytes.NewReader(content))
	a.s.must(a.step, err)
	for name, values := range r.header {
		asked.Header[name] = values
	}
	if r.body != nil {
		asked.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		asked.Header.Set("Authorization", "Bearer "+c.token)
	}
	got, err := c.http.Do(asked)
	a.s.must(a.step, err)
	a.body, err = io.ReadAll(got.Body)
	a.s.must(a.step, err)
	a.s.must(a.step, got.Body.Close())
	a.status, a.header, a.parsed = got.StatusCode, got.Header, nil
	if strings.Contains(got.Header.Get("Content-Type"), "json") && !strings.Contains(got.Header.Get("Content-Type"), "ndjson") {
		a.s.must(a.step, json.Unmarshal(a.body, &a.parsed))
	}
	if a.s.verbose {
		a.print(r, content)
	}
}

// print shows the exchange as it went over the wire, without the headers that every one has.
func (a *answer) print(r request, content []byte) {
	fmt.Fprintf(a.s.out, "      > %s %s %s\n", r.method, r.path, content)
	for name := range r.header {
		fmt.Fprintf(a.s.out, "      > %s: %s\n", name, r.header.Get(name))
	}
	if strings.Contains(a.header.Get("Content-Type"), "html") {
		fmt.Fprintf(a.s.out, "      < %d (a page)\n", a.status)
		return
	}
	fmt.Fprintf(a.s.out, "      < %d %s\n", a.status, strings.ReplaceAll(strings.TrimSpace(string(a.body)), "\n", "\n        "))
}
