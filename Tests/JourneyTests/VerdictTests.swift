import Foundation
import Support
import Testing

/// Every state that can hold a key gives its verdict, limits hold to the wait, and decisions act on the next call.
@Suite(.serialized) struct VerdictTests {
    @Test func `states, limits and decisions act on real calls`() async throws {
        let gateway = try await Gateway.started()
        try await statesGiveTheirVerdicts(gateway)
        try await goingLiveNeedsTwoPeople(gateway)
        try await decisionsActWithinASecond(gateway)
        try await theWaitHolds(gateway)
        try await answersNeverComeFromTheWrongStore(gateway)
        #expect(await gateway.stop() == 0)
    }

    /// sandbox, certifying, approved and live hold keys; withdrawn, suspended and revoked had them.
    private func statesGiveTheirVerdicts(_ gateway: Gateway) async throws {
        for application in ["paytm-booking", "1mg-app", "apollo-247", "eka-care-app"] {
            let answer = try await gateway.client(gateway.key(of: application)).get(Gateway.search())
            #expect(answer.status == 200, "the sandbox key of \(application)")
        }
        let early = try await gateway.key(of: "apollo-247", "production")
        let refused = try await gateway.client(early).get(Gateway.search())
        #expect(refused.status == 403)
        #expect(refused.json?["state"] as? String == "approved")
        await #expect(throws: Gateway.CommandFailed.self) { try await gateway.key(of: "1mg-app", "production") }
        await #expect(throws: Gateway.CommandFailed.self) { try await gateway.key(of: "max-front-desk") }
        for (application, move, state) in [("max-my-health", "suspend", "suspended"), ("reliance-employees", "revoke", "revoked")] {
            let key = try await gateway.key(of: application, "production")
            try await gateway.move(application, move)
            let client = gateway.client(key)
            #expect(try await eventually { try await client.get(Gateway.search()).json?["state"] as? String == state })
        }
        let key = try await gateway.key(of: "kerala-health-portal", "production")
        try await gateway.move("kerala-health-portal", "withdraw")
        #expect(try await gateway.client(key).get(Gateway.search()).status == 200, "withdrawn works for 30 more days")
    }

    private func goingLiveNeedsTwoPeople(_ gateway: Gateway) async throws {
        let client = gateway.client(try await gateway.key(of: "apollo-247", "production"))
        try await gateway.move("apollo-247", "go-live", by: "first")
        #expect(try await client.get(Gateway.search()).status == 403)
        await #expect(throws: Gateway.CommandFailed.self) { try await gateway.move("apollo-247", "go-live", by: "first") }
        try await gateway.move("apollo-247", "go-live", by: "second")
        #expect(try await eventually(withinSeconds: 5) { try await client.get(Gateway.search()).status == 200 })
    }

    private func decisionsActWithinASecond(_ gateway: Gateway) async throws {
        let key = try await gateway.key(of: "eka-care-app", "production")
        let client = gateway.client(key)
        #expect(try await client.get(Gateway.search()).status == 200)
        try await gateway.move("eka-care-app", "suspend")
        #expect(try await eventually(withinSeconds: 5) { try await client.get(Gateway.search()).status == 403 })
        try await gateway.move("eka-care-app", "resume")
        #expect(try await eventually(withinSeconds: 5) { try await client.get(Gateway.search()).status == 200 })
        let list = try await gateway.command("key", "list", "--application", "eka-care-app", "--format", "json")
        let rows = try JSONSerialization.jsonObject(with: Data(list.utf8)) as? [[String: Any]]
        let id = try #require(rows?.first { $0["environment"] as? String == "production" }?["id"] as? String)
        try await gateway.command("key", "revoke", id, "--by", "reviewer", "--reason", "journey test")
        let isRevoked = try await eventually(withinSeconds: 5) {
            try await client.get(Gateway.search()).json?["errorCode"] as? String == "GWAUT0004"
        }
        #expect(isRevoked)
    }

    /// Spends a burst of 100, is refused with a wait, and is served again as soon as it has passed.
    private func theWaitHolds(_ gateway: Gateway) async throws {
        let client = gateway.client(try await gateway.key(of: "paytm-finder", "production"))
        var refused: HTTPClient.Answer?
        for _ in 0..<160 where refused == nil {
            let answer = try await client.get(Gateway.search())
            if answer.status == 429 { refused = answer } else { #expect(answer.status == 200) }
        }
        let problem = try #require(refused?.json)
        let wait = try #require(problem["retryAfterMilliseconds"] as? Int)
        #expect(problem["violated-policies"] as? [String] == ["search"])
        #expect(refused?.fields["retry-after"] == String((wait + 999) / 1_000))
        #expect(refused?.fields["ratelimit"]?.hasPrefix("\"search\";r=0;t=") == true)
        let end = ContinuousClock.now + .milliseconds(wait)
        #expect(await eventually { ContinuousClock.now >= end })
        #expect(try await client.get(Gateway.search()).status == 200)
    }

    /// The key chooses the store: what is booked in the sandbox is not in production.
    private func answersNeverComeFromTheWrongStore(_ gateway: Gateway) async throws {
        func sessions(_ environment: String) async throws -> Set<String> {
            let answer = try await gateway.client(gateway.key(of: "max-my-health", environment)).get(Gateway.search())
            let rows = answer.json?["sessions"] as? [[String: Any]] ?? []
            return Set(rows.compactMap { $0["session_id"] as? String })
        }
        try await gateway.move("max-my-health", "resume")
        let (sandbox, production) = (try await sessions("sandbox"), try await sessions("production"))
        #expect(!sandbox.isEmpty && !production.isEmpty && sandbox.isDisjoint(with: production))
    }
}
