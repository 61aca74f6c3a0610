/// Which of a policy's plans each application of a snapshot has: looked up once, not at every request.
package struct PlanIndexes: Hashable, Sendable {
    /// By application: the index of its plan in `plans(of:)`.
    package let applications: [Int]
    /// The index of the plan of callers without a key.
    package let anonymous: Int
    private let raised: [Raised]

    /// A plan as some application has it with extra quota: made once, so that looking up an allowance stays one index.
    private struct Raised: Hashable {
        let plan: Int
        let percent: UInt16
    }

    /// Of the raised plans, in their order: the index of the one that each was raised from.
    var plain: [Int] { raised.map(\.plan) }

    /// The plans that the indexes are of: the policy's, and behind them the raised ones.
    func plans(of policy: Policy) -> [Plan] { policy.plans + raised.map { policy.plans[$0.plan].raised(byPercent: $0.percent) } }

    /// The indexes under the policy in force: every application's plan must be one of its plans.
    init(_ applications: [ApplicationRecord], in policy: Policy) throws(Snapshot.Flaw) {
        try self.init(applications, in: policy) { application throws(Snapshot.Flaw) in throw .unknownPlan(application.plan.text) }
    }

    /// The indexes under a policy beside it. An application that was granted nothing has no plan yet, only one that it would get under
    /// today's policy: where the other does not know it, it counts as a caller without a key.
    init(_ applications: [ApplicationRecord], beside policy: Policy) throws(Snapshot.Flaw) {
        try self.init(applications, in: policy) { application throws(Snapshot.Flaw) in
            guard application.scopes.isEmpty else { throw .unknownPlan(application.plan.text) }
        }
    }

    private init(
        _ applications: [ApplicationRecord], in policy: Policy, otherwise objects: (ApplicationRecord) throws(Snapshot.Flaw) -> Void
    ) throws(Snapshot.Flaw) {
        let indexes = Dictionary(policy.plans.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        guard let anonymous = indexes[policy.anonymousPlan] else { throw .unknownPlan(policy.anonymousPlan.text) }
        var found: [Int] = []
        found.reserveCapacity(applications.count)
        var raised: [Raised] = []
        var places: [Raised: Int] = [:]
        for application in applications {
            guard let index = indexes[application.plan] else {
                try objects(application)
                found.append(anonymous)
                continue
            }
            guard let extra = application.extra else {
                found.append(index)
                continue
            }
            let wanted = Raised(plan: index, percent: extra.percent)
            let place = places[wanted] ?? policy.plans.count + raised.count
            if places.updateValue(place, forKey: wanted) == nil { raised.append(wanted) }
            found.append(place)
        }
        self.applications = found
        self.anonymous = anonymous
        self.raised = raised
    }
}
