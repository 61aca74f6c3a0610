import Admission
package import Registry
import Wire

/// What an exchange holds at a moment, counted from its slots one by one: whoever audits it compares this with what it saw happen.
package struct Holdings: Sendable {
    /// Connections of clients.
    package var clients = 0
    /// Connections to core stores.
    package var upstreams = 0
    /// Of those, the unused ones.
    package var pooled = 0
    /// The most bytes received of one client and not yet taken.
    package var clientInputBytes = 0
    /// The most bytes to be sent to one client.
    package var clientOutputBytes = 0
    /// The most bytes received of one core store and not yet taken.
    package var upstreamInputBytes = 0
    /// The most bytes to be sent to one core store.
    package var upstreamOutputBytes = 0
    /// Room of all buffers in use, in bytes.
    package var bufferBytes = 0
}

extension Exchange {
    /// Counts what is held; linear in the slots, so for audits and not for the path of a request.
    package mutating func holdings() -> Holdings {
        var held = Holdings()
        for index in clients.indices where clients[index].phase != .free {
            held.clients += 1
            held.clientInputBytes = max(held.clientInputBytes, clients[index].input.count)
            held.clientOutputBytes = max(held.clientOutputBytes, clients[index].output.count)
            held.bufferBytes += clients[index].input.capacity + clients[index].output.capacity
        }
        for index in upstreams.indices where upstreams[index].phase != .free {
            held.upstreams += 1
            if upstreams[index].phase == .pooled { held.pooled += 1 }
            held.upstreamInputBytes = max(held.upstreamInputBytes, upstreams[index].input.count)
            held.upstreamOutputBytes = max(held.upstreamOutputBytes, upstreams[index].output.count - upstreams[index].sent)
            held.bufferBytes += upstreams[index].input.capacity + upstreams[index].output.capacity
        }
        return held
    }

    /// This loop's connections to an endpoint, and the requests in flight it counts there.
    package mutating func counts(of endpoint: EndpointName) -> (connections: Int, requests: Int) {
        var found = (connections: 0, requests: 0)
        for index in upstreams.indices where upstreams[index].phase != .free && upstreams[index].endpoint == endpoint {
            found.connections += 1
            if upstreams[index].isCounted { found.requests += 1 }
        }
        return found
    }

    /// The first contradiction between slots, free lists, lists of unused connections and counters; nil where they agree.
    package mutating func contradiction() -> String? {
        var counts: InlineArray<2, Int> = [0, 0]
        for index in upstreams.indices where upstreams[index].phase != .free {
            counts[Int(upstreams[index].environment.rawValue)] += 1
        }
        for kind in 0..<2 where counts[kind] != upstreamCounts[kind] { return "the count of connections to a core store is wrong" }
        if let found = freeListContradiction() ?? idleListContradiction() { return found }
        if clients.indices.reduce(0, { $0 + Int(clients[$1].heldBytes) }) != heldBytes {
            return "what is held for slow readers is counted wrongly"
        }
        for index in clients.indices {
            if let found = contradiction(client: index) { return found }
        }
        if questions.count != clients.count(where: { $0.phase == .asking }) { return "somebody asks who waits for no answer" }
        for index in upstreams.indices {
            if let found = contradiction(upstream: index) { return found }
        }
        return nil
    }

    private func freeListContradiction() -> String? {
        for (place, index) in freeClients.enumerated() {
            if clients[index].phase != .free { return "a client's slot in use is listed as free" }
            if freeClients[..<place].contains(index) { return "a client's slot is listed as free twice" }
        }
        for (place, index) in freeUpstreams.enumerated() {
            if upstreams[index].phase != .free { return "a core store's slot in use is listed as free" }
            if freeUpstreams[..<place].contains(index) { return "a core store's slot is listed as free twice" }
        }
        let free = clients.indices.reduce(0) { $0 + (clients[$1].phase == .free ? 1 : 0) }
        if free != freeClients.count { return "a client's free slot is not listed" }
        let spare = upstreams.indices.reduce(0) { $0 + (upstreams[$1].phase == .free ? 1 : 0) }
        return spare == freeUpstreams.count ? nil : "a core store's free slot is not listed"
    }

    private func idleListContradiction() -> String? {
        var listed = 0
        for place in newestIdle.indices where newestIdle[place] >= 0 {
            var newer: Int32 = -1
            var index = newestIdle[place]
            while index >= 0 {
                let upstream = Int(index)
                if upstreams[upstream].phase != .pooled { return "a connection listed as unused is in use" }
                if upstreams[upstream].endpoint.place != place { return "an unused connection is listed at another endpoint" }
                if upstreams[upstream].newer != newer { return "the list of unused connections is torn" }
                listed += 1
                if listed > upstreams.count { return "the list of unused connections is a ring" }
                newer = index
                index = upstreams[upstream].older
            }
        }
        let unused = upstreams.indices.reduce(0) { $0 + (upstreams[$1].phase == .pooled ? 1 : 0) }
        return listed == unused ? nil : "an unused connection is not listed"
    }

    private func contradiction(client index: Int) -> String? {
        let upstream = clients[index].request.upstream
        switch clients[index].phase {
        case .free:
            if clientDeadlines[index] != .max { return "a client's free slot has a deadline" }
            if clients[index].input.capacity + clients[index].output.capacity > 0 { return "a client's free slot holds a buffer" }
            if clients[index].behindSince != .max || clients[index].isCounted { return "a client's free slot is counted" }
            return clients[index].request.rules == nil ? nil : "a client's free slot holds rules"
        case .exchanging:
            guard upstream >= 0 else { return nil }
            return upstreams[upstream].client == index ? nil : "a client's connection to a core store works for another"
        case .asking where questions[index] == nil: return "a client asks nothing"
        case .opening, .idle, .head, .asking, .answering, .lingering:
            return clientDeadlines[index] == .max ? "a client waits without a deadline" : nil
        }
    }

    private func contradiction(upstream index: Int) -> String? {
        let client = upstreams[index].client
        switch upstreams[index].phase {
        case .free, .pooled:
            if client >= 0 || upstreams[index].isCounted { return "an unused connection to a core store has a request" }
            if upstreams[index].output.capacity > 0 { return "an unused connection to a core store holds a request's bytes" }
            if upstreams[index].phase == .free { return upstreamDeadlines[index] == .max ? nil : "a core store's free slot has a deadline" }
            return upstreamDeadlines[index] == .max ? "an unused connection to a core store has no deadline" : nil
        case .draining:
            if client >= 0 { return "a connection whose client left has a client" }
            return upstreamDeadlines[index] == .max || departed[index] == nil ? "a connection whose client left is forgotten" : nil
        case .probing: return checks[upstreams[index].endpoint.place].upstream == index ? nil : "a check of an endpoint is nobody's"
        case .connecting, .waiting, .answering, .absorbing:
            guard client >= 0, upstreams[index].isCounted else { return "a connection to a core store works for nobody" }
            return clients[client].phase == .exchanging && clients[client].request.upstream == index
                ? nil : "a connection to a core store works for a client that does not know it"
        }
    }
}

extension Ruleset {
    /// How many of an application's requests count as in flight, over all loops.
    package func requestsInFlight(of application: Int, _ scope: Scope) -> Int64 { inFlight[application][scope] }

    /// Forgets an application's requests in flight: for a simulation that ends in the middle of them.
    package func giveBackAll(of application: Int) {
        for scope in Scope.allCases {
            while inFlight[application][scope] > 0 { inFlight[application].giveBack(scope) }
        }
    }
}
