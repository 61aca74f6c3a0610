import Admission
import Decisions
import Registry
import Support
import Testing

@Suite struct `The evaluator` {
    @Test(arguments: [1, 2, 3, 4] as [UInt64], [false, true])
    func `agrees with admission on every record of a random world`(_ seed: UInt64, _ givingExtra: Bool) throws {
        var world = try RandomWorld(seed: seed, givingExtra: givingExtra)
        var seen: [String: Int] = [:]
        for _ in 0..<Soak.count(300_000) {
            try world.moveOn()
            let request = world.request()
            let recorded = world.record(request)
            let decision = try #require(Decision(recorded.words))
            let application = world.credential(of: request).map { world.snapshot.applications[$0.application] }
            let evaluation = evaluate(decision, of: application, under: world.snapshot.policy)
            seen[decision.verdict.name, default: 0] += 1
            guard evaluation.agrees, evaluation.basis == .stations, evaluation.verdict == decision.verdict else {
                Issue.record("seed \(seed): \(evaluation) of \(decision), \(request), \(world.snapshot.policy), \(world.now)")
                return
            }
        }
        print("seed \(seed):", seen.sorted { $0.value > $1.value }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        let stations = ProblemSlug.allCases.filter { slug in
            let verdict = Verdict.refused(slug)
            return evaluate(verdict.alone, of: nil, under: nil).basis == .incomplete && problem(for: slug.example).status < 500
        }
        for slug in stations { #expect(seen[slug.text.description, default: 0] > 20, "\(slug.text) was hardly seen") }
        #expect(seen["admitted", default: 0] > 1_000)
    }

    @Test(arguments: [5, 6] as [UInt64]) func `knows the first instant at which it would have passed`(_ seed: UInt64) throws {
        var world = try RandomWorld(seed: seed)
        var probe = WaitProbe()
        for _ in 0..<Soak.count(200_000) {
            try world.moveOn()
            let request = world.request()
            let decision = world.record(request)
            probe.look(at: decision, request, in: world)
        }
        print("seed \(seed):", probe.seen)
        #expect(probe.failures.isEmpty, "seed \(seed): \(probe.failures.prefix(3))")
        for (rule, count) in [(.bucket, 1_000), (.anonymousBucket, 100), (.day, 500), (.concurrency, 50), (.failures, 50)]
            as [(DecidingRule, Int)]
        {
            #expect(probe.seen[rule, default: 0] >= count / (Soak.isOn ? 1 : 10), "\(rule) was hardly seen")
        }
    }

    @Test(arguments: [-1, 0, 1] as [Int64]) func `names the rule with the longer wait, and of two equal ones the day`(_ later: Int64) throws
    {
        let (application, policy) = try `An explanation`.rules()
        let snapshot = try Snapshot(
            revision: 1, policy: policy, applications: [application],
            credentials: [
                CredentialRecord(
                    digest: Digest(1, 2, 3, 4), application: 0, environment: .production, state: .active, until: .init(nanoseconds: .max))
            ])
        // Three seconds to midnight, the day's tokens spent, and three seconds to the second token.
        let now = Moment(
            wall: WallTime(nanoseconds: 19_000 * DayClock.dayNanoseconds - 330 * 60_000_000_000 - 3_000_000_000),
            monotonic: .init(nanoseconds: 1 << 50))
        var levels = Levels()
        levels[.search] = Level(arrival: now.monotonic.nanoseconds + 21_000_000_000 + later, capacity: 30_000_000_000)
        (levels.day, levels.dayUsed[Int(Scope.search.rawValue)]) = (snapshot.days.day(of: now.wall), 40)
        let store = KeptLevels([levels])
        var decision = Decision()
        (decision.wallNanoseconds, decision.debtNanoseconds) = (now.wall.nanoseconds, 21_000_000_000 + later)
        (decision.route, decision.cost, decision.dayRemaining) = (0, 2, 0)
        decision.caller = CallerFacts(key: .good, spelt: .production, registered: .production)
        do throws(Refusal) {
            _ = try admit(
                RequestFacts(key: .digest(Digest(1, 2, 3, 4), .production), route: 0, address: Address(ipv4: 1), citizen: .none),
                under: snapshot,
                spending: store, counting: InFlightTable().counts(of: [application]), anonymous: KeptAddresses().table,
                failures: KeptAddresses().table, at: now)
        } catch {
            switch error {
            case .dailyQuota(let wait, _): (decision.verdict, decision.rule, decision.waitNanoseconds) = (.refused(.dailyQuota), .day, wait)
            case .rateLimited(let wait, _):
                (decision.verdict, decision.rule, decision.waitNanoseconds) = (.refused(.rateLimited), .bucket, wait)
            default: Issue.record(error)
            }
        }
        #expect(decision.rule == (later > 0 ? .bucket : .day))
        #expect(evaluate(decision, of: application, under: policy).agrees)
    }

    @Test func `lets the verdict on a request's form stand`() {
        for slug in [ProblemSlug.malformedRequest, .badParameter, .noSuchRoute, .methodNotAllowed, .bodyTooLarge, .version] {
            let evaluation = evaluate(Verdict.refused(slug).alone, of: nil, under: nil)
            #expect(evaluation.basis == .form && evaluation.agrees && evaluation.verdict == .refused(slug))
        }
        #expect(evaluate(Decision(), of: nil, under: nil).basis == .ownAnswer)
    }

    @Test func `says nothing where facts are missing`() throws {
        var random = SplitMix64(seed: 9)
        let plan = try identifier("plan-0")
        let policy = try random.policy(plans: [plan])
        var decision = Decision()
        (decision.route, decision.caller) = (0, CallerFacts(key: .good))
        decision.cost = UInt32(policy.routes[0].cost)
        for evaluation in [evaluate(decision, of: nil, under: policy), evaluate(decision, of: nil, under: nil)] {
            #expect(evaluation.basis == .incomplete && !evaluation.agrees)
        }
        decision.route = 999
        #expect(evaluate(decision, of: nil, under: policy).basis == .incomplete)
    }
}

extension Verdict {
    /// A record of nothing but this verdict on a route.
    var alone: Decision {
        var decision = Decision()
        (decision.verdict, decision.route) = (self, 0)
        return decision
    }
}
