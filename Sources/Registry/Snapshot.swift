/// What the data plane needs to know of one application.
package struct ApplicationRecord: Hashable, Sendable {
    // What every request is judged by comes first, so that it lies together.
    /// Its lifecycle state.
    package var state: ApplicationState
    /// What it was granted.
    package var scopes: ScopeSet
    /// When a withdrawal ends; `.max` nanoseconds where nothing ends.
    package var ends: WallTime
    /// Addresses it may call from; empty means anywhere.
    package var allowedAddresses: [AddressRange]
    /// SHA-256 of the client certificates it must call with, one of them; empty means its key alone is enough.
    package var certificates: [Digest]
    /// What it has on top of its plan for a time: at its end it counts no more, whoever takes it back.
    package var extra: ExtraQuota?
    /// The application's id.
    package var id: Identifier
    /// Its partner's id.
    package var partner: Identifier
    /// The id of its plan.
    package var plan: Identifier

    /// A record from its parts.
    package init(
        id: Identifier, partner: Identifier, state: ApplicationState, ends: WallTime, scopes: ScopeSet, plan: Identifier,
        allowedAddresses: [AddressRange], certificates: [Digest] = [], extra: ExtraQuota? = nil
    ) {
        self.id = id
        self.partner = partner
        self.state = state
        self.ends = ends
        self.scopes = scopes
        self.plan = plan
        self.allowedAddresses = allowedAddresses
        self.certificates = certificates
        self.extra = extra
    }
}

/// A key the data plane knows, by its digest alone.
package struct CredentialRecord: Hashable, Sendable {
    /// Whether the key is good, ending or refused.
    package enum State: UInt8, Sendable {
        case active, retiring, revoked
    }

    /// SHA-256 of the key.
    package var digest: Digest
    /// Index into the snapshot's applications.
    package var application: Int
    /// Which core store it reaches.
    package var environment: Environment
    /// As the registry last said.
    package var state: State
    /// When a retiring key stops; `.max` nanoseconds otherwise.
    package var until: WallTime

    /// A record from its parts.
    package init(digest: Digest, application: Int, environment: Environment, state: State, until: WallTime) {
        self.digest = digest
        self.application = application
        self.environment = environment
        self.state = state
        self.until = until
    }

    /// Whether the key is accepted at this time.
    package func isGood(at now: WallTime) -> Bool {
        switch state {
        case .active: true
        case .retiring: now < until
        case .revoked: false
        }
    }
}

