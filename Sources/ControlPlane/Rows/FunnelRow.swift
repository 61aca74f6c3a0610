import Registry

/// Several applications together.
package struct FunnelRow: Encodable, Sendable {
    /// Seconds; ages are told no finer.
    package struct Ages: Encodable, Sendable {
        /// Half have at most this.
        package let median: Int64
        /// Nine tenths have at most this.
        package let ninetieth: Int64

        init(_ ages: Funnel.Ages) {
            median = ages.medianNanoseconds / 1_000_000_000
            ninetieth = ages.ninetiethNanoseconds / 1_000_000_000
        }
    }

    /// What they have in common: `all`, `state`, `kind` or `week`.
    package let by: String
    /// Which state, kind or week.
    package let id: String
    /// How many.
    package let count: Int
    /// How many stand where.
    package let states: [String: Int]
    /// How many were ever there.
    package let reached: [String: Int]
    /// How long they lie where they stand.
    package let secondsInState: Ages?
    /// How long ago they came.
    package let secondsSinceReceived: Ages?
    /// Past the first of their state's clocks.
    package let stuck: Int
    /// Past the second.
    package let escalated: Int

    private init(_ by: String, _ id: String, _ group: Funnel.Group) {
        (self.by, self.id, count) = (by, id, group.count)
        states = Dictionary(uniqueKeysWithValues: group.states.map { ($0.key.name, $0.value) })
        reached = Dictionary(uniqueKeysWithValues: group.reached.map { ($0.key.name, $0.value) })
        (secondsInState, secondsSinceReceived) = (group.inState.map(Ages.init), group.sinceReceived.map(Ages.init))
        (stuck, escalated) = (group.stuck, group.escalated)
    }

    /// All of them, then by state, kind and week.
    package static func all(of funnel: Funnel) -> [FunnelRow] {
        var rows = [FunnelRow("all", "all", funnel.all)]
        rows += ApplicationState.allCases.compactMap { state in funnel.states[state].map { FunnelRow("state", state.name, $0) } }
        rows += PartnerKind.allCases.compactMap { kind in funnel.kinds[kind].map { FunnelRow("kind", kind.name, $0) } }
        return rows + funnel.weeks.map { FunnelRow("week", $0.week.text, $0.group) }
    }
}
