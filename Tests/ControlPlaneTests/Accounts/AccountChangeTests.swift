import Foundation
import Registry
import Testing

@testable import ControlPlane

/// What admins do with accounts.
struct AccountChangeTests {
    private let desk: Desk
    private let now = Scratch.now

    init() throws { desk = try Desk() }

    @Test func `accounts are listed by name with their roles`() throws {
        _ = try desk.registry.invite(
            Invitation(name: "Bela", displayName: "Bela Rao", roles: [.admin, .auditor], language: .hindi), by: "owner", at: now)
        _ = try desk.invite("asha", [])
        let accounts = try desk.registry.allAccounts()
        #expect(accounts.map(\.name) == ["asha", "bela"])
        #expect(accounts[0].displayName == "asha" && accounts[0].roles.isEmpty && accounts[0].createdBy == "owner")
        #expect(accounts[1].displayName == "Bela Rao" && accounts[1].roles == [.admin, .auditor] && accounts[1].language == .hindi)
        #expect(accounts.allSatisfy { $0.state == .invited && $0.created == now && $0.lastSignIn == nil })
    }

    @Test(arguments: ["", "ab", "1asha", "asha rao", "asha@example", ".asha", String(repeating: "a", count: 41), "आशा", "import"])
    func `a name out of form is refused`(name: String) {
        #expect(throws: RegistryError.self) { try Invitation(name: name, roles: []) }
    }

    @Test func `a name is taken once`() throws {
        _ = try desk.invite("asha")
        #expect(throws: RegistryError.self) { try desk.invite("asha") }
        #expect(throws: RegistryError.self) { try desk.registry.recover("nobody", by: "owner", at: now) }
    }

    @Test func `roles count from the next request on`() async throws {
        try await desk.enrolled("admin", [.admin], at: now)
        let asha = try await desk.enrolled("asha", [.reviewer], at: now)
        #expect(try desk.registry.setRoles([.approver, .ops], of: "asha", by: "admin", at: now).roles == [.approver, .ops])
        #expect(try desk.signedIn(asha.session, at: now)?.account.roles == [.approver, .ops])
        #expect(throws: RegistryError.self) { try desk.registry.setRoles([.approver, .ops], of: "asha", by: "admin", at: now) }
    }

    @Test func `the only active admin stays one`() async throws {
        try await desk.enrolled("admin", [.admin], at: now)
        _ = try desk.invite("second", [.admin])
        #expect(throws: RegistryError.self) { try desk.registry.disable("admin", reason: "left", by: "admin", at: now) }
        #expect(throws: RegistryError.self) { try desk.registry.setRoles([.ops], of: "admin", by: "admin", at: now) }
        try await desk.enrolled("third", [.admin], at: now)
        #expect(try desk.registry.setRoles([.ops], of: "admin", by: "third", at: now).roles == [.ops])
    }

    @Test func `a disabled account has no links, and comes back as it was`() async throws {
        try await desk.enrolled("admin", [.admin], at: now)
        let link = try desk.invite("asha")
        #expect(try desk.registry.disable("asha", reason: "a mistake", by: "admin", at: now).state == .disabled)
        #expect(throws: SignInRefusal.linkOver) { try desk.desk.link(link, heldBy: Desk.browser, at: now) }
        #expect(throws: RegistryError.self) { try desk.registry.recover("asha", by: "admin", at: now) }
        #expect(try desk.registry.enable("asha", reason: "none", by: "admin", at: now).state == .invited)
        #expect(throws: RegistryError.self) { try desk.registry.enable("asha", reason: "none", by: "admin", at: now) }
    }

    @Test func `somebody is active once somebody is`() async throws {
        _ = try desk.invite("asha")
        #expect(try !desk.registry.hasActiveAccount())
        try await desk.enrolled("bela", at: now)
        #expect(try desk.registry.hasActiveAccount())
    }

    @Test func `the folder's key is made once, readable by its owner only, and opens what it sealed for that account`() throws {
        let folder = desk.registry.stateDirectory
        let key = try ConsoleKey(stateDirectory: folder)
        let mode = try FileManager.default.attributesOfItem(atPath: folder + "/console.key")[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let sealed = try key.seal([1, 2, 3], for: "asha")
        #expect(try ConsoleKey(stateDirectory: folder).open(sealed, for: "asha") == [1, 2, 3])
        #expect(throws: RegistryError.self) { try key.open(sealed, for: "bela") }
        #expect(throws: RegistryError.self) { try ConsoleKey(bytes: Array(1...32)).open(sealed, for: "asha") }
    }

    @Test func `a form is its own visit's`() throws {
        let key = ConsoleKey(bytes: Array(1...32))
        let (mine, other) = (SecretToken(random: Array(1...32)), SecretToken(random: Array(2...33)))
        #expect(key.isFormToken(key.formToken(for: mine), for: mine))
        #expect(!key.isFormToken(key.formToken(for: other), for: mine) && !key.isFormToken("", for: mine))
    }
}

/// Who may decide, once accounts exist.
struct RegisteredAccountsTests {
    @Test func `while nobody can sign in any name counts, and then active accounts alone, by their roles`() async throws {
        let desk = try Desk()
        func standing(_ name: String) throws -> AccountStanding {
            try desk.registry.read { try RegisteredAccounts().standing(of: name, $0) }
        }
        _ = try desk.invite("asha", [.approver])
        #expect(try standing("asha") == .noAccounts && standing("anybody") == .noAccounts)
        try await desk.enrolled("admin", [.admin, .ops])
        #expect(try standing("asha") == .unknown && standing("anybody") == .unknown)
        #expect(try standing("admin") == .active(RoleSet([.admin, .ops])))
    }
}
