import DecisionLoad
import Decisions
import Foundation
import Registry
import Support
import Testing

@testable import ControlPlane

/// Where the commands that read records look, and that they leave nothing there.
struct RecordFolderTests {
    private static let commands = [["decisions", "--limit", "0"], ["usage", "--since", "2d"], ["explain"]]

    private static func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Ran {
        let program = try RunningProgram(try Repository.program("gateway"), arguments, environment: environment)
        let status = try #require(await program.status(withinSeconds: 60))
        return Ran(status: status, output: program.outputSoFar, errors: program.errorsSoFar)
    }

    /// A folder whose records are in another place than the usual one.
    private static func withRecordsElsewhere() throws -> (folder: RecordedFolder, elsewhere: TemporaryDirectory, records: String) {
        let (folder, elsewhere) = (try RecordedFolder(), try TemporaryDirectory())
        let records = elsewhere.path + "/records"
        try FileManager.default.moveItem(atPath: folder.files.path, toPath: records)
        return (folder, elsewhere, records)
    }

    @Test func `records are looked for where serve was told to write them: by flag, environment or file`() async throws {
        let (folder, elsewhere, records) = try Self.withRecordsElsewhere()
        let file = elsewhere.path + "/gateway.yaml"
        try Data("decisions: \(records)\n".utf8).write(to: URL(fileURLWithPath: file))
        let id = try #require(folder.ordered.last).idText
        let ways: [(arguments: [String], environment: [String: String])] = [
            (["--decisions", records], [:]), ([], ["GATEWAY_DECISIONS": records]), (["--config", file], [:]),
        ]
        for way in ways {
            for command in Self.commands {
                let arguments = command + (command == ["explain"] ? [id] : []) + ["--format", "json", "--state", folder.path]
                let ran = try await Self.run(arguments + way.arguments, environment: way.environment)
                #expect(try ran.status == 0 && !ran.rows().isEmpty, "\(arguments + way.arguments): \(ran.errors)")
            }
        }
        let usual = ["decisions", "--state", folder.path, "--decisions", "on"]
        let none = try await Self.run(usual, environment: ["GATEWAY_DECISIONS": records])
        #expect(none.status == 1 && none.errors.contains("there are no records in \(folder.path)/decisions"), "\(none.errors)")
    }

    @Test func `usage of another folder than the counted one says so, and takes nothing from the counts`() async throws {
        let (folder, elsewhere, records) = try Self.withRecordsElsewhere()
        let store = try UsageStore(stateDirectory: folder.path)
        try UsageRollUp(SegmentFolder(records), into: store, takingOver: true).catchUp()
        // Records that are nobody's: of a time when 'decisions' was 'on'.
        let old = try RecordedFolder(seed: 2)
        try FileManager.default.copyItem(atPath: old.files.path, toPath: folder.files.path)
        let ran = try await Self.run(["usage", "--state", folder.path, "--since", "2d", "--format", "json"])
        #expect(try ran.status == 0 && ran.rows().reduce(0) { $0 + ($1["count"] as? Int ?? 0) } == 600)
        #expect(ran.errors.contains("Warning: usage is counted of the records in \(records)"), "\(ran.errors)")
        let stems = try store.unfinished(in: records).map(\.stem)
        #expect(stems == folder.files.live, "what is written in \(elsewhere.path) is counted on")
    }

    @Test func `looking makes nothing, and a folder that is not there is said`() async throws {
        let elsewhere = try TemporaryDirectory()
        let none = try await Self.run(["usage", "--state", elsewhere.path + "/typo"])
        #expect(none.status == 1 && none.output == "" && none.errors.contains("there are no records in \(elsewhere.path)/typo/decisions"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.path) == [])
        let folder = try RecordedFolder()
        let ran = try await Self.run(["usage", "--state", folder.path, "--since", "2d", "--format", "json"])
        #expect(try ran.rows().reduce(0) { $0 + ($1["count"] as? Int ?? 0) } == 600)
        #expect(try !FileManager.default.contentsOfDirectory(atPath: folder.path).contains { $0.hasPrefix("usage.") })
    }

    @Test func `kept counts are shown where neither a record nor the registry is left`() async throws {
        let folder = try RecordedFolder()
        try UsageRollUp(SegmentFolder(folder.files.path), into: try UsageStore(stateDirectory: folder.path), takingOver: true).catchUp()
        try FileManager.default.removeItem(atPath: folder.files.path)
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasPrefix("registry.sqlite") {
            try FileManager.default.removeItem(atPath: "\(folder.path)/\(file)")
        }
        let ran = try await Self.run(["usage", "--state", folder.path, "--since", "2d", "--format", "json"])
        #expect(try ran.status == 0 && ran.rows().reduce(0) { $0 + ($1["count"] as? Int ?? 0) } == 600, "\(ran.errors)")
    }

    @Test(arguments: ["decisions", "usage"]) func `a time of long ago is refused, not died of`(command: String) async throws {
        let ran = try await Self.run([command, "--since", "110000d"])
        #expect(ran.status == 2 && ran.errors.contains("'110000d' is invalid for '--since"), "\(ran.errors)")
    }
}
