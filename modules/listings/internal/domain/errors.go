package domain

import "github.com/gavelhq/gavel/platform/fault"

// Refusals of whole listings and members. Each is compared with errors.Is; copies may carry another detail and fields.
var (
	// ErrListingNotFound: there is no such listing, or it is another member's draft.
	ErrListingNotFound = fault.New(fault.NotFound, "listing_not_found", "There is no such listing.")
	// ErrNotOwner: only the seller, for some commands also a moderator, may do this.
	ErrNotOwner = fault.New(fault.Forbidden, "not_owner", "Only the seller may do this.")
	// ErrNotModerator: only a moderator may do this.
	ErrNotModerator = fault.New(fault.Forbidden, "not_moderator", "Only a moderator may do this.")
	// ErrListingFrozen: a moderator stopped the listing.
	ErrListingFrozen = fault.New(fault.Conflict, "listing_frozen", "A moderator has frozen this listing. Try again when it goes on.")
	// ErrListingNotFrozen: there is nothing to unfreeze.
	ErrListingNotFrozen = fault.New(fault.Conflict, "listing_not_frozen", "This listing is not frozen.")
	// ErrListingNotOpen: the listing is a draft, has not started, or is over.
	ErrListingNotOpen = fault.New(fault.Conflict, "listing_not_open", "This listing is not open.")
	// ErrAlreadyPublished: a listing is published once.
	ErrAlreadyPublished = fault.New(fault.Conflict, "already_published", "This listing is published already.")
	// ErrListingNotDraft: nothing that was published is ever deleted.
	ErrListingNotDraft = fault.New(fault.Conflict, "listing_not_draft", "A listing that was published cannot be deleted.")
	// ErrListingHasBids: the terms stay once a bid was accepted.
	ErrListingHasBids = fault.New(fault.Conflict, "listing_has_bids",
		"A bid was accepted, so the terms stay. You may add to the description.")
	// ErrListingNotEnded: only a listing that is over is relisted.
	ErrListingNotEnded = fault.New(fault.Conflict, "listing_not_ended", "This listing has not ended.")
	// ErrTooLateToCancel: a bid was accepted and less than 12 hours are left.
	ErrTooLateToCancel = fault.New(fault.Conflict, "too_late_to_cancel",
		"A bid was accepted and less than 12 hours are left, so the listing can no longer be cancelled.")
	// ErrVersionMismatch: somebody changed the listing since the caller read it.
	ErrVersionMismatch = fault.New(fault.Precondition, "version_mismatch", "This listing has changed since you read it. Read it again.")
	// ErrIdempotencyConflict: the key was used for another request.
	ErrIdempotencyConflict = fault.New(fault.Conflict, "idempotency_conflict",
		"This idempotency key was used with another request. Use a new key.")
)

// ErrSellerNotEligible refuses a seller who is suspended, or not verified yet.
var ErrSellerNotEligible = fault.New(fault.Forbidden, "seller_not_eligible",
	"You may not sell at present. Verify your e-mail address first, unless you have been suspended.")

// Refusals of bids and of what is done to bids.
var (
	// ErrBidderNotEligible: suspended, unverified, blocked by the seller, or had his bids on this listing cancelled.
	ErrBidderNotEligible = fault.New(fault.Forbidden, "bidder_not_eligible", "You may not bid on this listing.")
	// ErrSellerCannotBid: the seller may not bid on his own listing.
	ErrSellerCannotBid = fault.New(fault.Forbidden, "seller_cannot_bid", "You cannot bid on your own listing.")
	// ErrCurrencyMismatch: amounts are never converted.
	ErrCurrencyMismatch = fault.New(fault.Invalid, "currency_mismatch", "The amount is in another currency than the listing.")
	// ErrAmountMalformed: not digits with at most one dot between them.
	ErrAmountMalformed = fault.New(fault.Invalid, "amount_malformed", `Write the amount in digits with at most one dot, such as "20.50".`)
	// ErrAmountTooPrecise: more fraction digits than the currency has.
	ErrAmountTooPrecise = fault.New(fault.Invalid, "amount_too_precise", "The amount has more digits after the dot than the currency.")
	// ErrAmountNotPositive: zero.
	ErrAmountNotPositive = fault.New(fault.Invalid, "amount_not_positive", "The amount must be above zero.")
	// ErrAmountTooLarge: more than MaxMinor.
	ErrAmountTooLarge = fault.New(fault.Invalid, "amount_too_large", "The amount is too large.")
	// ErrNotAboveOwnMaximum: the leader bids no more than he already does.
	ErrNotAboveOwnMaximum = fault.New(fault.Invalid, "not_above_own_maximum", "You lead. A new maximum must be above your own.")
	// ErrBidTooLow: below the next minimum, which the field next_minimum carries as {"amount", "currency"}.
	ErrBidTooLow = fault.New(fault.Invalid, "bid_too_low", "The bid is below the next minimum.")
	// ErrBuyNowUnavailable: no such price, or gone with the first bid or the reserve.
	ErrBuyNowUnavailable = fault.New(fault.Conflict, "buy_now_unavailable", "Buy It Now is not available for this listing.")
	// ErrNothingToRetract: no live bid.
	ErrNothingToRetract = fault.New(fault.Conflict, "nothing_to_retract", "You have no bid on this listing that could be retracted.")
	// ErrTooLateToRetract: less than 12 hours are left and the newest live bid is older than an hour.
	ErrTooLateToRetract = fault.New(fault.Conflict, "too_late_to_retract",
		"Less than 12 hours are left and your newest bid is older than an hour, so it can no longer be retracted.")
	// ErrTooManyRetractions: 3 in 30 days.
	ErrTooManyRetractions = fault.New(fault.Conflict, "too_many_retractions", "You have retracted bids 3 times in 30 days.")
	// ErrNothingToCancel: the bidder has no live bid.
	ErrNothingToCancel = fault.New(fault.Conflict, "nothing_to_cancel", "This bidder has no bid on the listing.")
	// ErrAllowanceNotFound: the member never retracted a bid.
	ErrAllowanceNotFound = fault.New(fault.NotFound, "allowance_not_found", "This member has never retracted a bid.")
)

