/// Something in policy files that is valid and yet surely not meant: where, what, why, and what to do.
package struct LintFinding: Hashable, Sendable {
    /// How bad it is.
    package enum Severity: String, Sendable {
        /// Cannot work as it is written.
        case error
        /// Works, and does not do what its author may think.
        case warning
    }

    /// What it breaks.
    package var rule: LintRule
    /// The file's path as it was given.
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1.
    package var column: Int
    /// What is so, and why that is a mistake.
    package var problem: String
    /// What to do.
    package var advice: String

    /// How bad it is.
    package var severity: Severity { rule.severity }

    init(_ rule: LintRule, at position: FilePosition, _ problem: String, advice: String) {
        self.rule = rule
        (file, line, column) = (position.file, position.line, position.column)
        self.problem = problem
        self.advice = advice
    }

    /// What makes a file invalid is worse than what this looks for, and comes instead of it.
    init(_ fault: ConfigurationFault) {
        let place = FilePosition(file: fault.file, line: fault.line, column: fault.column)
        self.init(.fault, at: place, fault.problem, advice: fault.expected.map { "expected \($0)" } ?? "correct it")
    }
}

extension LintFinding: CustomStringConvertible {
    /// `file:line:column: error: what is wrong; what to do [rule]`.
    package var description: String { "\(file):\(line):\(column): \(severity.rawValue): \(problem); \(advice) [\(rule.rawValue)]" }
}

extension LintFinding: Comparable {
    /// By file, then by place, then by text: the order they are printed in.
    package static func < (left: LintFinding, right: LintFinding) -> Bool {
        (left.file, left.line, left.column, left.problem) < (right.file, right.line, right.column, right.problem)
    }
}

/// What is looked for.
package enum LintRule: String, CaseIterable, Sendable {
    /// What `gateway check` says: it is not even valid.
    case fault
    /// A scope that has routes for applications, and no plan has a bucket for it.
    case scopeInNoPlan = "scope-in-no-plan"
    /// A scope that has routes for applications, and none was granted it or asks for it.
    case scopeOfNobody = "scope-of-nobody"
    /// A route that another one always answers in place of.
    case routeNeverFound = "route-never-found"
    /// A path of one route at which another's calls are refused.
    case routePartlyHidden = "route-partly-hidden"
    /// A route at a path where the gateway answers itself.
    case ownPageHidden = "own-page-hidden"
    /// A plan that no application has, and that is nobody's default.
    case planOfNobody = "plan-of-nobody"
    /// An application's plan that is not there, or lacks what the application was granted.
    case planMissing = "plan-missing"
    /// A bucket for a scope that has no route for whoever has the plan.
    case bucketWithoutRoutes = "bucket-without-routes"
    /// A daily quota that a full bucket is already more than.
    case dayBelowBurst = "day-below-burst"
    /// A daily quota that the bucket never lets anybody reach.
    case dayNeverReached = "day-never-reached"
    /// A bound on requests in flight that the bucket never lets anybody reach.
    case concurrencyNeverReached = "concurrency-never-reached"
    /// All live applications together may ask for more than the core store is stated to carry.
    case aboveCapacity = "above-capacity"

    /// How bad it is.
    package var severity: LintFinding.Severity {
        switch self {
        case .fault, .scopeInNoPlan, .routeNeverFound, .ownPageHidden, .planMissing, .aboveCapacity: .error
        case .scopeOfNobody, .routePartlyHidden, .planOfNobody, .bucketWithoutRoutes, .dayBelowBurst, .dayNeverReached,
            .concurrencyNeverReached:
            .warning
        }
    }
}
