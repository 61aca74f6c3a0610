/// Every limit of the journey, with its unit in its name and its reason. All are bounds of one loop.
package enum Limits {
    /// Client connections: 20,000 at about 1 KiB each idle is 20 MiB; past it the oldest gateway in the world would also be refusing.
    package static let clientConnections = 20_000
    /// Connections to each core store: enough for 1,024 requests in flight, beyond which waiting helps nobody.
    package static let upstreamConnectionsPerStore = 1_024
    /// Addresses of one core store: a bit of a word each.
    package static let endpointsPerStore = 64
    /// Connections to one endpoint, over all loops: what a server with a few thousand descriptors can hold.
    package static let connectionsPerEndpoint = 4_096
    /// Endpoints one request is tried at where the first cannot be connected to: past three the fault is not one machine's.
    package static let endpointsTried = 3
    /// Faults one after the other that eject an endpoint: fewer would be chance, more would be many callers' faults.
    package static let faultsToEject = 5
    /// Requests of a store sent for the second time at once, however few are in flight: a machine that dies takes up to so many with it.
    package static let resentRequests = 64
    /// Past that, such requests in a hundred of those in flight: one of two endpoints may die without a failed search, and a store that fails
    /// whole is asked half as much again, not twice as much.
    package static let resentPercent = 50
    /// Checks one after the other that bring an endpoint back: one may be chance.
    package static let goodChecks = 2
    /// Failed checks one after the other that take one out.
    package static let badChecks = 3
    /// Bytes waiting for a client before its core store's connection is no longer read: two read pieces.
    package static let clientOutputBytes = 131_072
    /// Bytes waiting for a core store before the client is no longer read.
    package static let upstreamOutputBytes = 65_536
    /// Body bytes up to this many are copied behind the head, so that one buffer is sent; larger pieces are sent from where they were read.
    package static let copiedBodyBytes = 4_096
    /// Interim (1xx) answers to one request: a core store that sends more talks nonsense.
    package static let interimAnswers = 8
    /// Bytes of a core store's error page that go to the log.
    package static let reportedBodyBytes = 512
    /// Bytes of a core store's error page read to keep its connection; beyond it the connection is closed instead.
    package static let absorbedBodyBytes = 65_536
    /// Bytes of a citizen's token: a JWT with CoWIN's claims has about 500.
    package static let tokenBytes = 4_096
    /// Bytes drained from a client we close on, so that it can read our last answer before a reset (RFC 9112 §9.6).
    package static let lingeringBytes = 262_144
    /// Buffers kept for reuse; beyond it they go back to the allocator.
    package static let spareBuffers = 256
    /// A buffer larger than this is not kept.
    package static let spareBufferBytes = 32_768

    /// From a connection's beginning until it is known whose it is (PROXY header, TLS handshake): as long as a head may take.
    package static let openingMilliseconds: Int64 = 10_000
    /// From a connection's first byte of a request to the head's end: slow enough for a bad mobile network, fast enough against slowloris.
    package static let headMilliseconds: Int64 = 10_000
    /// Between two requests on a connection.
    package static let idleMilliseconds: Int64 = 75_000
    /// The same while draining: whoever calls more often than this finds its connection closed by an answer that says so.
    package static let drainingIdleMilliseconds: Int64 = 1_000
    /// Between two pieces of a request's body.
    package static let bodyMilliseconds: Int64 = 15_000
    /// To a core store on the same network: three SYNs would need seven seconds, a healthy one needs one millisecond.
    package static let connectMilliseconds: Int64 = 2_000
    /// How long a check may take: an endpoint that needs longer to say that it lives is not alive to a citizen either.
    package static let checkMilliseconds: Int64 = 1_000
    /// An endpoint's first ejection; the next ones are longer by as much each. A restart takes a few seconds.
    package static let ejectionMilliseconds: Int64 = 5_000
    /// The longest ejection: a machine that was repaired is back within a minute.
    package static let longestEjectionMilliseconds: Int64 = 60_000
    /// After so long without one, the next ejection counts as the first.
    package static let ejectionMemoryNanoseconds: Int64 = 60_000_000_000
    /// In which the share of an endpoint that is new or back grows from nothing to its whole: caches fill in seconds.
    package static let slowStartMilliseconds: Int64 = 10_000
    /// How long after its last use a connection still carries a request that must not be sent twice. The other side may close an idle
    /// connection at any time, and a booking that meets such a close has no known outcome; servers wait longer than this before they close.
    package static let freshMilliseconds: Int64 = 1_000
    /// A core store's connection kept unused: below the 60 s after which common servers close theirs.
    package static let pooledMilliseconds: Int64 = 30_000
    /// Between two pieces of a core store's answer.
    package static let answerPieceMilliseconds: Int64 = 15_000
    /// To flush our own answer to a client.
    package static let flushMilliseconds: Int64 = 10_000
    /// To wait for a client's close after our last answer.
    package static let lingeringMilliseconds: Int64 = 2_000
    /// To come again where as many requests as may be are in flight: nobody knows the wait, and a request seldom takes longer.
    package static let inFlightRetryMilliseconds: Int64 = 1_000
    /// How exactly timeouts are kept: one scan of a loop's connections this often.
    package static let tickMilliseconds: Int64 = 100
}
