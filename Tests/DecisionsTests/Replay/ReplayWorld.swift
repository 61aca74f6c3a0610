import Admission
import Decisions
import Registry
import Support

/// Calls at random times by applications with one key each, which can be judged by the real admission under any policy: what is recorded under one
/// of them, and what would have been recorded under another. Each admitted request takes as long as any other.
struct ReplayWorld {
    struct Call {
        var now: Moment
        var facts: RequestFacts
        /// Whose key came; nil where none did.
        var application: Int?
    }

    /// Long against most buckets' seconds, so that requests meet each other.
    static let duration: Int64 = 7_000_000_000

    let policy: Policy
    let applications: [ApplicationRecord]
    private(set) var calls: [Call] = []
    private let credentials: [CredentialRecord]

    init(seed: UInt64, count: Int, under change: ProposedChange = .nothing) throws {
        var random = SplitMix64(seed: seed)
        let plans = try (0..<4).map { try identifier("plan-\($0)") }
        let policy = change.apply(to: try random.policy(plans: plans))
        self.policy = policy
        applications = try (0..<8).map { place in
            var application = random.application(try identifier("application-\(place)"), plans: plans, near: WallTime(seconds: 0))
            (application.state, application.allowedAddresses, application.certificates) = (.live, [], [])
            return application
        }
        credentials = applications.indices.map {
            CredentialRecord(
                digest: Digest(UInt64($0), 1, 2, 3), application: $0, environment: .production, state: .active,
                until: WallTime(nanoseconds: .max))
        }
        var now = Moment(
            wall: WallTime(seconds: .random(in: 1_500_000_000...1_900_000_000, using: &random)),
            monotonic: MonotonicTime(nanoseconds: .random(in: 1_000_000_000_000_000...9_000_000_000_000_000, using: &random)))
        for _ in 0..<count {
            let isNight = random.chance(1, in: 250)
            let most = isNight ? 2 * DayClock.dayNanoseconds : 1 << Int64.random(in: 0...36, using: &random)
            now = now.later(.random(in: 0...most, using: &random))
            calls.append(call(&random, at: now))
        }
    }

    private func call(_ random: inout SplitMix64, at now: Moment) -> Call {
        let application = random.chance(1, in: 6) ? nil : Int.random(in: applications.indices, using: &random)
        let citizen: CitizenToken = random.pick([.none, .malformed, .opaque, .opaque, .opaque, .obtainedThrough(applications[0].id)])
        let key = application.map { PresentedKey.digest(credentials[$0].digest, .production) } ?? .none
        let facts = RequestFacts(
            key: key, route: .random(in: policy.routes.indices, using: &random), address: random.address(), citizen: citizen)
        return Call(now: now, facts: facts, application: application)
    }

    /// What the gateway records of all calls under a policy, their routes being those of the world's policy by id; nil where it has no such route.
    func judged(under policy: Policy, facts: FactTable) throws -> [Decision?] {
        let snapshot = try Snapshot(revision: 1, policy: policy, applications: applications, credentials: credentials)
        let spendable = Spendable(
            levels: KeptLevels(applications.map { _ in Levels() }), anonymous: KeptAddresses(sets: 64), failures: KeptAddresses(),
            inFlight: InFlightTable().counts(of: applications))
        let routes = self.policy.routes.map { route in policy.routes.firstIndex { $0.id == route.id } }
        let numbers = applications.map { facts.number(of: .application($0)) }
        let rules = facts.number(of: .rules(policy, shadow: nil))
        var running: [(end: Int64, application: Int, scope: Scope)] = []
        return calls.map { call in
            guard let route = routes[call.facts.route] else { return nil }
            while let first = running.first, first.end <= call.now.monotonic.nanoseconds {
                spendable.inFlight[first.application].giveBack(first.scope)
                running.removeFirst()
            }
            var request = call.facts
            request.route = route
            var decision = record(request, call, under: snapshot, spending: spendable)
            (decision.rules, decision.application) = (rules, call.application.map { numbers[$0] } ?? 0)
            let scope = policy.routes[route].scope
            if decision.verdict == .admitted, let application = call.application, decision.inFlight >= 0 {
                running.append((call.now.monotonic.nanoseconds + ReplayWorld.duration, application, scope))
            }
            return decision
        }
    }

    private func record(_ request: RequestFacts, _ call: Call, under snapshot: Snapshot, spending: Spendable) -> Decision {
        let route = snapshot.policy.routes[request.route]
        var decision = Decision()
        (decision.wallNanoseconds, decision.monotonicNanoseconds) = (call.now.wall.nanoseconds, call.now.monotonic.nanoseconds)
        (decision.route, decision.cost) = (Int16(request.route), UInt32(route.cost))
        decision.caller = CallerFacts(
            key: call.application == nil ? .none : .good, spelt: .production, registered: .production,
            citizen: call.application == nil || route.identities != .applicationAndCitizen ? .notRead : citizen(call))
        var before: LevelBefore?
        let paying: DecidingRule = call.application == nil ? .anonymousBucket : .bucket
        do throws(Refusal) {
            before = try spending.admit(request, under: snapshot, at: call.now).level?.before
            (decision.rule, decision.totalMicroseconds) = (paying, UInt32(ReplayWorld.duration / 1_000))
        } catch {
            decision.verdict = .refused(problem(for: error).slug)
            switch error {
            case .rateLimited(let wait, let level): (decision.rule, decision.waitNanoseconds, before) = (paying, wait, level.before)
            case .dailyQuota(let wait, let level): (decision.rule, decision.waitNanoseconds, before) = (.day, wait, level.before)
            case .tooManyInFlight(let level): (decision.rule, before) = (.concurrency, level.before)
            default: break
            }
        }
        if let before {
            (decision.debtNanoseconds, decision.dayRemaining) = (before.debtNanoseconds, before.dayRemaining)
            decision.inFlight = before.inFlight
        }
        return decision
    }

    private func citizen(_ call: Call) -> CallerFacts.Citizen {
        switch call.facts.citizen {
        case .none: .none
        case .malformed: .malformed
        case .opaque: .fitting
        case .obtainedThrough(let other): call.application.map { applications[$0].id } == other ? .fitting : .foreign
        }
    }
}
