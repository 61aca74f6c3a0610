import ControlPlane
import Foundation
import Registry
import Support
import Testing

/// The real program, run once.
struct Ran {
    let status: Int32
    let output: String
    let errors: String

    /// stdout as a JSON array of objects.
    func rows(sourceLocation: SourceLocation = #_sourceLocation) throws -> [[String: Any]] {
        let rows = try? JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]]
        return try #require(rows, "not an array of objects: \(output)", sourceLocation: sourceLocation)
    }
}

/// Runs `gateway` with these arguments to its end.
func gateway(_ arguments: String..., environment: [String: String] = [:]) async throws -> Ran {
    let program = try RunningProgram(try Repository.program("gateway"), arguments, environment: environment)
    let status = try #require(await program.status(withinSeconds: 60), "'gateway \(arguments.joined(separator: " "))' does not end")
    return Ran(status: status, output: program.outputSoFar, errors: program.errorsSoFar)
}

/// A state folder that was served from once: the shipped partners and policies, and a first key.
struct ServedFolder {
    let folder: TemporaryDirectory
    let firstKey: String

    var path: String { folder.path }

    init() throws {
        folder = try TemporaryDirectory()
        let report = try FirstStart.run(
            stateDirectory: folder.path, partnersDirectory: Repository.root + "/partners",
            policiesDirectory: Repository.root + "/policies", at: .now())
        firstKey = try #require(report.issuedKey).key
        try report.registry.close()
    }

    /// The snapshot as published.
    func snapshot() throws -> Snapshot {
        let bytes = try #require(FileManager.default.contents(atPath: SnapshotPublisher.snapshotPath(path)))
        return try SnapshotFile.decode(Array(bytes))
    }

    /// What the published snapshot says of an application.
    func application(_ id: String) throws -> ApplicationRecord {
        try #require(snapshot().applications.first { $0.id.text == id })
    }
}
