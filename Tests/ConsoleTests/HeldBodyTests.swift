import ControlPlane
import HTTPTypes
import Registry
import Testing

@testable import Console

/// A form whose body comes long after its head: what is done is judged by how things stand when it has come.
@Suite struct HeldBodyTests {
    private let site: Site

    init() throws { site = try Site() }

    @Test func `an admin disabled before the body came invites nobody`() async throws {
        let admin = try await site.enrolled("asha", [.admin])
        _ = try await site.enrolled("meera", [.admin])
        let browser = try await site.browser(of: admin)
        try await browser.get("/accounts/invite")
        let page = try await browser.post(
            "/accounts/invite", ["name": "friend", "person": "Friend", "language": "en", "role": "admin"],
            beforeBody: { [site] in _ = try? site.registry.disable("asha", reason: "left", by: "owner", at: site.now) })
        #expect(page.status == .unauthorized)
        #expect(throws: RegistryError.self) { try site.registry.account("friend") }
    }

    @Test func `what was recent when the head came is asked for again when the body is late`() async throws {
        let browser = try await site.browser(of: try await site.enrolled("asha", [.admin]))
        try await browser.get("/accounts/invite")
        let page = try await browser.post(
            "/accounts/invite", ["name": "friend", "person": "Friend", "language": "en"], beforeBody: { [site] in site.wait(seconds: 600) })
        #expect(page.status != .ok && !page.html.contains("/link/"))
        #expect(throws: RegistryError.self) { try site.registry.account("friend") }
    }

    @Test func `a code is judged by when it has come`() async throws {
        let asha = try await site.enrolled("asha", [])
        site.wait(seconds: 30)
        let browser = WebBrowser(site)
        try await browser.get("/sign-in")
        try await browser.post("/sign-in", ["name": "asha", "password": Site.password])
        try await browser.get("/sign-in/code")
        let code = asha.code(at: site.now)
        let page = try await browser.post("/sign-in/code", ["code": code], beforeBody: { [site] in site.wait(seconds: 120) })
        #expect(page.location != "/")
    }
}
