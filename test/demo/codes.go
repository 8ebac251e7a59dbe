package main

import "slices"

// code is a refusal that the rules of the market name.
type code struct {
	refusal
	elsewhere string // where it is tested, and why it cannot be shown; empty where the story must show it
}

// codes are all refusals by the rules. The story fails when it has not met one of them.
var codes = slices.Concat(marketCodes, issueCodes)

// marketCodes are all that a listing, a bid, a member or a dead letter can be refused with by the rules.
var marketCodes = []code{
	{refusal: refusal{404, "listing_not_found"}},
	{refusal: refusal{404, "not_watched"}},
	{refusal: refusal{404, "sale_not_found"}},

	{refusal: refusal{403, "bidder_not_eligible"}},
	{refusal: refusal{403, "seller_cannot_bid"}},
	{refusal: refusal{403, "not_owner"}},
	{refusal: refusal{403, "not_seller"}},
	{refusal: refusal{403, "not_buyer"}},
	{
		refusal: refusal{403, "seller_not_eligible"},
		elsewhere: "because who is not verified or is suspended cannot sign in, so it is only told to a request that a " +
			"suspension overtakes; tested in modules/listings/internal/app/members_test.go",
	},

	{refusal: refusal{409, "listing_not_open"}},
	{refusal: refusal{409, "listing_frozen"}},
	{refusal: refusal{409, "listing_not_frozen"}},
	{refusal: refusal{409, "listing_not_draft"}},
	{refusal: refusal{409, "listing_not_ended"}},
	{refusal: refusal{409, "listing_has_bids"}},
	{refusal: refusal{409, "listing_exists"}},
	{refusal: refusal{409, "draft_deleted"}},
	{refusal: refusal{409, "already_published"}},
	{refusal: refusal{409, "too_late_to_retract"}},
	{refusal: refusal{409, "too_late_to_cancel"}},
	{refusal: refusal{409, "too_late_to_unmark"}},
	{refusal: refusal{409, "too_many_retractions"}},
	{refusal: refusal{409, "nothing_to_retract"}},
	{refusal: refusal{409, "nothing_to_cancel"}},
	{refusal: refusal{409, "buy_now_unavailable"}},
	{refusal: refusal{409, "idempotency_conflict"}},

	{refusal: refusal{412, "version_mismatch"}},

	{refusal: refusal{422, "currency_mismatch"}},
	{refusal: refusal{422, "amount_malformed"}},
	{refusal: refusal{422, "amount_too_precise"}},
	{refusal: refusal{422, "amount_not_positive"}},
	{refusal: refusal{422, "amount_too_large"}},
	{refusal: refusal{422, "not_above_own_maximum"}},
	{refusal: refusal{422, "bid_too_low"}},

	{refusal: refusal{422, "invalid_title"}},
	{refusal: refusal{422, "invalid_description"}},
	{refusal: refusal{422, "invalid_start_price"}},
	{refusal: refusal{422, "invalid_reserve"}},
	{refusal: refusal{422, "invalid_buy_now"}},
	{refusal: refusal{422, "invalid_starts_at"}},
	{refusal: refusal{422, "invalid_duration"}},
	{refusal: refusal{422, "invalid_soft_close"}},
	{refusal: refusal{422, "invalid_increment_table"}},
	{refusal: refusal{422, "invalid_currency"}},
	{refusal: refusal{422, "invalid_reason"}},

	{
		refusal: refusal{503, "outcome_unknown"},
		elsewhere: "because no client can break the server's connection to its database during a commit; " +
			"tested in platform/uow/lostcommit_test.go and cmd/monolith/crash_postgres_test.go",
	},
	{
		refusal: refusal{403, "not_moderator"},
		elsewhere: "because who may not moderate is refused before the rules are asked, with 403 not_permitted; " +
			"tested in modules/listings/internal/domain/freeze_test.go",
	},
	{
		refusal:   refusal{404, "allowance_not_found"},
		elsewhere: "because it is what a store tells a use case, never a client; tested in modules/listings/internal/contract",
	},

	{
		refusal: refusal{404, "delivery_not_found"},
		elsewhere: "because the story has no dead letter, nor has a house in which nothing is broken; " +
			"tested in platform/events/rest/routes_test.go and cmd/monolith/deadletters_test.go",
	},
	{
		refusal:   refusal{409, "delivery_not_dead"},
		elsewhere: "because the story has no dead letter; tested in platform/events/rest/routes_test.go",
	},
	{
		refusal:   refusal{404, "subscriber_not_found"},
		elsewhere: "because only the command line rewinds a subscriber; tested in cmd/monolith/events_test.go",
	},
	{
		refusal:   refusal{409, "subscriber_in_use"},
		elsewhere: "because only the command line forgets a subscriber; tested in cmd/monolith/events_test.go",
	},
	{
		refusal: refusal{409, "too_many_watches"},
		elsewhere: "because a watch list has room for a thousand listings; " +
			"tested in modules/listings/internal/app/watching_test.go",
	},

	{refusal: refusal{401, "sign_in_required"}},
	{refusal: refusal{401, "invalid_credential"}},
	{refusal: refusal{401, "wrong_credentials"}},
	{refusal: refusal{403, "account_suspended"}},
	{refusal: refusal{403, "invalid_setup_link"}},
	{refusal: refusal{403, "missing_scope"}},
	{refusal: refusal{403, "not_permitted"}},
	{refusal: refusal{409, "handle_taken"}},
	{refusal: refusal{409, "invalid_token"}},
	{refusal: refusal{422, "invalid_email"}},
	{refusal: refusal{422, "invalid_handle"}},
	{refusal: refusal{422, "invalid_password"}},
	{refusal: refusal{429, "too_many_attempts"}},
}
