package domain

import (
	"time"

	"github.com/google/uuid"
)

// blockNamespace makes ids of blocks. It must never change: ids in databases were made with it.
var blockNamespace = uuid.MustParse("1f9a3e64-33c1-5d1f-8d6e-6a0d7c1b2e04")

// Block keeps one member from bidding on what another one sells. It is there or not; its identity is made of both.
type Block struct {
	record
	owner, blocked uuid.UUID
	at             time.Time
}

// BlockState is a block as plain data for mappers.
type BlockState struct {
	ID      uuid.UUID
	Version int64
	// Owner has blocked Blocked.
	Owner, Blocked uuid.UUID
	At             time.Time
}

// BlockID returns the identity of the block.
func BlockID(owner, blocked uuid.UUID) uuid.UUID {
	return uuid.NewSHA1(blockNamespace, append(owner[:], blocked[:]...))
}

// NewBlock returns a block. Errors: ErrBlockSelf.
func NewBlock(owner, blocked uuid.UUID, now time.Time) (*Block, error) {
	if owner == blocked {
		return nil, ErrBlockSelf
	}
	return &Block{record: record{id: BlockID(owner, blocked), changed: true}, owner: owner, blocked: blocked, at: micros(now)}, nil
}

// RestoreBlock returns the block as it was stored, unchecked.
func RestoreBlock(s BlockState) *Block {
	return &Block{record: record{id: s.ID, version: s.Version}, owner: s.Owner, blocked: s.Blocked, at: s.At}
}

// State returns the block as plain data.
func (b *Block) State() BlockState {
	return BlockState{ID: b.id, Version: b.version, Owner: b.owner, Blocked: b.blocked, At: b.at}
}

// Snapshot returns an independent copy.
func (b *Block) Snapshot() *Block { c := *b; return &c }
