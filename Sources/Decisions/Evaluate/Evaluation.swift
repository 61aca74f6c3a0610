import Admission
package import Registry

/// What a record and its facts come to when someone else reckons them again: the rules as design.md has them in words, with arithmetic of
/// its own, and none of the code that decided. Where the two differ, one of them is wrong.
package struct Evaluation: Hashable, Sendable {
    /// What could be reckoned again.
    package enum Basis: UInt8, CaseIterable, Sendable {
        /// The stations of admission, from the key to throttling.
        case stations
        /// Nothing: its form was refused before any station, and of that only the verdict is on record. It stands.
        case form
        /// Nothing: it was for one of the gateway's own pages, which no rule of the policy speaks of. The verdict stands.
        case ownAnswer
        /// Nothing: the record or its facts lack what a station asks for, so nobody can say whether the verdict is right.
        case incomplete

        /// The name in JSON.
        package var name: String {
            switch self {
            case .stations: "stations"
            case .form: "form"
            case .ownAnswer: "own-answer"
            case .incomplete: "incomplete"
            }
        }
    }

    /// What could be reckoned again.
    package let basis: Basis
    /// What it should have come to; the recorded verdict where that stands.
    package let verdict: Verdict
    /// The rule that should have decided.
    package let rule: DecidingRule
    /// Nanoseconds after which the rule would have let it pass; 0 where it did, or where no wait helps or is known.
    package let waitNanoseconds: Int64
    /// The record says the same.
    package let agrees: Bool
}

/// Reckons a record again by the application and the policy it names; nil where its facts have none.
package func evaluate(_ decision: Decision, of application: ApplicationRecord?, under policy: Policy?) -> Evaluation {
    func standing(_ basis: Evaluation.Basis) -> Evaluation {
        Evaluation(
            basis: basis, verdict: decision.verdict, rule: decision.rule, waitNanoseconds: decision.waitNanoseconds,
            agrees: basis != .incomplete)
    }
    if decision.verdict.isOfForm { return standing(.form) }
    if decision.route < 0 || decision.verdict.isOfOwnPage { return standing(.ownAnswer) }
    guard let policy, Int(decision.route) < policy.routes.count else { return standing(.incomplete) }
    let stations = Stations(decision: decision, application: application, policy: policy, route: policy.routes[Int(decision.route)])
    guard let outcome = try? stations.outcome() else { return standing(.incomplete) }
    return Evaluation(
        basis: .stations, verdict: outcome.verdict, rule: outcome.rule, waitNanoseconds: outcome.waitNanoseconds,
        agrees: outcome.agrees(with: decision))
}

extension Verdict {
    /// Refused for what the request looked like, before anyone was asked who calls. A core store's failure is no verdict: it is a `fault`.
    var isOfForm: Bool {
        switch slug {
        case .malformedRequest, .badParameter, .noSuchRoute, .methodNotAllowed, .requestTimeout, .bodyTooLarge, .targetTooLong,
            .expectationFailed, .headTooLarge, .notImplemented, .version:
            true
        case nil, .missingKey, .unknownKey, .mistypedKey, .revokedKey, .missingCitizenToken, .foreignCitizenToken, .applicationState,
            .scopeNotGranted, .addressNotAllowed, .wrongEnvironment, .certificateRequired, .rateLimited, .dailyQuota, .tooManyFailures,
            .tooManyInFlight, .coreStoreFailed, .coreStoreUnavailable, .coreStoreTimeout, .outcomeUnknown, .noSuchDecision, .decisionsBusy,
            .askedTooOften:
            false
        }
    }

    /// What a page of the gateway's own had to say in place of what it was asked for.
    fileprivate var isOfOwnPage: Bool { slug == .noSuchDecision || slug == .decisionsBusy || slug == .askedTooOften }
}
