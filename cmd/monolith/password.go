package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// maxPasswordLine is more than any password has, in bytes.
const maxPasswordLine = 8 << 10

// newPassword reads a new password: from a terminal twice, without showing it, else the first line of standard input.
// Errors: none was given, the two differ, ctx's.
func (p *program) newPassword(ctx context.Context) (string, error) {
	if file, ok := p.stdin.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return p.promptPassword(ctx, int(file.Fd()))
	}
	line, err := bufio.NewReader(io.LimitReader(p.stdin, maxPasswordLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	password := strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
	if password == "" {
		return "", errors.New("there is no password on standard input: write it there, in one line")
	}
	return password, nil
}

func (p *program) promptPassword(ctx context.Context, terminal int) (string, error) {
	first, err := p.prompt(ctx, terminal, "New password: ")
	if err != nil {
		return "", err
	}
	second, err := p.prompt(ctx, terminal, "Once more: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", errors.New("these are two different passwords; nothing was done")
	}
	return first, nil
}

// prompt asks on the terminal. When ctx ends meanwhile the terminal shows again what is typed.
func (p *program) prompt(ctx context.Context, terminal int, question string) (string, error) {
	before, err := term.GetState(terminal)
	if err != nil {
		return "", fmt.Errorf("ask for the password: %w", err)
	}
	fmt.Fprint(p.stderr, question)
	type reply struct {
		text []byte
		err  error
	}
	typed := make(chan reply, 1)
	go func() {
		text, err := term.ReadPassword(terminal)
		typed <- reply{text, err}
	}()
	select {
	case got := <-typed:
		fmt.Fprintln(p.stderr)
		return string(got.text), got.err
	case <-ctx.Done():
		fmt.Fprintln(p.stderr)
		return "", errors.Join(ctx.Err(), term.Restore(terminal, before))
	}
}
