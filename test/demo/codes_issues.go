package main

// issueCodes are all that an issue can be refused with by the rules, beside those that listings share.
var issueCodes = []code{
	{refusal: refusal{404, "issue_not_found"}},
	{refusal: refusal{404, "evidence_not_found"}},
	{refusal: refusal{403, "not_staff"}},
	{refusal: refusal{403, "not_reporter"}},
	{refusal: refusal{403, "not_assignee"}},
	{refusal: refusal{403, "not_lead"}},
	{refusal: refusal{409, "transition_not_allowed"}},
	{refusal: refusal{409, "invalid_confirmation"}},
	{refusal: refusal{409, "already_confirmed"}},
	{refusal: refusal{409, "assignee_concerned"}},
	{refusal: refusal{409, "already_assigned"}},
	{refusal: refusal{409, "member_concerned"}},
	{refusal: refusal{409, "already_involved"}},
	{refusal: refusal{409, "accused_would_learn"}},
	{refusal: refusal{409, "target_merged"}},
	{refusal: refusal{409, "target_rejected"}},
	{refusal: refusal{409, "target_closed"}},
	{refusal: refusal{409, "already_linked"}},
	{refusal: refusal{409, "issue_without_listing"}},
	{refusal: refusal{422, "same_issue"}},
	{refusal: refusal{422, "invalid_text"}},
	{refusal: refusal{422, "invalid_subject"}},
	{refusal: refusal{422, "invalid_category"}},
	{refusal: refusal{422, "invalid_priority"}},
	{refusal: refusal{422, "invalid_awaited"}},
	{refusal: refusal{422, "invalid_resolution"}},
	{refusal: refusal{422, "invalid_rejection"}},
	{refusal: refusal{422, "invalid_assignee"}},
	{refusal: refusal{422, "invalid_member"}},
	{
		refusal:   refusal{409, "too_many_involved"},
		elsewhere: "because it takes 51 members; tested in modules/issues/internal/domain/others_test.go",
	},
	{
		refusal:   refusal{409, "too_many_links"},
		elsewhere: "because it takes 101 issues; tested in modules/issues/internal/domain/others_test.go",
	},
	{
		refusal: refusal{409, "issue_taken"},
		elsewhere: "because the server draws the ids of issues, and an import skips what there is; " +
			"tested in modules/issues/internal/contract/storing.go",
	},
	{
		refusal: refusal{422, "invalid_reporter"},
		elsewhere: "because whoever is not signed in reports as a visitor; " +
			"tested in modules/issues/internal/app/report_test.go",
	},
	{
		refusal: refusal{422, "invalid_evidence"},
		elsewhere: "because the server takes the evidence itself; " +
			"tested in modules/issues/internal/domain/report_test.go",
	},
	{
		refusal:   refusal{422, "invalid_targets"},
		elsewhere: "because the operator configures them; tested in modules/issues/internal/domain/clocks_test.go",
	},
	{
		refusal:   refusal{422, "invalid_origin"},
		elsewhere: "because issues are imported at the command line; tested in modules/issues/internal/domain/import_test.go",
	},
	{
		refusal:   refusal{422, "invalid_times"},
		elsewhere: "because issues are imported at the command line; tested in modules/issues/internal/domain/import_test.go",
	},
	{
		refusal:   refusal{422, "invalid_comments"},
		elsewhere: "because issues are imported at the command line; tested in modules/issues/internal/domain/import_test.go",
	},
}
