package import Decisions
package import Registry

extension DecisionRecords {
    /// What a policy would have answered to the requests that the filter lets through, in their order.
    package func replay(_ policy: Policy, over filter: DecisionFilter) throws -> ReplayReport {
        var replay = Replay(proposing: policy)
        var merge = try merge(filter, columns: replay.columns)
        while try merge.nextRun({ replay.take($1, $2, of: $0) }) != nil {}
        return replay.report
    }
}
