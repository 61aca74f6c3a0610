import Exchange
import Registry

/// The other end of one of the gateway's connections, as far as a socket goes: bytes both ways, edges, and what the gateway made of it.
final class End {
    let handle: ConnectionHandle
    let loop: Int
    /// For a core store's end: which one.
    let endpoint: EndpointName?
    /// Index into the scenery's addresses, for a client's end.
    var address: Int
    /// It is not known yet whose connection it is.
    var isOpening = false
    var isSecure = false
    var certificate: Digest?

    /// All this end ever sends; up to `released` it has reached the gateway's socket, up to `taken` the gateway has read it.
    var outbox: [UInt8] = []
    var released = 0
    var taken = 0
    /// All the gateway ever wrote to it; up to `sent` it went out.
    var produced: [UInt8] = []
    var sent = 0
    /// Bytes this end still takes.
    var window = Int.max
    var hasEnded = false
    var isEndTold = false
    var isBroken = false
    var isConnecting = false
    /// The connection asked for came to be.
    var isOpen = false
    /// The loop told the exchange that it failed.
    var isFailed = false
    var isRefused = false
    var isWritable = true
    /// An edge: something is new, or the gateway asked to read again.
    var needsLook = false
    var isClosed = false
    var isHalfClosed = false
    /// Since when it has taken less than it was sent; nil where it has all.
    var behindSince: Int64?
    /// When the gateway last sent anything, in its monotonic nanoseconds.
    var movedAt: Int64

    let client: ClientTalk?
    let store: StoreTalk?

    init(_ handle: ConnectionHandle, loop: Int, endpoint: EndpointName?, address: Int, at now: Moment) {
        self.handle = handle
        self.loop = loop
        self.endpoint = endpoint
        self.address = address
        movedAt = now.monotonic.nanoseconds
        client = endpoint == nil ? ClientTalk() : nil
        store = endpoint == nil ? nil : StoreTalk()
    }

    /// Whether it may be cut for reading too slowly: what it took counts for it, so that this is the least time.
    func isBehindTooLong(at time: Int64) -> Bool { behindSince.map { time - $0 >= Limits.answerGraceMilliseconds * 1_000_000 } ?? false }

    var waiting: Int { released - taken }
    var isReadable: Bool { waiting > 0 || hasEnded && !isEndTold && released == outbox.count }
}
