// Release builds what is published: one archive per platform, the licences of what is inside, a bill of materials and
// the checksums of all of them.
//
//	go -C tools run ./release [-out DIR] [-platforms linux/amd64,…]
//
// It releases the commit that is checked out, and gives the same bytes for the same commit and the same Go, wherever and
// whenever it runs: everything carries the commit's time, belongs to nobody and stands in a fixed order. It needs Go and
// git and nothing else. A tree with changes that are not committed is released as what it is, VERSION-dirty.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go -C tools run ./release [-out DIR] [-platforms OS/ARCH,…]")
		flag.PrintDefaults()
	}
	root := flag.String("root", "..", "the repository")
	out := flag.String("out", "../dist", "where the release goes; what was there is removed")
	names := flag.String("platforms", strings.Join(everywhere, ","), "what to build for")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *root, *out, strings.Split(*names, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		stop()
		os.Exit(1)
	}
}

// run builds the release of the repository at root into the directory out.
func run(ctx context.Context, root, out string, names []string) (err error) {
	begun := time.Now()
	platforms, err := parsePlatforms(names)
	if err != nil {
		return err
	}
	source, err := describe(ctx, root)
	if err != nil {
		return err
	}
	binaries, err := os.MkdirTemp("", "gavel-release-")
	if err != nil {
		return fmt.Errorf("make a directory for the binaries: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(binaries)) }()
	if err := empty(out); err != nil {
		return err
	}
	fmt.Printf("releasing %s into %s\n", source.version, out)

	built := make([]binary, len(platforms))
	for i, p := range platforms {
		started := time.Now()
		if built[i], err = source.build(ctx, p, binaries); err != nil {
			return err
		}
		fmt.Printf("  %-14s built in %v\n", p, time.Since(started).Round(time.Second))
	}
	licences, err := collectLicences(ctx, root, built)
	if err != nil {
		return err
	}
	for _, b := range built {
		if err := source.pack(b, licences, out); err != nil {
			return err
		}
	}
	if err := source.writeMaterials(built, filepath.Join(out, source.name()+".cdx.json")); err != nil {
		return err
	}
	if err := writeSums(out); err != nil {
		return err
	}
	fmt.Printf("released in %v\n", time.Since(begun).Round(time.Second))
	return list(out)
}

// empty makes the directory, without anything in it. Errors: one that holds something else than a release.
func empty(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if e.Name() != sumsFile && !strings.HasPrefix(e.Name(), product+"-") {
			return fmt.Errorf("%s holds %s, which is no release: name an empty directory", dir, e.Name())
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove the release before: %w", err)
	}
	return os.MkdirAll(dir, 0o755)
}

// list prints the files of the release and their sizes.
func list(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			return err
		}
		fmt.Printf("  %8.1f KiB  %s\n", float64(info.Size())/1024, e.Name())
	}
	return nil
}
