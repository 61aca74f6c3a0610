import ControlPlane
import Foundation
import Registry
import Support
import Testing

/// What scripts may rely on: exit codes, which stream says what, and the shape of results. Each runs the real program.
struct CommandLineTests {
    @Test(arguments: [
        ["nonsense"], ["key", "issue"], ["key", "issue", "--application", "eka-care-app", "--environment", "staging"],
        ["application", "suspend", "eka-care-app", "--by", "ann"], ["partner", "show", "NOT AN ID"],
        ["partner", "list", "--format", "xml"],
        ["core-store", "otp", "--mobile", "12345"], ["serve", "--listen", "localhost:8080"], ["serve", "--loops", "0"], ["check", "extra"],
        ["application", "grant-sandbox", "eka-care-app", "--by", "a", "--reason", "b", "--scopes", "search,everything"],
        ["explain", "no-id"], ["decisions", "--since", "yesterday"], ["decisions", "--limit", "-1"], ["decisions", "--status", "7"],
        ["decisions", "--scope", "everything"], ["decisions", "--verdict", "liked"], ["usage", "--by", "week"],
        ["usage", "--since", "1h", "--until", "2h"],
        ["application", "bind-certificate", "eka-care-app", "--by", "a", "--reason", "b"],
        ["application", "bind-certificate", "eka-care-app", "--by", "a", "--reason", "b", "--none", "--sha256", "00"],
        ["application", "bind-certificate", "eka-care-app", "--by", "a", "--reason", "b", "--sha256", "12:34"],
    ])
    func `wrong usage exits 2, says so on stderr and writes nothing on stdout`(_ arguments: [String]) async throws {
        let folder = try ServedFolder()
        let program = try RunningProgram(try Repository.program("gateway"), arguments, environment: ["GATEWAY_STATE": folder.path])
        #expect(await program.status() == 2)
        #expect(program.outputSoFar == "")
        #expect(program.errorsSoFar.contains("Usage: gateway"))
    }

    @Test func `help and version are results`() async throws {
        for arguments in [["--help"], ["serve", "--help"], ["key", "issue", "--help"], ["application", "go-live", "--help"]] {
            let program = try RunningProgram(try Repository.program("gateway"), arguments)
            #expect(await program.status() == 0)
            #expect(program.outputSoFar.contains("USAGE: gateway"))
            #expect(program.errorsSoFar == "")
        }
        #expect(try await gateway("--version").output.split(separator: ".").count == 3)
        #expect(try await gateway("key", "list", "--version").status == 0)
    }

    @Test func `an application is bound to certificates, shown with them, and freed again`() async throws {
        let folder = try ServedFolder()
        let colons = (0..<32).map { _ in "AB" }.joined(separator: ":")
        let plain = String(repeating: "cd", count: 32)
        let person = ["--by", "asha", "--reason", "asked for"]
        func bind(_ arguments: String...) async throws -> Ran {
            let program = try RunningProgram(
                try Repository.program("gateway"),
                ["application", "bind-certificate", "eka-care-app", "--state", folder.path] + person + arguments)
            let status = try #require(await program.status(withinSeconds: 60))
            return Ran(status: status, output: program.outputSoFar, errors: program.errorsSoFar)
        }
        #expect(try await bind("--sha256", colons, "--sha256", plain).status == 0)
        #expect(try folder.application("eka-care-app").certificates.count == 2)
        let shown = try await gateway("application", "show", "eka-care-app", "--state", folder.path, "--format", "json").rows()
        #expect(shown.first?["certificates"] as? [String] == [String(repeating: "ab", count: 32), plain])
        let table = try await gateway("application", "show", "eka-care-app", "--state", folder.path)
        #expect(table.output.contains(plain) && table.output.contains("bind-certificate"))
        #expect(try await bind("--sha256", colons, "--sha256", plain).status == 1, "bound so already")
        #expect(try await bind("--none").status == 0)
        #expect(try folder.application("eka-care-app").certificates.isEmpty)
    }

    @Test func `a folder nobody served from is refused, and looking at it makes nothing`() async throws {
        let folder = try TemporaryDirectory()
        let ran = try await gateway("partner", "list", "--state", folder.path + "/none")
        #expect(ran.status == 1)
        #expect(ran.output == "")
        #expect(ran.errors.contains("there is no registry"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/none"))
    }

