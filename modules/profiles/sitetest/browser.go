package sitetest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// Map is a JSON object.
type Map = map[string]any

// Browser keeps cookies as browsers do, and follows no redirect. It belongs to nobody until SignIn.
type Browser struct {
	site   *Site
	client *http.Client

	// ID is who is signed in.
	ID uuid.UUID
	// Header is sent with every request.
	Header http.Header
}

// Browser returns one that nobody has used.
func (s *Site) Browser() *Browser {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(s.t, err)
	return &Browser{site: s, Header: http.Header{}, client: &http.Client{
		Transport:     s.Checked,
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Program returns what shows the token and keeps no cookies.
func (s *Site) Program(token string) *Browser {
	b := s.Browser()
	b.client.Jar = nil
	b.Header.Set("Authorization", "Bearer "+token)
	return b
}

// SignIn signs in with the password that everybody has.
func (b *Browser) SignIn(handle string) {
	b.site.t.Helper()
	var session struct{ Member struct{ ID uuid.UUID } }
	b.Post("/api/v1/sessions", Map{"email": Address(handle), "password": Password}).Is(http.StatusCreated).JSON(&session)
	b.ID = session.Member.ID
}

// Cookie returns what the browser would send under the name; empty for none.
func (b *Browser) Cookie(name string) string {
	for _, c := range b.client.Jar.Cookies(&url.URL{Scheme: "http", Host: b.site.Addr, Path: "/"}) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// Get reads what is there; headers are pairs of name and value.
func (b *Browser) Get(path string, headers ...string) Answer {
	b.site.t.Helper()
	return b.Do(http.MethodGet, path, "", headers...)
}

// Delete deletes what is there.
func (b *Browser) Delete(path string, headers ...string) Answer {
	b.site.t.Helper()
	return b.Do(http.MethodDelete, path, "", headers...)
}

// Post sends JSON.
func (b *Browser) Post(path string, body any, headers ...string) Answer {
	b.site.t.Helper()
	return b.send(http.MethodPost, path, body, headers)
}

// Put sends JSON.
func (b *Browser) Put(path string, body any, headers ...string) Answer {
	b.site.t.Helper()
	return b.send(http.MethodPut, path, body, headers)
}

func (b *Browser) send(method, path string, body any, headers []string) Answer {
	b.site.t.Helper()
	text, err := json.Marshal(body)
	require.NoError(b.site.t, err)
	return b.Do(method, path, string(text), append([]string{"Content-Type", "application/json"}, headers...)...)
}

// Form sends a form, as the page of the site does.
func (b *Browser) Form(path string, form url.Values, headers ...string) Answer {
	b.site.t.Helper()
	headers = append([]string{"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin"}, headers...)
	return b.Do(http.MethodPost, path, form.Encode(), headers...)
}

// Do sends a request.
func (b *Browser) Do(method, path, body string, headers ...string) Answer {
	t := b.site.t
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, "http://"+b.site.Addr+path, strings.NewReader(body))
	require.NoError(t, err)
	request.Header = b.Header.Clone()
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := b.client.Do(request)
	require.NoError(t, err)
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return Answer{site: b.site, Status: response.StatusCode, Header: response.Header, Cookies: response.Cookies(), Body: string(text)}
}

// Answer is an HTTP answer, read to its end.
type Answer struct {
	site    *Site
	Status  int
	Header  http.Header
	Cookies []*http.Cookie
	Body    string
}

// Is checks the status.
func (a Answer) Is(status int) Answer {
	a.site.t.Helper()
	require.Equal(a.site.t, status, a.Status, a.Body)
	return a
}

// JSON reads the body into v.
func (a Answer) JSON(v any) {
	a.site.t.Helper()
	require.Equal(a.site.t, "application/json", a.Header.Get("Content-Type"))
	require.NoError(a.site.t, json.Unmarshal([]byte(a.Body), v), a.Body)
}

// Object returns the body, which is a JSON object.
func (a Answer) Object() Map {
	a.site.t.Helper()
	var object Map
	a.JSON(&object)
	return object
}

// Problem checks that the answer is a problem with that code, and returns it.
func (a Answer) Problem(status int, code string) Map {
	a.site.t.Helper()
	a.Is(status)
	require.Equal(a.site.t, "application/problem+json", a.Header.Get("Content-Type"))
	var problem Map
	require.NoError(a.site.t, json.Unmarshal([]byte(a.Body), &problem), a.Body)
	require.Equal(a.site.t, code, problem["code"], a.Body)
	return problem
}

// Cookie returns the cookie that the answer sets under the whole name; nil for none.
func (a Answer) Cookie(name string) *http.Cookie {
	for _, c := range a.Cookies {
		if c.Name == name {
			return c
		}
	}
	return nil
}
