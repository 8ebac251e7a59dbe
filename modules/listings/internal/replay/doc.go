// Package replay plays recorded auctions on a stage and compares what comes of them with what was recorded: the public
// eBay data (closing prices), and worked examples of the rules (every step).
//
// It knows nothing of how prices are made. Everything happens through the module's use cases, and what is compared is read
// through its views.
package replay
