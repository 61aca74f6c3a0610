import Foundation
import GRDB
import Registry
import Support

@testable import ControlPlane

/// A registry with a history, and ways to tamper with it.
struct AuditedRegistry {
    let scratch: Scratch
    let registry: RegistryStore
    var state: String { scratch.path + "/state" }

    init() throws {
        scratch = try Scratch()
        registry = try scratch.registry()
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: .live)], at: Scratch.now)
    }

    /// Appends so many records: suspends and resumes in turn.
    func move(times: Int) throws {
        for turn in 0..<times {
            let state = try registry.application(id("acme-app")).lifecycle.state
            _ = try registry.move(
                id("acme-app"), state == .live ? .suspend : .resume, by: "asha \(turn % 3)", reason: "turn \(turn): naïve, \"quoted\"",
                at: after(Int64(turn)))
        }
    }

    /// What was appended since a record.
    func records(since number: Int64 = 0) throws -> [AuditRecord] { try registry.auditRecords().filter { $0.number > number } }

    /// Changes the file as somebody would who owns it: without the triggers that stand in the way.
    func tamper(_ statements: String...) throws {
        let queue = try DatabaseQueue(path: state + "/registry.sqlite")
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
            let triggers = try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('audit', 'checkpoint')")
            for trigger in triggers { try database.execute(sql: "DROP TRIGGER \(trigger)") }
            for statement in statements { try database.execute(sql: statement) }
        }
        try queue.close()
    }

    /// Lets something happen to a registry of the same records, and checks it.
    func fault(after statements: String...) throws -> AuditFault? {
        try registry.makeCheckpoint(at: after(1_000_000))
        for statement in statements { try tamper(statement) }
        do { _ = try registry.verifyAudit() } catch let fault as AuditFault { return fault }
        return nil
    }

    /// The chain as exported, a line each.
    func exported(since: WallTime? = nil) throws -> [String] {
        var lines: [String] = []
        _ = try registry.exportAudit(since: since, by: "auditor", at: after(2_000_000)) { lines.append($0.text) }
        return lines
    }

    /// Writes lines to a file and checks it.
    func fault(ofFile lines: [String]) throws -> AuditFault? { try fault(ofFile: Data(lines.map { $0 + "\n" }.joined().utf8)) }

    func fault(ofFile bytes: Data) throws -> AuditFault? {
        let path = scratch.path + "/export.jsonl"
        try bytes.write(to: URL(fileURLWithPath: path))
        do { _ = try AuditFile.verify(path, keys: [registry.auditPublicKey()]) } catch let fault as AuditFault { return fault }
        return nil
    }
}

extension RegistryStore {
    /// All that was declared and decided, table by table.
    func contents() throws -> [String: [String]] {
        try read { database in
            Dictionary(
                uniqueKeysWithValues: try RegistrySchema.tables(database).map { ($0, try RegistrySchema.contents(of: $0, database)) })
        }
    }
}
