import Registry
import Support
import Testing

@testable import ControlPlane

/// What another policy would change, and for whom.
@Suite struct PolicyComparisonTests {
    private let files: PolicyFiles
    private let applications: [RegisteredApplication]

    init() throws {
        files = try PolicyFiles()
        applications = try files.registry.applications()
    }

    private func changes(_ edit: (inout Policy) -> Void) -> [PolicyChange] {
        var policy = files.first
        edit(&policy)
        return comparePolicies(files.first, to: policy, among: applications)
    }

    private func change(_ plan: String, _ scope: Scope, _ edit: (inout Allowance) -> Void) -> [PolicyChange] {
        changes { policy in
            guard let index = policy.plans.firstIndex(where: { $0.id.text == plan }), var allowance = policy.plans[index][scope] else {
                return
            }
            edit(&allowance)
            policy.plans[index].allowances[Int(scope.rawValue)] = allowance
        }
    }

    private func change(route: String, _ edit: (inout Route) -> Void) -> [PolicyChange] {
        changes { policy in
            if let index = policy.routes.firstIndex(where: { $0.id.text == route }) { edit(&policy.routes[index]) }
        }
    }

    private func lines(_ changes: [PolicyChange]) -> [String] {
        changes.map { "\($0.subject.sort) \($0.subject.name) \($0.part): \($0.old ?? "-") → \($0.new ?? "-") \($0.generosity.rawValue)" }
    }

    @Test func `the same policy changes nothing`() { #expect(changes { _ in } == []) }

    @Test func `each number of a plan is a row of its own, for those who have the plan and the scope`() {
        let found = change("starter-app", .search) { allowance in
            allowance.bucket = BucketRule(tokens: 90, periodNanoseconds: 300_000_000_000, burst: 120)
            (allowance.dayTokens, allowance.concurrency) = (0, 5)
        }
        #expect(
            lines(found) == [
                "plan starter-app search rate: 100 / 300 s → 90 / 300 s less", "plan starter-app search burst: 100 → 120 more",
                "plan starter-app search day: 10000 → none more", "plan starter-app search concurrency: 10 → 5 less",
            ])
        let holders = applications.filter { $0.plan?.text == "starter-app" && $0.granted.contains(.search) }.map(\.declaration.id)
        #expect(!holders.isEmpty && found.allSatisfy { $0.applications == holders && !$0.touchesAnonymous })
    }

    @Test func `a rate is compared exactly, whatever its spelling`() {
        func rate(_ tokens: Int64, _ seconds: Int64) -> [String] {
            lines(
                change("starter-app", .search) {
                    $0.bucket = BucketRule(tokens: tokens, periodNanoseconds: seconds * 1_000_000_000, burst: 100)
                })
        }
        #expect(rate(100_000_001, 300_000_000).first?.hasSuffix("more") == true)
        #expect(rate(99_999_999, 300_000_000).first?.hasSuffix("less") == true)
        #expect(rate(1, 3) == ["plan starter-app search rate: 100 / 300 s → 1 / 3 s other"])
    }

    @Test func `a bucket that comes or goes is one row`() {
        let gone = changes { $0.plans.removeAll { $0.id.text == "starter-app" } }
        #expect(
            lines(gone) == [
                "plan starter-app metadata all: 100 / 300 s, burst 100 → - less",
                "plan starter-app search all: 100 / 300 s, burst 100, day 10000, concurrency 10 → - less",
            ])
        let come = changes { policy in
            policy.plans.append(
                Plan(id: id("zero"), buckets: [.booking: BucketRule(tokens: 1, periodNanoseconds: 1_000_000_000, burst: 2)]))
        }
        #expect(lines(come) == ["plan zero booking all: - → 1 / 1 s, burst 2 more"] && come[0].applications.isEmpty)
    }

    @Test func `a route's cost touches whoever has its scope, a public one's callers without a key too`() throws {
        let dearer = change(route: "schedule") { $0.cost += 1 }
        let booking = applications.filter { $0.granted.contains(.booking) }.map(\.declaration.id)
        #expect(lines(dearer) == ["route schedule cost: 1 → 2 less"])
        #expect(dearer[0].applications == booking && !dearer[0].touchesAnonymous)
        let states = change(route: "states") { route in
            route.path = "/api/v3/states"
            route.maximumBodyBytes = 1_024
            route.timeouts.firstByteMilliseconds -= 1
            route.parameters = [Parameter(name: "date", form: .date, isRequired: false)]
        }
        #expect(
            lines(states) == [
                "route states call: GET /api/v2/admin/location/states → GET /api/v3/states other",
                "route states query: none → date? date other",
                "route states maximum-body: 0 B → 1 KiB more", "route states first-byte: 5000 ms → 4999 ms less",
            ])
        #expect(states.allSatisfy { $0.touchesAnonymous })
        let closed = change(route: "states") { $0.identities = .application }
        #expect(lines(closed) == ["route states identities: anyone → application less"] && closed[0].touchesAnonymous)
    }

    @Test func `a route that comes or goes, or changes its scope, is told to both scopes`() {
        let gone = changes { $0.routes.removeAll { $0.id.text == "schedule" } }
        #expect(lines(gone).map { $0.hasSuffix("→ - less") } == [true])
        let moved = change(route: "schedule") { $0.scope = .documents }
        let either = applications.filter { $0.granted.contains(.booking) || $0.granted.contains(.documents) }.map(\.declaration.id)
        #expect(lines(moved) == ["route schedule scope: booking → documents other"] && moved[0].applications == either)
    }

    @Test func `defaults, the anonymous plan, the day's offset and the stated capacity are told at the end`() {
        let found = changes { policy in
            policy.anonymousPlan = id("starter-app")
            policy.defaultPlans[.app] = id("starter-app")
            policy.dayOffsetMinutes = -210
            policy.capacityPerSecond = [.search: 400]
        }
        #expect(
            lines(found) == [
                "anonymous  plan: anonymous → starter-app other", "default app plan: standard-app → starter-app other",
                "day-offset  offset: +05:30 → -03:30 other", "capacity search requests a second: - → 400 other",
            ])
        #expect(found.map(\.touchesAnonymous) == [true, false, false, false])
        #expect(found[2].applications.count > 3 && found[1].applications.isEmpty)
    }

    @Test func `two policies differ in their rows exactly where their versions differ`() throws {
        var generator = SplitMix64(seed: 7)
        for _ in 0..<200 {
            var policy = files.first
            let plan = Int.random(in: policy.plans.indices, using: &generator)
            let route = Int.random(in: policy.routes.indices, using: &generator)
            switch Int.random(in: 0..<7, using: &generator) {
            case 0: policy.routes[route].cost += Int64.random(in: 0...1, using: &generator)
            case 1: policy.plans[plan].allowances[1]?.dayTokens += Int64.random(in: 0...1, using: &generator)
            case 2: policy.plans[plan].allowances[1]?.concurrency += Int64.random(in: 0...1, using: &generator)
            case 3: policy.dayOffsetMinutes += Int64.random(in: 0...1, using: &generator)
            case 4: policy.routes[route].timeouts.requestMilliseconds += Int64.random(in: 0...1, using: &generator)
            case 5: policy.capacityPerSecond = [.search: 1, .booking: 2].filter { _ in Bool.random(using: &generator) }
            default: policy.routes[route].identities = [.anyone, .application].randomElement(using: &generator) ?? .anyone
            }
            let isSame = CanonicalPolicy.sealed(policy).version == files.first.version
            #expect(comparePolicies(files.first, to: policy, among: applications).isEmpty == isSame)
        }
    }
}
