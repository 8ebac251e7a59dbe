// Package seed invents a market to try things out with: listings in every state that there is, with the bids, quarrels
// and regrets that led there. It is played through the module's use cases on a clock that ends now.
//
// The same number gives the same market: ids, words, members, amounts and the times before now. Only the listings'
// secrets are drawn anew, and with them aliases and hashes: whoever could repeat them could open sealed maxima.
package seed
