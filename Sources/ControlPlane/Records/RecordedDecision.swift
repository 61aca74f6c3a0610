package import Decisions
package import Registry

/// A record with the names that its numbers stand for in its segment.
package struct RecordedDecision: Sendable {
    /// The record.
    package let decision: Decision
    /// The application; nil where none was known.
    package let application: Identifier?
    /// The route; nil where none was found.
    package let route: Identifier?
    /// The route's scope.
    package let scope: Scope?
    /// Version of the policy in force; nil where the segment lacks it.
    package let policyVersion: String?
    /// The core store's endpoint; nil where none was asked.
    package let endpoint: String?

    /// The record as its segment's facts have it.
    package init(_ decision: Decision, _ facts: [UInt32: Fact]) {
        self.decision = decision
        application = decision.application == 0 ? nil : facts[decision.application]?.application?.id
        let policy = facts[decision.rules]?.policy
        let index = Int(decision.route)
        let found = policy.flatMap { $0.routes.indices.contains(index) ? $0.routes[index] : nil }
        route = found?.id
        scope = found?.scope
        policyVersion = policy?.version
        endpoint = decision.endpoint == 0 ? nil : facts[decision.endpoint]?.endpoint
    }

    /// The scope's name for the rule's.
    package var ruleName: String? { scope.flatMap { decision.rule.name(scope: $0.name) } }
}

extension DecisionFilter {
    /// Whether it lets a record through that comes by itself, and not in a block.
    func letsThrough(_ record: RecordedDecision) -> Bool {
        func fits<Value: Hashable>(_ value: Value?, _ wanted: Set<Value>?) -> Bool {
            guard let wanted else { return true }
            return value.map(wanted.contains) ?? false
        }
        let decision = record.decision
        return wall.contains(decision.wallNanoseconds) && fits(decision.verdict, verdicts) && fits(decision.status, statuses)
            && fits(record.application, applications) && fits(record.route, routes) && fits(record.scope, scopes)
    }
}
