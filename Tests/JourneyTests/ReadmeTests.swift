import Foundation
import Support
import Testing

/// The README's journey, run as it stands there.
@Suite(.serialized) struct ReadmeTests {
    @Test func `the README's commands do what it says, on a gateway just started`() async throws {
        let gateway = try await Gateway.started()
        let readme = try String(contentsOfFile: Repository.root + "/README.md", encoding: .utf8)
        let blocks = readme.components(separatedBy: "```sh\n").dropFirst().compactMap { $0.components(separatedBy: "\n```").first }
        try #require(blocks.count == 2)
        let lines = try await run(blocks.joined(separator: "\n"), against: gateway)

        try #require(lines.count >= 16, "\(lines)")
        #expect(lines[0].contains("\"available_capacity_dose1\":"))
        #expect(Int(lines[1]) ?? 0 > 0 && Int(lines[2]) ?? 0 > 0, "a search by PIN and a calendar find something")
        #expect(lines[3].contains("\"name\":\"First\"") && lines[3].contains("******"))
        #expect(lines[4].contains("\"name\":\"Second\"") && !lines[4].contains("null"))
        #expect(Array(lines[5...6]) == ["204", "204"], "reschedule, cancel")
        #expect(lines[7].contains("USRBEN9001"), "the fifth beneficiary")
        #expect(Array(lines[8...9]) == ["401", "401"], "no key, no token")
        #expect(lines[10].contains("GWAUT0006"), "another application's token")
        #expect(lines[11].contains("GWAUT0003") && lines[12].contains("GWAUT0002"), "mistyped, unknown")
        let counts = lines[13...].prefix { !$0.hasPrefix("HTTP") }.map { $0.split(separator: " ").map(String.init) }
        #expect(counts.contains { $0.last == "429" }, "past the burst: \(counts)")
        #expect(lines.contains { $0.hasPrefix("HTTP/1.1 429") } && lines.contains { $0.lowercased().hasPrefix("retry-after: ") })
        #expect(lines.contains { $0.hasPrefix("RateLimit-Policy: \"search\";q=100;w=300") })

        #expect(lines.suffix(4) == ["200", "403", "200", "403"], "after the wait, suspended, resumed, revoked")

        let log = gateway.program.errorsSoFar
        #expect(!log.contains("pgw_sandbox_") && !log.contains("eyJ"), "keys and tokens are never logged")
        #expect(await gateway.stop() == 0)
    }

    /// Runs the commands by bash in a folder whose `.build/release` holds the programs under test.
    private func run(_ script: String, against gateway: Gateway) async throws -> [String] {
        let folder = try TemporaryDirectory()
        let programs = URL(fileURLWithPath: try Repository.program("gateway")).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: folder.path + "/.build", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/.build/release", withDestinationPath: programs)
        let file = try folder.write("cd '\(folder.path)'\n" + script, to: "journey.sh")
        let bash = try RunningProgram("/bin/bash", [file], environment: ["BASE": gateway.base, "STATE": gateway.state])
        let status = await bash.status(withinSeconds: 240)
        try #require(status == 0, "\(bash.outputSoFar)\(bash.errorsSoFar)")
        return bash.outputSoFar.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
