import ControlPlane
import Foundation
import Registry
import Support
import Testing

@testable import Command

/// `gateway account`, as the machine's owner uses it.
@Suite(.serialized) struct AccountCommandTests {
    private let served: ServedFolder

    init() throws { served = try ServedFolder() }

    private func account(_ arguments: String...) async throws -> Ran {
        let program = try RunningProgram(try Repository.program("gateway"), ["account"] + arguments + ["--state", served.path])
        let status = try #require(await program.status(withinSeconds: 60))
        return Ran(status: status, output: program.outputSoFar, errors: program.errorsSoFar)
    }

    @Test func `an invitation's link stands alone on stdout, and the account in the list`() async throws {
        let invited = try await account(
            "invite", "meera", "--role", "reviewer", "--role", "approver", "--person", "Meera Iyer", "--language", "hi")
        #expect(invited.status == 0)
        #expect(invited.output.wholeMatch(of: /http:\/\/127\.0\.0\.1:8081\/link\/[A-Za-z0-9_-]{43}\n/) != nil, "\(invited.output)")
        #expect(!invited.errors.contains("/link/"), "the link stands on stdout only")
        let row = try #require(try await account("list", "--format", "json").rows().first { $0["id"] as? String == "meera" })
        #expect(row["roles"] as? [String] == ["reviewer", "approver"] && row["state"] as? String == "invited")
        #expect(row["person"] as? String == "Meera Iyer" && row["language"] as? String == "hi")
        let again = try await account("invite", "meera", "--role", "reviewer")
        #expect(again.status == 1 && again.errors.contains("there is an account 'meera' already"))
        let recovered = try await account("recover", "meera")
        #expect(recovered.status == 0 && recovered.output != invited.output && recovered.output.contains("/link/"))
    }

    @Test func `roles are given, taken, and spelt`() async throws {
        _ = try await account("invite", "meera")
        #expect(
            try await account("roles", "meera", "ops", "auditor", "--format", "json").rows().first?["roles"] as? [String] == [
                "ops", "auditor",
            ])
        #expect(try await account("roles", "meera").status == 0)
        #expect(try await account("roles", "meera", "emperor").status == 2)
        #expect(try await account("roles", "nobody", "ops").status == 1)
        #expect(try await account("invite", "No Body").status == 1)
    }

    @Test func `disabling and enabling name their reason`() async throws {
        _ = try await account("invite", "meera")
        #expect(try await account("disable", "meera").status == 2)
        #expect(try await account("disable", "meera", "--reason", "left").status == 0)
        #expect(try await account("recover", "meera").status == 1)
        #expect(try await account("enable", "meera", "--reason", "back").status == 0)
        #expect(try await account("show", "meera", "--format", "json").rows().first?["state"] as? String == "invited")
    }

    @Test func `the link begins as the console was called last, or as the settings say`() async throws {
        try ConsoleAddress.remember("https://console.example", in: served.path)
        #expect(try await account("invite", "meera").output.hasPrefix("https://console.example/link/"))
    }

    @Test func `a first start invites the first admin, and a later one does not`() throws {
        let folder = try TemporaryDirectory()
        func start() throws -> StartReport {
            let report = try FirstStart.run(
                stateDirectory: folder.path, partnersDirectory: Repository.root + "/partners",
                policiesDirectory: Repository.root + "/policies", at: .now())
            defer { try? report.registry.close() }
            let admin = try report.registry.account("admin")
            #expect(admin.roles == [.admin] && admin.state == .invited)
            return report
        }
        let first = try start()
        #expect(first.adminLink != nil && !first.hasActiveAccount)
        let second = try start()
        #expect(second.adminLink == nil && !second.hasActiveAccount)
    }
}

