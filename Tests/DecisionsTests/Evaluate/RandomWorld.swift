import Admission
import Decisions
import Registry
import Support
import Testing

/// One possible world, in which time passes, rules and applications change, and whoever asks is judged by the real admission.
struct RandomWorld {
    var random: SplitMix64
    private(set) var now: Moment
    private(set) var snapshot: Snapshot
    private(set) var spendable: Spendable
    /// The slots in flight: application and scope.
    private var held: [(application: Int, scope: Scope)] = []

    private static let applicationCount = 10
    private static let keyCount: UInt64 = 30

    /// Some applications have something on top of their plan, which ends by itself.
    private let givesExtra: Bool

    init(seed: UInt64, givingExtra: Bool = false) throws {
        givesExtra = givingExtra
        random = SplitMix64(seed: seed)
        now = Moment(
            wall: WallTime(seconds: .random(in: 1_500_000_000...1_900_000_000, using: &random)),
            monotonic: MonotonicTime(nanoseconds: .random(in: 1_000_000_000_000_000...9_000_000_000_000_000, using: &random)))
        snapshot = try RandomWorld.snapshot(&random, at: now.wall, givingExtra: givingExtra)
        spendable = Spendable(
            levels: KeptLevels(Array(repeating: Levels(), count: RandomWorld.applicationCount)), anonymous: KeptAddresses(),
            failures: KeptAddresses(), inFlight: InFlightTable().counts(of: snapshot.applications))
    }

    private static func snapshot(_ random: inout SplitMix64, at now: WallTime, givingExtra: Bool) throws -> Snapshot {
        let plans = try (0..<4).map { try identifier("plan-\($0)") }
        let applications = try (0..<applicationCount).map {
            let application = random.application(try identifier("application-\($0)"), plans: plans, near: now)
            return givingExtra ? random.raised(application, near: now) : application
        }
        return try Snapshot(
            revision: 1, policy: random.policy(plans: plans), applications: applications,
            credentials: (0..<keyCount).map { random.credential($0, of: Int.random(in: 0..<applicationCount, using: &random), near: now) })
    }

    /// Time passes, mostly a little; now and then rules change or a running request ends.
    mutating func moveOn() throws {
        switch Int.random(in: 0..<2_000, using: &random) {
        case 0...4: snapshot = try RandomWorld.snapshot(&random, at: now.wall, givingExtra: givesExtra)
        // A clock is set, back or ahead; the other does not know.
        case 5: now.wall.nanoseconds += .random(in: -200_000_000_000_000...200_000_000_000_000, using: &random)
        case 6...8: now.wall.nanoseconds += .random(in: -3_600_000_000_000...3_600_000_000_000, using: &random)
        case 9...15: pass(nanosecondsToMidnight + .random(in: -2...2, using: &random))
        // Bucket and day are both short, and either may take longer.
        case 801...810: pass(nanosecondsToMidnight - .random(in: 0...(1 << Int64.random(in: 0...40, using: &random)), using: &random))
        case 811...830: reachAnEnd()
        // Another thread read the clock earlier.
        case 16...100: now.monotonic.nanoseconds -= .random(in: 0...5_000_000, using: &random)
        case 101...300: pass(.random(in: 0...(1 << Int64.random(in: 0...38, using: &random)), using: &random))
        case 301...800: pass(.random(in: 0...(1 << Int64.random(in: 0...30, using: &random)), using: &random))
        default: break
        }
        while !held.isEmpty, random.chance(1, in: 8) {
            let slot = held.remove(at: .random(in: held.indices, using: &random))
            spendable.inFlight[slot.application].giveBack(slot.scope)
        }
    }

    /// The process starts anew without the levels it had.
    mutating func loseLevels() {
        held = []
        spendable = Spendable(
            levels: KeptLevels(Array(repeating: Levels(), count: RandomWorld.applicationCount)), anonymous: KeptAddresses(),
            failures: KeptAddresses(), inFlight: InFlightTable().counts(of: snapshot.applications))
    }

    private mutating func pass(_ nanoseconds: Int64) { now = now.later(nanoseconds) }

    /// The end of some withdrawal, to the nanosecond.
    private mutating func reachAnEnd() {
        let withdrawn = snapshot.applications.filter { $0.state == .withdrawn }.map(\.ends)
        let ends = (withdrawn + snapshot.applications.compactMap(\.extra?.until)).filter { $0 > now.wall }.map(\.nanoseconds)
        guard !ends.isEmpty else { return }
        pass(random.pick(ends) - now.wall.nanoseconds + .random(in: -1...1, using: &random))
    }

    private var nanosecondsToMidnight: Int64 {
        let days = DayClock(offsetMinutes: snapshot.policy.dayOffsetMinutes)
        return days.nanoseconds(from: now.wall, toEndOf: days.day(of: now.wall))
    }

    /// Somebody asks for something.
    mutating func request() -> RequestFacts {
        let route = Int.random(in: snapshot.policy.routes.indices, using: &random)
        let key = presentedKey()
        let names = snapshot.applications.map(\.id)
        let owner: Int? =
            if case .digest(let digest, _) = key { snapshot.credential(digest).map { snapshot.credentials[$0].application } } else { nil }
        var citizen = CitizenToken.none
        if snapshot.policy.routes[route].identities == .applicationAndCitizen {
            citizen = random.pick([.none, .malformed, .opaque, .opaque, .obtainedThrough(random.pick(names))])
            if let owner, random.chance(1, in: 3) { citizen = .obtainedThrough(names[owner]) }
        }
        return RequestFacts(
            key: key, route: route, address: random.address(), citizen: citizen,
            certificate: random.chance(1, in: 4) ? nil : random.certificate())
    }

    private mutating func presentedKey() -> PresentedKey {
        switch Int.random(in: 0..<16, using: &random) {
        case 0...2: return .none
        case 3, 4: return random.pick([.foreign, .mistyped, .digest(Digest(77, 7, 7, 7), .sandbox)])
        default:
            let credential = random.pick(snapshot.credentials)
            let isOdd = random.chance(1, in: 25)
            return .digest(credential.digest, isOdd ? random.pick(Environment.allCases) : credential.environment)
        }
    }

    /// Judges it, and keeps the slot it may have taken; gives what admission says that its rules found before.
    mutating func admit(_ request: RequestFacts) throws(Refusal) -> LevelBefore? {
        let permit = try spendable.admit(request, under: snapshot, at: now)
        if permit.holdsSlot, let application = permit.application {
            held.append((application, snapshot.policy.routes[request.route].scope))
        }
        return permit.level?.before
    }
}

extension Moment {
    /// So much later by both clocks.
    func later(_ nanoseconds: Int64) -> Moment {
        Moment(
            wall: WallTime(nanoseconds: wall.nanoseconds + nanoseconds),
            monotonic: MonotonicTime(nanoseconds: monotonic.nanoseconds + nanoseconds))
    }
}

/// An id known to be in form.
func identifier(_ text: String) throws -> Identifier { try #require(Identifier(text)) }
