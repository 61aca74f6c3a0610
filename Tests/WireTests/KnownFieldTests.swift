import Testing
import Wire

/// Which names are known, in any case, and that nothing close to them is.
struct KnownFieldTests {
    static let names: [(String, KnownField)] = [
        ("te", .te), ("via", .via), ("age", .age), ("host", .host), ("date", .date), ("etag", .eTag), ("expect", .expect),
        ("cookie", .cookie),
        ("server", .server), ("accept", .accept), ("trailer", .trailer), ("upgrade", .upgrade), ("forwarded", .forwarded),
        ("x-api-key", .apiKey), ("connection", .connection), ("keep-alive", .keepAlive), ("tracestate", .tracestate),
        ("user-agent", .userAgent), ("set-cookie", .setCookie), ("traceparent", .traceparent), ("retry-after", .retryAfter),
        ("content-type", .contentType), ("x-request-id", .requestID), ("authorization", .authorization), ("x-environment", .environment),
        ("cache-control", .cacheControl), ("if-none-match", .ifNoneMatch), ("content-length", .contentLength),
        ("accept-encoding", .acceptEncoding), ("accept-language", .acceptLanguage), ("idempotency-key", .idempotencyKey),
        ("proxy-connection", .proxyConnection), ("content-encoding", .contentEncoding), ("transfer-encoding", .transferEncoding),
        ("proxy-authenticate", .proxyAuthenticate), ("proxy-authorization", .proxyAuthorization),
    ]

    static let families: [(String, KnownField)] = [
        ("x-forwarded-", .forwardedFamily), ("x-partner-", .partnerFamily), ("x-application-", .applicationFamily),
        ("x-ratelimit-", .rateLimitFamily), ("ratelimit-", .rateLimitFamily), ("strict-transport-security", .transportSecurity),
    ]

    @Test(arguments: names)
    func `a name is known in any case and wherever it ends`(_ name: String, _ field: KnownField) {
        for spelling in [name, name.uppercased(), String(name.prefix(1)).uppercased() + name.dropFirst()] {
            #expect(known(spelling) == field)
        }
    }

    @Test(arguments: names)
    func `a name with any byte changed, added or left out is another one`(_ name: String, _ field: KnownField) {
        let bytes = Array(name.utf8)
        var strange: [[UInt8]] = [bytes + [0x61], [0x61] + bytes, bytes.dropLast(), Array(bytes.dropFirst())]
        for place in bytes.indices {
            for other in [UInt8(0x7e), 0x5e, 0x2b, 0x30, 0x71] {
                var changed = bytes
                changed[place] = other
                if changed != bytes { strange.append(changed) }
            }
        }
        let others = strange.map { String(decoding: $0, as: UTF8.self) }.filter { other in
            !other.isEmpty && !Self.names.contains { $0.0 == other }
        }
        for other in others {
            #expect(known(other) != field, "\(other)")
        }
    }

    @Test(arguments: families)
    func `a family is known by how its names begin`(_ beginning: String, _ family: KnownField) {
        #expect(known(beginning) == family)
        #expect(known(beginning + "for") == family)
        #expect(known((beginning + "Something-Longer-Than-All").uppercased()) == family)
        #expect(known(String(beginning.dropLast()) + "s") == .other)
        #expect(known("a" + beginning) == .other)
    }

    @Test func `the bare RateLimit belongs to its family`() {
        #expect(known("RateLimit") == .rateLimitFamily)
        #expect(known("X-RateLimit") == .other)
    }

    @Test(arguments: ["x_partner_id", "Content_Length", "_", "x-api-key_", "x.partner.id", "x-partner~id", "!", "x+y"])
    func `a name with more than letters, digits and hyphens is told from all others`(_ name: String) {
        #expect(known(name) == .irregular)
    }

    private func known(_ name: String) -> KnownField? {
        var head = ResponseHead()
        let value = name.lowercased() == "transfer-encoding" ? "chunked" : "1"
        let bytes = Array("HTTP/1.1 200 OK\r\n\(name): \(value)\r\n\r\n".utf8)
        guard case .complete = head.parse(bytes.span, answering: .get) else { return nil }
        return head.field(0).known
    }
}