    @Test func `lists are a table for people and one array for scripts`() async throws {
        let folder = try ServedFolder()
        let table = try await gateway("application", "list", "--state", folder.path)
        #expect(table.status == 0)
        #expect(table.output.hasPrefix("ID "))
        let rows = try await gateway("application", "list", "--state", folder.path, "--format", "json").rows()
        #expect(rows.count == table.output.split(separator: "\n").count - 1)
        #expect(rows.allSatisfy { row in ["id", "partner", "name", "state"].allSatisfy { row[$0] is String } })
        let partners = try await gateway("partner", "list", "--state", folder.path, "--format", "json").rows()
        #expect(partners.count == 9)
        let one = try await gateway("partner", "show", "eka-care", "--state", folder.path, "--format", "json").rows()
        #expect(one.count == 1)
        #expect(one[0]["id"] as? String == "eka-care")
        let ofOne = try await gateway("application", "list", "--partner", "paytm", "--state", folder.path, "--format", "json").rows()
        #expect(Set(ofOne.map { $0["partner"] as? String }) == ["paytm"])
        #expect(try await gateway("partner", "show", "no-such-partner", "--state", folder.path).status == 1)
    }

    @Test func `a key issued is alone on stdout, works as published, and is never listed`() async throws {
        let folder = try ServedFolder()
        let ran = try await gateway(
            "key", "issue", "--application", "eka-care-app", "--environment", "production", "--by", "ann", "--state", folder.path)
        #expect(ran.status == 0)
        let key = ran.output.trimmingCharacters(in: .newlines)
        #expect(KeyForm.read(Array(key.utf8).span) == .wellFormed(.production))
        #expect(try folder.snapshot().credentials.count == 2)
        let list = try await gateway("key", "list", "--application", "eka-care-app", "--state", folder.path, "--format", "json")
        #expect(!list.output.contains(key))
        let rows = try list.rows()
        #expect(rows.count == 2)
        let id = try #require(rows.first { $0["environment"] as? String == "production" }?["id"] as? String)
        let rotated = try await gateway("key", "rotate", id, "--retire-after", "60", "--by", "ann", "--state", folder.path)
        #expect(KeyForm.read(Array(rotated.output.trimmingCharacters(in: .newlines).utf8).span) == .wellFormed(.production))
        #expect(try folder.snapshot().credentials.map(\.state) == [.active, .retiring, .active])
        let revoked = try await gateway("key", "revoke", id, "--by", "ann", "--reason", "found in public", "--state", folder.path)
        #expect(revoked.status == 0)
        #expect(try folder.snapshot().credentials.map(\.state) == [.active, .revoked, .active])
        let again = try await gateway("key", "revoke", id, "--by", "ann", "--reason", "found in public", "--state", folder.path)
        #expect(again.status == 1)
        #expect(again.errors.contains("already revoked"))
        let early = try await gateway(
            "key", "issue", "--application", "paytm-booking", "--environment", "production", "--state", folder.path)
        #expect(early.status == 1)
        #expect(early.output == "" && early.errors.contains("sandbox"))
    }

    @Test func `an application goes from draft to live, and the last step needs two people`() async throws {
        let folder = try ServedFolder()
        let id = "kerala-field-teams"
        func move(_ name: String, by person: String) async throws -> Ran {
            try await gateway(
                "application", name, id, "--by", person, "--reason", "a test", "--state", folder.path, "--format", "json")
        }
        let steps = [
            ("submit", "submitted"), ("review", "in_review"), ("request-changes", "changes_requested"), ("submit", "submitted"),
            ("review", "in_review"), ("grant-sandbox", "sandbox"), ("certify", "certifying"), ("approve", "approved"),
        ]
        for (name, state) in steps {
            let ran = try await move(name, by: name == "submit" ? "sam" : "ann")
            #expect(ran.status == 0, "\(name): \(ran.errors)")
            #expect(try ran.rows()[0]["state"] as? String == state)
            #expect(try folder.application(id).state.name == state, "published with the move")
        }
        let refused = try await move("suspend-everything", by: "ann")
        #expect(refused.status == 2)
        #expect(try await move("go-live", by: "sam").status == 1, "who submitted may not")
        let first = try await move("go-live", by: "ann")
        #expect(try first.rows()[0]["state"] as? String == "approved")
        #expect(try first.rows()[0]["awaitsSecondPersonFor"] as? String == "go-live")
        let same = try await move("go-live", by: "Ann")
        #expect(same.status == 1)
        #expect(same.errors.contains("second, different person"))
        #expect(try await move("go-live", by: "ben").rows()[0]["state"] as? String == "live")
        #expect(try folder.application(id).state == .live)
        let wrong = try await move("approve", by: "ann")
        #expect(wrong.status == 1)
        #expect(wrong.output == "" && wrong.errors.contains("allowed: change-plan, grant-scopes, suspend, withdraw, revoke"))
        let shown = try await gateway("application", "show", id, "--state", folder.path, "--format", "json").rows()
        #expect((shown[0]["moves"] as? [[String: Any]])?.count == 10)
    }

