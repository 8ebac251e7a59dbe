package domain

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

// AwaitedParty is for whom an issue waits.
type AwaitedParty string

// Who can be awaited.
const (
	AwaitedReporter   AwaitedParty = "reporter"
	AwaitedThirdParty AwaitedParty = "third_party"
)

// AwaitedParties are all of them.
var AwaitedParties = []AwaitedParty{AwaitedReporter, AwaitedThirdParty}
