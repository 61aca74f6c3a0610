import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Registry
import Support
import Synchronization
import Testing

@testable import Console

/// A console over a registry of its own, with a clock that tests move.
final class Site: Sendable {
    static let password = "a quiet harbour at dusk"

    let folder: TemporaryDirectory
    let registry: RegistryStore
    let desk: AccountDesk
    let console: Console
    private let responder: RouterResponder<ControlPlaneContext>
    private let clock = MovedClock()

    /// `isBeyondTrust`: who connects is no proxy that is believed.
    init(isBehindTLSProxy: Bool = false, isBeyondTrust: Bool = false) throws {
        folder = try TemporaryDirectory()
        registry = try RegistryStore(stateDirectory: folder.path + "/state")
        desk = AccountDesk(
            registry: registry, key: try ConsoleKey(stateDirectory: folder.path + "/state"),
            passwords: PasswordQueue(cost: PasswordCost(rounds: 2)))
        console = try Console(
            registry: registry, desk: desk,
            settings: ConsoleSettings(
                base: "https://console.example", isBehindTLSProxy: isBehindTLSProxy,
                trustedProxies: isBeyondTrust ? [] : [try #require(AddressText.range("192.0.2.1"))]),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, clock: { [clock] in clock.now })
        let router = Router(context: ControlPlaneContext.self)
        console.add(to: router)
        responder = router.buildResponder()
    }

    var now: WallTime { clock.now }

    func wait(seconds: Int64) { clock.move(seconds: seconds) }

    /// One request as it would come off the wire.
    /// `beforeBody` happens once the head was read and the body is asked for.
    func respond(
        _ method: HTTPRequest.Method, _ path: String, _ fields: HTTPFields, _ body: String,
        beforeBody: (@Sendable () async -> Void)? = nil
    ) async throws -> Page {
        let channel = EmbeddedChannel()
        try await channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 1)).get()
        let head = HTTPRequest(method: method, scheme: "https", authority: "console.example", path: path, headerFields: fields)
        let request = Request(head: head, body: Site.requestBody(ByteBuffer(string: body), after: beforeBody))
        let context = ControlPlaneContext(source: ApplicationRequestContextSource(channel: channel, logger: Logger(label: "test")))
        let response = try await responder.respond(to: request, context: context)
        let collected = Collected()
        try await response.body.write(collected)
        return Page(status: response.status, fields: response.headers, html: collected.text)
    }

    private static func requestBody(_ bytes: ByteBuffer, after event: (@Sendable () async -> Void)?) -> RequestBody {
        guard let event else { return RequestBody(buffer: bytes) }
        let isSent = Mutex(false)
        return RequestBody(
            asyncSequence: AsyncStream {
                guard
                    !isSent.withLock({ sent in
                        defer { sent = true }; return sent
                    })
                else { return nil }
                await event()
                return bytes
            })
    }

    /// An account that has used its invitation.
    func enrolled(_ name: String, _ roles: Set<Role>) async throws -> Member {
        let token = try registry.invite(Invitation(name: name, roles: roles), by: "owner", at: now)
        let (visitor, browser) = (Visitor(address: "192.0.2.1", agent: ""), SecretToken(random: systemRandomBytes(32)))
        let standing = try await desk.choosePassword(
            Site.password, repeated: Site.password, by: token, heldBy: browser, from: visitor, at: now)
        let secret = try Member.bytes(base32: #require(standing.enrolment).secret)
        let session = try desk.confirm(TimeBasedCode.code(of: secret, at: now), by: token, heldBy: browser, from: visitor, at: now)
        return Member(name: name, secret: secret, session: session)
    }

    /// A browser in which somebody has signed in, half a minute later: a code works once.
    func browser(of member: Member) async throws -> WebBrowser {
        wait(seconds: 30)
        let browser = WebBrowser(self)
        try await browser.get("/sign-in")
        try await browser.post("/sign-in", ["name": member.name, "password": Site.password])
        try await browser.get("/sign-in/code")
        let page = try await browser.post("/sign-in/code", ["code": member.code(at: now)])
        #expect(page.location == "/")
        return browser
    }
}

/// A clock that tests move.
private final class MovedClock: Sendable {
    private let time = Mutex(WallTime(seconds: 1_795_350_600))

    var now: WallTime { time.withLock { $0 } }

    func move(seconds: Int64) { time.withLock { $0 = WallTime(nanoseconds: $0.nanoseconds + seconds * 1_000_000_000) } }
}

/// Somebody with an authenticator app.
struct Member: Sendable {
    let name: String
    let secret: [UInt8]
    /// The session that the invitation began.
    let session: SecretToken

    func code(at now: WallTime) -> String { TimeBasedCode.code(of: secret, at: now) }

    static func bytes(base32 text: String) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let bits = text.compactMap { alphabet.firstIndex(of: $0) }.flatMap { value in (0..<5).map { value >> (4 - $0) & 1 } }
        return stride(from: 0, to: bits.count - 7, by: 8).map { start in UInt8(bits[start..<start + 8].reduce(0) { $0 << 1 | $1 }) }
    }
}

private final class Collected: ResponseBodyWriter, Sendable {
    private let bytes = Mutex(ByteBuffer())

