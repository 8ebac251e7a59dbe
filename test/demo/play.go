package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// setting is what a story is played with.
type setting struct {
	root    string // of the repository, where the Makefile is
	binary  string // what make builds, as the Makefile's BIN
	verbose bool
}

// play plays the whole story. Errors: the first step whose answer differs from what the rules say, a refusal that was not
// shown, a server that does not start or stop.
func play(ctx context.Context, at setting, out io.Writer) (err error) {
	folder, err := os.MkdirTemp("", "gavel-demo-")
	if err != nil {
		return fmt.Errorf("make a data folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()

	s := newStory(ctx, at, folder, out)
	defer func() { err = errors.Join(err, s.server.stop()) }()
	if err := s.tell(); err != nil {
		return errors.Join(err, s.server.complaint())
	}
	return s.conclude()
}

// tell plays all chapters. Errors: the first step that differs.
func (s *story) tell() error {
	m := &market{story: s}
	return s.until(
		m.setUp, m.join, m.draft, m.publish, m.bid, m.watch, m.refuseBids, m.withdraw, m.buy, m.moderate,
		m.openDesk, m.helpVisitor, m.helpSeller, m.sortOut,
		m.passTheNight, m.tradeLate, m.passTheDay, m.settle,
		m.passTheWeek, m.prove,
	)
}

// market is the story's stage: who takes part and what is for sale, in the order of appearance.
type market struct {
	*story

	founder, mia               *member // admin, moderator
	ada                        *member // sells
	ben, cleo, dora, eli, hugo *member // bid
	gwen                       *member // is blocked by the seller
	iris, otto                 *member // agent and lead of the help desk
	sniper                     *client // a program of dora's that bids

	chair, lamp, vase, clock, bench, radio, piano, typewriter, quilt, painting, mirror lot

	pianos, strange, slow issue
}
