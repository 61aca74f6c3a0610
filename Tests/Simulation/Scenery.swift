import Admission
import Decisions
import Exchange
import Registry
import Synchronization

/// Applications by what sets them apart.
enum Who: Int, CaseIterable {
    case live, other, sandboxed, suspended, tight, narrow, walled, withdrawn, bound

    var name: String { "\(self)-app" }
    var partner: String { "partner-of-\(self)" }
}

/// One published snapshot as the oracle knows it: plain numbers, from which the gateway's own snapshot is built.
struct Edition {
    /// By application.
    var states: [ApplicationState]
    /// By application.
    var plans: [String]
    /// Plan → its bucket, the same for every scope.
    var buckets: [String: BucketRule]
    /// Plan → tokens a day, and requests in flight.
    var bounds: [String: (day: Int64, inFlight: Int64)]
    /// Keys that are revoked in it.
    var revoked: Set<Int> = []
    /// Applications and routes of nobody's before the others, so that indexes differ between snapshots.
    var strangers = 0
}

/// What does not change from schedule to schedule: keys, snapshots, routes. Made once a thread.
final class Scenery {
    static let start = Moment(wall: WallTime(seconds: 1_620_000_000), monotonic: MonotonicTime(nanoseconds: 1_000_000_000_000))
    /// When the retiring key and the withdrawn application end, in seconds from the start.
    static let endsAfterSeconds: Int64 = 50
    static let scheduleBytes = 150_000
    static let firstByteMilliseconds: Int64 = 5_000
    static let requestMilliseconds: Int64 = 40_000
    static let addresses = [
        (Address(ipv4: 0xC000_0207), "192.0.2.7"), (Address(ipv4: 0x0A00_0001), "10.0.0.1"),
        (Address(high: 0x2001_0DB8_0000_0000, low: 7), "2001:db8::7"), (Address(high: 0x2001_0DB8_0000_0000, low: 8), "2001:db8::8"),
    ]

    let editions: [Edition]
    private(set) var rules: [Ruleset] = []
    let levels = SharedLevels(Who.allCases.count)
    let asking = SharedLevels(Who.allCases.count)
    let inFlight = InFlightTable()
    let facts = FactTable()
    /// What the bound application must show.
    static let certificate = Digest(9, 8, 7, 6)
    static let dayOffsetMinutes: Int64 = 330
    let keys: [Key]
    let forms: [Form]
    /// By form: the head's bytes up to the mark.
    let openings: [[UInt8]]

    /// A key: spelt for one environment, registered for one, perhaps ending or revoked.
    struct Key {
        var text: String
        var who: Who?
        var environment: Environment
        var isMisregistered = false
        var isRetiring = false
        var isRevoked = false
    }

    init() throws(Flaw) {
        keys = Scenery.makeKeys()
        editions = Scenery.makeEditions()
        forms = Form.all
        openings = forms.map { [keys] in Array($0.opening(keys).utf8) }
        for (index, edition) in editions.enumerated() { rules.append(try makeRules(edition, revision: UInt64(index + 1))) }
    }

    enum Flaw: Error { case identifier(String), snapshot }

    private static func makeKeys() -> [Key] {
        var noise = Noise(seed: 7)
        var keys: [Key] = []
        for who in Who.allCases {
            for environment in Environment.allCases {
                keys.append(Key(text: KeyForm.make(environment, using: &noise), who: who, environment: environment))
            }
        }
        let text = { (environment: Environment) in KeyForm.make(environment, using: &noise) }
        keys.append(Key(text: text(.sandbox), who: .live, environment: .production, isMisregistered: true))
        keys.append(Key(text: text(.sandbox), who: .other, environment: .sandbox, isRetiring: true))
        keys.append(Key(text: text(.production), who: .other, environment: .production, isRevoked: true))
        keys.append(Key(text: text(.production), who: nil, environment: .production))
        return keys
    }

    /// The same buckets before and after an edit differ in burst and in rate, by numbers that do not divide evenly.
    private static func makeEditions() -> [Edition] {
        func bucket(_ tokens: Int64, _ seconds: Int64, _ burst: Int64) -> BucketRule {
            BucketRule(tokens: tokens, periodNanoseconds: seconds * 1_000_000_000, burst: burst)
        }
        var states: [ApplicationState] = Who.allCases.map { _ in .live }
        states[Who.sandboxed.rawValue] = .sandbox
        states[Who.suspended.rawValue] = .suspended
        states[Who.withdrawn.rawValue] = .withdrawn
        let plans = Who.allCases.map { $0 == .tight || $0 == .narrow ? "tight" : $0 == .other ? "bounded" : "generous" }
        let first = Edition(
            states: states, plans: plans,
            buckets: [
                "generous": bucket(1_000, 300, 1_000), "tight": bucket(7, 100, 3), "strangers": bucket(3, 40, 6),
                "bounded": bucket(900, 300, 50),
            ],
            bounds: ["bounded": (day: 12, inFlight: 2)])
        var second = first
        second.buckets["tight"] = bucket(11, 300, 7)
        second.states[Who.live.rawValue] = .suspended
        second.states[Who.suspended.rawValue] = .approved
        var third = first
        third.buckets["tight"] = bucket(1, 3, 2)
        third.buckets["strangers"] = bucket(7, 9, 13)
        third.strangers = 2
        third.bounds["bounded"] = (day: 20, inFlight: 1)
        var fourth = first
        fourth.plans[Who.tight.rawValue] = "generous"
        fourth.plans[Who.other.rawValue] = "tight"
        fourth.revoked = [Who.other.rawValue * 2]
        return [first, second, third, fourth]
    }

