package import Registry

/// One thing that another policy would change, and for whom.
package struct PolicyChange: Hashable, Sendable {
    /// What is changed.
    package enum Subject: Hashable, Sendable {
        /// What a plan allows in a scope.
        case allowance(plan: Identifier, Scope)
        /// A route.
        case route(Identifier)
        /// Which plan callers without a key have.
        case anonymousPlan
        /// Which plan a kind of partner gets where none is named.
        case defaultPlan(PartnerKind)
        /// When the days of daily quotas begin.
        case dayOffset
        /// What the core store is stated to carry in a scope.
        case capacity(Scope)
    }

    /// Whether callers may do more or less than before.
    package enum Generosity: String, Sendable {
        case more, less
        /// Something else, not more or less of the same.
        case other
    }

    /// What is changed.
    package var subject: Subject
    /// Which of its parts: `rate`, `burst`, `day`, `concurrency`, `cost`, …; `all` where the whole is added or removed.
    package var part: String
    /// As it is in force; nil where it is added.
    package var old: String?
    /// As it would be; nil where it is removed.
    package var new: String?
    /// Whether callers may do more or less than before.
    package var generosity: Generosity
    /// Applications it touches: those that were granted the scope, under the plan; by id.
    package var applications: [Identifier]
    /// Whether callers without a key are touched.
    package var touchesAnonymous: Bool
}

extension PolicyChange.Subject {
    /// What sort of thing it is, in one word.
    package var sort: String {
        switch self {
        case .allowance: "plan"
        case .route: "route"
        case .anonymousPlan: "anonymous"
        case .defaultPlan: "default"
        case .dayOffset: "day-offset"
        case .capacity: "capacity"
        }
    }

    /// Its name among its sort; empty where there is one only.
    package var name: String {
        switch self {
        case .allowance(let plan, let scope): "\(plan.text) \(scope.name)"
        case .route(let id): id.text
        case .anonymousPlan, .dayOffset: ""
        case .defaultPlan(let kind): kind.name
        case .capacity(let scope): scope.name
        }
    }
}
