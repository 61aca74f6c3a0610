import ControlPlane
import Foundation
import Registry
import Support
import Testing

/// `gateway policy`, by the real program on real files.
struct PolicyCommandTests {
    private let folder: ServedFolder
    private let files: TemporaryDirectory

    init() throws {
        folder = try ServedFolder()
        files = try TemporaryDirectory()
        for name in ["plans.yaml", "routes.yaml"] { try files.write(try PolicyCommandTests.shipped(name), to: name) }
    }

    private static func shipped(_ name: String) throws -> String {
        try String(contentsOfFile: Repository.root + "/policies/" + name, encoding: .utf8)
    }

    /// Puts another text in place of one in a policy file.
    private func edit(_ name: String, _ old: String, _ new: String) throws {
        let text = try String(contentsOfFile: files.path + "/" + name, encoding: .utf8)
        try #require(text.contains(old))
        try files.write(text.replacing(old, with: new), to: name)
    }

    /// `gateway policy` with the test's state folder and files.
    private func policy(_ arguments: String...) async throws -> Ran {
        let readsFiles = ["lint", "diff", "apply"].contains(arguments[0])
        let program = try RunningProgram(
            try Repository.program("gateway"),
            ["policy"] + arguments + ["--state", folder.path] + (readsFiles ? ["--policies", files.path] : []))
        let status = try #require(
            await program.status(withinSeconds: 60), "'gateway policy \(arguments.joined(separator: " "))' does not end")
        return Ran(status: status, output: program.outputSoFar, errors: program.errorsSoFar)
    }

    @Test func `lint exits 1 for an error alone, and every finding has a place and a rule`() async throws {
        let warned = try await policy("lint")
        #expect(warned.status == 0 && warned.errors.contains("0 errors, "))
        #expect(warned.output.contains("/plans.yaml:") && warned.output.contains(": warning: "))
        // The registry's live applications may ask for 65 searches a second.
        try edit("plans.yaml", "anonymous: anonymous\n", "capacity: { search: 20 }\nanonymous: anonymous\n")
        let failed = try await policy("lint", "--format", "json")
        #expect(failed.status == 1 && failed.errors.contains("1 error, "))
        let rows = try failed.rows()
        #expect(rows.allSatisfy { $0["id"] is String && $0["line"] is Int && $0["column"] is Int && $0["advice"] is String })
        let errors = rows.filter { $0["severity"] as? String == "error" }
        #expect(errors.map { $0["rule"] as? String } == ["above-capacity"])
        #expect((errors.first?["problem"] as? String)?.contains("kerala-health-portal 50") == true)
        try edit("routes.yaml", "scope: search", "scope: serch")
        #expect(try await policy("lint", "--format", "json").rows().allSatisfy { $0["rule"] as? String == "fault" })
    }

    @Test func `lint without a registry counts what partner files declare`() async throws {
        let root = Repository.root
        let ran = try await gateway("policy", "lint", "--policies", root + "/policies", "--partners", root + "/partners")
        #expect(ran.status == 0)
        try edit("plans.yaml", "anonymous: anonymous\n", "capacity: { search: 20 }\nanonymous: anonymous\n")
        let failed = try await gateway("policy", "lint", "--policies", files.path, "--partners", root + "/partners")
        #expect(failed.status == 1 && failed.output.contains("the plans of 5 live applications add up to 65.333 requests a second"))
    }
}
