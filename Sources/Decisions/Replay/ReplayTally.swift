import Admission
import Registry

/// How the proposed verdicts compare with the recorded ones.
package struct ReplayCounts: BitwiseCopyable, Hashable, Sendable {
    /// Let in both times, or refused both times for the same reason.
    package var agree = 0
    /// Let in, and would be refused.
    package var newlyRefused = 0
    /// Refused, and would be let in.
    package var newlyAdmitted = 0
    /// Refused both times, for another reason.
    package var refusedOtherwise = 0
    /// Beside these: cannot be judged, for the record or its facts lack what the proposed policy asks for, and would ask otherwise than the recorded one.
    package var unknown = 0

    /// None.
    package init() {}

    /// All that were judged.
    package var decisions: Int { agree + newlyRefused + newlyAdmitted + refusedOtherwise }
    /// All whose answer would be another.
    package var affected: Int { newlyRefused + newlyAdmitted + refusedOtherwise }

    static func += (left: inout ReplayCounts, right: ReplayCounts) {
        left.agree += right.agree
        left.newlyRefused += right.newlyRefused
        left.newlyAdmitted += right.newlyAdmitted
        left.refusedOtherwise += right.refusedOtherwise
        left.unknown += right.unknown
    }
}

/// A proposed verdict, and what decided it.
struct Replayed {
    var verdict: Verdict
    var cause: Cause

    static let admitted = Replayed(verdict: .admitted, cause: .none)

    /// Why one is refused.
    enum Cause {
        case none
        case rule(DecidingRule, Scope)
        case problem(ProblemSlug)

        /// Fewer than this.
        static let count = 96

        var index: Int {
            switch self {
            case .none: 0
            // A bucket bears its scope's name, whoever's it is.
            case .rule(.anonymousBucket, let scope): Cause.rule(.bucket, scope).index
            case .rule(let rule, let scope): Int(rule.rawValue) * 8 + Int(scope.rawValue)
            case .problem(let slug): 48 + Int(slug.rawValue)
            }
        }

        /// The rule's name, or the problem's; nil of no cause's index.
        static func name(_ index: Int) -> String? {
            if index >= 48 { return ProblemSlug(rawValue: UInt8(index - 48)).map { "\($0.text)" } }
            guard let rule = DecidingRule(rawValue: UInt8(index / 8)), let scope = Scope(rawValue: UInt8(index % 8)) else { return nil }
            return rule.name(scope: scope.name)
        }
    }
}

/// One application's counts.
struct ReplayTally {
    private(set) var counts = ReplayCounts()
    /// By cause: how many are newly refused.
    private(set) var causes: [Int] = []

    /// One that no policy changes.
    mutating func noteStanding() { counts.agree += 1 }

    /// One that cannot be judged.
    mutating func noteUnknown() { counts.unknown += 1 }

    mutating func note(_ replayed: Replayed, _ recorded: Verdict) {
        if replayed.verdict == recorded { return counts.agree += 1 }
        if replayed.verdict == .admitted { return counts.newlyAdmitted += 1 }
        guard recorded == .admitted else { return counts.refusedOtherwise += 1 }
        counts.newlyRefused += 1
        if causes.isEmpty { causes = [Int](repeating: 0, count: Replayed.Cause.count) }
        causes[replayed.cause.index] += 1
    }
}
