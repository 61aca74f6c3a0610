import ArgumentParser
import ControlPlane
import Decisions
import Registry

/// Which records a command reads: those that `serve` writes with the same settings.
@dynamicMemberLookup struct RecordFolder: ParsableArguments {
    @OptionGroup var folder: FolderOptions
    @Option(help: Setting.decisions.help) var decisions: String?

    subscript<Value>(dynamicMember path: KeyPath<FolderOptions, Value>) -> Value { folder[keyPath: path] }

    func settings(_ more: [Setting: String?] = [:]) throws -> ServeSettings {
        try folder.settings(more.merging([.decisions: decisions]) { first, _ in first })
    }

    func registry() throws -> RegistryStore { try folder.registry() }

    /// The records, running or not; there must be some.
    func records() throws -> DecisionRecords {
        let path = try settings().decisionsDirectory
        let records = try DecisionRecords(SegmentFolder(path))
        guard !records.entries.isEmpty else {
            records.warn()
            throw RecordFolder.nothing(in: path)
        }
        return records
    }

    /// There are no records.
    static func nothing(in path: String) -> Failure {
        Failure(
            """
            there are no records in \(path): start 'gateway serve' once with 'decisions: on', or name its folder with --state, \
            or that of its records with --decisions
            """)
    }

    /// What the registry knows; nothing where there is none, for records can be read without one.
    func knownNames() throws -> RecordedNames {
        guard let registry = try? registry() else { return RecordedNames() }
        return RecordedNames(
            applications: Set(try registry.applications().map(\.declaration.id)), routes: Set(try registry.policyInForce().routes.map(\.id))
        )
    }
}

extension DecisionRecords {
    /// Says what of the log could not be read.
    func warn() {
        for complaint in complaints { Message.write("Warning: \(complaint).") }
    }
}
