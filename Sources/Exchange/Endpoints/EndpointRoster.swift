package import Registry

/// Which slot of a store's part of the table stands for which address: new addresses get free slots, gone ones give theirs back once the last
/// of their requests and connections is over.
package struct EndpointRoster<Target: Hashable & Sendable>: Sendable {
    /// What a new list of addresses changed.
    package struct Change: Sendable {
        /// Those that get requests from now on.
        package var added: [Target] = []
        /// Those that get none from now on.
        package var gone: [Target] = []
        /// Those that found no free slot, this time.
        package var unplaced: [Target] = []

        /// Whether all is as it was.
        package var isEmpty: Bool { added.isEmpty && gone.isEmpty && unplaced.isEmpty }
    }

    private let environment: Environment
    /// By slot; one that is gone is kept until its slot is another's, for what is still under way there.
    package private(set) var targets = [Target?](repeating: nil, count: Limits.endpointsPerStore)

    /// A roster without addresses.
    package init(_ environment: Environment) { self.environment = environment }

    /// Makes these the store's addresses.
    package mutating func adopt(_ wanted: [Target], in table: EndpointTable, at now: MonotonicTime) -> Change {
        var change = Change()
        let start = table.active(environment) == 0 ? nil : now
        for (slot, target) in targets.enumerated() {
            let name = EndpointName(environment: environment, slot: slot)
            guard let target, table.isActive(name), !wanted.contains(target) else { continue }
            table.deactivate(name)
            change.gone.append(target)
        }
        for target in wanted {
            // An address that comes back while something is under way there gets its own slot back.
            if let slot = targets.firstIndex(of: target) {
                let name = EndpointName(environment: environment, slot: slot)
                guard !table.isActive(name) else { continue }
                table.activate(name, risingFrom: start)
            } else if let slot = targets.indices.first(where: { table.isVacant(EndpointName(environment: environment, slot: $0)) }) {
                targets[slot] = target
                table.activate(EndpointName(environment: environment, slot: slot), risingFrom: start)
            } else {
                change.unplaced.append(target)
                continue
            }
            change.added.append(target)
        }
        return change
    }
}
