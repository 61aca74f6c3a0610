import Admission
import Decisions
import Registry
import Wire

/// A least rate, kept by a deadline that moves: it starts a grace ahead, and each byte moved buys its time at that rate, up to the grace again.
/// Who pauses shorter than the grace, or is never slower than the rate, is never cut; who trickles is.
struct LeastRate {
    var graceNanoseconds: Int64
    var nanosecondsPerByte: Int64

    init(graceMilliseconds: Int64, bytesPerSecond: Int64) {
        graceNanoseconds = graceMilliseconds * 1_000_000
        nanosecondsPerByte = 1_000_000_000 / bytesPerSecond
    }

    /// The deadline of what begins now.
    func begin(at now: MonotonicTime) -> Int64 { now.nanoseconds + graceNanoseconds }

    /// The deadline after so many more bytes.
    func deadline(_ deadline: Int64, movedBy bytes: Int, at now: MonotonicTime) -> Int64 {
        min(begin(at: now), deadline + Int64(bytes) * nanosecondsPerByte)
    }

    static let head = LeastRate(graceMilliseconds: Limits.headGraceMilliseconds, bytesPerSecond: Limits.headBytesPerSecond)
    static let body = LeastRate(graceMilliseconds: Limits.bodyGraceMilliseconds, bytesPerSecond: Limits.bodyBytesPerSecond)
    static let answer = LeastRate(graceMilliseconds: Limits.answerGraceMilliseconds, bytesPerSecond: Limits.answerBytesPerSecond)
}

// Clients slower than what they are sent.
extension Exchange {
    /// The client took so many bytes of its answer and not all: it has to keep the rate until it has caught up.
    mutating func fallBehind(_ client: Int, taken: Int, at now: Moment) {
        guard clients[client].isAnswering else { return }
        if clients[client].behindSince == .max {
            clients[client].behindSince = now.monotonic.nanoseconds
            clientDeadlines[client] = LeastRate.answer.begin(at: now.monotonic)
        } else {
            clientDeadlines[client] = LeastRate.answer.deadline(clientDeadlines[client], movedBy: taken, at: now.monotonic)
        }
        countHeld(for: client)
        while heldBytes > Limits.heldBytes, let slowest = slowestReader() { abandon(client: slowest, at: now) }
    }

    /// The client has caught up. What it took to do so is not the core store's time.
    mutating func catchUp(_ client: Int, at now: Moment) {
        let lost = now.monotonic.nanoseconds - clients[client].behindSince
        clients[client].request.noteReading(lost)
        forgetHeld(for: client)
        guard clients[client].phase == .exchanging else { return }
        clients[client].request.deadline += lost
        clientDeadlines[client] = clients[client].request.deadline
        let upstream = clients[client].request.upstream
        if upstream >= 0 { upstreamDeadlines[upstream] = now.monotonic.after(milliseconds: Limits.answerPieceMilliseconds) }
    }

    /// Counts what is held for a client that is behind.
    private mutating func countHeld(for client: Int) {
        let held = clients[client].output.capacity
        heldBytes += held - Int(clients[client].heldBytes)
        clients[client].heldBytes = Int32(truncatingIfNeeded: held)
    }

    mutating func forgetHeld(for client: Int) {
        clients[client].behindSince = .max
        heldBytes -= Int(clients[client].heldBytes)
        clients[client].heldBytes = 0
    }

    /// No connection to this core store is left, of this loop's or of its endpoints': the client that has kept one longest by its own slowness, in
    /// sending its request or in reading its answer, gives way, if for a second or more. So clients that are slow on purpose keep nobody else from
    /// the core store; who reads a little faster than they do, but began later, is not the one that pays.
    mutating func takeFromSlowest(_ environment: Environment, at now: Moment) -> Bool {
        let kind = Int(environment.rawValue)
        guard now.monotonic.nanoseconds >= nobodySlowUntil[kind] else { return false }
        var (slowest, oldest) = (-1, now.monotonic.nanoseconds)
        for upstream in upstreams.indices where upstreams[upstream].environment == environment {
            let client = upstreams[upstream].client
            guard client >= 0, isWanted(upstream) else { continue }
            let since = waitedForSince(client)
            if since < oldest { (slowest, oldest) = (client, since) }
        }
        let giveWayAt = oldest + Limits.leastLagMilliseconds * 1_000_000
        guard slowest >= 0, now.monotonic.nanoseconds >= giveWayAt else {
            // Nobody can have been slow for long enough before.
            nobodySlowUntil[kind] = giveWayAt
            return false
        }
        if clients[slowest].request.hasAnswerBegun {
            abandon(client: slowest, at: now)
        } else {
            abandonUpstream(of: slowest)
            refuse(slowest, .requestTimeout, at: now)
        }
        return true
    }

    /// Since when a core store's connection is kept by this client's slowness; `max` where it is not.
    private mutating func waitedForSince(_ client: Int) -> Int64 {
        if clients[client].behindSince < .max { return clients[client].behindSince }
        guard !clients[client].request.isRead, !clients[client].request.hasAnswerBegun, clients[client].request.bodyDeadline < .max else {
            return .max
        }
        return clients[client].request.forwardedAt
    }

    /// Who has been behind longest: in want of memory it gives way.
    private func slowestReader() -> Int? {
        var slowest: Int?
        var since = Int64.max
        for client in clients.indices where clients[client].behindSince < since {
            (slowest, since) = (client, clients[client].behindSince)
        }
        return slowest
    }
}

extension Client {
    /// It waits for an answer, or for the rest of one.
    var isRunning: Bool {
        switch phase {
        case .exchanging, .asking, .answering: true
        case .free, .opening, .idle, .head, .lingering: false
        }
    }

    /// What is in its output is an answer, not an interim one.
    var isAnswering: Bool { phase == .answering || phase == .exchanging && request.hasAnswerBegun }

    /// Its answer ends with the connection and is not all out: only a reset tells it from a whole one.
    var isCutShort: Bool {
        request.endsWithConnection && (phase == .exchanging && request.hasAnswerBegun || phase == .answering && !output.isEmpty)
    }
}
