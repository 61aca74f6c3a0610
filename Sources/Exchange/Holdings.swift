import Registry
import Wire

/// What an exchange holds at a moment, counted from its slots one by one: whoever audits it compares this with what it saw happen.
package struct Holdings: Equatable, Sendable {
    /// Connections of clients, and of core stores by `Environment.rawValue`.
    package var clients = 0
    package var upstreams: InlineArray<2, Int> = [0, 0]
    /// Of those to core stores, the unused ones.
    package var pooled = 0
    /// The most bytes any one connection holds, by kind of buffer.
    package var clientInputBytes = 0
    package var clientOutputBytes = 0
    package var upstreamInputBytes = 0
    package var upstreamOutputBytes = 0
    /// Room of all buffers in use, in bytes.
    package var bufferBytes = 0

    package static func == (left: Holdings, right: Holdings) -> Bool {
        left.clients == right.clients && left.upstreams[0] == right.upstreams[0] && left.upstreams[1] == right.upstreams[1]
            && left.bufferBytes == right.bufferBytes
    }
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
            held.upstreams[Int(upstreams[index].environment.rawValue)] += 1
            if upstreams[index].phase == .pooled { held.pooled += 1 }
            held.upstreamInputBytes = max(held.upstreamInputBytes, upstreams[index].input.count)
            held.upstreamOutputBytes = max(held.upstreamOutputBytes, upstreams[index].output.count - upstreams[index].sent)
            held.bufferBytes += upstreams[index].input.capacity + upstreams[index].output.capacity
        }
        return held
    }

    /// The first contradiction between slots, free lists, pools and counters; nil where they agree.
    package mutating func contradiction() -> String? {
        let held = holdings()
        for kind in 0..<2 where held.upstreams[kind] != upstreamCounts[kind] { return "the count of connections to a core store is wrong" }
        if let found = freeListContradiction() { return found }
        var pooled = 0
        for kind in 0..<2 {
            for (place, index) in pools[kind].enumerated() {
                if upstreams[index].phase != .pooled { return "a connection in the pool is not unused" }
                if Int(upstreams[index].environment.rawValue) != kind { return "a connection is in the other core store's pool" }
                if pools[kind][..<place].contains(index) { return "a connection is in the pool twice" }
                pooled += 1
            }
        }
        if pooled != held.pooled { return "an unused connection is not in the pool" }
        for index in clients.indices {
            if let found = contradiction(client: index) { return found }
        }
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

    private func contradiction(client index: Int) -> String? {
        let upstream = clients[index].request.upstream
        switch clients[index].phase {
        case .free:
            if clientDeadlines[index] != .max { return "a client's free slot has a deadline" }
            if clients[index].input.capacity + clients[index].output.capacity > 0 { return "a client's free slot holds a buffer" }
            return clients[index].request.rules == nil ? nil : "a client's free slot holds rules"
        case .exchanging:
            guard upstream >= 0 else { return nil }
            return upstreams[upstream].client == index ? nil : "a client's core store connection works for another"
        case .opening, .idle, .head, .answering, .lingering:
            return clientDeadlines[index] == .max ? "a client waits without a deadline" : nil
        }
    }

    private func contradiction(upstream index: Int) -> String? {
        let client = upstreams[index].client
        switch upstreams[index].phase {
        case .free, .pooled:
            if client >= 0 { return "an unused connection to a core store has a client" }
            if upstreams[index].output.capacity > 0 { return "an unused connection to a core store holds a request" }
            if upstreams[index].phase == .free { return upstreamDeadlines[index] == .max ? nil : "a core store's free slot has a deadline" }
            return upstreamDeadlines[index] == .max ? "an unused connection to a core store has no deadline" : nil
        case .connecting, .waiting, .answering, .absorbing:
            guard client >= 0 else { return "a connection to a core store works for nobody" }
            return clients[client].phase == .exchanging && clients[client].request.upstream == index
                ? nil : "a connection to a core store works for a client that does not know it"
        }
    }
}
