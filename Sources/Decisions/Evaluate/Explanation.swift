import Admission
package import Registry

/// Why a request was answered as it was, and when it would have passed: what `explain` shows of one record.
package struct Explanation: Sendable {
    /// How full what decided was before the request.
    package struct Level: Hashable, Sendable {
        /// Whole tokens in the bucket.
        package let tokens: Int64
        /// The most it holds.
        package let burst: Int64
        /// What it lacked, in nanoseconds of its filling: exact where `tokens` is rounded down.
        package let owedNanoseconds: Int64
        /// Tokens left of the day's quota; nil where the plan has none.
        package let dayRemaining: Int64?
        /// Requests in flight; nil where the plan does not count them.
        package let inFlight: Int64?
    }

    /// The record.
    package let decision: Decision
    /// The record reckoned again, and whether the two agree.
    package let evaluation: Evaluation
    /// The application it named; nil where none was known.
    package let application: Identifier?
    /// The route; nil where none was found.
    package let route: Identifier?
    /// The route's scope.
    package let scope: Scope?
    /// Version of the policy in force; nil where the facts lack it.
    package let policyVersion: String?
    /// What the deciding rule found; nil where no rule of throttling decided.
    package let level: Level?
    /// The first instant at which it would have passed, had nothing else been spent and whatever was in flight been done: the judging itself
    /// of what was let in; nil where waiting does not help, or nobody can say how long.
    package let earliest: WallTime?
    /// One sentence: what to do.
    package let advice: String

    /// Explains a record by the application and the policy it names; nil where its facts have none.
    package init(of decision: Decision, application: ApplicationRecord?, policy: Policy?) {
        let evaluation = evaluate(decision, of: application, under: policy)
        let route = policy.flatMap { $0.routes.indices.contains(Int(decision.route)) ? $0.routes[Int(decision.route)] : nil }
        let passes = Explanation.passing(decision, evaluation)
        let isOver = application.map { $0.state == .withdrawn && (passes ?? decision.wallNanoseconds) >= $0.ends.nanoseconds } ?? false
        self.decision = decision
        self.evaluation = evaluation
        self.application = application?.id
        self.route = route?.id
        scope = route?.scope
        policyVersion = policy?.version
        level = Explanation.bucket(of: decision, application: application, policy: policy, route: route).map {
            Level(decision, under: $0)
        }
        earliest = isOver ? nil : passes.map { WallTime(nanoseconds: $0) }
        advice = Advice(decision: decision, state: application?.state, endsBefore: isOver && passes != nil).sentence
    }

    /// When waiting would have helped: `wallNanoseconds` of what was let in, later for what lacked tokens. A key that is not good stays so,
    /// however long one waits for the address's bucket of failures; and who waits for requests in flight waits for nobody knows what.
    private static func passing(_ decision: Decision, _ evaluation: Evaluation) -> Int64? {
        switch evaluation.rule {
        case .none where evaluation.verdict == .admitted: return decision.wallNanoseconds
        // A page of the gateway's own, asked for too often: no rule of the policy's, and its wait is on record all the same.
        case .none where evaluation.basis == .ownAnswer && decision.waitNanoseconds > 0:
            return decision.wallNanoseconds &+ decision.waitNanoseconds
        case .none, .failures, .concurrency: return nil
        case .bucket, .anonymousBucket, .day:
            let (instant, overflow) = decision.wallNanoseconds.addingReportingOverflow(evaluation.waitNanoseconds)
            return overflow ? nil : instant
        }
    }

    /// The bucket that the record's debt is of.
    private static func bucket(
        of decision: Decision, application: ApplicationRecord?, policy: Policy?, route: Route?
    ) -> BucketRule? {
        guard let policy, let route else { return nil }
        switch decision.rule {
        case .none: return nil
        case .failures: return AdmissionLimits.failureRule
        case .anonymousBucket: return policy.plan(policy.anonymousPlan)?[route.scope]?.bucket
        case .bucket, .day, .concurrency:
            let time = WallTime(nanoseconds: decision.wallNanoseconds)
            return application.flatMap { policy.plan(of: $0, at: time)?[route.scope]?.bucket }
        }
    }
}

extension Explanation.Level {
    init(_ decision: Decision, under rule: BucketRule) {
        tokens = Int64(clamping: max(0, TokenCount(under: rule, owing: decision.debtNanoseconds).whole))
        burst = rule.burst
        owedNanoseconds = decision.debtNanoseconds
        dayRemaining = decision.dayRemaining < 0 ? nil : decision.dayRemaining
        inFlight = decision.inFlight < 0 ? nil : Int64(decision.inFlight)
    }
}
