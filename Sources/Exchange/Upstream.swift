import Registry
import Wire

/// A connection to a core store.
struct Upstream {
    /// connecting → waiting → answering or absorbing → pooled → waiting …, or → free.
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
    }

    var phase = Phase.free
    var generation: UInt32 = 0
    var environment = Environment.production
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
}