/// Everything a request is judged by, as one immutable value: published by the control plane, taken once by each request.
/// A class only so that handing it on costs one reference.
package final class Snapshot: Sendable {
    /// Grows by one with every change of the registry; a lower one never replaces a higher one.
    package let revision: UInt64
    /// Plans and routes.
    package let policy: Policy
    /// A policy that is tried beside the one in force: requests are judged by it too, and nothing depends on its verdict.
    package let shadow: Policy?
    /// What will be in force later, in the order of time.
    package let announced: [AnnouncedPolicy]
    /// All applications, in the order credentials refer to.
    package let applications: [ApplicationRecord]
    /// All credentials, revoked ones too, so that a revoked key is told from an unknown one.
    package let credentials: [CredentialRecord]

    /// The policy's plans, and behind them those that some application has with extra quota.
    package let plans: [Plan]
    /// By application: the index of its plan in `plans`, with what it has on top of it for a time (`planIndex` looks at the time).
    package let planIndexes: [Int]
    /// Of the plans in `plans` behind the policy's: the index of the one that each was raised from.
    private let plainIndexes: [Int]
    /// The index of the anonymous plan in `plans`.
    package let anonymousPlanIndex: Int
    /// The same for the shadow policy, where there is one.
    package let shadowPlanIndexes: PlanIndexes?
    /// The calendar days of daily quotas.
    package let days: DayClock
    private let credentialTable: DigestTable

    /// Why a snapshot cannot be built from parts.
    package enum Flaw: Error, Equatable, Sendable {
        /// A plan that the policy does not have.
        case unknownPlan(String)
        /// A credential of an application that does not exist.
        case unknownApplication(Int)
    }

    /// A snapshot from its parts, cross-checked.
    package init(
        revision: UInt64, policy: Policy, applications: [ApplicationRecord], credentials: [CredentialRecord], shadow: Policy? = nil,
        announced: [AnnouncedPolicy] = []
    ) throws(Flaw) {
        let indexes = try PlanIndexes(applications, in: policy)
        shadowPlanIndexes = if let shadow { try PlanIndexes(applications, beside: shadow) } else { nil }
        // Whoever is judged tomorrow must have a plan tomorrow.
        for later in announced { _ = try PlanIndexes(applications, beside: later.policy) }
        if let stray = credentials.first(where: { !applications.indices.contains($0.application) }) {
            throw .unknownApplication(stray.application)
        }
        self.revision = revision
        self.policy = policy
        self.applications = applications
        self.credentials = credentials
        self.shadow = shadow
        self.announced = announced.sorted { $0.from < $1.from }
        plans = indexes.plans(of: policy)
        (planIndexes, plainIndexes) = (indexes.applications, indexes.plain)
        anonymousPlanIndex = indexes.anonymous
        days = DayClock(offsetMinutes: policy.dayOffsetMinutes)
        credentialTable = DigestTable(credentials.map(\.digest))
    }

    /// The same applications and keys under the shadow policy as `change` makes it, which leaves its plans where they are; nil where there is none.
    package func underShadow(_ change: (Policy) -> Policy) -> Snapshot? {
        guard let shadow, let shadowPlanIndexes else { return nil }
        return Snapshot(self, policy: change(shadow), shadowPlanIndexes)
    }

    private init(_ other: Snapshot, policy: Policy, _ indexes: PlanIndexes) {
        self.policy = policy
        plans = indexes.plans(of: policy)
        (planIndexes, plainIndexes) = (indexes.applications, indexes.plain)
        anonymousPlanIndex = indexes.anonymous
        days = DayClock(offsetMinutes: policy.dayOffsetMinutes)
        (shadow, shadowPlanIndexes, announced) = (nil, nil, [])
        (revision, applications, credentials) = (other.revision, other.applications, other.credentials)
        credentialTable = other.credentialTable
    }

    /// The index of the credential with this digest, or nil; no allocation.
    package func credential(_ digest: Digest) -> Int? { credentialTable.index(of: digest) { credentials[$0].digest } }

    /// The index in `plans` of what an application has at a time. Extra quota ends by itself: the control plane may be down then.
    package func planIndex(ofApplication application: Int, at now: WallTime) -> Int {
        let index = planIndexes[application]
        guard index >= policy.plans.count, let extra = applications[application].extra, extra.until <= now else { return index }
        return plainIndexes[index - policy.plans.count]
    }

    /// What an application may spend for a scope at a time, or nil where its plan has nothing for it.
    package func allowance(ofApplication application: Int, for scope: Scope, at now: WallTime) -> Allowance? {
        plans[planIndex(ofApplication: application, at: now)].allowances[Int(scope.rawValue)]
    }

    /// The bucket of callers without a key for a scope, or nil.
    package func anonymousBucket(for scope: Scope) -> BucketRule? {
        plans[anonymousPlanIndex].allowances[Int(scope.rawValue)]?.bucket
    }
}

/// Digest → index by open addressing on the digest's first word, which is uniform already: a tenth of the cost of hashing it again. The digests
/// stay where they are: a slot has half of the second word beside the index, so that no other's record is read on the way.
struct DigestTable: Sendable {
    /// The index plus one in the lower half, 0 where it is empty; in the upper half that of the digest's second word.
    private let slots: [UInt64]
    private let mask: Int

    private static let upperHalf: UInt64 = 0xFFFF_FFFF_0000_0000

    init(_ digests: [Digest]) {
        precondition(digests.count < UInt32.max, "an index plus one fits into half a word")
        var size = 16
        while size < digests.count * 2 { size *= 2 }
        var slots = [UInt64](repeating: 0, count: size)
        for (index, digest) in digests.enumerated() {
            var slot = Int(truncatingIfNeeded: digest.first) & (size - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = digest.second & DigestTable.upperHalf | UInt64(index + 1)
        }
        self.slots = slots
        mask = size - 1
    }

    /// The index of a digest, given where the digest of an index is.
    func index(of digest: Digest, _ kept: (Int) -> Digest) -> Int? {
        var slot = Int(truncatingIfNeeded: digest.first) & mask
        while slots[slot] != 0 {
            if (slots[slot] ^ digest.second) & DigestTable.upperHalf == 0 {
                let index = Int(slots[slot] & ~DigestTable.upperHalf) - 1
                if kept(index) == digest { return index }
            }
            slot = (slot + 1) & mask
        }
        return nil
    }
}
