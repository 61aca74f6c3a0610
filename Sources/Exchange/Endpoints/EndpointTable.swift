package import Registry
import Synchronization

/// The core stores' endpoints as all loops see them: who is there, who is trusted, and how much each is doing. Atomics alone, no lock: a
/// request costs two additions and a few loads here. Which address a slot stands for is its driver's to know.
package final class EndpointTable: Sendable {
    /// One store's endpoints as sets of slots, a bit each.
    struct Store: ~Copyable {
        /// Those that have an address now.
        let active = Atomic<UInt64>(0)
        /// Those whose checks fail.
        let unhealthy = Atomic<UInt64>(0)
        /// Those that made too many faults one after the other, for a while.
        let ejected = Atomic<UInt64>(0)
        /// Those whose share still grows.
        let rising = Atomic<UInt64>(0)
        /// Requests in flight that are sent for the second time.
        let resent = Atomic<Int>(0)
    }

    /// What all loops know of one endpoint.
    struct Endpoint: ~Copyable {
        let inFlight = Atomic<Int>(0)
        let connections = Atomic<Int>(0)
        /// Faults one after the other.
        let faults = Atomic<Int>(0)
        /// Ejections one after the other.
        let ejections = Atomic<Int>(0)
        /// Monotonic nanoseconds.
        let ejectedUntil = Atomic<Int64>(0)
        /// Monotonic nanoseconds.
        let risingSince = Atomic<Int64>(0)
    }

    let stores: InlineArray<2, Store>
    let endpoints: InlineArray<128, Endpoint>
    private let gone = Atomic<UInt64>(0)
    private let connectionsPerEndpoint: Int

    /// A table without endpoints.
    package init(connectionsPerEndpoint: Int = Limits.connectionsPerEndpoint) {
        precondition(Environment.allCases.count * Limits.endpointsPerStore == 128, "the table has room for every store's endpoints")
        stores = InlineArray { _ in Store() }
        endpoints = InlineArray { _ in Endpoint() }
        self.connectionsPerEndpoint = connectionsPerEndpoint
    }

    // MARK: Who is there

    /// A slot gets an address; one that comes to a store at work starts slowly from that time, the first ones carry everything at once.
    package func activate(_ name: EndpointName, risingFrom start: MonotonicTime? = nil) {
        let kind = Int(name.environment.rawValue)
        endpoints[name.place].faults.store(0, ordering: .relaxed)
        endpoints[name.place].ejections.store(0, ordering: .relaxed)
        clear(name.bit, in: kind)
        if let start { rise(name, at: start) }
        stores[kind].active.bitwiseOr(name.bit, ordering: .releasing)
    }

    /// A slot's address is gone: no new requests; those under way end where they are.
    package func deactivate(_ name: EndpointName) {
        let kind = Int(name.environment.rawValue)
        stores[kind].active.bitwiseAnd(~name.bit, ordering: .releasing)
        clear(name.bit, in: kind)
        gone.wrappingAdd(1, ordering: .releasing)
    }

    /// Whether nothing is left of a slot's last address, so that it may stand for another.
    package func isVacant(_ name: EndpointName) -> Bool {
        !isActive(name) && connections(of: name) == 0 && inFlight(of: name) == 0
    }

    /// Whether a slot has an address.
    package func isActive(_ name: EndpointName) -> Bool { active(name.environment) & name.bit != 0 }

    /// How often an endpoint went away: loops look at this and close their connections to it.
    var departures: UInt64 { gone.load(ordering: .acquiring) }

    /// The slots of a store that have an address.
    func active(_ environment: Environment) -> UInt64 { stores[Int(environment.rawValue)].active.load(ordering: .acquiring) }

    private func clear(_ bit: UInt64, in kind: Int) {
        stores[kind].unhealthy.bitwiseAnd(~bit, ordering: .relaxed)
        stores[kind].ejected.bitwiseAnd(~bit, ordering: .relaxed)
        stores[kind].rising.bitwiseAnd(~bit, ordering: .relaxed)
    }

    // MARK: What each is doing

    /// A request goes there.
    func begin(_ name: EndpointName) { endpoints[name.place].inFlight.wrappingAdd(1, ordering: .relaxed) }

    /// A request there is over, in whatever way.
    func end(_ name: EndpointName) { endpoints[name.place].inFlight.wrappingSubtract(1, ordering: .relaxed) }

    /// Requests in flight there, over all loops.
    package func inFlight(of name: EndpointName) -> Int { endpoints[name.place].inFlight.load(ordering: .relaxed) }

    /// Connections there, over all loops.
    package func connections(of name: EndpointName) -> Int { endpoints[name.place].connections.load(ordering: .relaxed) }

    /// Makes room for one connection more; false where the endpoint has all it may.
    func openConnection(_ name: EndpointName) -> Bool {
        let (old, _) = endpoints[name.place].connections.wrappingAdd(1, ordering: .relaxed)
        if old < connectionsPerEndpoint { return true }
        closeConnection(name)
        return false
    }

    func closeConnection(_ name: EndpointName) { endpoints[name.place].connections.wrappingSubtract(1, ordering: .relaxed) }

    // MARK: Sending again

    /// Whether a request may be sent for the second time: so many at once, and no more, else a store that fails is asked twice as much.
    func beginResending(_ environment: Environment) -> Bool {
        let kind = Int(environment.rawValue)
        let (_, new) = stores[kind].resent.wrappingAdd(1, ordering: .relaxed)
        if new <= Limits.resentRequests || new * 100 <= inFlight(environment) * Limits.resentPercent { return true }
        endResending(environment)
        return false
    }

    func endResending(_ environment: Environment) { stores[Int(environment.rawValue)].resent.wrappingSubtract(1, ordering: .relaxed) }

    /// Requests of a store sent for the second time and in flight.
    package func resent(_ environment: Environment) -> Int { stores[Int(environment.rawValue)].resent.load(ordering: .relaxed) }

    private func inFlight(_ environment: Environment) -> Int {
        (0..<Limits.endpointsPerStore).reduce(0) { $0 + inFlight(of: EndpointName(environment: environment, slot: $1)) }
    }
}
