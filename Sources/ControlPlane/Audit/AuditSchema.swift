import Decisions
import Foundation
import GRDB
import Registry

extension RegistrySchema {
    /// The chain of all that was decided, and what signs it. The schema itself keeps it a chain that only grows.
    static let audit = """
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            time INTEGER NOT NULL,
            actor TEXT NOT NULL CHECK (length(actor) > 0),
            origin TEXT NOT NULL CHECK (origin IN ('command-line', 'console', 'api', 'gateway')),
            address TEXT, token TEXT,
            action TEXT NOT NULL CHECK (length(action) BETWEEN 3 AND 80 AND action GLOB '[a-z]*.[a-z]*' AND action NOT GLOB '*[^a-z0-9.-]*'),
            subject_kind TEXT NOT NULL CHECK (length(subject_kind) > 0), subject TEXT NOT NULL CHECK (length(subject) > 0),
            before TEXT CHECK (before IS NULL OR json_type(before) IS 'object'),
            after TEXT CHECK (after IS NULL OR json_type(after) IS 'object'),
            reason TEXT NOT NULL, refusal TEXT,
            previous BLOB NOT NULL CHECK (length(previous) = 32), hash BLOB NOT NULL CHECK (length(hash) = 32),
            CHECK ((address IS NOT NULL) = (origin IN ('console', 'api')) AND (token IS NOT NULL) = (origin = 'api'))
        ) STRICT;
        CREATE INDEX audit_by_time ON audit (time);
        CREATE INDEX audit_of_subject ON audit (subject_kind, subject);
        CREATE TRIGGER audit_is_a_chain BEFORE INSERT ON audit
            WHEN new.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM audit)
            OR new.previous IS NOT coalesce((SELECT hash FROM audit ORDER BY number DESC LIMIT 1), zeroblob(32))
            BEGIN SELECT RAISE(ABORT, 'the audit is a chain'); END;
        CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
        CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
        CREATE TABLE checkpoint (
            number INTEGER PRIMARY KEY REFERENCES audit,
            hash BLOB NOT NULL CHECK (length(hash) = 32), time INTEGER NOT NULL,
            signature BLOB NOT NULL CHECK (length(signature) = 64)
        ) STRICT;
        CREATE TRIGGER checkpoint_is_of_the_chain BEFORE INSERT ON checkpoint
            WHEN new.hash IS NOT (SELECT hash FROM audit WHERE number = new.number)
            OR new.number <= (SELECT max(number) FROM checkpoint)
            BEGIN SELECT RAISE(ABORT, 'a checkpoint is of the last record'); END;
        CREATE TRIGGER checkpoint_is_never_changed BEFORE UPDATE ON checkpoint
            BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
        CREATE TRIGGER checkpoint_is_never_deleted BEFORE DELETE ON checkpoint
            BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
        """

    /// The first record says what was there: of each table that held anything how many rows, and the digest of all of them.
    static func beginAudit(at now: WallTime, _ database: Database) throws {
        var facts: AuditFacts = ["revision": .number(Int64(clamping: try RegistryStore.revision(database)))]
        for table in try tables(database) {
            let rows = try contents(of: table, database)
            guard !rows.isEmpty else { continue }
            var form = HashedForm("partner-gateway table 1")
            for row in rows { form.append(row) }
            facts[table] = .text("\(rows.count) rows, SHA-256 \(CertificateText.text(sha256(form.bytes)))")
        }
        let event = AuditEvent(.begin, of: .audit, after: facts, reason: "the audit begins; what is there was decided before")
        try RegistryStore.audit(event, by: .gateway(.start), at: now, database)
    }

    /// The tables that hold what was declared and decided, by name.
    static func tables(_ database: Database) throws -> [String] {
        let apart = ["audit", "checkpoint", "revision", "grdb_migrations"]
        return try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").filter {
            !$0.hasPrefix("sqlite_") && !apart.contains($0)
        }
    }

    /// A table's rows as texts that tell them apart, in the order of their columns.
    static func contents(of table: String, _ database: Database) throws -> [String] {
        let columns = try database.columns(in: table).map { "quote(\($0.name.quotedDatabaseIdentifier))" }
        let sql = "SELECT \(columns.joined(separator: " || ',' || ")) AS line FROM \(table.quotedDatabaseIdentifier) ORDER BY line"
        return try String.fetchAll(database, sql: sql)
    }
}
