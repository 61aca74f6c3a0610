import Admission
import Decisions
import Foundation
import Registry
import Support
import Testing

@testable import Exchange

/// What an application is told of its own limits.
@Suite struct LimitsPageTests {
    private func json(_ message: Message) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(message.body)) as? [String: Any])
    }

    private func limits(_ world: World, _ who: World.Who, _ bench: Bench) throws -> [String: Any] {
        let client = try bench.client()
        client.send(request("GET", "/limits", key: world.key(who)))
        let message = try client.message()
        #expect(message.status == 200, "\(message.text)")
        return try json(message)
    }

    private func scope(_ name: String, of page: [String: Any]) throws -> [String: Any] {
        let limits = try #require(page["limits"] as? [String: Any])
        return try #require(limits[name] as? [String: Any])
    }

    @Test func `who asks, under which policy, and that nobody keeps the answer`() throws {
        let world = try World()
        let (_, client) = try bench(sending: request("GET", "/limits", key: world.key(.searchOnly)), world: world)
        let message = try client.message()
        #expect(message["content-type"] == "application/json" && message["cache-control"] == "no-store")
        #expect(message["x-request-id"] != nil && message["ratelimit"] == nil)
        let page = try json(message)
        #expect(page["application"] as? String == "search-only-app" && page["partner"] as? String == "partner-of-search-only-app")
        #expect(
            page["environment"] as? String == "production" && page["state"] as? String == "live" && page["plan"] as? String == "generous")
        #expect(
            page["policy"] as? String == world.rules.snapshot.policy.version && page["time"] as? String == "2021-05-03T00:00:00.000000000Z")
        #expect(page["ends"] is NSNull && page["keyEnds"] is NSNull && (page["changes"] as? [Any])?.isEmpty == true)
        #expect((page["limits"] as? [String: Any])?.keys.sorted() == ["search"], "what it was not granted is not its limit")
    }

    @Test func `says what the RateLimit fields say, and takes nothing`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send(request("GET", Routes.pin, key: world.key(.tight)))
        try bench.store().send(answer())
        let fields = try client.message()
        for _ in 0..<3 {
            let search = try scope("search", of: limits(world, .tight, bench))
            let quota = try #require(search["quota"] as? Int)
            let window = try #require(search["window"] as? Int)
            #expect(fields["ratelimit-policy"] == "\"search\";q=\(quota);w=\(window)")
            let remaining = try #require(search["remaining"] as? Int)
            let reset = try #require(search["reset"] as? Int)
            #expect(fields["ratelimit"] == "\"search\";r=\(remaining);t=\(reset)")
            #expect(search["burst"] as? Int == 2 && search["nanosecondsPerToken"] as? Int == 150_000_000_000)
            #expect(search["day"] is NSNull && search["concurrency"] is NSNull)
            #expect((search["costs"] as? [String: Int])?["find-by-pin"] == 1)
        }
        client.send(request("GET", Routes.pin, key: world.key(.tight)))
        try bench.store().send(answer())
        #expect(try client.message()["ratelimit"] == "\"search\";r=0;t=300")
        #expect(try scope("search", of: limits(world, .tight, bench))["remaining"] as? Int == 0, "asked by one whose bucket is empty")
    }

    @Test func `days and requests in flight, as they are at the moment`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send(request("GET", Routes.pin, key: world.key(.daily)))
        try bench.store().send(answer())
        let day = try scope("search", of: limits(world, .daily, bench))["day"] as? [String: Int]
        #expect(day == ["quota": 3, "offsetMinutes": 330, "remaining": 2, "reset": 66_600])
        try bench.client().send(request("GET", Routes.pin, key: world.key(.narrow)))
        let running = try scope("search", of: limits(world, .narrow, bench))["concurrency"] as? [String: Int]
        #expect(running == ["limit": 2, "inFlight": 1])
        try bench.store().send(answer())
        let after = try scope("search", of: limits(world, .narrow, bench))["concurrency"] as? [String: Int]
        #expect(after == ["limit": 2, "inFlight": 0])
    }

    @Test func `announced policies in the order of time, each with what it changes`() throws {
        let world = try World { parts in
            var (dearer, narrower) = (parts.policy, parts.policy)
            dearer.version = String(repeating: "1", count: 64)
            for route in dearer.routes.indices where dearer.routes[route].id.text == "find-by-pin" { dearer.routes[route].cost = 2 }
            narrower = dearer
            narrower.version = String(repeating: "2", count: 64)
            for plan in narrower.plans.indices { narrower.plans[plan].allowances[Int(Scope.booking.rawValue)] = nil }
            parts.announced = [
                AnnouncedPolicy(from: WallTime(seconds: 1_620_007_200), policy: narrower),
                AnnouncedPolicy(from: WallTime(seconds: 1_620_003_600), policy: dearer),
            ]
        }
        let page = try limits(world, .tight, Bench(world.rules))
        let changes = try #require(page["changes"] as? [[String: Any]])
        #expect(changes.map { $0["from"] as? String } == ["2021-05-03T01:00:00.000000000Z", "2021-05-03T02:00:00.000000000Z"])
        #expect(changes.map { ($0["policy"] as? String)?.first } == ["1", "2"] && changes.allSatisfy { $0["what"] as? String == "policy" })
        let first = try #require(changes[0]["limits"] as? [String: [String: Any]])
        #expect(first.keys.sorted() == ["search"])
        func cost(_ side: String) -> Int? { ((first["search"]?[side] as? [String: Any])?["costs"] as? [String: Int])?["find-by-pin"] }
        #expect(cost("before") == 1 && cost("after") == 2)
        let second = try #require(changes[1]["limits"] as? [String: [String: Any]])
        #expect(second.keys.sorted() == ["booking"] && second["booking"]?["after"] is NSNull)
        #expect((second["booking"]?["before"] as? [String: Any])?["quota"] as? Int == 2)
    }

    @Test func `no edit of a limit that callers can feel is left out`() throws {
        let edits: [(inout Allowance) -> Void] = [
            { $0.bucket = BucketRule(tokens: 1, periodNanoseconds: 300_000_000_000, burst: 2) },
            { $0.bucket = BucketRule(tokens: 2, periodNanoseconds: 300_000_000_000, burst: 3) },
            { $0.dayTokens = 5 }, { $0.concurrency = 1 },
        ]
        for edit in edits {
            let world = try World { parts in
                var later = parts.policy
                let plan = try #require(later.plans.firstIndex { $0.id.text == "tight" })
                var allowance = try #require(later.plans[plan].allowances[Int(Scope.search.rawValue)])
                edit(&allowance)
                later.plans[plan].allowances[Int(Scope.search.rawValue)] = allowance
                parts.announced = [AnnouncedPolicy(from: WallTime(seconds: 1_620_003_600), policy: later)]
            }
            let changes = try limits(world, .tight, Bench(world.rules))["changes"] as? [[String: Any]]
            let changed = try #require(changes?.first?["limits"] as? [String: [String: Any]])
            #expect(changed.keys.sorted() == ["search"])
            #expect(changed["search"]?["before"] as? NSDictionary != changed["search"]?["after"] as? NSDictionary)
            let others = try limits(world, .live, Bench(world.rules))["changes"] as? [[String: Any]]
            #expect((others?.first?["limits"] as? [String: Any])?.isEmpty == true, "another plan is not touched")
        }
    }

    @Test func `what comes on top of the plan, its end among the changes, and what is announced before and after it`() throws {
        let end = WallTime(seconds: 1_620_005_400)
        let world = try World { parts in
            parts.applications[World.Who.tight.rawValue].extra = ExtraQuota(percent: 50, until: end)
            parts.announced = [Int64(1_620_003_600), 1_620_007_200].map { time in
                var policy = parts.policy
                policy.version = String(repeating: time < end.seconds ? "1" : "2", count: 64)
                return AnnouncedPolicy(from: WallTime(seconds: time), policy: policy)
            }
        }
        let bench = Bench(world.rules)
        let page = try limits(world, .tight, bench)
        #expect((page["extraQuota"] as? [String: Any])?["percent"] as? Int == 50)
        #expect(try scope("search", of: page)["quota"] as? Int == 3, "half as much again as 2")
        let changes = try #require(page["changes"] as? [[String: Any]])
        #expect(changes.map { $0["what"] as? String } == ["policy", "extra-quota", "policy"])
        let touched = try changes.map { try #require($0["limits"] as? [String: [String: Any]]) }
        #expect(touched[0].isEmpty && touched[2].isEmpty, "neither policy changes anything")
        #expect((touched[1]["search"]?["before"] as? [String: Any])?["quota"] as? Int == 3)
        #expect((touched[1]["search"]?["after"] as? [String: Any])?["quota"] as? Int == 2)
        #expect(try limits(world, .live, bench)["extraQuota"] is NSNull)
    }

    @Test func `what comes on top of the plan ends by itself, though nobody publishes`() throws {
        let end = WallTime(nanoseconds: World.start.wall.nanoseconds + 600_000_000_000)
        let world = try World { parts in
            parts.applications[World.Who.tight.rawValue].extra = ExtraQuota(percent: 50, until: end)
        }
        let bench = Bench(world.rules)
        func field() throws -> String? {
            let client = try bench.client()
            client.send(request("GET", Routes.pin, key: world.key(.tight)))
            try bench.store().send(answer())
            return try client.message()["ratelimit-policy"]
        }
        #expect(try field() == "\"search\";q=3;w=300")
        bench.pass(untilNanoseconds: 600_000_000_000)
        #expect(try field() == "\"search\";q=2;w=300")
        let page = try limits(world, .tight, bench)
        #expect(page["extraQuota"] is NSNull && (page["changes"] as? [Any])?.isEmpty == true)
        #expect(try scope("search", of: page)["quota"] as? Int == 2)
    }

    @Test func `the ends of a withdrawal and of a key`() throws {
        let end = WallTime(seconds: 1_620_086_400)
        let world = try World { parts in
            parts.applications[World.Who.live.rawValue].state = .withdrawn
            parts.applications[World.Who.live.rawValue].ends = end
            for index in parts.credentials.indices where parts.credentials[index].application == World.Who.live.rawValue {
                parts.credentials[index].state = .retiring
                parts.credentials[index].until = WallTime(seconds: 1_620_000_060)
            }
            var (before, after) = (parts.policy, parts.policy)
            before.version = String(repeating: "1", count: 64)
            after.version = String(repeating: "2", count: 64)
            parts.announced = [
                AnnouncedPolicy(from: WallTime(nanoseconds: end.nanoseconds - 1), policy: before),
                AnnouncedPolicy(from: end, policy: after),
            ]
        }
        let page = try limits(world, .live, Bench(world.rules))
        #expect(
            page["ends"] as? String == "2021-05-04T00:00:00.000000000Z" && page["keyEnds"] as? String == "2021-05-03T00:01:00.000000000Z")
        let changes = try #require(page["changes"] as? [[String: Any]])
        #expect(changes.map { $0["what"] as? String } == ["policy", "withdrawal"])
        let last = try #require(changes[1]["limits"] as? [String: [String: Any]])
        #expect(last.count == Scope.allCases.count && last.values.allSatisfy { $0["after"] is NSNull })
    }
}