// Refusals of watches.
var (
	// ErrNotWatched: the listing is not on the member's watch list.
	ErrNotWatched = fault.New(fault.NotFound, "not_watched", "You do not watch this listing.")
	// ErrTooManyWatches: MaxWatches of them.
	ErrTooManyWatches = fault.New(fault.Conflict, "too_many_watches", "You watch 1,000 listings already. Stop watching one of them first.")
)

// Refusals of what is done after the sale.
var (
	// ErrSaleNotFound: the listing was not sold, or the caller has no part in its sale.
	ErrSaleNotFound = fault.New(fault.NotFound, "sale_not_found", "There is no such sale.")
	// ErrNotSeller: only the seller, for what is about the payment also a moderator, may do this.
	ErrNotSeller = fault.New(fault.Forbidden, "not_seller", "Only the seller may do this.")
	// ErrNotBuyer: only the buyer may do this.
	ErrNotBuyer = fault.New(fault.Forbidden, "not_buyer", "Only the buyer may do this.")
	// ErrTooLateToUnmark: others have relied on the payment by now.
	ErrTooLateToUnmark = fault.New(fault.Conflict, "too_late_to_unmark",
		"The payment was marked more than a day ago, or the buyer has received what he bought, so the mark stays.")
	// ErrSaleChanged: somebody changed the sale since the caller read it.
	ErrSaleChanged = fault.New(fault.Precondition, "version_mismatch", "This sale has changed since you read it. Read it again.")
)

// Refusals of fields. Each carries the field's name in the field "field"; a publication carries every refused field
// in the field "errors" as {"field", "code", "detail"}.
var (
	ErrInvalidTitle          = invalid("title", "The title must have 1 to 120 characters in one line.")
	ErrInvalidDescription    = invalid("description", "The description is too long or contains control characters.")
	ErrInvalidStartPrice     = invalid("start_price", "The start price must be above zero.")
	ErrInvalidReserve        = invalid("reserve", "The reserve must be above the start price.")
	ErrInvalidBuyNow         = invalid("buy_now", "The Buy It Now price must be at least 30 % above the start price and not below the reserve.")
	ErrInvalidStartsAt       = invalid("starts_at", "The listing must start now or later.")
	ErrInvalidDuration       = invalid("duration", "The duration must be 1 hour to 30 days and end in the future.")
	ErrInvalidSoftClose      = invalid("soft_close", "Window and extension must be above zero and at most 24 hours, the cap at least the extension and at most 7 days.")
	ErrInvalidIncrementTable = invalid("increment_table", "This increment table cannot be used.")
	ErrInvalidCurrency       = invalid("currency", "The currency must be an ISO 4217 code.")
	ErrInvalidReason         = invalid("reason", "Say why, in at most 1,000 characters.")
)

func invalid(field, detail string) *fault.Error {
	return fault.New(fault.Invalid, "invalid_"+field, detail).With("field", field)
}

// fieldErrors collects what is wrong with several fields.
type fieldErrors []*fault.Error

// add notes a refusal of the named field.
func (e *fieldErrors) add(field string, refusal *fault.Error) {
	*e = append(*e, refusal.With("field", field))
}

// err returns nil for no refusal; else the first, carrying all of them.
func (e fieldErrors) err() error {
	if len(e) == 0 {
		return nil
	}
	all := make([]map[string]string, len(e))
	for i, refusal := range e {
		field, _ := refusal.Fields()["field"].(string)
		all[i] = map[string]string{"field": field, "code": refusal.Code(), "detail": refusal.Detail()}
	}
	return e[0].With("errors", all)
}

// tooLow says what the least acceptable bid would be.
func tooLow(minimum Money) error {
	return ErrBidTooLow.Detailf("The least that you can bid is %s.", minimum).
		With("next_minimum", map[string]string{"amount": minimum.Decimal(), "currency": minimum.Currency.Code})
}
