import Exchange
import Registry
import Support
import Testing

/// What passes to the core store, and what comes back.
@Suite struct PassingTests {
    let world: World

    init() throws { world = try World() }

    private func passed(_ text: String, spelt: String = "192.0.2.7") throws -> Message {
        let bench = Bench(world.rules)
        let client = try #require(bench.connect(spelt: spelt))
        client.send(text)
        return try bench.store().message()
    }

    @Test func `a head is written anew, with what the gateway knows`() throws {
        let message = try passed(request("GET", Routes.pin, key: world.key(.live), fields: ["Accept: application/json", "X-Other: kept"]))
        #expect(message.startLine == "GET /api/v2/findByPin?date=08-06-2021&pincode=411001 HTTP/1.1")
        let identifier = try #require(message["x-request-id"])
        #expect(identifier.count == 32 && identifier.allSatisfy { $0.isHexDigit && !$0.isUppercase })
        #expect(UInt64(identifier.prefix(12), radix: 16) == UInt64(World.start.wall.nanoseconds / 1_000_000))
        let names = message.fields.map(\.name)
        #expect(
            names == [
                "host", "accept", "x-other", "x-partner-id", "x-application-id", "x-environment", "x-request-id", "x-forwarded-for",
                "traceparent", "via",
            ])
        #expect(message["host"] == "production.store" && message["x-partner-id"] == "partner-of-live-app")
        #expect(message["x-application-id"] == "live-app" && message["x-environment"] == "production")
        #expect(message["x-forwarded-for"] == "192.0.2.7" && message["via"] == "1.1 partner-gateway")
        #expect(message["traceparent"] == "00-\(identifier)-\(identifier.suffix(16))-00")
    }

    @Test func `a sandbox key reaches the sandbox store`() throws {
        let message = try passed(request("GET", Routes.pin, key: world.key(.sandboxed, .sandbox)))
        #expect(message["host"] == "sandbox.store" && message["x-environment"] == "sandbox")
    }

    @Test func `a stranger on a public route is nobody, in production`() throws {
        let message = try passed(request("GET", Routes.search))
        #expect(message["x-application-id"] == nil && message["x-partner-id"] == nil && message["x-environment"] == "production")
    }

    @Test(arguments: [
        "X-Partner-Id", "x-partner-name", "X-APPLICATION-ID", "X-Application-Scopes", "X-Environment", "X-Forwarded-For",
        "X-Forwarded-Host",
        "Forwarded", "X-Request-Id", "x-api-key", "X_Partner_Id", "x_api_key", "X-Partner_Id", "Connection", "Keep-Alive", "TE", "Trailer",
        "Upgrade", "Proxy-Authorization", "Proxy-Authenticate", "Proxy-Connection", "traceparent",
    ])
    func `what speaks for the gateway or for one connection never passes`(name: String) throws {
        let key = name.lowercased() == "x-api-key" ? nil : world.key(.live)
        let value = key == nil ? world.key(.live) : "spoofed"
        for connection in ["Connection: keep-alive"] + (name == "x-api-key" ? [] : ["Connection: \(name)"]) {
            let message = try passed(request("GET", Routes.pin, key: key, fields: ["\(name): \(value)", connection]))
            #expect(!message.fields.contains { $0.value.contains("spoofed") || $0.value.contains("pgw_") })
            #expect(!message.fields.contains { $0.name.contains("_") || $0.name == "x-api-key" || $0.name == "connection" })
            #expect(message.values("x-partner-id") == ["partner-of-live-app"] && message.values("x-application-id") == ["live-app"])
            #expect(message.values("x-environment") == ["production"] && message.values("x-forwarded-for") == ["192.0.2.7"])
            #expect(message.values("x-request-id").count == 1)
        }
    }

    @Test func `fields that Connection names do not pass`() throws {
        let message = try passed(
            request("GET", Routes.search, fields: ["Connection: keep-alive, X-Mine ,x-more", "X-Mine: 1", "X-More: 2", "X-Kept: 3"]))
        #expect(message["x-mine"] == nil && message["x-more"] == nil && message["x-kept"] == "3")
    }

    @Test func `the citizen's token and the caller's own fields pass, with their blanks trimmed`() throws {
        let message = try passed(
            request(
                "GET", Routes.beneficiaries, key: world.key(.live), token: "abc",
                fields: ["Via: 1.1 proxy", "X-Tabs:\t  a b \t", "X-Empty:", "Accept-Language: hi_IN"]))
        #expect(message["authorization"] == "Bearer abc" && message.values("via") == ["1.1 proxy", "1.1 partner-gateway"])
        #expect(message["x-tabs"] == "a b" && message["x-empty"] == "" && message["accept-language"] == "hi_IN")
    }

    @Test func `a caller's trace goes on; a malformed one is replaced`() throws {
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let goesOn = try passed(request("GET", Routes.search, fields: ["traceparent: \(trace)", "tracestate: a=b"]))
        let parts = try #require(goesOn["traceparent"]).split(separator: "-")
        #expect(parts[1] == "4bf92f3577b34da6a3ce929d0e0e4736" && parts[2] != "00f067aa0ba902b7" && parts[3] == "01")
        #expect(goesOn["tracestate"] == "a=b")
        for bad in ["00-\(String(repeating: "0", count: 32))-00f067aa0ba902b7-01", "01-x", trace.uppercased()] {
            let message = try passed(request("GET", Routes.search, fields: ["traceparent: \(bad)"]))
            #expect(message["traceparent"]?.contains(try #require(message["x-request-id"])) == true)
        }
    }

    @Test(arguments: [
        ("date=08-06-2021&district_id=391", "date=08-06-2021&district_id=391"),
        ("district_id=391&utm=1&date=08-06-2021&&x", "date=08-06-2021&district_id=391"),
        ("district_id=391&date=08-06-2021&vaccine=SPUTNIK+V", "date=08-06-2021&district_id=391&vaccine=SPUTNIK%20V"),
        ("vaccine=SPUTNIK%20V&district_id=391&date=08-06-2021", "date=08-06-2021&district_id=391&vaccine=SPUTNIK%20V"),
        ("vaccine=%43OVAXIN&district_id=391&date=29-02-2024", "date=29-02-2024&district_id=391&vaccine=COVAXIN"),
    ])
    func `equal questions are equal bytes`(asked: String, canonical: String) throws {
        let message = try passed(request("GET", "/api/v2/public/findByDistrict?\(asked)"))
        #expect(message.startLine == "GET /api/v2/public/findByDistrict?\(canonical) HTTP/1.1")
    }

    @Test(arguments: [
        "date=8-6-2021&district_id=391", "date=31-06-2021&district_id=391", "date=29-02-2023&district_id=391", "district_id=391",
        "date=08-06-2021", "date=08-06-2021&district_id=", "date=08-06-2021&district_id=39x", "date=08-06-2021&district_id=1234567",
        "date=08-06-2021&district_id=391&district_id=391", "date=08-06-2021&district_id=%33", "date=08-06-2021&district_id=1&vaccine=other",
        "date=08-06-2021&district_id=-1", "date=08/06/2021&district_id=1", "date=00-06-2021&district_id=1",
    ])
    func `a query out of form is 400 and names the parameter`(asked: String) throws {
        let (bench, client) = try bench(sending: request("GET", "/api/v2/public/findByDistrict?\(asked)"), world: world)
        let received = try client.message()
        #expect(received.status == 400 && received.text.contains("\"parameter\":\"") && received.text.contains("\"expected\":\""))
        #expect(bench.stores.isEmpty && !client.isEnded)
    }

    @Test func `degrees are numbers`() throws {
        let key = world.key(.live)
        for (latitude, isGood) in [
            ("18.5204", true), ("-18", true), ("118.123456789012345", true), ("18.", false), (".5", false), ("1e3", false),
        ] {
            let (bench, _) = try bench(sending: request("GET", "/api/v2/centers?lat=\(latitude)&long=73.8567", key: key), world: world)
            #expect(bench.stores.count == (isGood ? 1 : 0))
        }
    }

    @Test func `every answer carries our fields, and none that the core store has no business to send`() throws {
        let (bench, client) = try bench(sending: request("GET", Routes.pin, key: world.key(.tight)), world: world)
        let identifier = try #require(try bench.store().message()["x-request-id"])
        try bench.store().send(
            answer(
                fields: [
                    "Server: secret/1.0", "X-Request-Id: other", "RateLimit: \"x\";r=1", "X-RateLimit-Limit: 5", "Keep-Alive: 5",
                    "X-Mine: 1",
                    "Connection: X-Mine", "X-Partner-Id: x", "x_odd: 1", "Date: Tue, 08 Jun 2021 00:00:00 GMT", "Via: 1.1 inner",
                    "Set-Cookie: a",
                    "Content-Type: application/json", "ETag: \"e\"", "Cache-Control: max-age=60",
                ]))
        let received = try client.message()
        #expect(
            received.fields.map(\.name) == [
                "date", "via", "set-cookie", "content-type", "etag", "cache-control", "content-length", "ratelimit-policy", "ratelimit",
                "x-request-id", "via",
            ])
        #expect(received.values("x-request-id") == [identifier] && received.values("via") == ["1.1 inner", "1.1 partner-gateway"])
        #expect(received["ratelimit-policy"] == "\"search\";q=2;w=300" && received["ratelimit"] == "\"search\";r=1;t=150")
    }

    @Test func `an answer without a Date gets one`() throws {
        let (bench, client) = try bench(sending: request("GET", Routes.search), world: world)
        try bench.store().send(answer())
        #expect(try client.message()["date"] == "Mon, 03 May 2021 00:00:00 GMT")
    }

    @Test func `rules published meanwhile do not touch a request under way`() throws {
        let (bench, client) = try bench(sending: request("GET", Routes.pin, key: world.key(.live)), world: world)
        let later = try World(revision: 2, before: 5)
        bench.exchange.adopt(later.rules)
        try bench.store().send(answer())
        #expect(try client.message()["ratelimit-policy"] == "\"search\";q=1000000;w=300")
        client.send(request("GET", Routes.pin, key: world.key(.live)))
        #expect(try bench.store().messages().last?["x-application-id"] == "live-app")
        bench.exchange.adopt(world.rules)
        try bench.store().send(answer(500))
        #expect(try client.message().status == 502)
        #expect(bench.exchange.reports.last?.route == Identifier("find-by-pin"))
    }
}
