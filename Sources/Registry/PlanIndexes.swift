/// Which of a policy's plans each application of a snapshot has: looked up once, not at every request.
package struct PlanIndexes: Hashable, Sendable {
    /// By application: the index of its plan in the policy's plans.
    package let applications: [Int]
    /// The index of the plan of callers without a key.
    package let anonymous: Int

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
        for application in applications {
            let index = indexes[application.plan]
            if index == nil { try objects(application) }
            found.append(index ?? anonymous)
        }
        self.applications = found
        self.anonymous = anonymous
    }
}
