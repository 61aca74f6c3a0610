package import Registry

/// One address of a core store: which store, and the slot in its part of the `EndpointTable`.
package struct EndpointName: Hashable, Sendable {
    /// Which core store.
    package let environment: Environment
    /// 0 up to `Limits.endpointsPerStore`.
    package let slot: UInt8

    /// A name from its parts.
    package init(environment: Environment, slot: Int) {
        precondition((0..<Limits.endpointsPerStore).contains(slot), "an endpoint's slot lies in its store's part of the table")
        self.environment = environment
        self.slot = UInt8(slot)
    }

    /// Places of all stores.
    package static let placeCount = Environment.allCases.count * Limits.endpointsPerStore

    /// The name of a place among the endpoints of all stores; nil where there is no such place.
    package init?(place: Int) {
        guard place >= 0, let environment = Environment(rawValue: UInt8(clamping: place / Limits.endpointsPerStore)) else { return nil }
        self.init(environment: environment, slot: place % Limits.endpointsPerStore)
    }

    /// Place among the endpoints of all stores.
    var place: Int { Int(environment.rawValue) * Limits.endpointsPerStore + Int(slot) }
    /// The slot as one bit of a store's sets.
    var bit: UInt64 { 1 << UInt64(slot) }
}

/// What changed with an endpoint, for the log; told once, by the loop that changed it.
package struct EndpointNews: Sendable, Equatable {
    /// What happened to it.
    package enum Event: Sendable, Equatable {
        /// Too many faults one after the other: no new requests for so long.
        case ejected(milliseconds: Int64)
        /// Its ejection is over: its share grows from nothing.
        case returned
        /// Its checks fail: no new requests until they succeed.
        case down
        /// Its checks succeed again: its share grows from nothing.
        case up
    }

    /// Which endpoint.
    package let endpoint: EndpointName
    /// What happened.
    package let event: Event
}
