import Foundation
import Support
import Testing

/// `gateway partner erase` as scripts and people use it.
struct PartnerEraseCommandTests {
    @Test func `a dry run says how much, a living application keeps it, and then no byte is left`() async throws {
        let served = try ServedFolder()
        let erase = ["partner", "erase", "ibibo", "--by", "adi", "--reason", "asked by mail", "--state", served.path]
        func run(_ more: String...) async throws -> Ran {
            let program = try RunningProgram(try Repository.program("gateway"), erase + more)
            let status = try #require(await program.status(withinSeconds: 60))
            return Ran(status: status, output: program.outputSoFar, errors: program.errorsSoFar)
        }
        let living = try await run()
        #expect(living.status == 1 && living.errors.contains("nothing of partner ibibo was erased: application ibibo-"))
        let applications = try await gateway("application", "list", "--state", served.path, "--format", "json").rows()
        for application in applications where application["partner"] as? String == "ibibo" {
            let id = try #require(application["id"] as? String)
            guard application["state"] as? String != "revoked", application["state"] as? String != "rejected" else { continue }
            let moved = try await gateway("application", "revoke", id, "--by", "asha", "--reason", "over", "--state", served.path)
            #expect(moved.status == 0, "\(moved.errors)")
        }
        let trial = try await run("--dry-run")
        #expect(trial.status == 0 && trial.errors.contains("this was a dry run") && trial.output.contains("technical"))
        // Where it is erased and cannot be swept, that is what it says; the next one sweeps.
        try FileManager.default.createDirectory(atPath: served.path + "/evidence.lock", withIntermediateDirectories: true)
        let unswept = try await run("--format", "json")
        #expect(try unswept.status == 0 && (unswept.rows().first?["contacts"] as? [String])?.contains("technical") == true)
        #expect(unswept.errors.contains("Warning: it is erased and not yet swept out of the files"), "\(unswept.errors)")
        try FileManager.default.removeItem(atPath: served.path + "/evidence.lock")
        let done = try await run()
        #expect(done.status == 0 && done.errors == "There is nothing left to erase.\n")
        for path in try FileManager.default.subpathsOfDirectory(atPath: served.path) {
            let bytes = FileManager.default.contents(atPath: served.path + "/" + path)
            #expect(bytes?.range(of: Data("@ibibo.example".utf8)) == nil, "\(path)")
        }
        #expect(try await run().errors == "There is nothing left to erase.\n")
        #expect(try await gateway("audit", "verify", "--state", served.path).status == 0)
    }
}