    @Test func `an exported partner is a partner file that changes nothing when imported`() async throws {
        let folder = try ServedFolder()
        let exported = try await gateway("partner", "export", "max-hospital", "--by", "owner", "--state", folder.path)
        let records = try await gateway("audit", "list", "--action", "partner.export", "--state", folder.path, "--format", "json").rows()
        #expect(records.map { $0["actor"] as? String } == ["owner"])
        #expect(exported.output.hasPrefix("id: max-hospital\n"))
        let row = try await gateway("partner", "export", "max-hospital", "--state", folder.path, "--format", "json").rows()
        #expect(row[0]["yaml"] as? String == exported.output)
        let files = try TemporaryDirectory()
        try files.write(exported.output, to: "max.yaml")
        let before = try folder.snapshot()
        let summary = try await gateway("partner", "import", "--partners", files.path, "--state", folder.path, "--format", "json").rows()
        #expect(summary[0]["partnersChanged"] as? Int == 0)
        #expect(summary[0]["applicationsAdded"] as? Int == 0)
        #expect(try folder.snapshot().applications == before.applications)
    }

    @Test func `check finds every fault in one run, file by file, and settings too`() async throws {
        let folder = try TemporaryDirectory()
        let root = Repository.root
        let clean = try await gateway("check", "--partners", root + "/partners", "--policies", root + "/policies")
        #expect(clean.status == 0)
        #expect(clean.output == "")
        try folder.write("id: x\nkind: bank\ncolour: red\n", to: "partners/a.yaml")
        try folder.write("id: [\n", to: "partners/b.yaml")
        let config = try folder.write("listen: nowhere\ncore-store-ca: ca.pem\n", to: "gateway.yaml")
        let arguments = ["--partners", folder.path + "/partners", "--policies", root + "/policies", "--config", config]
        let program = try RunningProgram(try Repository.program("gateway"), ["check"] + arguments)
        #expect(await program.status() == 1)
        let lines = program.outputSoFar.split(separator: "\n")
        #expect(lines.count > 3)
        #expect(lines.contains { $0.hasPrefix("\(config):1:9: ") })
        #expect(lines.contains { $0.hasPrefix("\(config):2:16: 'core-store-ca' means nothing") })
        #expect(lines.contains { $0.contains("/partners/a.yaml:3:1: unknown key 'colour'") })
        #expect(lines.contains { $0.contains("/partners/b.yaml:") })
        let json = try RunningProgram(try Repository.program("gateway"), ["check", "--format", "json"] + arguments)
        #expect(await json.status() == 1)
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(json.outputSoFar.utf8)) as? [[String: Any]])
        #expect(rows.count == lines.count)
        #expect(rows.allSatisfy { $0["id"] is String && $0["line"] is Int && $0["column"] is Int && $0["problem"] is String })
    }

    @Test func `policies apply whole or not at all`() async throws {
        let folder = try ServedFolder()
        let files = try TemporaryDirectory()
        let policies = Repository.root + "/policies"
        let plans = try String(contentsOfFile: policies + "/plans.yaml", encoding: .utf8)
        let routes = try String(contentsOfFile: policies + "/routes.yaml", encoding: .utf8)
        try files.write(plans, to: "plans.yaml")
        try files.write(routes, to: "routes.yaml")
        let version = try folder.snapshot().policy.version
        #expect(try await gateway("policy", "apply", "--policies", files.path, "--state", folder.path).errors.contains("Nothing changed"))
        try files.write(routes.replacing("cost: 3", with: "cost: 4"), to: "routes.yaml")
        #expect(try await gateway("policy", "apply", "--policies", files.path, "--state", folder.path).status == 0)
        let changed = try folder.snapshot().policy.version
        #expect(changed != version)
        try files.write(routes.replacing("cost: 3", with: "cost: many"), to: "routes.yaml")
        let refused = try await gateway("policy", "apply", "--policies", files.path, "--state", folder.path)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("/routes.yaml:"))
        #expect(try folder.snapshot().policy.version == changed)
        #expect(try await gateway("policy", "list", "--state", folder.path, "--format", "json").rows().count == 2)
    }

    @Test func `the benchmark's registry has its keys in a file`() async throws {
        let folder = try TemporaryDirectory()
        let keys = folder.path + "/keys"
        let ran = try await gateway(
            "benchmark-registry", "--state", folder.path + "/state", "--policies", Repository.root + "/policies", "--keys", keys,
            "--applications", "40")
        #expect(ran.status == 0, "\(ran.errors)")
        let lines = try String(contentsOfFile: keys, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 40)
        #expect(lines.allSatisfy { KeyForm.read(Array($0.utf8).span) == .wellFormed(.production) })
    }
}
