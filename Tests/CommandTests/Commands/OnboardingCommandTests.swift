import ControlPlane
import Foundation
import Registry
import Support
import Testing

/// Evidence, exceptions and notes as the team meets them: the real program on a folder that was served from once.
struct OnboardingCommandTests {
    private func run(_ folder: ServedFolder, _ arguments: String...) async throws -> Ran {
        let program = try RunningProgram(try Repository.program("gateway"), arguments + ["--state", folder.path, "--format", "json"])
        let status = try #require(await program.status(withinSeconds: 60))
        return Ran(status: status, output: program.outputSoFar, errors: program.errorsSoFar)
    }

    @Test(arguments: [
        ["application", "change-plan", "eka-care-app", "--by", "a", "--reason", "b"],
        ["application", "grant-scopes", "eka-care-app", "--by", "a", "--reason", "b", "--scopes", "everything"],
        ["application", "extra-quota", "eka-care-app", "--by", "a", "--reason", "b"],
        ["application", "extra-quota", "eka-care-app", "--by", "a", "--reason", "b", "--percent", "5", "--until", "+1h", "--end"],
        ["application", "assign", "eka-care-app", "--by", "a"],
        ["application", "note", "eka-care-app", "--text", "x"],
        ["application", "note", "eka-care-app", "--text", "x", "--canned", "y", "--by", "a", "--to", "team"],
        ["evidence", "add", "eka-care-app", "file", "--by", "a", "--kind", "letter"],
        ["evidence", "get", "ev-1"],
    ])
    func `wrong usage exits 2`(_ arguments: [String]) async throws {
        let folder = try ServedFolder()
        let program = try RunningProgram(try Repository.program("gateway"), arguments, environment: ["GATEWAY_STATE": folder.path])
        #expect(await program.status() == 2)
        #expect(program.outputSoFar == "" && program.errorsSoFar.contains("Usage: gateway"))
    }

    @Test func `evidence is added, listed, fetched as it was, and withdrawn`() async throws {
        let folder = try ServedFolder()
        let file = folder.path + "/audit.pdf"
        try Data("%PDF-1.7\nSeen and found good.\n%%EOF\n".utf8).write(to: URL(fileURLWithPath: file))
        let added = try await run(
            folder, "evidence", "add", "eka-care-app", file, "--kind", "security-audit", "--expires", "+400d", "--by", "asha")
        let entry = try #require(try added.rows().first)
        #expect(entry["mediaType"] as? String == "application/pdf" && entry["standing"] as? String == "in date")
        let id = try #require(entry["id"] as? String)
        let copy = folder.path + "/copy.pdf"
        #expect(try await run(folder, "evidence", "get", id, "--to", copy, "--by", "asha").status == 0)
        #expect(FileManager.default.contents(atPath: copy) == FileManager.default.contents(atPath: file))
        #expect(try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions] as? Int == 0o600, "for whoever fetched it alone")
        #expect(try await run(folder, "evidence", "get", id, "--to", copy, "--by", "asha").status == 1, "no file is written over")
        let lacking = try await run(folder, "evidence", "add", "eka-care-app", file, "--kind", "security-audit", "--by", "asha")
        #expect(lacking.status == 1 && lacking.errors.contains("the day on which it expires"))
        #expect(try await run(folder, "evidence", "withdraw", id, "--by", "asha", "--reason", "another came").status == 0)
        let listed = try await run(folder, "evidence", "list", "eka-care-app").rows()
        #expect(listed.map { $0["standing"] as? String } == ["withdrawn"])
    }

    @Test func `extra quota is published at once, seen, and taken back`() async throws {
        let folder = try ServedFolder()
        let given = try await run(
            folder, "application", "extra-quota", "eka-care-app", "--percent", "50", "--until", "+2d", "--by", "omar", "--reason", "drive")
        #expect(given.status == 0)
        #expect(try folder.application("eka-care-app").extra?.percent == 50)
        let most = try await run(
            folder, "application", "extra-quota", "paytm-finder", "--percent", "60", "--until", "+2d", "--by", "omar", "--reason", "drive")
        #expect(most.status == 1 && most.errors.contains("1 to 50 %"))
        #expect(
            try await run(folder, "application", "extra-quota", "eka-care-app", "--end", "--by", "omar", "--reason", "over").status == 0)
        #expect(try folder.application("eka-care-app").extra == nil)
    }

    @Test func `a higher plan takes two, break-glass one and a look, and all is listed`() async throws {
        let folder = try ServedFolder()
        func plan(_ name: String) async throws -> Ran {
            try await run(folder, "application", "change-plan", "eka-care-app", "--plan", "government", "--by", name, "--reason", "grown")
        }
        #expect(try await plan("asha").errors.contains("until a second person"))
        #expect(try await plan("asha").status == 1)
        #expect(try await plan("bela").status == 0)
        #expect(try folder.application("eka-care-app").plan.text == "government")
        for move in ["suspend", "break-glass"] {
            #expect(try await run(folder, "application", move, "eka-care-app", "--by", "asha", "--reason", "x").status == 0)
        }
        #expect(try await run(folder, "application", "open-reviews").rows().map { $0["resumedBy"] as? String } == ["asha"])
        #expect(try await run(folder, "application", "review-break-glass", "eka-care-app", "--by", "asha", "--reason", "x").status == 1)
        #expect(try await run(folder, "application", "review-break-glass", "eka-care-app", "--by", "bela", "--reason", "x").status == 0)
        #expect(try await run(folder, "application", "open-reviews").rows().isEmpty)
    }

    @Test func `a stand-in is named, listed and sent back`() async throws {
        let folder = try ServedFolder()
        let given = try await run(
            folder, "delegation", "give", "--away", "asha", "--to", "dev", "--until", "+5d", "--by", "asha", "--reason", "leave")
        #expect(try given.rows().first?["standIn"] as? String == "dev")
        let long = try await run(
            folder, "delegation", "give", "--away", "asha", "--to", "dev", "--until", "+31d", "--by", "asha", "--reason", "leave")
        #expect(long.status == 1 && long.errors.contains("30 days at most"))
        #expect(try await run(folder, "delegation", "end", "1", "--by", "asha").status == 0)
        #expect(try await run(folder, "delegation", "list").rows().first?["ended"] is String)
    }

    @Test func `notes, assignment and checks answer scripts`() async throws {
        let folder = try ServedFolder()
        let noted = try await run(
            folder, "application", "note", "eka-care-app", "--to", "partner", "--canned", "audit-expired", "--language", "hi", "--by",
            "asha")
        #expect(try noted.rows().first?["to"] as? String == "partner")
        #expect(try await run(folder, "application", "note", "eka-care-app").rows().count == 1)
        let none = try await run(folder, "application", "note", "eka-care-app", "--to", "team", "--canned", "nothing", "--by", "asha")
        #expect(none.status == 1 && none.errors.contains("officer-missing"))
        #expect(
            try await run(folder, "application", "assign", "eka-care-app", "--to", "bela", "--by", "asha").rows().first?["assignee"]
                as? String == "bela")
        let checks = try await run(folder, "application", "check", "eka-care-app")
        #expect(checks.status == 1 && checks.errors.contains("checks failed"), "no evidence is on file")
        #expect(try checks.rows().count == AutomaticCheck.Subject.allCases.count)
    }
}
