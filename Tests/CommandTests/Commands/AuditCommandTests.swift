import ControlPlane
import Foundation
import Registry
import Support
import Testing

/// `gateway audit` as scripts use it.
@Suite struct AuditCommandTests {
    private let served: ServedFolder
    private let elsewhere: TemporaryDirectory

    init() throws { (served, elsewhere) = (try ServedFolder(), try TemporaryDirectory()) }

    private func suspend(_ reason: String) async throws -> Ran {
        try await gateway("application", "suspend", "paytm-finder", "--by", "Asha", "--reason", reason, "--state", served.path)
    }

    /// The audit as exported, in a file beside the state, and the public key in another.
    private func exported() async throws -> (export: String, key: String) {
        let export = try await gateway("audit", "export", "--by", "auditor", "--state", served.path)
        #expect(export.status == 0 && export.errors.contains("Records 1 to "))
        let key = try await gateway("audit", "public-key", "--state", served.path)
        return (try elsewhere.write(export.output, to: "audit.jsonl"), try elsewhere.write(key.output, to: "audit.pub"))
    }

    @Test func `what was done and what was refused is listed, in three forms`() async throws {
        #expect(try await suspend("too many searches").status == 0)
        #expect(try await suspend("again").status == 1)
        let rows = try await gateway("audit", "list", "--action", "application.suspend", "--format", "json", "--state", served.path).rows()
        #expect(rows.map { $0["actor"] as? String } == ["asha", "asha"])
        #expect(rows[0]["refusal"] is NSNull && (rows[1]["refusal"] as? String)?.contains("suspend is not allowed") == true)
        let refused = try await gateway("audit", "list", "--refused", "--actor", "ASHA", "--limit", "1", "--state", served.path)
        #expect(refused.output.split(separator: "\n").count == 2 && refused.output.contains("refused: application paytm-finder"))
        let csv = try await gateway("audit", "list", "--subject", "application/paytm-finder", "--format", "csv", "--state", served.path)
        #expect(csv.output.hasPrefix("number,time,actor,origin,address,token,action,") && csv.output.contains("too many searches"))
        let recent = try await gateway("audit", "list", "--since", "2d", "--limit", "0", "--format", "json", "--state", served.path).rows()
        #expect(recent.first?["action"] as? String == "audit.begin")
        #expect(try await gateway("audit", "list", "--limit", "-1", "--state", served.path).status == 2)
    }

    @Test func `an export is verified elsewhere, and what was changed in it is named`() async throws {
        _ = try await suspend("too many searches")
        let (export, key) = try await exported()
        let other = try TemporaryDirectory()
        let good = try await gateway("audit", "verify", export, "--public-key", key, "--state", other.path)
        #expect(good.status == 0 && good.output.contains("are as they were written"))
        let without = try await gateway("audit", "verify", export, "--state", other.path)
        #expect(without.status == 2 && without.errors.contains("--public-key"))
        #expect(try await gateway("audit", "verify", "--checkpoints", export, "--public-key", key, "--state", served.path).status == 0)

        let text = try String(contentsOfFile: export, encoding: .utf8)
        let changed = try elsewhere.write(text.replacing("too many searches", with: "too many seaRches"), to: "changed.jsonl")
        let number = text.split(separator: "\n").prefix { !$0.contains("too many searches") }.count { $0.hasPrefix("{\"number\"") } + 1
        let bad = try await gateway("audit", "verify", changed, "--public-key", key)
        #expect(bad.status == 1 && bad.output.isEmpty)
        #expect(bad.errors.contains("record \(number) was changed: its hash does not fit what it says"))
    }

    @Test(.enabled(if: ["/usr/bin/python3", "/usr/bin/openssl"].allSatisfy(FileManager.default.isExecutableFile)))
    func `the documentation's own program comes to the same`() async throws {
        _ = try await suspend("zu viele Suchen, \"ständig\"")
        let (export, key) = try await exported()
        let page = try String(
            contentsOfFile: Repository.root + "/Sources/ControlPlane/ControlPlane.docc/AuditFormat.md", encoding: .utf8)
        let program = try #require(page.split(separator: "```python\n").last?.split(separator: "```").first)
        let folder = try TemporaryDirectory()
        let script = try folder.write(String(program), to: "verify.py")
        let good = try RunningProgram("/usr/bin/python3", [script, export, key])
        #expect(await good.status(withinSeconds: 60) == 0, "\(good.errorsSoFar)")
        let text = try String(contentsOfFile: export, encoding: .utf8)
        let changed = try folder.write(text.replacing("ständig", with: "standig"), to: "changed.jsonl")
        let bad = try RunningProgram("/usr/bin/python3", [script, changed, key])
        #expect(await bad.status(withinSeconds: 60) == 1 && bad.errorsSoFar.contains("was changed"))
    }
}
