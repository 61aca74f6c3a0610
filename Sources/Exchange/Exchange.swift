package import Admission
package import Decisions
package import Registry
import Wire

/// All the requests of one loop, without I/O: the driver reports events, this says what to do (`takeAction`).
/// It reads no clock and no randomness of its own, so a simulator can drive it through any schedule. The journey itself is in `Journey.swift`.
package struct Exchange: ~Copyable {
    /// What does not change while the loop runs.
    package struct Setting: Sendable {
        /// `Host` for each core store, by `Environment.rawValue`.
        package var authorities: [String]
        /// SHA-256.
        package var digest: DigestFunction
        /// Buckets of callers without a key.
        package var anonymous: AddressLevels
        /// Buckets of failed authentication.
        package var failures: AddressLevels
        /// The core stores' endpoints, shared by all loops.
        package var endpoints: EndpointTable
        /// How their health is checked; nil for all loops but one.
        package var checks: CheckSetting?
        /// How long browsers are to come back by TLS only (RFC 6797), told on every answer over TLS; 0 tells nothing.
        package var hstsSeconds: Int
        /// Which proxies are believed about where clients are.
        package var trust: ProxyTrust
        /// Open connections of all loops.
        package var connections: ConnectionCounts
        /// Hashes citizens' names for the records; nil where none are kept.
        package var subjects: SubjectSecret?

        /// A setting from its parts.
        package init(
            authorities: [String], digest: @escaping DigestFunction, anonymous: AddressLevels, failures: AddressLevels,
            endpoints: EndpointTable, checks: CheckSetting? = nil, hstsSeconds: Int = 0, trust: ProxyTrust = ProxyTrust(),
            connections: ConnectionCounts = ConnectionCounts(), subjects: SubjectSecret? = nil
        ) {
            self.subjects = subjects
            self.hstsSeconds = hstsSeconds
            precondition(authorities.count == Environment.allCases.count, "one core store for each environment")
            self.endpoints = endpoints
            self.checks = checks
            self.authorities = authorities
            self.digest = digest
            self.anonymous = anonymous
            self.failures = failures
            self.trust = trust
            self.connections = connections
        }
    }

    let setting: Setting
    /// The rest of a request line and the Host line, by environment.
    let targetEnds: [[UInt8]]
    /// What every answer over TLS says besides.
    let secureLine: [UInt8]
    let problemForms: [ProblemForm]
    var rules: Ruleset
    /// Where request ids come from, without a system call.
    let ids: IdentifierStream
    /// What records name it by.
    let idsFact: UInt32
    /// Request ids given out.
    package internal(set) var idCount: UInt64 = 0
    var isDraining = false

    var clients: [Client] = []
    var clientDeadlines: [Int64] = []
    var freeClients: [Int] = []
    /// SHA-256 of the certificates that clients showed, by client: few have one, so none costs the others memory.
    var certificates: [Int: Digest] = [:]
    /// What is being looked up, by client.
    var questions: [Int: DecisionQuestion] = [:]
    /// Trusted proxies' own addresses, by client.
    var proxies: [Int: Peer] = [:]
    /// Where the search for an idle client goes on.
    var idleCursor = 0
    /// Bytes held for clients that are slower than their answers.
    var heldBytes = 0
    var upstreams: [Upstream] = []
    var upstreamDeadlines: [Int64] = []
    var freeUpstreams: [Int] = []
    /// The newest unused connection to each endpoint, by its place; −1 where there is none. The last one used is used next.
    var newestIdle = [Int32](repeating: -1, count: Environment.allCases.count * Limits.endpointsPerStore)
    var turn = EndpointTurn()
    /// By endpoint's place; empty in a loop that checks nobody.
    var checks: [Check] = []
    /// Requests whose clients left, by their connection to the core store.
    var departed: [Int: Departed] = [:]
    var departuresSeen: UInt64 = 0
    var upstreamCounts: InlineArray<2, Int> = InlineArray(repeating: 0)
    /// Until when nobody can be found who is slow enough to give way, by environment: monotonic nanoseconds.
    var nobodySlowUntil: InlineArray<2, Int64> = InlineArray(repeating: .min)

    var head = RequestHead()
    var answerHead = ResponseHead()
    var query = CanonicalQuery()
    var tokens = CitizenTokenReader()
    /// Of the day that it was made for.
    var subjectKey: SubjectKey?
    /// The `Date` line of the second it was last written for.
    var dateLine = ByteQueue(capacity: 64)
    var dateSecond = Int64.min
    /// Buffers nobody needs at the moment: connections hold memory only while they have something to hold.
    var spareBuffers: [ByteQueue] = []

    /// Actions for the driver, those from `nextAction` to `actionCount`; the array only grows.
    private var actions: [Action] = []
    private var actionCount = 0
    private var nextAction = 0
    /// Records of requests that ended since the driver last took them; the array only grows.
    package var decisions: [Decision] = []
    /// Faults of core stores since the driver last took them.
    package var reports: [FaultReport] = []
    /// What changed with endpoints since the driver last took it.
    package var news: [EndpointNews] = []

    /// An exchange that judges by these rules until others come.
    package init(_ setting: Setting, rules: Ruleset, seed: (UInt64, UInt64, UInt64, UInt64)) {
        self.setting = setting
        self.rules = rules
        targetEnds = setting.authorities.map { Array(" HTTP/1.1\r\nHost: \($0)\r\n".utf8) }
        let seconds = setting.hstsSeconds
        secureLine = seconds > 0 ? Array("Strict-Transport-Security: max-age=\(seconds)\r\n".utf8) : []
        problemForms = ProblemForm.all
        ids = IdentifierStream(seed.0 ^ seed.2, seed.1 ^ seed.3)
        idsFact = setting.subjects == nil ? 0 : rules.facts.number(of: .stream(ids.first, ids.second))
        if setting.checks != nil { checks = [Check](repeating: Check(), count: newestIdle.count) }
        actions.reserveCapacity(64)
        decisions.reserveCapacity(64)
    }

    /// Judges requests from now on by these rules; those admitted already keep theirs.
    package mutating func adopt(_ rules: Ruleset) { self.rules = rules }

    /// Connections of clients that are open.
    package var clientCount: Int { clients.count - freeClients.count }

    /// The next thing to do, or nil.
    package mutating func takeAction() -> Action? {
        guard nextAction < actionCount else {
            (nextAction, actionCount) = (0, 0)
            return nil
        }
        let action = actions[nextAction]
        nextAction += 1
        return action
    }

    mutating func perform(_ action: Action) {
        if actionCount < actions.count { actions[actionCount] = action } else { actions.append(action) }
        actionCount += 1
    }

    // MARK: Events

    /// These bytes came in.
    package mutating func received(_ bytes: Span<UInt8>, on handle: ConnectionHandle, at now: Moment) {
        guard isCurrent(handle), !bytes.isEmpty else { return }
        switch handle.side {
        case .client: clientReceived(handle.index, bytes, at: now)
        case .upstream: upstreamReceived(handle.index, bytes, at: now)
        }
    }

    /// The other side will send no more.
    package mutating func ended(_ handle: ConnectionHandle, at now: Moment) {
        guard isCurrent(handle) else { return }
        switch handle.side {
        case .client: clientEnded(handle.index, at: now)
        case .upstream: upstreamEnded(handle.index, at: now)
        }
    }

    /// The connection broke, or could not be opened.
    package mutating func failed(_ handle: ConnectionHandle, at now: Moment) {
        guard isCurrent(handle) else { return }
        switch handle.side {
        case .client: leave(client: handle.index, at: now)
        case .upstream: upstreamFailed(handle.index, at: now)
        }
    }

    /// A connection asked for is open.
    package mutating func connected(_ handle: ConnectionHandle, at now: Moment) {
        guard isConnecting(handle) else { return }
        guard upstreams[handle.index].phase == .connecting else { return checkConnected(handle.index) }
        upstreams[handle.index].phase = .waiting
        awaitAnswer(on: handle.index, at: now)
        perform(.send(handle))
    }

    /// So many bytes of the output were sent; 0 where the connection takes none at the moment.
    package mutating func sent(_ count: Int, on handle: ConnectionHandle, at now: Moment) {
        guard isCurrent(handle) else { return }
        switch handle.side {
        case .client:
            clients[handle.index].output.consume(count)
            clients[handle.index].request.decision.bytesOut &+= UInt64(count)
            guard !clients[handle.index].output.isEmpty else { return clientDrained(handle.index, at: now) }
            fallBehind(handle.index, taken: count, at: now)
        case .upstream: upstreamSent(count, on: handle.index, at: now)
        }
    }

    /// Bytes of a `sendThrough` that could not be sent at once; they were `sent` as far as the output itself goes.
    package mutating func keep(_ rest: Span<UInt8>, for handle: ConnectionHandle) {
        guard isCurrent(handle) else { return }
        clients[handle.index].output.append(rest)
        clients[handle.index].request.decision.bytesOut &-= UInt64(rest.count)
    }

    /// Nothing was left over from a `sendThrough`, so that an output which was empty before it counts as drained now.
    package mutating func passedThrough(_ handle: ConnectionHandle, at now: Moment) {
        guard handle.side == .client, isCurrent(handle), clients[handle.index].output.isEmpty else { return }
        clientDrained(handle.index, at: now)
    }

    // The questions below change nothing. They are mutating so that they are answered where the value lies: the compiler copies a value
    // of this size, 600 bytes, for a call that only reads it.

    /// Whether bytes of this connection can be taken now; if not, a `read` action will say when.
    package mutating func wantsBytes(_ handle: ConnectionHandle) -> Bool {
        guard isCurrent(handle) else { return false }
        switch handle.side {
        case .client: return wantsClientBytes(handle.index)
        case .upstream:
            let client = upstreams[handle.index].client
            return client < 0 || clients[client].output.count < Limits.clientOutputBytes
        }
    }

    /// Whether there is anything to send on this connection.
    package mutating func hasOutput(_ handle: ConnectionHandle) -> Bool {
        switch handle.side {
        case .client: !clients[handle.index].output.isEmpty
        case .upstream: upstreams[handle.index].output.count > upstreams[handle.index].sent
        }
    }

    /// Whether this connection was asked for and is not open yet.
    package mutating func isConnecting(_ handle: ConnectionHandle) -> Bool {
        guard handle.side == .upstream, isCurrent(handle) else { return false }
        switch upstreams[handle.index].phase {
        case .connecting: return true
        case .probing: return isCheckConnecting(handle.index)
        case .free, .pooled, .waiting, .answering, .absorbing, .draining: return false
        }
    }

    /// Bytes to send on this connection.
    package mutating func withOutput<Result>(of handle: ConnectionHandle, _ body: (Span<UInt8>) -> Result) -> Result {
        switch handle.side {
        case .client: clients[handle.index].output.withReadable(body)
        case .upstream:
            upstreams[handle.index].output.withReadable { body($0.extracting(upstreams[handle.index].sent...)) }
        }
    }

    /// Whether the handle still names a connection.
    package mutating func isCurrent(_ handle: ConnectionHandle) -> Bool {
        switch handle.side {
        case .client:
            handle.index < clients.count && clients[handle.index].generation == handle.generation
                && clients[handle.index].phase != .free
        case .upstream:
            handle.index < upstreams.count && upstreams[handle.index].generation == handle.generation
                && upstreams[handle.index].phase != .free
        }
    }
}

extension MonotonicTime {
    /// The nanoseconds so many milliseconds later.
    func after(milliseconds: Int64) -> Int64 { nanoseconds + milliseconds * 1_000_000 }
}
