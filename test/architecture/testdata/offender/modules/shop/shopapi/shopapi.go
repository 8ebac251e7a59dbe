// Package shopapi completes a circle of modules that is none of packages.
package shopapi
