package import Registry

/// What another policy would change for whom: plans in the order of their ids, then routes, then the rest. Empty where the versions are equal.
package func comparePolicies(
    _ old: Policy, to new: Policy, among applications: [RegisteredApplication]
) -> [PolicyChange] {
    let comparison = PolicyComparison(old: old, new: new, applications: applications)
    return comparison.plans + comparison.routes + comparison.rest
}

/// Two policies and those they are for.
struct PolicyComparison {
    let old: Policy
    let new: Policy
    let applications: [RegisteredApplication]

    /// Changes of plans, by plan and scope.
    var plans: [PolicyChange] {
        let ids = Set((old.plans + new.plans).map(\.id)).sorted { $0.text < $1.text }
        return ids.flatMap { id in
            Scope.allCases.flatMap { scope in
                let (before, after) = (old.plan(id)?[scope], new.plan(id)?[scope])
                return parts(of: before, after).map { part in
                    PolicyChange(
                        subject: .allowance(plan: id, scope), part: part.name, old: part.old, new: part.new, generosity: part.generosity,
                        applications: holders { $0.plan == id && $0.granted.contains(scope) },
                        touchesAnonymous: old.anonymousPlan == id || new.anonymousPlan == id)
                }
            }
        }
    }

    /// One part of something, before and after.
    struct Part {
        var name: String
        var old: String?
        var new: String?
        var generosity: PolicyChange.Generosity
    }

    private func parts(of old: Allowance?, _ new: Allowance?) -> [Part] {
        switch (old, new) {
        case (nil, nil): []
        case (nil, let new?): [Part(name: "all", old: nil, new: text(new), generosity: .more)]
        case (let old?, nil): [Part(name: "all", old: text(old), new: nil, generosity: .less)]
        case (let old?, let new?):
            [
                Part(
                    name: "rate", old: rate(old.bucket), new: rate(new.bucket),
                    generosity: PolicyComparison.generosity(of: new.bucket, after: old.bucket)),
                Part(
                    name: "burst", old: "\(old.bucket.burst)", new: "\(new.bucket.burst)",
                    generosity: new.bucket.burst > old.bucket.burst ? .more : .less),
                bound("day", old.dayTokens, new.dayTokens), bound("concurrency", old.concurrency, new.concurrency),
            ].filter { $0.old != $0.new }
        }
    }

    /// A number of which 0 is no bound at all.
    private func bound(_ name: String, _ old: Int64, _ new: Int64) -> Part {
        func text(_ number: Int64) -> String { number == 0 ? "none" : "\(number)" }
        return Part(
            name: name, old: text(old), new: text(new), generosity: new == 0 || old != 0 && new > old ? .more : .less)
    }

    /// By cross-multiplication, exactly. Equal rates spelt otherwise (1 in 1 s, 60 in a minute) give neither more nor less.
    private static func generosity(of new: BucketRule, after old: BucketRule) -> PolicyChange.Generosity {
        let left = new.tokens.multipliedFullWidth(by: old.periodNanoseconds)
        let right = old.tokens.multipliedFullWidth(by: new.periodNanoseconds)
        guard left != right else { return .other }
        return (left.high, left.low) > (right.high, right.low) ? .more : .less
    }

    private func rate(_ bucket: BucketRule) -> String { "\(bucket.tokens) / \(Quantity.duration(nanoseconds: bucket.periodNanoseconds))" }

    private func text(_ allowance: Allowance) -> String {
        var text = "\(rate(allowance.bucket)), burst \(allowance.bucket.burst)"
        if allowance.dayTokens > 0 { text += ", day \(allowance.dayTokens)" }
        if allowance.concurrency > 0 { text += ", concurrency \(allowance.concurrency)" }
        return text
    }

    /// Applications by id.
    func holders(where isTouched: (RegisteredApplication) -> Bool) -> [Identifier] {
        applications.filter(isTouched).map(\.declaration.id).sorted { $0.text < $1.text }
    }

    /// What is neither of a plan nor of a route.
    var rest: [PolicyChange] {
        var changes: [PolicyChange] = []
        if old.anonymousPlan != new.anonymousPlan {
            changes.append(
                PolicyChange(
                    subject: .anonymousPlan, part: "plan", old: old.anonymousPlan.text, new: new.anonymousPlan.text, generosity: .other,
                    applications: [], touchesAnonymous: true))
        }
        for kind in PartnerKind.allCases where old.defaultPlans[kind] != new.defaultPlans[kind] {
            // Only who is granted something from then on.
            changes.append(
                PolicyChange(
                    subject: .defaultPlan(kind), part: "plan", old: old.defaultPlans[kind]?.text, new: new.defaultPlans[kind]?.text,
                    generosity: .other, applications: [], touchesAnonymous: false))
        }
        if old.dayOffsetMinutes != new.dayOffsetMinutes {
            changes.append(
                PolicyChange(
                    subject: .dayOffset, part: "offset", old: Quantity.offset(minutes: old.dayOffsetMinutes),
                    new: Quantity.offset(minutes: new.dayOffsetMinutes), generosity: .other,
                    applications: holders { hasQuota($0, under: old) || hasQuota($0, under: new) }, touchesAnonymous: false))
        }
        for scope in Scope.allCases where old.capacityPerSecond[scope] != new.capacityPerSecond[scope] {
            changes.append(
                PolicyChange(
                    subject: .capacity(scope), part: "requests a second", old: old.capacityPerSecond[scope].map { "\($0)" },
                    new: new.capacityPerSecond[scope].map { "\($0)" }, generosity: .other, applications: [], touchesAnonymous: false))
        }
        return changes
    }

    private func hasQuota(_ application: RegisteredApplication, under policy: Policy) -> Bool {
        guard let plan = application.plan.flatMap({ policy.plan($0) }) else { return false }
        return application.granted.scopes.contains { (plan[$0]?.dayTokens ?? 0) > 0 }
    }
}
