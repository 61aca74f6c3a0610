import Admission
import Registry

/// What the records come to in numbers, fed one by one as they are written to the log, so that metrics and log cannot differ. It grows by the
/// routes of policies and by the applications of the registry, never by what callers send; counting a record allocates nothing once its
/// route and application were seen.
package struct Tally: Sendable {
    private(set) var slots = FactSlots()
    /// By slot of the route.
    private(set) var routes: [RouteTally] = []
    /// By slot of the application, then by verdict: one list, since a list each would be one more place in memory that nobody has at hand.
    private var verdicts: [UInt64] = []
    /// By problem that an admitted request was answered with.
    private(set) var faults = [UInt64](repeating: 0, count: Tally.verdictCount)
    /// By ending.
    private(set) var endings = [UInt64](repeating: 0, count: Ending.allCases.count)
    /// By what the rules that only watch would have done.
    private(set) var shadows = [UInt64](repeating: 0, count: ShadowOutcome.allCases.count)
    private(set) var dropped: UInt64 = 0

    /// Codes that a verdict can have.
    static let verdictCount = ProblemSlug.allCases.count + 1

    /// Nothing counted.
    package init() {}

    /// One more record; `facts` gave the numbers it names.
    package mutating func count(_ decision: Decision, facts: FactTable) {
        let route = slots.route(of: decision, facts)
        let application = slots.application(of: decision, facts)
        while routes.count < slots.routes.count { routes.append(RouteTally()) }
        let known = slots.applications.count * Tally.verdictCount
        if verdicts.count < known { verdicts.append(contentsOf: repeatElement(0, count: known - verdicts.count)) }
        routes[route].count(decision)
        verdicts[application * Tally.verdictCount + Int(decision.verdict.rawValue)] += 1
        if decision.fault != .admitted { faults[Int(decision.fault.rawValue)] += 1 }
        endings[Int(decision.ending.rawValue)] += 1
        if let shadow = decision.shadow { shadows[ShadowOutcome(enforced: decision.verdict, watched: shadow).rawValue] += 1 }
    }

    /// Slots of applications that were counted for.
    var slotCount: Int { verdicts.count / Tally.verdictCount }

    /// What became of the requests of an application's slot, by verdict.
    func verdicts(ofSlot slot: Int) -> [UInt64] { Array(verdicts[slot * Tally.verdictCount..<(slot + 1) * Tally.verdictCount]) }

    /// So many records were lost, since there was no room for them.
    package mutating func drop(_ count: UInt64) { dropped += count }
}

/// What there is to count of one route.
struct RouteTally: Sendable {
    /// By status class, then verdict.
    private(set) var requests = [UInt64](repeating: 0, count: StatusClass.count * Tally.verdictCount)
    private(set) var bytesIn: UInt64 = 0
    private(set) var bytesOut: UInt64 = 0
    private(set) var retries: UInt64 = 0
    /// Total without the core store.
    private(set) var ours = LatencyHistogram()
    /// The core store's part, where it was asked.
    private(set) var coreStore = LatencyHistogram()

    mutating func count(_ decision: Decision) {
        requests[StatusClass.index(of: decision.status) * Tally.verdictCount + Int(decision.verdict.rawValue)] += 1
        bytesIn &+= decision.bytesIn
        bytesOut &+= decision.bytesOut
        retries += UInt64(decision.retries)
        let (ours, isLess) = decision.totalMicroseconds.subtractingReportingOverflow(decision.storeMicroseconds)
        self.ours.count(microseconds: isLess ? 0 : ours)
        if decision.endpoint > 0 || decision.storeMicroseconds > 0 { coreStore.count(microseconds: decision.storeMicroseconds) }
    }
}

/// Statuses by their first digit.
enum StatusClass {
    static let count = 6
    /// By index; 0 is of connections that ended without an answer.
    static let names = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"]

    static func index(of status: UInt16) -> Int { min(Int(status) / 100, 5) }
}

/// How the rules that only watch differ from those in force.
enum ShadowOutcome: Int, CaseIterable {
    case same, newlyRefused, newlyAdmitted, otherProblem

    init(enforced: Verdict, watched: Verdict) {
        switch (enforced, watched) {
        case (let verdict, let same) where verdict == same: self = .same
        case (.admitted, _): self = .newlyRefused
        case (_, .admitted): self = .newlyAdmitted
        default: self = .otherProblem
        }
    }

    var name: String {
        switch self {
        case .same: "same"
        case .newlyRefused: "newly-refused"
        case .newlyAdmitted: "newly-admitted"
        case .otherProblem: "other-problem"
        }
    }
}