    private func makeRules(_ edition: Edition, revision: UInt64) throws(Flaw) -> Ruleset {
        var applications: [ApplicationRecord] = []
        for index in 0..<edition.strangers {
            applications.append(try record("stranger-\(index)", "nobody", .live, plan: "tight"))
        }
        for who in Who.allCases {
            applications.append(try record(who.name, who.partner, edition.states[who.rawValue], plan: edition.plans[who.rawValue]))
            let last = applications.count - 1
            if who == .narrow { applications[last].scopes = ScopeSet([.search]) }
            if who == .walled { applications[last].allowedAddresses = [AddressRange(base: Address(ipv4: 0x0A00_0000), prefixLength: 104)] }
            if who == .bound { applications[last].certificates = [Digest(1, 2, 3, 4), Scenery.certificate] }
        }
        let ends = WallTime(seconds: Scenery.start.wall.seconds + Scenery.endsAfterSeconds)
        let credentials = keys.enumerated().compactMap { index, key -> CredentialRecord? in
            guard let who = key.who else { return nil }
            let isRevoked = key.isRevoked || edition.revoked.contains(index)
            return CredentialRecord(
                digest: Scenery.digest(Array(key.text.utf8).span), application: edition.strangers + who.rawValue,
                environment: key.environment, state: isRevoked ? .revoked : key.isRetiring ? .retiring : .active,
                until: key.isRetiring ? ends : WallTime(nanoseconds: .max))
        }
        let policy = try makePolicy(edition)
        guard let snapshot = try? Snapshot(revision: revision, policy: policy, applications: applications, credentials: credentials) else {
            throw .snapshot
        }
        return Ruleset(
            snapshot, levels: EditionLevels(levels, before: edition.strangers), inFlight: inFlight, facts: facts,
            asking: EditionLevels(asking, before: edition.strangers))
    }

    /// What all loops and snapshots count as in flight.
    func requestsInFlight(of who: Who, _ scope: Scope) -> Int64 { rules[0].requestsInFlight(of: who.rawValue, scope) }

    private func record(_ name: String, _ partner: String, _ state: ApplicationState, plan: String) throws(Flaw) -> ApplicationRecord {
        let ends = WallTime(seconds: Scenery.start.wall.seconds + Scenery.endsAfterSeconds)
        return ApplicationRecord(
            id: try identifier(name), partner: try identifier(partner), state: state, ends: ends, scopes: ScopeSet(Scope.allCases),
            plan: try identifier(plan), allowedAddresses: [])
    }

    private func makePolicy(_ edition: Edition) throws(Flaw) -> Policy {
        var plans: [Plan] = []
        for (name, rule) in edition.buckets {
            let bound = edition.bounds[name] ?? (day: 0, inFlight: 0)
            let allowance = Allowance(bucket: rule, dayTokens: bound.day, concurrency: bound.inFlight)
            plans.append(
                Plan(id: try identifier(name), allowances: Dictionary(uniqueKeysWithValues: Scope.allCases.map { ($0, allowance) })))
        }
        var routes: [Route] = []
        for index in 0..<edition.strangers { routes.append(try route("a-\(index)", .get, "/api/v1/\(index)", .search, .anyone)) }
        for place in Place.all {
            routes.append(
                try route(
                    place.id, place.method, place.path, place.scope, place.identities, place.parameters, body: place.maximumBodyBytes,
                    cost: place.cost))
        }
        return Policy(
            version: String(repeating: "0", count: 64), plans: plans, anonymousPlan: try identifier("strangers"), defaultPlans: [:],
            routes: routes, dayOffsetMinutes: Scenery.dayOffsetMinutes)
    }

    private func route(
        _ id: String, _ method: RouteMethod, _ path: String, _ scope: Scope, _ identities: Identities, _ parameters: [Parameter] = [],
        body: Int = 0, cost: Int64 = 1
    ) throws(Flaw) -> Route {
        Route(
            id: try identifier(id), method: method, path: path, parameters: parameters, scope: scope, cost: cost, identities: identities,
            maximumBodyBytes: Int64(body),
            timeouts: RouteTimeouts(
                firstByteMilliseconds: Scenery.firstByteMilliseconds, requestMilliseconds: Scenery.requestMilliseconds))
    }

    private func identifier(_ text: String) throws(Flaw) -> Identifier {
        guard let identifier = Identifier(text) else { throw .identifier(text) }
        return identifier
    }

    /// A stand-in for SHA-256 with the same shape: four words by FNV-1a from different starts.
    static func digest(_ bytes: Span<UInt8>) -> Digest {
        var words: (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
        for index in 0..<bytes.count {
            let byte = UInt64(bytes[index])
            words.0 = (words.0 ^ byte) &* 0x0000_0100_0000_01B3
            words.1 = (words.1 ^ byte) &* 0x0000_0100_0000_01B3
            words.2 = (words.2 ^ byte) &* 0x0000_0100_0000_01B3
            words.3 = (words.3 ^ byte) &* 0x0000_0100_0000_01B3
        }
        return Digest(words.0 ^ words.0 >> 32, words.1 ^ words.1 >> 32, words.2 ^ words.2 >> 32, words.3 ^ words.3 >> 32)
    }
}
