import Exchange
import Foundation
import Registry
import Support
import Testing

/// What the gateway refuses itself, and how it reads.
@Suite struct RefusalTests {
    /// A row of the contract: what is sent, and what it is answered with.
    struct Row: Sendable, CustomTestStringConvertible {
        var slug: String
        var status: Int
        var errorCode: String
        var isRetryable = false
        var send: @Sendable (World) -> String
        var testDescription: String { slug }
    }

    static let rows = [
        Row(slug: "malformed-request", status: 400, errorCode: "GWREQ0001") { _ in "GET /a//b HTTP/1.1\r\nHost: a\r\n\r\n" },
        Row(slug: "bad-parameter", status: 400, errorCode: "GWREQ0002") { _ in request("GET", "/api/v2/public/findByDistrict") },
        Row(slug: "missing-key", status: 401, errorCode: "GWAUT0001") { _ in request("GET", Routes.pin) },
        Row(slug: "unknown-key", status: 401, errorCode: "GWAUT0002") { _ in request("GET", Routes.pin, key: "nothing of ours") },
        Row(slug: "mistyped-key", status: 401, errorCode: "GWAUT0003") { request("GET", Routes.pin, key: $0.key(.live) + "x") },
        Row(slug: "missing-citizen-token", status: 401, errorCode: "GWAUT0005") {
            request("GET", Routes.beneficiaries, key: $0.key(.live))
        },
        Row(slug: "foreign-citizen-token", status: 401, errorCode: "GWAUT0006") {
            request("GET", Routes.beneficiaries, key: $0.key(.live), token: CitizenTokenTests.token(#"{"client_id":"other-app"}"#))
        },
        Row(slug: "application-state", status: 403, errorCode: "GWAPP0001") { request("GET", Routes.pin, key: $0.key(.suspended)) },
        Row(slug: "scope-not-granted", status: 403, errorCode: "GWAPP0002") {
            request("POST", Routes.otp, key: $0.key(.searchOnly), body: "{}")
        },
        Row(slug: "address-not-allowed", status: 403, errorCode: "GWAPP0003") { request("GET", Routes.pin, key: $0.key(.walled)) },
        Row(slug: "certificate-required", status: 403, errorCode: "GWAPP0005") { request("GET", Routes.pin, key: $0.key(.bound)) },
        Row(slug: "no-such-route", status: 404, errorCode: "GWREQ0004") { _ in request("GET", "/api/v2/none") },
        Row(slug: "method-not-allowed", status: 405, errorCode: "GWREQ0005") { _ in request("DELETE", Routes.otp) },
        Row(slug: "body-too-large", status: 413, errorCode: "GWREQ0013") { _ in
            request("POST", Routes.otp, body: String(repeating: "x", count: 1_025))
        },
        Row(slug: "target-too-long", status: 414, errorCode: "GWREQ0014") { _ in request("GET", "/" + String(repeating: "a", count: 9_000))
        },
        Row(slug: "expectation-failed", status: 417, errorCode: "GWREQ0017") { _ in request("GET", "/", fields: ["Expect: 200-ok"]) },
        Row(slug: "head-too-large", status: 431, errorCode: "GWREQ0031") { _ in
            request("GET", "/", fields: (0..<101).map { "X-\($0): 1" })
        },
        Row(slug: "not-implemented", status: 501, errorCode: "GWREQ0501") { _ in
            request("POST", Routes.otp, fields: ["Transfer-Encoding: gzip"])
        },
        Row(slug: "version", status: 505, errorCode: "GWREQ0505") { _ in "GET / HTTP/2.0\r\nHost: a\r\n\r\n" },
    ]

    @Test(arguments: rows)
    func `every refusal reads as the contract says`(row: Row) throws {
        let world = try World()
        let (bench, client) = try bench(sending: row.send(world), world: world)
        let received = try client.message()
        try expectProblem(received, row.slug, row.status, row.errorCode, isRetryable: row.isRetryable)
        #expect(bench.stores.isEmpty)
    }

    private func expectProblem(_ received: Message, _ slug: String, _ status: Int, _ errorCode: String, isRetryable: Bool) throws {
        #expect(received.status == status && received["content-type"] == "application/problem+json")
        let json = try #require(try JSONSerialization.jsonObject(with: Data(received.body)) as? [String: Any])
        #expect(json["type"] as? String == "/problems/\(slug)")
        #expect(json["status"] as? Int == status && json["errorCode"] as? String == errorCode)
        #expect(json["instance"] as? String == "/decisions/\(received["x-request-id"] ?? "")")
        #expect(json["retryable"] as? Bool == isRetryable)
        #expect(json["title"] is String && json["error"] as? String == json["title"] as? String)
        #expect((json["detail"] as? String)?.isEmpty == false)
        #expect(received["via"] == "1.1 partner-gateway" && received["date"] != nil)
    }

    @Test func `the members and fields that only some problems have`() throws {
        let world = try World()
        func ask(_ text: String) throws -> Message { try bench(sending: text, world: world).1.message() }
        #expect(try ask(request("GET", Routes.pin, key: world.key(.suspended))).text.contains(#""state":"suspended""#))
        #expect(try ask(request("POST", Routes.otp, key: world.key(.searchOnly), body: "{}")).text.contains(#""scope":"identity""#))
        #expect(try ask(request("PUT", Routes.pin)).values("allow") == ["GET, HEAD"])
        #expect(try ask(request("OPTIONS", Routes.otp)).values("allow") == ["POST"])
        #expect(try ask(request("POST", "/livez")).values("allow") == ["GET, HEAD"])
        #expect(try ask(request("GET", Routes.pin)).values("www-authenticate").count == 1)
        #expect(try ask(request("GET", Routes.beneficiaries, key: world.key(.live)))["www-authenticate"] == "Bearer")
    }

    @Test func `a bucket that is empty is 429, with the exact wait, its name and the caller's own policy`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try bench.client()
        for _ in 0..<2 {
            client.send(request("GET", Routes.pin, key: world.key(.tight)))
            try bench.store().send(answer())
            #expect(try client.message().status == 200)
        }
        bench.now = bench.now.later(milliseconds: 1_500)
        client.send(request("GET", Routes.pin, key: world.key(.tight)))
        let received = try client.message()
        try expectProblem(received, "rate-limited", 429, "GWLIM0001", isRetryable: true)
        #expect(received["retry-after"] == "149" && received.text.contains(#""retryAfterMilliseconds":148500"#))
        #expect(received.text.contains(#""violated-policies":["search"]"#))
        #expect(received["ratelimit-policy"] == "\"search\";q=2;w=300" && received["ratelimit"] == "\"search\";r=0;t=299")
        bench.now = bench.now.later(milliseconds: 148_499)
        client.send(request("GET", Routes.pin, key: world.key(.tight)))
        #expect(try client.message().status == 429)
        bench.now = bench.now.later(milliseconds: 1)
        client.send(request("GET", Routes.pin, key: world.key(.tight)))
        #expect(bench.stores.count == 1 && client.inbox.isEmpty)
    }

    @Test func `guessing keys is 429 in the end, and a genuine key from the same address still passes`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send(String(repeating: request("GET", Routes.pin, key: "guess"), count: 21))
        let statuses = try client.messages()
        #expect(statuses.map(\.status) == [Int](repeating: 401, count: 20) + [429])
        try expectProblem(try #require(statuses.last), "too-many-failures", 429, "GWLIM0003", isRetryable: true)
        client.send(request("GET", Routes.pin, key: world.key(.live)))
        #expect(bench.stores.count == 1)
    }

    static let malformed: [(String, Int)] = [
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\rX: 1\r\n\r\n", 400), ("GET / HTTP/1.1\nHost: a\n\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: a\u{0}b\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nX: a\u{7}b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nX: 1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        ("GET noslash HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET /a%2fb HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET /?a=%1 HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET /a%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", 400),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400), ("POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417),
        ("GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505), ("GET / HTTP/1.1\r\nHost: a\r\nx-api-key: a\r\nx-api-key: b\r\n\r\n", 400),
        ("GET /\(String(repeating: "a", count: 8_300)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 16_400))\r\n\r\n", 431),
        ("GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: 1\r\n", count: 100))\r\n", 431), ("\u{16}\u{3}\u{1}\u{2}", 400),
    ]

    @Test(arguments: 0..<malformed.count)
    func `a malformed message is refused with its status, as a problem, and the connection ends`(row: Int) throws {
        let (text, status) = RefusalTests.malformed[row]
        let world = try World()
        for pieces in [Pieces.whole, .bytes, .random(SplitMix64(seed: UInt64(row)))] {
            let bench = Bench(world.rules, pieces: pieces)
            let client = try bench.client()
            client.send(text + request("GET", "/livez"))
            let received = try client.message()
            #expect(received.status == status && received["connection"] == "close")
            #expect(received["content-type"] == "application/problem+json")
            #expect((try? JSONSerialization.jsonObject(with: Data(received.body))) != nil)
            #expect(client.isEnded && bench.stores.isEmpty)
        }
    }

    @Test func `readiness and life need no key, and every problem has its page`() throws {
        let world = try World()
        let slugs =
            RefusalTests.rows.map(\.slug) + [
                "core-store-failed", "outcome-unknown", "rate-limited", "daily-quota", "too-many-in-flight", "",
            ]
        let (_, client) = try bench(
            sending: (["/livez", "/readyz"] + slugs.map { "/problems/\($0)" }).map { request("GET", $0) }.joined(), world: world)
        let received = try client.messages()
        #expect(received.count == slugs.count + 2 && received.allSatisfy { $0.status == 200 && $0["x-request-id"]?.count == 32 })
        let (_, other) = try bench(sending: request("GET", "/problems/none"), world: world)
        #expect(try other.message().status == 404)
    }
}
