package domain

import "slices"

// Resolution is how an issue was resolved.
type Resolution string

// The resolutions.
const (
	ResolutionFixed       Resolution = "fixed"
	ResolutionAnswered    Resolution = "answered"
	ResolutionActionTaken Resolution = "action_taken" // against whom it was about; the reporter learns no more
	ResolutionNoAction    Resolution = "no_action"
)

// Resolutions are all resolutions.
var Resolutions = []Resolution{ResolutionFixed, ResolutionAnswered, ResolutionActionTaken, ResolutionNoAction}

// ParseResolution returns the resolution of that name. Errors: ErrInvalidResolution.
func ParseResolution(name string) (Resolution, error) {
	if r := Resolution(name); slices.Contains(Resolutions, r) {
		return r, nil
	}
	return "", ErrInvalidResolution
}

// RejectionReason is why an issue was rejected.
type RejectionReason string

// The reasons.
const (
	RejectedSpam      RejectionReason = "spam"
	RejectedDuplicate RejectionReason = "duplicate" // of another issue
	RejectedNotOurs   RejectionReason = "not_ours"
	RejectedNoAnswer  RejectionReason = "no_answer" // the reporter was asked and never answered
)

// RejectionReasons are all reasons.
var RejectionReasons = []RejectionReason{RejectedSpam, RejectedDuplicate, RejectedNotOurs, RejectedNoAnswer}

// ParseRejectionReason returns the reason of that name. Errors: ErrInvalidRejection.
func ParseRejectionReason(name string) (RejectionReason, error) {
	if r := RejectionReason(name); slices.Contains(RejectionReasons, r) {
		return r, nil
	}
	return "", ErrInvalidRejection
}

// AwaitedParty is for whom an issue waits.
type AwaitedParty string

// Who can be awaited.
const (
	AwaitedReporter   AwaitedParty = "reporter"
	AwaitedThirdParty AwaitedParty = "third_party"
)

// AwaitedParties are all of them.
var AwaitedParties = []AwaitedParty{AwaitedReporter, AwaitedThirdParty}

// ParseAwaitedParty returns the party of that name. Errors: ErrInvalidAwaited.
func ParseAwaitedParty(name string) (AwaitedParty, error) {
	if a := AwaitedParty(name); slices.Contains(AwaitedParties, a) {
		return a, nil
	}
	return "", ErrInvalidAwaited
}
