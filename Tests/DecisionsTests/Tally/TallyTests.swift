import Admission
import Decisions
import Registry
import Support
import Testing

@Suite struct `The tally` {
    /// Facts of three policies and five applications, among others' facts.
    struct Known {
        let table = FactTable()
        var applications: [UInt32: String] = [0: "-"]
        var routes: [UInt32: [(String, String)]] = [0: []]

        init(_ random: inout SplitMix64) throws {
            let plan = try identifier("plan-0")
            _ = table.number(of: .endpoint("10.0.0.1:80"))
            for round in 0..<3 {
                let policy = try random.policy(plans: [plan])
                let number = table.number(of: .rules(policy, shadow: nil))
                routes[number] = policy.routes.map { ($0.id.text, $0.scope.name) }
                for place in 0..<5 {
                    var application = random.application(try identifier("application-\(place)"), plans: [plan], near: WallTime(seconds: 1))
                    application.ends = WallTime(seconds: Int64(round))
                    applications[table.number(of: .application(application))] = application.id.text
                }
            }
        }
    }

    /// Random records, and a count of each series by name and labels.
    private static func counted(_ random: inout SplitMix64, _ known: Known, records: Int) -> (Tally, BruteCount) {
        var (tally, brute) = (Tally(), BruteCount())
        for _ in 0..<records {
            var decision = Decision.random(&random)
            decision.application = random.pick(known.applications.keys.sorted())
            decision.rules = random.pick(known.routes.keys.sorted())
            let routes = known.routes[decision.rules] ?? []
            decision.route = Int16.random(in: -1...Int16(routes.count), using: &random)
            decision.endpoint = random.pick([0, 1])
            decision.storeMicroseconds = random.chance(1, in: 2) ? 0 : UInt32(1 << UInt32.random(in: 0...28, using: &random))
            decision.totalMicroseconds = UInt32(1 << UInt32.random(in: 0...28, using: &random))
            (decision.bytesIn, decision.bytesOut) = (.random(in: 0...100_000, using: &random), .random(in: 0...100_000, using: &random))
            tally.count(decision, facts: known.table)
            let route = routes.indices.contains(Int(decision.route)) ? routes[Int(decision.route)] : ("-", "-")
            brute.count(decision, route: route.0, scope: route.1, application: known.applications[decision.application] ?? "-")
        }
        tally.drop(3)
        tally.drop(4)
        brute.add("gateway_decisions_dropped_total", 7)
        return (tally, brute)
    }

    @Test(arguments: [31, 32, 33] as [UInt64], [false, true]) func `is what counting one by one gives`(_ seed: UInt64, _ openMetrics: Bool)
        throws
    {
        var random = SplitMix64(seed: seed)
        let known = try Known(&random)
        let (tally, brute) = Self.counted(&random, known, records: 5_000)
        let page = try MetricsPage(tally.text(openMetrics: openMetrics), openMetrics: openMetrics)
        let numbers = try page.values.filter { $0.value != "0" && $0.value != "0.000000" }.mapValues { value in
            // Seconds with six places: their microseconds, or a count.
            try #require(UInt64(value.filter { $0 != "." }))
        }
        #expect(Set(numbers.keys) == Set(brute.counts.keys))
        for (series, count) in brute.counts { #expect(numbers[series] == count, "seed \(seed): \(series)") }
    }

    @Test func `of nothing is a page too`() throws {
        for openMetrics in [false, true] {
            let page = try MetricsPage(Tally().text(openMetrics: openMetrics), openMetrics: openMetrics)
            #expect(page.values.count == 8 && page.values.values.allSatisfy { $0 == "0" })
            #expect(page.types.count == 12)
        }
    }

    @Test func `is bounded by what the facts name, whatever the records say`() throws {
        var random = SplitMix64(seed: 41)
        let known = try Known(&random)
        var (tally, _) = Self.counted(&random, known, records: 20_000)
        let series = try MetricsPage(tally.text(openMetrics: false), openMetrics: false).values.count
        for _ in 0..<20_000 {
            var decision = Decision.random(&random)
            decision.rules &= 0xFF
            tally.count(decision, facts: known.table)
        }
        let page = try MetricsPage(tally.text(openMetrics: false), openMetrics: false)
        // Only kinds not seen before: of 37 routes, five classes and 31 verdicts at most.
        #expect(page.values.count < series + 37 * 6 * 31)
        #expect(Set(page.values.keys.filter { $0.hasPrefix("gateway_application_admitted") }).count == 6)
    }

    @Test(.enabled(if: PrometheusTool.path != nil)) func `is clean to promtool`() throws {
        var random = SplitMix64(seed: 51)
        let known = try Known(&random)
        let (tally, _) = Self.counted(&random, known, records: 5_000)
        #expect(try PrometheusTool.check(tally.text(openMetrics: false)) == "")
        #expect(try PrometheusTool.check(Tally().text(openMetrics: false)) == "")
        #expect(try PrometheusTool.check(Array("gateway_total{} x\n".utf8)) != "")
    }
}

/// Series by name and labels, counted in a dictionary.
struct BruteCount {
    private(set) var counts: [String: UInt64] = [:]

    mutating func add(_ series: String, _ count: UInt64 = 1) {
        if count > 0 { counts[series, default: 0] += count }
    }

    mutating func count(_ decision: Decision, route: String, scope: String, application: String) {
        let place = "|route=\(route)|scope=\(scope)"
        let status = decision.status == 0 ? "none" : "\(decision.status / 100)xx"
        add("gateway_requests_total\(place)|status=\(decision.status < 100 ? "none" : status)|verdict=\(decision.verdict.name)")
        add("gateway_request_bytes_total\(place)", decision.bytesIn)
        add("gateway_response_bytes_total\(place)", decision.bytesOut)
        add("gateway_core_store_retries_total\(place)", UInt64(decision.retries))
        let ours = decision.totalMicroseconds > decision.storeMicroseconds ? decision.totalMicroseconds - decision.storeMicroseconds : 0
        observe("gateway_own_latency_seconds", place, ours)
        if decision.endpoint > 0 || decision.storeMicroseconds > 0 {
            observe("gateway_core_store_latency_seconds", place, decision.storeMicroseconds)
        }
        if decision.verdict == .admitted {
            add("gateway_application_admitted_total|application=\(application)")
        } else {
            add("gateway_application_refused_total|application=\(application)|problem=\(decision.verdict.name)")
        }
        if decision.fault != .admitted { add("gateway_faults_total|problem=\(decision.fault.name)") }
        add("gateway_endings_total|ending=\(decision.ending.name)")
        guard let shadow = decision.shadow else { return }
        let change = (decision.verdict == .admitted, shadow == .admitted)
        let outcome = decision.verdict == shadow ? "same" : change.0 ? "newly-refused" : change.1 ? "newly-admitted" : "other-problem"
        add("gateway_shadow_decisions_total|outcome=\(outcome)")
    }

    private mutating func observe(_ name: String, _ place: String, _ microseconds: UInt32) {
        for bound in ["0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5"]
            + ["1.0", "2.5", "5.0", "10.0", "30.0", "60.0", "+Inf"]
        where bound == "+Inf" || Double(microseconds) <= (Double(bound) ?? 0) * 1_000_000 {
            add("\(name)_bucket|le=\(bound)\(place)")
        }
        add("\(name)_count\(place)")
        add("\(name)_sum\(place)", UInt64(microseconds))
    }
}
