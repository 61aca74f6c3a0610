package import Admission

/// What became of one request, and all that it was judged by: the record that answers why, how many and what if. Nothing in it names a
/// citizen or a key. Times are those of the judging; ids, names and rules are numbers of the `FactTable` that travels with the records.
package struct Decision: BitwiseCopyable, Hashable, Sendable {
    /// The request's id: 48 bits of wall milliseconds and 16 of randomness.
    package var idHigh: UInt64 = 0
    /// The id's other 64 bits.
    package var idLow: UInt64 = 0
    /// Which id of its loop's stream this is: `RequestID` of the stream's seed and this number, so that a file need not hold the id.
    package var sequence: UInt64 = 0
    /// Fact number of the loop's id stream; 0 where the id is of no stream.
    package var stream: UInt32 = 0

    /// When it was judged, in wall nanoseconds since 1970.
    package var wallNanoseconds: Int64 = 0
    /// The same moment in monotonic nanoseconds: what buckets were reckoned in.
    package var monotonicNanoseconds: Int64 = 0

    /// Fact number of the application as it then was; 0 where none was known.
    package var application: UInt32 = 0
    /// Fact number of the rules in force, and of those that only watch.
    package var rules: UInt32 = 0
    /// Index into the rules' `policy.routes`; −1 where no route was found.
    package var route: Int16 = -1
    /// What was seen of the caller.
    package var caller = CallerFacts()

    /// Whether it was let in, and if not, why.
    package var verdict = Verdict.admitted
    /// What an admitted request was answered with in place of the core store's answer; `admitted` where it was not.
    package var fault = Verdict.admitted
    /// The rule that decided: of a refusal the one that refused, of an admission the bucket that paid.
    package var rule = DecidingRule.none
    /// What the rules that only watch would have said; nil where there are none.
    package var shadow: Verdict?
    /// Tokens asked for.
    package var cost: UInt32 = 0
    /// What the bucket owed before the request, in nanoseconds of its filling: 0 is full. Of the address's bucket where `rule` says so.
    package var debtNanoseconds: Int64 = 0
    /// Tokens left of the day's quota before the request; −1 where the plan has none.
    package var dayRemaining: Int64 = -1
    /// Requests in flight before it; −1 where the plan does not count them.
    package var inFlight: Int32 = -1
    /// What the refused was told to wait, in nanoseconds; 0 where nothing was told.
    package var waitNanoseconds: Int64 = 0

    /// The answer's status; 0 where the connection ended without one.
    package var status: UInt16 = 0
    /// How it ended.
    package var ending = Ending.answered
    /// Between the judging and the answer's last byte handed to the system, in microseconds.
    package var totalMicroseconds: UInt32 = 0
    /// Of that, while the core store had it, in microseconds: from the whole request to the whole answer, without the time in which the client
    /// was behind in reading it; 0 where it never had it whole.
    package var storeMicroseconds: UInt32 = 0
    /// Of the request's head and body, as they came.
    package var bytesIn: UInt64 = 0
    /// Of the answer's head and body, as they left.
    package var bytesOut: UInt64 = 0
    /// Fact number of the core store's endpoint; 0 where none was asked.
    package var endpoint: UInt32 = 0
    /// Endpoints tried before that one, and connections.
    package var retries: UInt8 = 0
    /// A keyed hash of the citizen's token, by a key of the day that is kept nowhere; 0 where no citizen was named.
    package var subject: UInt64 = 0

    /// Nothing decided.
    package init() {}
}

/// How a request's journey ended.
package enum Ending: UInt8, BitwiseCopyable, CaseIterable, Sendable {
    /// The whole answer was handed to the system.
    case answered
    /// The client left before.
    case clientLeft
    /// The gateway cut the connection: an answer that broke off, a client too slow, a drain that was over.
    case brokenOff

    /// The name in tables and JSON.
    package var name: String {
        switch self {
        case .answered: "answered"
        case .clientLeft: "client-left"
        case .brokenOff: "broken-off"
        }
    }
}

/// Which rule of throttling decided.
package enum DecidingRule: UInt8, BitwiseCopyable, CaseIterable, Sendable {
    /// None: authentication, authorisation or the request's form decided.
    case none
    /// The application's bucket of the scope.
    case bucket
    /// Its daily quota.
    case day
    /// Its bound on requests in flight.
    case concurrency
    /// The bucket of a caller without a key, by address.
    case anonymousBucket
    /// The bucket of failed authentication, by address.
    case failures

    /// The rule's name in tables, JSON and `violated-policies`, given its scope's.
    package func name(scope: String) -> String? {
        switch self {
        case .none: nil
        case .bucket, .anonymousBucket: scope
        case .day: "\(scope)-day"
        case .concurrency: "\(scope)-concurrency"
        case .failures: "failed-authentication"
        }
    }
}

/// Admitted, or refused with one of the contract's problems.
package struct Verdict: BitwiseCopyable, Hashable, Sendable {
    /// 0 for admitted, else the slug's raw value and one.
    package let rawValue: UInt8

    /// Let in.
    package static let admitted = Verdict(code: 0)

    /// Refused.
    package static func refused(_ slug: ProblemSlug) -> Verdict { Verdict(code: slug.rawValue + 1) }

    /// A verdict from its code, or nil where no problem has it.
    package init?(rawValue: UInt8) {
        guard rawValue == 0 || ProblemSlug(rawValue: rawValue - 1) != nil else { return nil }
        self.rawValue = rawValue
    }

    private init(code: UInt8) { rawValue = code }

    /// The problem; nil where it was admitted.
    package var slug: ProblemSlug? { rawValue == 0 ? nil : ProblemSlug(rawValue: rawValue - 1) }

    /// `admitted`, or the slug.
    package var name: String { slug.map { "\($0.text)" } ?? "admitted" }
}
