// Package broker carries numbered events from server to server through a stream of NATS JetStream.
//
// The sequence of a message in the stream is the number of its event. Every server publishes what the log has beyond the end
// of the stream, and says with each message which sequence it expects: of several that try, JetStream takes one, and tells
// the others so. There is no relay to elect, no position to keep and nothing to deduplicate, and what a broker that crashed has
// forgotten is published again, because the end of the stream says where to go on.
//
// Nothing depends on the stream but time. A server that cannot reach NATS, or finds a stream that holds something else than
// its log, goes on by polling the log, and tries again.
package broker
