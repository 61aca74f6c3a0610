import Admission
import Decisions
import Registry
import Wire

/// A client's connection: where it stands between two requests, and the request it is on.
struct Client {
    /// The steps of a connection. opening → idle → head → exchanging or asking → answering → idle, or → lingering → free.
    enum Phase: UInt8 {
        /// The slot is not in use.
        case free
        /// Accepted, but whose it is is not known yet (PROXY header, TLS handshake): nothing on it is a request.
        case opening
        /// Between requests; nothing of the next one has come.
        case idle
        /// A head has begun and not ended; its bytes are in `input`.
        case head
        /// The request was admitted; its core store is working or answering.
        case exchanging
        /// It asked about a decision, which is being looked up: `Exchange.questions` says which.
        case asking
        /// An answer is whole in `output` and being sent.
        case answering
        /// Our last answer is out; what still comes in is dropped until the client closes.
        case lingering
    }

    var phase = Phase.free
    var generation: UInt32 = 0
    var address = Address(high: 0, low: 0)
    /// The address as X-Forwarded-For spells it.
    var addressText: [UInt8] = []
    /// It came by TLS.
    var isSecure = false
    /// It showed a certificate, which `Exchange.certificates` names.
    var hasCertificate = false
    /// Its requests say whose they are; `Exchange.proxies` has its own address.
    var isTrustedProxy = false
    /// It counts among its address's connections.
    var isCounted = false
    /// Monotonic nanoseconds since when it has been slower than its answer; `max` where it is not.
    var behindSince = Int64.max
    /// Bytes held for it while it is behind, as `Exchange.heldBytes` counts them.
    var heldBytes: Int32 = 0
    /// Bytes received and not yet taken.
    var input = ByteQueue()
    /// Bytes to send.
    var output = ByteQueue()
    /// How far a head in pieces has been looked at.
    var progress = HeadProgress()
    /// The client has sent its last byte.
    var hasEnded = false
    /// Bytes dropped while lingering.
    var dropped = 0
    var request = RequestState()
}

/// What a connection remembers of the request it is on.
struct RequestState {
    /// A request begins now under these rules. In place: an initialiser would copy the whole state once more.
    mutating func begin(_ id: RequestID, _ sequence: UInt64, of stream: UInt32, under rules: Ruleset, at now: Moment) {
        self = RequestState()
        self.rules = rules
        idText = id.text
        isRecorded = false
        (decision.idHigh, decision.idLow, decision.sequence, decision.stream) = (id.high, id.low, sequence, stream)
        (decision.wallNanoseconds, decision.monotonicNanoseconds) = (now.wall.nanoseconds, now.monotonic.nanoseconds)
        decision.rules = rules.fact
    }

    /// Its record, filled in on the way.
    var decision = Decision()
    /// The record is made: at the request's end, once.
    var isRecorded = true
    /// Admission let it in: what is refused from now on is not its doing.
    var isAdmitted = false
    /// The id's 32 digits, written several times.
    var idText: InlineArray<32, UInt8> = InlineArray(repeating: 0x30)
    /// The rules it is judged by to its end, whatever is published meanwhile; nil between requests.
    var rules: Ruleset?
    /// Index of the route, −1 where none was found.
    var route = -1
    var environment = Environment.production
    /// Index of the application, −1 where the caller is anonymous.
    var application = -1
    var level: LevelReading?
    /// It counts as in flight under its rules, for its application and its route's scope, until `giveBackSlot`.
    var holdsSlot = false
    var method = Method.get
    /// HTTP/1.0 callers get neither chunks nor a kept connection.
    var isHTTP10 = false
    var keepsAlive = false
    var expectsContinue = false
    var framing = BodyFraming.none
    var body = BodyDecoder(.none, limit: 0)
    /// The whole request has been read.
    var isRead = false
    /// The whole answer is in the client's output.
    var isAnswered = false
    /// The answer's head is in the client's output: no other answer can be given any more.
    var hasAnswerBegun = false
    /// The answer's body is sent in chunks of ours.
    var isChunked = false
    /// Nothing but the connection's end says where the answer's body ends.
    var endsWithConnection = false
    /// The connection to the core store, −1 where there is none.
    var upstream = -1
    /// Monotonic nanoseconds at which a core store began to get it, later by what the client kept it waiting since.
    var forwardedAt: Int64 = 0
    /// Monotonic nanoseconds.
    var deadline = Int64.max
    /// Monotonic nanoseconds at which the core store had given its answer, or never would; 0 before.
    var storeEndedAt: Int64 = 0
    /// When the body's next byte is due by its least rate; `max` while the core store keeps the client waiting.
    var bodyDeadline = Int64.max
    var firstByteNanoseconds: Int64 = 0
    var isSafe = false
    /// The core store has kept the client waiting with its body: how late that is to be whole is no longer the client's doing alone.
    var wasHeldBack = false
    /// Of the core store's answer that is passed on; 0 where there is none.
    var answerStatus = 0
    /// What a 503 of the core store said of its return.
    var retryAfterSeconds: Int64?
}

extension BodyFraming {
    var isChunked: Bool {
        if case .chunked = self { true } else { false }
    }
}

extension RequestState {
    var id: RequestID { RequestID(high: decision.idHigh, low: decision.idLow) }

    /// The route's id, for the log.
    var routeID: Identifier? {
        guard let rules, route >= 0 else { return nil }
        return rules.snapshot.policy.routes[route].id
    }

    /// The route under the request's own rules, where one was found.
    var compiledRoute: CompiledRoute? {
        guard let rules, route >= 0 else { return nil }
        return rules.routes[route]
    }
}
