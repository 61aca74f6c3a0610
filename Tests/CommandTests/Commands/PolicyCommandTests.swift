import ControlPlane
import Foundation
import Glibc
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

    private func versionInForce() throws -> String { try folder.snapshot().policy.version }

    @Test func `diff says what changes for whom, and the version to plan on`() async throws {
        let same = try await policy("diff", "--format", "json")
        #expect(same.status == 0 && same.errors.contains("Nothing would change"))
        #expect(try same.rows().isEmpty)
        let first = try versionInForce()
        try edit("plans.yaml", "tokens: 100, per: 300 s, burst: 100, day: 10000", "tokens: 200, per: 300 s, burst: 100, day: 9000")
        let changed = try await policy("diff", "--format", "json")
        let rows = try changed.rows()
        #expect(changed.status == 0 && rows.map { $0["id"] as? String }.first == "version" && rows.first?["old"] as? String == first)
        let told = rows.dropFirst().map { row in ["id", "old", "new", "generosity"].map { row[$0] as? String } }
        #expect(
            told == [
                ["plan/starter-app search/rate", "100 / 300 s", "200 / 300 s", "more"],
                ["plan/starter-app search/day", "10000", "9000", "less"],
            ])
        #expect(rows.dropFirst().allSatisfy { ($0["applications"] as? [String])?.contains("paytm-finder") == true })
        #expect(rows.dropFirst().allSatisfy { $0["applicationCount"] as? Int == ($0["applications"] as? [String])?.count })
        let table = try await policy("diff")
        #expect(table.output.contains("paytm-finder") && table.errors.contains("In force: \(first)"))
        #expect(try versionInForce() == first, "nothing is changed by looking")
        try edit("plans.yaml", "id: starter-app", "id: starter-two")
        let refused = try await policy("diff").errors
        #expect(refused.contains("It would be refused: applications ") && refused.contains(" have the plan 'starter-app', which it lacks"))
    }

    @Test func `apply says who and why, and is refused where another version is in force than it was planned on`() async throws {
        let first = try versionInForce()
        try edit("plans.yaml", "tokens: 1500, per: 300 s, burst: 100", "tokens: 1600, per: 300 s, burst: 100")
        let applied = try await policy(
            "apply", "--by", "Asha", "--reason", "more searches", "--planned-on", String(first.prefix(12)), "--format", "json")
        #expect(applied.status == 0, "\(applied.errors)")
        let row = try #require(try applied.rows().first)
        #expect(row["acceptedBy"] as? String == "asha" && row["reason"] as? String == "more searches")
        let second = try versionInForce()
        #expect(second == row["id"] as? String && second != first)
        try edit("plans.yaml", "tokens: 1600", "tokens: 1700")
        let stale = try await policy("apply", "--planned-on", first)
        #expect(stale.status == 1 && stale.output.isEmpty && stale.errors.contains("it was planned on \(first), and \(second) is in force"))
        #expect(try versionInForce() == second)
        let unnamed = try await policy("apply", "--format", "json").rows().first
        #expect((unnamed?["acceptedBy"] as? String)?.isEmpty == false, "the login name")
    }

    @Test func `an announced policy is published with its time, listed, and taken back`() async throws {
        let first = try versionInForce()
        try edit("plans.yaml", "tokens: 1500, per: 300 s, burst: 100", "tokens: 1600, per: 300 s, burst: 100")
        let announced = try await policy("apply", "--at", "+1h", "--by", "asha", "--reason", "summer", "--format", "json")
        #expect(announced.status == 0 && announced.errors.contains("comes into force at"), "\(announced.errors)")
        let version = try #require(try announced.rows().first?["id"] as? String)
        #expect(try versionInForce() == first)
        #expect(try folder.snapshot().announced.map(\.policy.version) == [version])
        let rows = try await policy("list", "--format", "json").rows()
        #expect(rows.map { $0["status"] as? String } == ["announced", "in-force"])
        #expect(rows[0]["from"] as? String != rows[0]["accepted"] as? String && rows[0]["reason"] as? String == "summer")
        let cancelled = try await policy("cancel", String(version.prefix(8)), "--by", "bela", "--reason", "not yet")
        #expect(cancelled.status == 0 && cancelled.output.contains("summer (cancelled by bela: not yet)"))
        #expect(try folder.snapshot().announced.isEmpty)
        #expect(try await policy("cancel", version, "--by", "bela", "--reason", "not yet").status == 1)
        #expect(try await policy("list", "--format", "json").rows().map { $0["status"] as? String } == ["in-force", "cancelled"])
        #expect(try await policy("apply", "--at", "2020-01-01T00:00:00Z").status == 1)
        #expect(try await policy("apply", "--at", "tomorrow").status == 2)
    }

    @Test func `rollback needs no files, and a person who says why`() async throws {
        let first = try versionInForce()
        try edit("plans.yaml", "tokens: 1500, per: 300 s, burst: 100", "tokens: 1600, per: 300 s, burst: 100")
        #expect(try await policy("apply").status == 0)
        let second = try versionInForce()
        #expect(try await policy("rollback").status == 2)
        #expect(try await policy("rollback", "--by", "asha", "--reason", "too many").status == 0)
        #expect(try versionInForce() == first)
        #expect(try await policy("rollback", String(second.prefix(10)), "--by", "asha", "--reason", "after all").status == 0)
        #expect(try versionInForce() == second)
        let none = try await policy("rollback", String(repeating: "0", count: 12), "--by", "asha", "--reason", "x")
        #expect(none.status == 1 && none.errors.contains("there is no accepted policy"))
        let rows = try await policy("list", "--format", "json").rows()
        #expect(rows.map { $0["id"] as? String } == [second, first, second, first])
        #expect(rows.map { $0["reason"] as? String } == ["after all", "too many", "", ""])
    }

    @Test func `a shadow is published beside the policy in force, and turned off`() async throws {
        let first = try versionInForce()
        try edit("plans.yaml", "tokens: 1500, per: 300 s, burst: 100", "tokens: 1600, per: 300 s, burst: 100")
        let person = ["--by", "asha", "--reason", "a try"]
        let on = try await policy("shadow", files.path, person[0], person[1], person[2], person[3])
        #expect(on.status == 0 && on.errors.contains("is tried beside the one in force from now on"), "\(on.errors)")
        let tried = try #require(try folder.snapshot().shadow?.version)
        #expect(try versionInForce() == first && tried != first)
        #expect(try await policy("list", "--format", "json").rows().map { $0["status"] as? String } == ["shadow", "in-force"])
        #expect(try await policy("shadow", "off", person[0], person[1], person[2], person[3]).status == 0)
        #expect(try folder.snapshot().shadow == nil)
        #expect(try await policy("shadow", files.path + "/none", person[0], person[1], person[2], person[3]).status == 1)
    }

    @Test func `a running gateway puts an announced policy in force at its time, also after a restart`() async throws {
        try edit("plans.yaml", "tokens: 1500, per: 300 s, burst: 100", "tokens: 1600, per: 300 s, burst: 100")
        let program = try Repository.program("gateway")
        func controlPlane() throws -> RunningProgram {
            try RunningProgram(program, ["control-plane", "--state", folder.path, "--policies", files.path, "--console", "off"])
        }
        let first = try controlPlane()
        let announced = try await policy("apply", "--at", "+2s", "--by", "asha", "--reason", "soon", "--format", "json")
        let version = try #require(try announced.rows().first?["id"] as? String, "\(announced.errors)")
        #expect(try await eventually(withinSeconds: 60) { try versionInForce() == version })
        first.send(SIGTERM)
        #expect(await first.status(withinSeconds: 60) == 0)
        try edit("plans.yaml", "tokens: 1600", "tokens: 1700")
        let later = try await policy("apply", "--at", "+1s", "--by", "asha", "--reason", "sooner", "--format", "json")
        let next = try #require(try later.rows().first?["id"] as? String, "\(later.errors)")
        let second = try controlPlane()
        #expect(try await eventually(withinSeconds: 60) { try versionInForce() == next })
        second.send(SIGTERM)
        #expect(await second.status(withinSeconds: 60) == 0)
        let rows = try await policy("list", "--format", "json").rows()
        #expect(rows.map { $0["id"] as? String }.prefix(2) == [next, version] && rows.count == 3, "each once")
    }
}