/// Where the console may listen.
struct ConsoleSettingsTests {
    private func settings(_ flags: [String: String]) throws -> ServeSettings { try #require(ServeSettings(SettingSources(flags: flags))) }

    @Test(arguments: [
        ("127.0.0.1:8081", true), ("127.9.9.9:1", true), ("[::1]:8081", true), ("off", true), ("0.0.0.0:8081", false),
        ("10.0.0.5:8081", false),
        ("[::]:8081", false), ("[2001:db8::1]:1", false),
    ])
    func `beyond this machine it listens behind a proxy only`(place: String, isAllowed: Bool) throws {
        #expect((try settings(["console": place]).consoleObjection == nil) == isAllowed)
        #expect(try settings(["console": place, "behind-tls-proxy": "yes"]).consoleObjection == nil)
    }

    @Test func `who may read the numbers is passed on to the control plane, and nonsense is told of by name`() throws {
        let settings = try settings(["metrics-from": "10.0.0.9, 192.168.0.0/16"])
        #expect(settings.metricsFrom == ["10.0.0.9", "192.168.0.0/16"])
        let told = ChildPlan.consoleArguments(settings)
        #expect(told.suffix(4) == ["--metrics-from", "10.0.0.9", "--metrics-from", "192.168.0.0/16"])
        let file = SettingsFile(path: "gateway.yaml", text: "listen: 127.0.0.1:1\nmetrics-from: [10.0.0.9, prometheus]\n")
        let sources = SettingSources(file: file)
        #expect(ServeSettings(sources) == nil)
        #expect(sources.faults.map(\.description).joined().hasPrefix("gateway.yaml:2:15: 'metrics-from' is"))
        #expect(try self.settings([:]).metricsFrom.isEmpty)
    }

    @Test func `a start that would send passwords in plain text is refused in a sentence`() async throws {
        let folder = try TemporaryDirectory()
        let ran = try await gateway("serve", "--state", folder.path + "/state", "--console", "0.0.0.0:8081")
        #expect(ran.status == 1 && ran.errors.contains("would take passwords in plain text") && ran.errors.contains("--behind-tls-proxy"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/state"))
        let checked = try await gateway(
            "check", "--console", "0.0.0.0:8081", "--partners", Repository.root + "/partners", "--policies", Repository.root + "/policies")
        #expect(checked.status == 1 && checked.output.contains("--console:1:1: "), "\(checked.output)")
    }

    @Test func `links begin with what was said, else with the address`() throws {
        #expect(try settings(["console-url": "https://console.example"]).consoleURL == "https://console.example")
        #expect(try settings(["console": "127.0.0.1:9081"]).consoleURL == "http://127.0.0.1:9081")
        #expect(try settings(["console": "0.0.0.0:9081"]).consoleURL == "http://127.0.0.1:9081")
    }

    @Test(arguments: [
        ("https://console.example", true), ("https://console.example:8443", true), ("http://10.0.0.5:81", true), ("https://[::1]:81", true),
        ("https://[::1]", true), ("console.example", false), ("https://console.example/", false), ("https://a/b", false),
        ("https://", false),
        ("ftp://a", false), ("https://a b", false),
    ])
    func `a site is a scheme, a host and perhaps a port`(text: String, isAllowed: Bool) {
        #expect(SettingKind.site.allows(text) == isAllowed)
    }
}

extension AccountCommandTests {
    @Test func `a token is made for an active account, printed alone, listed without itself, and revoked`() async throws {
        _ = try await account("invite", "meera", "--role", "reviewer")
        let early = try await account("token", "create", "meera", "--name", "report", "--scope", "read", "--expires", "+30d")
        #expect(early.status == 1 && early.errors.contains("the account 'meera' is invited"))
        try await enrol("meera")
        let made = try await account(
            "token", "create", "meera", "--name", "report", "--scope", "read", "--scope", "keys", "--expires", "+30d")
        #expect(made.status == 0 && made.output.wholeMatch(of: /pgw_pat_[0-9A-Za-z]{49}\n/) != nil, "\(made.output)")
        #expect(!made.errors.contains("pgw_pat_"))
        let row = try #require(try await account("token", "list", "meera", "--format", "json").rows().first)
        #expect(row["scopes"] as? [String] == ["read", "keys"] && row["state"] as? String == "active")
        #expect(try await account("token", "list").output.contains("report"))
        let id = try #require(row["id"] as? String)
        #expect(try await account("token", "revoke", id).status == 2)
        #expect(try await account("token", "revoke", id, "--reason", "lost").output.contains("revoked"))
        #expect(try await account("token", "revoke", id, "--reason", "lost").status == 1)
        #expect(try await account("token", "create", "meera", "--name", "x", "--scope", "all", "--expires", "+1d").status == 2)
        #expect(try await account("token", "create", "meera", "--name", "x", "--scope", "read", "--expires", "+366d").status == 1)
    }

    /// Uses an invitation to its end.
    private func enrol(_ name: String) async throws {
        let registry = try RegistryStore(stateDirectory: served.path)
        let key = try ConsoleKey(stateDirectory: served.path)
        let desk = AccountDesk(registry: registry, key: key, passwords: PasswordQueue(cost: PasswordCost(rounds: 2)))
        let link = try registry.recover(name, by: "owner", at: .now())
        let password = "a quiet harbour at dusk"
        let (browser, visitor) = (SecretToken(random: Array(repeating: 7, count: 32)), Visitor(address: "127.0.0.1", agent: ""))
        let standing = try await desk.choosePassword(password, repeated: password, by: link, heldBy: browser, from: visitor, at: .now())
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let digits = try #require(standing.enrolment).secret.compactMap { alphabet.firstIndex(of: $0) }
        let bits = digits.flatMap { value in (0..<5).map { value >> (4 - $0) & 1 } }
        let secret = stride(from: 0, to: bits.count - 7, by: 8).map { start -> UInt8 in
            UInt8(bits[start..<start + 8].reduce(0) { sum, bit in sum << 1 | bit })
        }
        let now = WallTime.now()
        _ = try desk.confirm(TimeBasedCode.code(of: secret, at: now), by: link, heldBy: browser, from: visitor, at: now)
        try registry.close()
    }
}
