import Admission
import Decisions
import Registry
import Wire

// Slots of connections and buffers: taken, given back, used again.
extension Exchange {
    mutating func handle(client index: Int) -> ConnectionHandle {
        ConnectionHandle(index: index, generation: clients[index].generation, side: .client)
    }

    mutating func handle(upstream index: Int) -> ConnectionHandle {
        ConnectionHandle(index: index, generation: upstreams[index].generation, side: .upstream)
    }

    mutating func newClient() -> Int? {
        if let index = freeClients.popLast() { return index }
        guard clients.count < Limits.clientConnections else { return nil }
        clients.append(Client())
        clientDeadlines.append(.max)
        return clients.count - 1
    }

    mutating func newUpstream(to endpoint: EndpointName) -> Int? {
        let kind = Int(endpoint.environment.rawValue)
        guard upstreamCounts[kind] < Limits.upstreamConnectionsPerStore, setting.endpoints.openConnection(endpoint) else { return nil }
        upstreamCounts[kind] += 1
        let index: Int
        if let free = freeUpstreams.popLast() {
            index = free
        } else {
            index = upstreams.count
            upstreams.append(Upstream())
            upstreamDeadlines.append(.max)
        }
        upstreams[index].endpoint = endpoint
        return index
    }

    /// Closes a client's connection and forgets it; its core store's connection is not touched. A request that was under way ends so.
    mutating func close(client index: Int, at now: Moment, ending: Ending = .brokenOff) {
        if !clients[index].request.isRecorded { record(index, ending, at: now) }
        giveBackSlot(of: index)
        perform(clients[index].isCutShort ? .reset(handle(client: index)) : .close(handle(client: index)))
        uncount(client: index)
        if clients[index].behindSince < .max { forgetHeld(for: index) }
        recycleOutput(client: index)
        recycleInput(client: index)
        clients[index].generation = (clients[index].generation + 1) & 0x7FFF_FFFF
        if clients[index].phase == .asking { questions[index] = nil }
        clients[index].phase = .free
        clients[index].hasEnded = false
        clients[index].dropped = 0
        clients[index].addressText = []
        clients[index].isSecure = false
        if clients[index].hasCertificate { forgetCertificate(of: index) }
        clients[index].request.rules = nil
        clientDeadlines[index] = .max
        freeClients.append(index)
    }

    /// The request counts as in flight no longer. Every ending passes `endAnswer` or `close(client:)`, and whichever comes first gives the
    /// slot back, unless the core store still works on it: then whoever reads its answer for nobody has it (`Departed`).
    mutating func giveBackSlot(of client: Int) { takeSlot(of: client)?.giveBack() }

    /// Takes the slot from the request, so that it is given back once.
    mutating func takeSlot(of client: Int) -> HeldSlot? {
        guard clients[client].request.holdsSlot else { return nil }
        clients[client].request.holdsSlot = false
        guard let rules = clients[client].request.rules else { preconditionFailure("a request keeps its rules to its end") }
        let scope = rules.routes[clients[client].request.route].scope
        return HeldSlot(counts: rules.inFlight[clients[client].request.application], scope: scope)
    }

    /// Closes a core store's connection and forgets it; its client is not touched.
    mutating func close(upstream index: Int) {
        if upstreams[index].phase == .pooled { unpark(index) }
        if upstreams[index].phase == .draining { endDeparture(of: index) }
        perform(.close(handle(upstream: index)))
        clearRequest(upstream: index)
        recycleInput(upstream: index)
        upstreams[index].generation = (upstreams[index].generation + 1) & 0x7FFF_FFFF
        upstreams[index].phase = .free
        upstreams[index].isReused = false
        upstreamDeadlines[index] = .max
        upstreamCounts[Int(upstreams[index].environment.rawValue)] -= 1
        setting.endpoints.closeConnection(upstreams[index].endpoint)
        freeUpstreams.append(index)
    }

    /// Forgets the request a core store's connection was on.
    mutating func clearRequest(upstream index: Int) {
        recycleOutput(upstream: index)
        upstreams[index].sent = 0
        if upstreams[index].isCounted { stopCounting(upstream: index) }
        upstreams[index].client = -1
        upstreams[index].hasSent = false
        upstreams[index].attempts = 0
        upstreams[index].tried = 0
        upstreams[index].mayRetry = false
        upstreams[index].isSilent = true
        upstreams[index].interimAnswers = 0
        if upstreams[index].report != nil { upstreams[index].report = nil }
        upstreams[index].absorbed = 0
    }

    /// A buffer of nobody's, with room from its last use where there is one.
    mutating func buffer() -> ByteQueue { spareBuffers.popLast() ?? ByteQueue(capacity: 4_096) }

    /// Gives a client an output to write into, unless it has one.
    mutating func openOutput(client index: Int) {
        if clients[index].output.capacity == 0 { clients[index].output = buffer() }
    }

    mutating func recycleOutput(client index: Int) {
        var queue = ByteQueue()
        swap(&queue, &clients[index].output)
        recycle(queue)
    }

    mutating func recycleInput(client index: Int) {
        var queue = ByteQueue()
        swap(&queue, &clients[index].input)
        recycle(queue)
    }

    mutating func recycleInput(upstream index: Int) {
        var queue = ByteQueue()
        swap(&queue, &upstreams[index].input)
        recycle(queue)
    }

    mutating func recycleOutput(upstream index: Int) {
        var queue = ByteQueue()
        swap(&queue, &upstreams[index].output)
        recycle(queue)
    }

    /// Takes a queue's memory back for the next who needs one.
    mutating func recycle(_ queue: consuming ByteQueue) {
        guard queue.capacity > 0, queue.capacity <= Limits.spareBufferBytes, spareBuffers.count < Limits.spareBuffers else { return }
        queue.removeAll(keepingCapacity: true)
        spareBuffers.append(queue)
    }
}

/// One request in flight of an application and scope.
struct HeldSlot {
    let counts: InFlightCounts
    let scope: Scope

    func giveBack() { counts.giveBack(scope) }
}
