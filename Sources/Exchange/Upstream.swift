import Registry
import Wire

/// A connection to a core store.
struct Upstream {
    /// connecting → waiting → answering or absorbing → pooled → waiting …, or → free. A client may leave at any of them.
    enum Phase: UInt8 {
        /// The slot is not in use.
        case free
        /// Not open yet; the request is in `output`.
        case connecting
        /// Open and unused; any byte on it is nonsense.
        case pooled
        /// A request is out, or going out; no whole head has come back.
        case waiting
        /// An answer's body is being relayed.
        case answering
        /// An error's body is read for the log and for nobody else.
        case absorbing
        /// The client left; its answer is read and dropped, so that the connection can be used again (`Departures.swift`).
        case draining
        /// A check of the endpoint's health, on a connection of its own (`Checks.swift`).
        case probing
    }

    var phase = Phase.free
    var generation: UInt32 = 0
    var endpoint = EndpointName(environment: .production, slot: 0)
    /// Index of the client it works for, −1 where there is none.
    var client = -1
    var input = ByteQueue()
    /// The request; for one that may be sent again, kept until the answer's first byte.
    var output = ByteQueue()
    /// Bytes of `output` that are out already.
    var sent = 0
    /// It has carried a request before, so the other side may have closed it meanwhile.
    var isReused = false
    /// The request on it may be sent once more on another connection.
    var mayRetry = false
    /// A request counts among its endpoint's requests in flight.
    var isCounted = false
    /// The request on it is sent for the second time.
    var isResent = false
    /// A byte of the request was handed to the system.
    var hasSent = false
    /// Endpoints that were tried for this request before this one.
    var attempts: UInt8 = 0
    /// Their slots.
    var tried: UInt64 = 0
    /// Neighbours among the unused connections to its endpoint, −1 where there is none.
    var newer: Int32 = -1
    var older: Int32 = -1
    /// Not one byte of an answer has come.
    var isSilent = true
    var interimAnswers = 0
    var progress = HeadProgress()
    var body = BodyDecoder(.none, limit: .max)
    /// After this answer the core store keeps the connection.
    var keepsAlive = false
    /// While absorbing: what the log gets.
    var report: FaultReport?
    var absorbed = 0

    var environment: Environment { endpoint.environment }
}
