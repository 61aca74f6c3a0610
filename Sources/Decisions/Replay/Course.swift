import Admission
import Registry

/// What records have in common that go the same way under both policies.
struct RecordKind: Hashable {
    /// application 24 · rules 24 · route 16
    let whose: UInt64
    /// caller 16 · verdict 8
    let what: UInt64

    var application: UInt32 { UInt32(truncatingIfNeeded: whose & 0xFF_FFFF) }
    var rules: UInt32 { UInt32(truncatingIfNeeded: whose &>> 24 & 0xFF_FFFF) }
    var route: Int { Int(Int16(truncatingIfNeeded: whose &>> 48)) }
    var caller: CallerFacts? { CallerFacts(rawValue: UInt16(truncatingIfNeeded: what)) }
    var verdict: Verdict? { Verdict(rawValue: UInt8(truncatingIfNeeded: what &>> 16)) }
}

/// What a policy asks of a call: tokens, from what, by which calendar.
struct Terms {
    var scope: Scope
    var cost: Int64
    var allowance: Allowance
    var days: DayClock

    /// Where such a call of the application counts as in flight; nil where the plan does not count.
    func slot(of application: Int) -> SlotPlace? {
        allowance.concurrency > 0 ? SlotPlace(application: application, scope: scope) : nil
    }
}

/// An application's calls of one scope.
struct SlotPlace: Equatable {
    var application: Int
    var scope: Scope
}

/// The way of one kind of record through the proposed policy: looked up once, so that only levels are reckoned for each record.
struct Course {
    enum Step {
        /// No policy speaks of it, or none could change it: form, own pages, keys that are not good, states, addresses, certificates.
        case stands
        /// The record or its facts lack what the proposed policy asks for.
        case unknown
        /// A station before throttling refuses it.
        case refused(ProblemSlug)
        /// The address's bucket decides.
        case byAddress
        /// The application's bucket, day and requests in flight decide.
        case byApplication
    }

    var step: Step
    /// As recorded.
    let verdict: Verdict
    /// Which of the replay's applications; 0 where none is known.
    let application: Int
    /// What it was charged by; nil where the record tells no level.
    var recorded: Terms?
    /// What the proposed policy has for the scope it was recorded in, so that this level is followed; nil where it has nothing.
    var kept: Terms?
    /// What the proposed policy charges it by.
    var proposed: Terms?

    init(_ step: Step, _ verdict: Verdict, application: Int) {
        (self.step, self.verdict, self.application) = (step, verdict, application)
    }
}

extension Verdict {
    /// The record says what the level was.
    var tellsLevel: Bool {
        switch slug {
        case nil, .rateLimited, .dailyQuota, .tooManyInFlight: true
        default: false
        }
    }

    /// Refused at a station that no policy speaks of, and that comes before those it does speak of.
    var precedesPolicy: Bool {
        switch slug {
        case .unknownKey, .mistypedKey, .revokedKey, .tooManyFailures, .applicationState, .wrongEnvironment, .addressNotAllowed,
            .certificateRequired:
            true
        default: false
        }
    }
}
