package issues

import (
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/config"
	"github.com/gavelhq/gavel/platform/fault"
)

// newTargets returns what the house promises about its issues. Errors: domain.ErrInvalidTargets for what CheckConfig refuses.
func newTargets(cfg config.Issues) (domain.Targets, error) { return domain.NewTargets(targetsOf(cfg)) }

// targetsOf returns the targets as they are configured.
func targetsOf(cfg config.Issues) map[domain.Priority]domain.Target {
	first, last := cfg.FirstResponse, cfg.Resolution
	return map[domain.Priority]domain.Target{
		domain.PriorityLow:    {FirstResponse: first.Low, Resolution: last.Low},
		domain.PriorityNormal: {FirstResponse: first.Normal, Resolution: last.Normal},
		domain.PriorityHigh:   {FirstResponse: first.High, Resolution: last.High},
		domain.PriorityUrgent: {FirstResponse: first.Urgent, Resolution: last.Urgent},
	}
}

// CheckConfig is the module's config.Check: nothing is to be resolved before it is answered.
func CheckConfig(cfg config.Config) []config.Problem {
	of := targetsOf(cfg.Issues)
	var problems []config.Problem
	for _, p := range domain.Priorities {
		if target := of[p]; target.Resolution < target.FirstResponse {
			problems = append(problems, config.Problem{
				Key: "issues.resolution." + string(p), Value: target.Resolution.String(),
				Detail: fault.Of(domain.ErrInvalidTargets).Detail(),
			})
		}
	}
	return problems
}
