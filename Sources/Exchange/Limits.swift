/// Every limit of the journey, with its unit in its name and its reason. All are bounds of one loop.
package enum Limits {
    /// Client connections: 20,000 at about 1 KiB each idle is 20 MiB; past it the oldest gateway in the world would also be refusing.
    package static let clientConnections = 20_000
    /// Client connections of all loops, unless the setting says otherwise: partners' servers keep a few each, so this is many partners' all.
    package static let clientConnectionsInAll = 20_000
    /// Client connections from one address, unless the setting says otherwise: a carrier's address hides thousands of people of whom few call at
    /// once; one address may hold a tenth of all and no more.
    package static let clientConnectionsPerAddress = 2_000
    /// Parts of the table of addresses, each with its own lock: loops take one for nanoseconds a connection.
    package static let connectionCountStripes = 64
    /// Idle for less, a connection does not give way to a newcomer: its first or next request may be on its way.
    package static let leastIdleMilliseconds: Int64 = 1_000
    /// Idle connections compared for the one to give way: some microseconds for each newcomer of a full loop.
    package static let idleConnectionsLookedAt = 1_024
    /// Entries read of what trusted proxies wrote of a client: nobody has more proxies behind one another.
    package static let forwardedEntries = 32
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
    /// Bytes waiting for a client before its core store's connection is no longer read. With a read piece (64 KiB) behind it this is
    /// what one slow reader can hold; a fast one leaves nothing waiting.
    package static let clientOutputBytes = 16_384
    /// Waited for less than this, a client keeps its core store's connection though others find none: a lost packet is sent again within it.
    package static let leastLagMilliseconds: Int64 = 1_000
    /// Bytes held by a loop for all clients that are slower than their answers; past it the slowest gives way.
    package static let heldBytes = 50_331_648
    /// Bytes waiting for a core store before the client is no longer read.
    package static let upstreamOutputBytes = 65_536
    /// Body bytes up to this many are copied behind the head, so that one buffer is sent; larger pieces are sent from where they were read.
    package static let copiedBodyBytes = 4_096
    /// Bytes that the driver reads at once, at most.
    package static let readPieceBytes = 65_536
    /// What one client can make us hold, the sum of the above: a piece behind a head in its input, a piece behind the rest of an answer in its
    /// output; a queue's memory is at most twice what it held. Most hold nothing: buffers are lent.
    package static let clientMemoryBytes = 2 * (readPieceBytes + 16_384) + 2 * (readPieceBytes + clientOutputBytes)
    /// What a core store's connection can hold: a request's head and body not sent yet, the head of an answer in pieces.
    package static let upstreamMemoryBytes = 2 * (readPieceBytes + upstreamOutputBytes + 16_384) + 2 * (readPieceBytes + 16_384)
    /// Interim (1xx) answers to one request: a core store that sends more talks nonsense.
    package static let interimAnswers = 8
    /// Bytes of a core store's error page that the log's masked text is made of.
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
    /// A head may pause, or lack of its rate, this long: slow enough for a bad mobile network, fast enough against slowloris.
    package static let headGraceMilliseconds: Int64 = 10_000
    /// The least rate of a head, as Apache's mod_reqtimeout has it: the largest head, 16 KiB, has 43 s.
    package static let headBytesPerSecond: Int64 = 500
    /// Between two requests on a connection.
    package static let idleMilliseconds: Int64 = 75_000
    /// The same while draining: whoever calls more often than this finds its connection closed by an answer that says so.
    package static let drainingIdleMilliseconds: Int64 = 1_000
    /// A request's body may pause, or lack of its rate, this long: a train's tunnel. The route's time for the whole request counts too.
    package static let bodyGraceMilliseconds: Int64 = 15_000
    /// The least rate of a request's body, as Apache's mod_reqtimeout has it.
    package static let bodyBytesPerSecond: Int64 = 500
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
    /// A client may pause in reading its answer, or lack of the rate, this long: the kernel tells of progress in steps of some 8 KiB, which take a
    /// reader at the least rate 16 s.
    package static let answerGraceMilliseconds: Int64 = 20_000
    /// The least rate of reading an answer: a calendar of 250 KB may take 8 minutes, on the worst mobile network (GPRS) it takes one.
    package static let answerBytesPerSecond: Int64 = 500
    /// To wait for a client's close after our last answer.
    package static let lingeringMilliseconds: Int64 = 2_000
    /// To look up a decision: reading takes milliseconds, and who has waited for seconds had better come again.
    package static let lookUpMilliseconds: Int64 = 5_000
    /// To come again where too many ask about decisions: a second's worth of them is looked up in less.
    package static let lookUpRetrySeconds: Int64 = 1
    /// To come again where as many requests as may be are in flight: nobody knows the wait, and a request seldom takes longer.
    package static let inFlightRetryMilliseconds: Int64 = 1_000
    /// How exactly timeouts are kept: one scan of a loop's connections this often.
    package static let tickMilliseconds: Int64 = 100
}
