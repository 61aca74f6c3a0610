import Admission
import Registry
import Support
import Synchronization
import Testing

/// A snapshot with an application in every state, each with a key of both environments, and one route of each kind.
struct World {
    /// The routes, in the snapshot's order (sorted by id).
    enum RouteKind: Int, CaseIterable {
        case book, documents, identity, publicSearch, search
    }

    static let start = Moment(wall: WallTime(seconds: 1_620_000_000), monotonic: MonotonicTime(nanoseconds: 1_000_000_000_000))
    static let office = Address(ipv4: 0xC000_0201)
    static let elsewhere = Address(ipv4: 0xC633_6401)

    let snapshot: Snapshot
    let levels: MutexLevels
    let anonymous = AddressLevels(entries: 4_096, seed: 1)
    let failures = AddressLevels(entries: 4_096, seed: 2)
    let inFlight: [InFlightCounts]

    init(
        plan: [Scope: BucketRule] = World.generous, dayTokens: Int64 = 0, concurrency: Int64 = 0,
        ends: WallTime = WallTime(nanoseconds: .max), allowed: [AddressRange] = [], certificates: [Digest] = []
    ) throws {
        let allowances = plan.mapValues { Allowance(bucket: $0, dayTokens: dayTokens, concurrency: concurrency) }
        let policy = Policy(
            version: String(repeating: "0", count: 64),
            plans: [
                Plan(id: try identifier("standard"), allowances: allowances),
                Plan(
                    id: try identifier("strangers"),
                    buckets: [.search: BucketRule(tokens: 100, periodNanoseconds: 300_000_000_000, burst: 100)]),
            ],
            anonymousPlan: try identifier("strangers"), defaultPlans: [:],
            routes: [
                try World.route("a-book", .post, "/api/v2/appointment/schedule", .booking, 5, .applicationAndCitizen),
                try World.route("b-documents", .get, "/api/v2/slip", .documents, 1, .applicationAndCitizen),
                try World.route("c-identity", .post, "/api/v2/auth/generateOTP", .identity, 1, .application),
                try World.route("d-public-search", .get, "/api/v2/public/findByPin", .search, 1, .anyone),
                try World.route("e-search", .get, "/api/v2/findByPin", .search, 1, .application),
            ])
        let applications = try ApplicationState.allCases.map { state in
            ApplicationRecord(
                id: try identifier("application-\(state.rawValue)"), partner: try identifier("partner"), state: state, ends: ends,
                scopes: ScopeSet([.search, .booking, .identity]), plan: try identifier("standard"), allowedAddresses: allowed,
                certificates: certificates)
        }
        var credentials: [CredentialRecord] = []
        for (index, state) in ApplicationState.allCases.enumerated() {
            for environment in Environment.allCases {
                for key in World.Key.allCases {
                    credentials.append(
                        CredentialRecord(
                            digest: World.digest(state, environment, key), application: index, environment: environment, state: key.state,
                            until: key == .retiring ? WallTime(seconds: 1_620_000_060) : WallTime(nanoseconds: .max)))
                }
            }
        }
        snapshot = try Snapshot(revision: 1, policy: policy, applications: applications, credentials: credentials)
        levels = MutexLevels(applications: applications.count)
        inFlight = InFlightTable().counts(of: applications)
    }

    /// The keys each application has in each environment.
    enum Key: UInt64, CaseIterable {
        case good, retiring, revoked

        var state: CredentialRecord.State {
            switch self {
            case .good: .active
            case .retiring: .retiring
            case .revoked: .revoked
            }
        }
    }

    static let generous: [Scope: BucketRule] = [
        .search: BucketRule(tokens: 100, periodNanoseconds: 300_000_000_000, burst: 100),
        .booking: BucketRule(tokens: 10, periodNanoseconds: 60_000_000_000, burst: 10),
    ]

    static func digest(_ state: ApplicationState, _ environment: Environment, _ key: Key = .good) -> Digest {
        Digest(
            UInt64(state.rawValue) * 31 + UInt64(environment.rawValue), UInt64(state.rawValue), UInt64(environment.rawValue), key.rawValue)
    }

    static func route(
        _ id: String, _ method: RouteMethod, _ path: String, _ scope: Scope, _ cost: Int64, _ identities: Identities
    ) throws -> Route {
        Route(
            id: try identifier(id), method: method, path: path, parameters: [], scope: scope, cost: cost, identities: identities,
            maximumBodyBytes: 0, timeouts: RouteTimeouts(firstByteMilliseconds: 1, requestMilliseconds: 1))
    }

    func ask(
        _ key: PresentedKey, _ route: RouteKind = .search, from address: Address = World.office, citizen: CitizenToken = .none,
        certificate: Digest? = nil, at now: Moment = World.start
    ) throws(Refusal) -> Permit {
        try admit(
            RequestFacts(key: key, route: route.rawValue, address: address, citizen: citizen, certificate: certificate), under: snapshot,
            spending: levels, counting: inFlight, anonymous: anonymous, failures: failures, at: now)
    }

    func ask(
        in state: ApplicationState, _ environment: Environment = .production, _ route: RouteKind = .search, key: Key = .good,
        from address: Address = World.office, citizen: CitizenToken = .none, certificate: Digest? = nil, at now: Moment = World.start
    ) throws(Refusal) -> Permit {
        try ask(
            .digest(World.digest(state, environment, key), environment), route, from: address, citizen: citizen, certificate: certificate,
            at: now)
    }

    /// The slug of the refusal, or "admitted".
    func verdict(_ body: () throws(Refusal) -> Permit) -> String {
        do throws(Refusal) {
            _ = try body()
            return "admitted"
        } catch {
            return problem(for: error).slug.text.description
        }
    }
}

extension Moment {
    /// This moment, so many nanoseconds later on both clocks.
    func later(nanoseconds: Int64) -> Moment {
        Moment(
            wall: WallTime(nanoseconds: wall.nanoseconds + nanoseconds),
            monotonic: MonotonicTime(nanoseconds: monotonic.nanoseconds + nanoseconds))
    }
}

/// An id known to be in form.
func identifier(_ text: String) throws -> Identifier { try #require(Identifier(text)) }

/// The levels of a snapshot's applications in memory, each under its own lock.
final class MutexLevels: LevelStore {
    private final class Slot: Sendable {
        let levels = Mutex(Levels())
    }

    private let slots: [Slot]

    init(applications: Int) { slots = (0..<applications).map { _ in Slot() } }

    func withLevels(of application: Int, _ body: (inout Levels) -> Void) { slots[application].levels.withLock { body(&$0) } }
}
