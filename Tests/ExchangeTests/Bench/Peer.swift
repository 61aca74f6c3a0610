import Exchange
import Registry

/// The other end of one of the gateway's connections: a client, or a core store.
final class Peer {
    let handle: ConnectionHandle
    /// For a core store's end: which one.
    let endpoint: EndpointName?
    /// Strong, so that a test may name the connection alone.
    private let bench: Bench

    /// What the gateway sent and nobody has taken yet.
    var inbox: [UInt8] = []
    /// What a core store that acts by itself has taken.
    var log: [UInt8] = []
    /// What this end has sent, and how much of it the gateway has read.
    private var outbox: [UInt8] = []
    private var read = 0
    /// Bytes the gateway may send before this end reads on.
    var window = Int.max

    /// This end sends no more once `outbox` is out.
    private(set) var hasEnded = false
    var isEndTold = false
    private(set) var isBroken = false
    var isConnecting = false
    var isWritable = true
    /// An edge: something is new, or the gateway asked to read again.
    var needsLook = false

    var isClosed = false
    var isReset = false
    var isHalfClosed = false

    init(_ handle: ConnectionHandle, endpoint: EndpointName?, bench: Bench) {
        self.handle = handle
        self.endpoint = endpoint
        self.bench = bench
    }

    var environment: Environment? { endpoint?.environment }

    /// Bytes the gateway has not read yet.
    var waiting: Int { outbox.count - read }
    var isReadable: Bool { waiting > 0 || hasEnded && !isEndTold }

    /// The gateway reads so many bytes.
    func takeOut(_ count: Int) -> [UInt8] {
        let piece = Array(outbox[read..<read + count])
        read += count
        if read == outbox.count { (outbox, read) = ([], 0) }
        return piece
    }

    /// Sends these bytes and lets the gateway act on them.
    func send(_ bytes: [UInt8]) {
        outbox += bytes
        touch()
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Puts bytes on their way without letting anything happen.
    func post(_ text: String) {
        outbox += Array(text.utf8)
        needsLook = true
    }

    /// Sends no more.
    func end() {
        hasEnded = true
        touch()
    }

    /// The connection breaks.
    func breakOff() {
        isBroken = true
        touch()
    }

    /// Reads on: the gateway may send so many bytes more.
    func open(window: Int) {
        self.window = window
        touch()
    }

    /// What came from the gateway since the last call.
    func take() -> [UInt8] {
        defer { inbox = [] }
        return inbox
    }

    func takeText() -> String { String(decoding: take(), as: UTF8.self) }

    private func touch() {
        needsLook = true
        bench.settle()
    }
}
