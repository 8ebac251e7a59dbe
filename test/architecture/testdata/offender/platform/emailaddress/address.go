// Package emailaddress is a word that brings a clock into the domain.
package emailaddress

import _ "example.com/offender/platform/clock"
