import Admission
import Decisions
import Registry
import Wire

@testable import Exchange

/// What only a test looks at: how much an exchange holds.
extension Bench {
    var heldForClients: Int { (0..<exchange.clients.count).reduce(0) { $0 + exchange.clients[$1].output.count } }
    var heldForStores: Int { (0..<exchange.upstreams.count).reduce(0) { $0 + exchange.upstreams[$1].output.count } }

    /// Bytes of memory in the queues of each connection.
    var memoryOfClients: [Int] {
        (0..<exchange.clients.count).map { exchange.clients[$0].input.capacity + exchange.clients[$0].output.capacity }
    }
    var memoryOfStores: [Int] {
        (0..<exchange.upstreams.count).map { exchange.upstreams[$0].input.capacity + exchange.upstreams[$0].output.capacity }
    }

    /// Where the counts of requests in flight are not those of the connections that hold a slot, in words: to be empty after every step.
    func miscounted(under rules: Ruleset) -> [String] {
        var held = [[Int64]](repeating: [Int64](repeating: 0, count: Scope.allCases.count), count: rules.inFlight.count)
        for client in exchange.clients where client.request.holdsSlot {
            guard let own = client.request.rules, client.phase == .exchanging else { return ["a slot held outside a request"] }
            let id = own.snapshot.applications[client.request.application].id
            guard let index = rules.snapshot.applications.firstIndex(where: { $0.id == id }) else { return ["a slot of nobody's"] }
            held[index][Int(own.routes[client.request.route].scope.rawValue)] += 1
        }
        for left in exchange.departed.values {
            guard let slot = left.slot, let index = rules.inFlight.firstIndex(where: { $0 === slot.counts }) else { continue }
            held[index][Int(slot.scope.rawValue)] += 1
        }
        return rules.inFlight.indices.flatMap { application in
            Scope.allCases.filter { rules.inFlight[application][$0] != held[application][Int($0.rawValue)] }.map {
                "\(rules.snapshot.applications[application].id.text), \($0.name): \(rules.inFlight[application][$0]) in flight"
            }
        }
    }

    /// Slots and buffers that are not back where they came from, in words; empty when all is well.
    var leaks: [String] {
        var leaks: [String] = []
        if exchange.freeClients.count != exchange.clients.count { leaks.append("clients") }
        if Set(exchange.freeClients).count != exchange.freeClients.count { leaks.append("a client's slot is free twice") }
        if exchange.freeUpstreams.count != exchange.upstreams.count { leaks.append("connections to core stores") }
        if Set(exchange.freeUpstreams).count != exchange.freeUpstreams.count { leaks.append("a store's slot is free twice") }
        for kind in 0..<2 where exchange.upstreamCounts[kind] != 0 { leaks.append("count \(kind)") }
        if exchange.newestIdle.contains(where: { $0 >= 0 }) { leaks.append("a list of unused connections") }
        if UInt64(exchange.decisions.count) != exchange.idCount { leaks.append("a request without a record of its own") }
        if Set(exchange.decisions.map(\.idLow)).count != exchange.decisions.count { leaks.append("a request with two records") }
        if !exchange.departed.isEmpty { leaks.append("a request whose client left") }
        for environment in Environment.allCases {
            if endpoints.resent(environment) != 0 { leaks.append("requests sent again") }
            for slot in 0..<Limits.endpointsPerStore {
                let name = EndpointName(environment: environment, slot: slot)
                if endpoints.inFlight(of: name) != 0 { leaks.append("requests in flight at \(name)") }
                if endpoints.connections(of: name) != 0 { leaks.append("connections to \(name)") }
            }
        }
        for client in exchange.clients where client.input.capacity + client.output.capacity > 0 { leaks.append("a client's buffer") }
        for store in exchange.upstreams where store.input.capacity + store.output.capacity > 0 { leaks.append("a store's buffer") }
        if exchange.clientDeadlines.contains(where: { $0 != .max }) { leaks.append("a client's deadline") }
        if exchange.upstreamDeadlines.contains(where: { $0 != .max }) { leaks.append("a store's deadline") }
        return leaks
    }
}
