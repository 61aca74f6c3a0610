package import Decisions
package import Registry

/// Names that can be asked for.
package struct RecordedNames: Sendable {
    /// Applications.
    package var applications: Set<Identifier>
    /// Routes.
    package var routes: Set<Identifier>

    /// These names.
    package init(applications: Set<Identifier> = [], routes: Set<Identifier> = []) {
        self.applications = applications
        self.routes = routes
    }
}

extension DecisionRecords {
    /// Names that stand in the segments of a span.
    package func names(within wall: TimeSpan) throws -> RecordedNames {
        var names = RecordedNames()
        try readers(meeting: wall) { reader in
            for fact in reader.facts.values {
                if let application = fact.application { names.applications.insert(application.id) }
                if let policy = fact.policy { names.routes.formUnion(policy.routes.map(\.id)) }
            }
            return true
        }
        return names
    }

    /// Statuses of the answers of a span; 0 is of none.
    package func statuses(within wall: TimeSpan) throws -> Set<UInt16> {
        var statuses: Set<UInt16> = []
        var filter = DecisionFilter()
        filter.wall = wall
        try readers(meeting: wall) { reader in
            try reader.forEachBlock(filter, columns: DecisionColumns([.status])) { block, selection in
                for index in selection { statuses.insert(UInt16(truncatingIfNeeded: block[.status, index])) }
            }
            return true
        }
        return statuses
    }
}
