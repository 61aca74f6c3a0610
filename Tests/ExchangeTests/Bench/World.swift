import Admission
import Exchange
import Registry
import Support
import Synchronization
import Testing

/// The rules of these tests: a few applications with a key each, a few routes of each kind.
struct World {
    static let start = Moment(wall: WallTime(seconds: 1_620_000_000), monotonic: MonotonicTime(nanoseconds: 1_000_000_000_000))

    /// Applications by what sets them apart.
    enum Who: Int, CaseIterable {
        case live, other, sandboxed, suspended, tight, searchOnly, walled, narrow, daily, bound

        var name: String {
            switch self {
            case .live: "live-app"
            case .other: "other-app"
            case .sandboxed: "sandboxed-app"
            case .suspended: "suspended-app"
            case .tight: "tight-app"
            case .searchOnly: "search-only-app"
            case .walled: "walled-app"
            case .narrow: "narrow-app"
            case .daily: "daily-app"
            case .bound: "bound-app"
            }
        }
    }

    let rules: Ruleset
    private let keys: [String]

    /// What a snapshot is made of.
    struct Parts {
        var policy: Policy
        var applications: [ApplicationRecord]
        var credentials: [CredentialRecord]
        var announced: [AnnouncedPolicy] = []
    }

    /// `revision` and `before` make a later snapshot, in which the applications stand behind others; `inFlight` is what the two share.
    init(
        revision: UInt64 = 1, before: Int = 0, inFlight: InFlightTable = InFlightTable(), edited: (inout Parts) throws -> Void = { _ in }
    ) throws {
        var generator = SplitMix64(seed: 7)
        let strangers = try (0..<before).map { try World.application("before-\($0)", .live, plan: "tight") }
        let applications = try strangers + Who.allCases.map { try World.application($0) }
        var keys: [String] = []
        var credentials: [CredentialRecord] = []
        for who in Who.allCases {
            for environment in Environment.allCases {
                let key = KeyForm.make(environment, using: &generator)
                keys.append(key)
                credentials.append(
                    CredentialRecord(
                        digest: World.digest(Array(key.utf8).span), application: before + who.rawValue, environment: environment,
                        state: .active, until: WallTime(nanoseconds: .max)))
            }
        }
        var parts = Parts(policy: try World.policy(routesBefore: before), applications: applications, credentials: credentials)
        try edited(&parts)
        let snapshot = try Snapshot(
            revision: revision, policy: parts.policy, applications: parts.applications, credentials: parts.credentials,
            announced: parts.announced)
        rules = Ruleset(snapshot, levels: MemoryLevels(applications.count), inFlight: inFlight)
        self.keys = keys
    }

    func key(_ who: Who, _ environment: Environment = .production) -> String { keys[who.rawValue * 2 + Int(environment.rawValue)] }

    /// A stand-in for SHA-256 with the same shape: four words by FNV-1a from different starts.
    static func digest(_ bytes: Span<UInt8>) -> Digest {
        func word(_ start: UInt64) -> UInt64 {
            var value = start
            for index in 0..<bytes.count { value = (value ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3 }
            return value ^ value >> 32
        }
        return Digest(word(1), word(2), word(3), word(4))
    }

    private static func application(_ who: Who) throws -> ApplicationRecord {
        let states: [Who: ApplicationState] = [.sandboxed: .sandbox, .suspended: .suspended]
        let plans: [Who: String] = [.tight: "tight", .narrow: "narrow", .daily: "daily"]
        var record = try application(who.name, states[who] ?? .live, plan: plans[who] ?? "generous")
        if who == .bound { record.certificates = [Digest(1, 2, 3, 4)] }
        if who == .searchOnly { record.scopes = ScopeSet([.search]) }
        if who == .walled { record.allowedAddresses = [AddressRange(base: Address(ipv4: 0x0A00_0000), prefixLength: 104)] }
        return record
    }

    private static func application(_ name: String, _ state: ApplicationState, plan: String) throws -> ApplicationRecord {
        ApplicationRecord(
            id: try identifier(name), partner: try identifier("partner-of-\(name)"), state: state, ends: WallTime(nanoseconds: .max),
            scopes: ScopeSet(Scope.allCases), plan: try identifier(plan), allowedAddresses: [])
    }

    private static func policy(routesBefore: Int) throws -> Policy {
        // The generous plan's bound is never met, so that every test takes slots and has to give them back.
        func plan(_ id: String, _ burst: Int64, day: Int64 = 0, concurrency: Int64 = 0) throws -> Plan {
            let rule = BucketRule(tokens: burst, periodNanoseconds: 300_000_000_000, burst: burst)
            let allowance = Allowance(bucket: rule, dayTokens: day, concurrency: concurrency)
            return Plan(id: try identifier(id), allowances: Dictionary(uniqueKeysWithValues: Scope.allCases.map { ($0, allowance) }))
        }
        return Policy(
            version: String(repeating: "0", count: 64),
            plans: [
                try plan("generous", 1_000_000, concurrency: 1_000_000), try plan("tight", 2), try plan("strangers", 300_000),
                try plan("narrow", 1_000_000, concurrency: 2), try plan("daily", 1_000_000, day: 3),
            ],
            anonymousPlan: try identifier("strangers"), defaultPlans: [:],
            routes: try (0..<routesBefore).map { try route("a-\($0)", .get, "/api/v1/\($0)", .search, .anyone) } + Routes.all())
    }
}

func identifier(_ text: String) throws -> Identifier { try #require(Identifier(text)) }

/// Levels in memory.
final class MemoryLevels: LevelStore {
    private let levels: Mutex<[Levels]>

    init(_ count: Int) { levels = Mutex([Levels](repeating: Levels(), count: count)) }

    func withLevels(of application: Int, _ body: (inout Levels) -> Void) { levels.withLock { body(&$0[application]) } }
}
