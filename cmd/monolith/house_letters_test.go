package main

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// visit visits a house that runs by itself, at an address, and that writes its letters into the data folder. It has no
// limits on requests and sign-ins if it was started with unlimited.
func visit(t *testing.T, addr, data string) *house {
	t.Helper()
	h := &house{t: t}
	h.posted = func(address string, n int) ([]string, error) {
		return lettersIn(filepath.Join(data, "mail"), address, n)
	}
	h.at(addr)
	return h
}

// unlimited are the flags of a house that lets tests ask as often as they like.
var unlimited = []string{"--http.rate.requests", "0", "--members.sign_in.failures", "0"}

// lettersIn waits until there are n letters to the address in a folder, and returns their texts, the oldest first.
func lettersIn(folder, address string, n int) ([]string, error) {
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(10 * time.Millisecond) {
		files, err := filepath.Glob(filepath.Join(folder, "*.eml"))
		if err != nil {
			return nil, err
		}
		var texts []string
		for _, file := range files {
			text, err := letterTo(file, address)
			if err != nil {
				return nil, err
			}
			if text != "" {
				texts = append(texts, text)
			}
		}
		if len(texts) >= n {
			return texts, nil
		}
	}
	return nil, errors.New("too few letters came")
}

// letterTo returns the plain text of the letter in a file, empty if it is to somebody else.
func letterTo(file, address string) (text string, err error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	letter, err := mail.ReadMessage(f)
	if err != nil {
		return "", err
	}
	to, err := letter.Header.AddressList("To")
	if err != nil || to[0].Address != address {
		return "", err
	}
	_, params, err := mime.ParseMediaType(letter.Header.Get("Content-Type"))
	if err != nil {
		return "", err
	}
	plain, err := multipart.NewReader(letter.Body, params["boundary"]).NextPart() // undoes quoted-printable
	if err != nil {
		return "", err
	}
	content, err := io.ReadAll(plain)
	return string(content), err
}

func TestLettersAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	p := launch(t, binary(t), serveArgs([]string{"--data.dir", data}, unlimited...)...)
	require.NotEqual(t, [16]byte{}, visit(t, p.addr(), data).member("ada").id)
}
