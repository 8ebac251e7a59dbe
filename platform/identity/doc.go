// Package identity says who makes a request and what that lets them do: callers, roles and permissions. It knows neither
// how people prove who they are, which is an Authenticator's business, nor what there is to permit, which modules declare.
package identity
