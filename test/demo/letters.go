package main

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// mailed waits for a letter to the address with a link to the page, and returns the token in the newest such link. A
// server without a mail server writes its letters into a folder.
func (s *story) mailed(address, page string) string {
	step := fmt.Sprintf("look for a letter to %s with a link to %s", address, page)
	link := regexp.MustCompile(regexp.QuoteMeta(page) + `\?token=([A-Za-z0-9_-]+)`)
	for end := time.Now().Add(patience); time.Now().Before(end) && s.ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		names, err := filepath.Glob(filepath.Join(s.server.data, "mail", "*.eml"))
		s.must(step, err)
		for _, name := range slices.Backward(names) { // named by time
			text, err := letterTo(address, name)
			s.must(step, err)
			if found := link.FindStringSubmatch(text); found != nil {
				return found[1]
			}
		}
	}
	s.fail(step, "there is none in %s", filepath.Join(s.server.data, "mail"))
	return ""
}

// letterTo returns the plain text of a letter; nothing if it is to somebody else.
func letterTo(address, name string) (string, error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	letter, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return "", fmt.Errorf("read letter %s: %w", name, err)
	}
	if !strings.Contains(letter.Header.Get("To"), address) {
		return "", nil
	}
	kind, parameters, err := mime.ParseMediaType(letter.Header.Get("Content-Type"))
	if err != nil {
		return "", fmt.Errorf("read letter %s: %w", name, err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		text, err := io.ReadAll(letter.Body)
		return string(text), err
	}
	part, err := multipart.NewReader(letter.Body, parameters["boundary"]).NextPart() // the text is the first
	if err != nil {
		return "", fmt.Errorf("read letter %s: %w", name, err)
	}
	text, err := io.ReadAll(part)
	return string(text), err
}
