import Registry
import Wire

@testable import Exchange

/// What only a test looks at: how much an exchange holds.
extension Bench {
    var heldForClients: Int { (0..<exchange.clients.count).reduce(0) { $0 + exchange.clients[$1].output.count } }
    var heldForStores: Int { (0..<exchange.upstreams.count).reduce(0) { $0 + exchange.upstreams[$1].output.count } }

    /// Slots and buffers that are not back where they came from, in words; empty when all is well.
    var leaks: [String] {
        var leaks: [String] = []
        if exchange.freeClients.count != exchange.clients.count { leaks.append("clients") }
        if Set(exchange.freeClients).count != exchange.freeClients.count { leaks.append("a client's slot is free twice") }
        if exchange.freeUpstreams.count != exchange.upstreams.count { leaks.append("connections to core stores") }
        if Set(exchange.freeUpstreams).count != exchange.freeUpstreams.count { leaks.append("a store's slot is free twice") }
        for kind in 0..<2 where exchange.upstreamCounts[kind] != 0 { leaks.append("count \(kind)") }
        if exchange.newestIdle.contains(where: { $0 >= 0 }) { leaks.append("a list of unused connections") }
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