    var text: String { bytes.withLock { String(buffer: $0) } }

    func write(_ buffer: ByteBuffer) async throws { _ = bytes.withLock { $0.writeImmutableBuffer(buffer) } }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

/// What came back.
struct Page: Sendable {
    let status: HTTPResponse.Status
    let fields: HTTPFields
    let html: String

    var location: String? { fields[.location] }

    /// The token its forms carry.
    var token: String? {
        html.firstMatch(of: /name="token" value="([^"]*)"/).map { String($0.1).replacing("&#43;", with: "+") }
    }

    /// Words between tags.
    var words: String { html.replacing(/<[^>]*>/, with: " ") }
}

/// Keeps cookies, fills in tokens, and sends what browsers send.
final class WebBrowser {
    let site: Site
    var cookies: [String: String] = [:]
    /// Those that whoever follows a link from another site sends (SameSite=Lax).
    private var linked: Set<String> = []
    var token = ""
    var fields: HTTPFields = [.accept: "text/html,application/xhtml+xml;q=0.9"]

    init(_ site: Site) { self.site = site }

    @discardableResult func get(_ path: String) async throws -> Page { try await send(.get, path, [:]) }

    /// Follows a link from a page of another site, such as one where mail is read.
    @discardableResult func follow(_ path: String) async throws -> Page {
        let others = cookies.filter { !linked.contains($0.key) }
        for name in others.keys { cookies[name] = nil }
        defer { cookies.merge(others) { set, _ in set } }
        return try await get(path)
    }

    /// Sends a form that stands on a page of another site, which has no token.
    @discardableResult func postFromElsewhere(_ path: String, _ form: [String: String]) async throws -> Page {
        let kept = cookies
        cookies = [:]
        defer { cookies = kept.merging(cookies) { _, set in set } }
        return try await post(path, form, token: "", site: "cross-site")
    }

    /// Sends a form in which a field may have several values.
    @discardableResult func post(_ path: String, pairs: [(String, String)]) async throws -> Page {
        let origin = try #require(HTTPField.Name("Sec-Fetch-Site"))
        let body = (pairs + [("token", token)]).map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }
        return try await send(
            .post, path, [.contentType: "application/x-www-form-urlencoded", origin: "same-origin"], body.joined(separator: "&"))
    }

    /// Sends a form with files, as browsers do.
    @discardableResult
    func upload(_ path: String, _ form: [String: String], files: [(field: String, name: String, text: String)]) async throws -> Page {
        let origin = try #require(HTTPField.Name("Sec-Fetch-Site"))
        let fields = form.merging(["token": token]) { first, _ in first }.map { name, value in
            "--BOUNDARY\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        let parts = files.map { file in
            "--BOUNDARY\r\nContent-Disposition: form-data; name=\"\(file.field)\"; filename=\"\(file.name.replacing("\"", with: "%22"))\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n\(file.text)\r\n"
        }
        return try await send(
            .post, path, [.contentType: "multipart/form-data; boundary=BOUNDARY", origin: "same-origin"],
            (fields + parts).joined() + "--BOUNDARY--\r\n")
    }

    /// Sends a form with the token of the last page that had one.
    @discardableResult
    func post(
        _ path: String, _ form: [String: String] = [:], token: String? = nil, site: String = "same-origin",
        beforeBody: (@Sendable () async -> Void)? = nil
    ) async throws -> Page {
        let origin = try #require(HTTPField.Name("Sec-Fetch-Site"))
        let body = form.merging(["token": token ?? self.token]) { first, _ in first }.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }
        return try await send(
            .post, path, [.contentType: "application/x-www-form-urlencoded", origin: site], body.joined(separator: "&"),
            beforeBody: beforeBody)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ more: HTTPFields, _ body: String = "",
        beforeBody: (@Sendable () async -> Void)? = nil
    ) async throws -> Page {
        var sent = fields
        sent.append(contentsOf: more)
        if !cookies.isEmpty { sent[.cookie] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") }
        let page = try await site.respond(method, path, sent, body, beforeBody: beforeBody)
        for field in page.fields[values: .setCookie] {
            let pair = field.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let policy = pair[0] == Console.sessionCookie ? "Strict" : "Lax"
            #expect(field.hasPrefix("__Host-") && field.contains("; Path=/; Secure; HttpOnly; SameSite=" + policy))
            if policy == "Lax" { linked.insert(String(pair[0])) }
            cookies[String(pair[0])] = pair[1].isEmpty ? nil : String(pair[1])
        }
        if let token = page.token { self.token = token }
        return page
    }
}
