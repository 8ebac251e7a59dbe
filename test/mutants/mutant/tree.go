package mutant

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// notCode are directories at the root that no test needs and that may be large.
var notCode = []string{".git", "bin", "data"}

// tree is a copy of the code that may be broken.
type tree struct {
	dir string
}

// copyTree copies the code at root into a temporary directory.
func copyTree(root string) (*tree, error) {
	dir, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return nil, fmt.Errorf("make a directory for the copy: %w", err)
	}
	copied := &tree{dir: dir}
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		within, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		switch {
		case entry.IsDir() && slices.Contains(notCode, within):
			return filepath.SkipDir
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(dir, within), 0o755)
		case entry.Type().IsRegular():
			return copyFile(path, filepath.Join(dir, within))
		default:
			return nil
		}
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("copy the tree: %w", err), copied.remove())
	}
	return copied, nil
}

func copyFile(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, info.Mode().Perm())
}

func (t *tree) remove() error {
	if err := os.RemoveAll(t.dir); err != nil {
		return fmt.Errorf("remove the copy: %w", err)
	}
	return nil
}

// apply breaks the copy; with "--reverse" it mends it.
func (t *tree) apply(ctx context.Context, patch Patch, options ...string) (output string, err error) {
	absolute, err := filepath.Abs(patch.Path)
	if err != nil {
		return "", fmt.Errorf("find the patch %s: %w", patch.Name, err)
	}
	return t.run(ctx, "git", slices.Concat([]string{"apply"}, options, []string{absolute})...)
}

// run executes a command in the copy and returns what it printed, also when it failed.
func (t *tree) run(ctx context.Context, name string, args ...string) (output string, err error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = t.dir
	cmd.WaitDelay = 10 * time.Second // for what go test itself started, after ctx ended go test
	cmd.Env = append(os.Environ(),
		// Were the copy inside some repository, git apply would leave out what that one does not contain, and say nothing.
		"GIT_CEILING_DIRECTORIES="+filepath.Dir(t.dir),
		// The copy's path differs every time; trimmed from what is built, it does not spoil the build cache.
		"CGO_ENABLED=0", "GOFLAGS=-trimpath -buildvcs=false", "GOWORK=off",
	)
	var printed bytes.Buffer
	cmd.Stdout, cmd.Stderr = &printed, &printed
	err = cmd.Run()
	return printed.String(), err
}
