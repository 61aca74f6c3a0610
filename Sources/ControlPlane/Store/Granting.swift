import GRDB
import Registry

// What an application is given: scopes, and the plan they are spent under.

extension RegistryStore {
    /// What a move gives if it is made; nil for one that gives nothing.
    static func proposal(
        _ wish: Wish, by move: LifecycleMove, for application: RegisteredApplication, _ database: Database
    ) throws -> Proposal? {
        let id = application.declaration.id
        guard move == .grantSandbox || move == .grantScopes || wish.scopes == nil else {
            throw RegistryError.outOfForm("scopes are granted by grant-sandbox and grant-scopes only")
        }
        guard move == .changePlan || wish.plan == nil else { throw RegistryError.outOfForm("a plan is given by change-plan only") }
        let policy = try policyInForce(database)
        let terms: GrantTerms
        switch (move, wish.scopes, wish.plan, application.plan) {
        case (.grantSandbox, let scopes, _, nil): terms = try firstTerms(scopes, for: application, under: policy)
        case (.grantSandbox, let scopes, _, let plan?): terms = try narrowed(scopes, plan, for: application)
        case (.grantScopes, let scopes?, _, let plan?): terms = GrantTerms(scopes: scopes, plan: plan)
        case (.changePlan, _, let plan?, _?): terms = GrantTerms(scopes: application.granted, plan: plan)
        default: return nil
        }
        try check(terms, for: application.declaration, under: policy)
        try checkFit(of: terms, to: id, database)
        if let plan = application.plan, move.grants {
            let before = GrantTerms(scopes: application.granted, plan: plan)
            guard terms != before else {
                throw RegistryError.scopes(application: id.text, "it has exactly these scopes and this plan already")
            }
            // What is announced is decided already: a plan that is more from tomorrow on is more.
            let policies = [policy] + (try announcedPolicies(database).map(\.policy))
            let raises = policies.contains { Proposal(terms, insteadOf: before, under: $0).raises }
            return Proposal(terms, raises: raises, limits: limits(of: terms, under: policies))
        }
        return Proposal(terms, raises: false)
    }

    /// SHA-256 of what terms mean under the policies in force and to come, so far as they differ.
    private static func limits(of terms: GrantTerms, under policies: [Policy]) -> Digest {
        var texts: [String] = []
        for plan in policies.map({ $0.plan(terms.plan) }) {
            let text = terms.scopes.scopes.map { "\($0.name) \(plan?[$0].map(limits(of:)) ?? "-")" }.joined(separator: "\n")
            if texts.last != text { texts.append(text) }
        }
        return sha256(Array(texts.joined(separator: "\n\n").utf8))
    }

    private static func limits(of allowance: Allowance) -> String {
        let bucket = allowance.bucket
        let numbers = [bucket.tokens, bucket.periodNanoseconds, bucket.burst, allowance.dayTokens, allowance.concurrency]
        return numbers.map { String($0) }.joined(separator: " ")
    }

    /// All that was asked for or some of it, under the declared plan or the kind's default.
    static func firstTerms(
        _ scopes: ScopeSet?, for declaration: ApplicationDeclaration, of kind: PartnerKind, under policy: Policy
    ) throws(RegistryError) -> GrantTerms {
        let application = declaration.id.text
        guard let plan = declaration.plan ?? policy.defaultPlans[kind] else {
            throw .plan("application \(application) names no plan and the policy has no default for kind \(kind.name)")
        }
        let terms = GrantTerms(scopes: scopes ?? declaration.scopes, plan: plan)
        try check(terms, for: declaration, under: policy)
        return terms
    }

    private static func firstTerms(
        _ scopes: ScopeSet?, for application: RegisteredApplication, under policy: Policy
    ) throws(RegistryError) -> GrantTerms {
        try firstTerms(scopes, for: application.declaration, of: application.kind, under: policy)
    }

    /// Back from certifying: what was granted before stays granted unless narrowed. More, and another plan, have moves of their own, which may
    /// take two people.
    private static func narrowed(
        _ scopes: ScopeSet?, _ plan: Identifier, for application: RegisteredApplication
    ) throws(RegistryError) -> GrantTerms {
        let before = application.granted.intersection(application.declaration.scopes)
        let wanted = scopes ?? before
        let surplus = wanted.subtracting(application.granted)
        guard surplus.isEmpty else {
            let names = surplus.scopes.map(\.name).joined(separator: ", ")
            throw .scopes(application: application.declaration.id.text, "it was not granted \(names) before: grant-scopes adds that")
        }
        return GrantTerms(scopes: wanted, plan: plan)
    }

    /// Scopes that were asked for, at least one, each with a bucket in the plan.
    private static func check(_ terms: GrantTerms, for declaration: ApplicationDeclaration, under policy: Policy) throws(RegistryError) {
        let application = declaration.id.text
        guard !terms.scopes.isEmpty else { throw .scopes(application: application, "at least one scope must be granted") }
        let surplus = terms.scopes.subtracting(declaration.scopes)
        guard surplus.isEmpty else {
            throw .scopes(application: application, "it did not ask for \(surplus.scopes.map(\.name).joined(separator: ", "))")
        }
        let name = terms.plan.text
        guard let plan = policy.plan(terms.plan) else { throw .plan("application \(application): the policy has no plan '\(name)'") }
        if let scope = terms.scopes.scopes.first(where: { plan[$0] == nil }) {
            throw .plan("application \(application): the plan '\(name)' has no bucket for the scope '\(scope.name)'")
        }
    }
}
