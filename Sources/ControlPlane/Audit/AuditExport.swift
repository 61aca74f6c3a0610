import Decisions
import GRDB
package import Registry

/// The chain on its way out, a piece at a time: all records from the first that is not older than a time, the checkpoints behind what they sign,
/// and a signed end. What was appended after it began is not in it.
package struct AuditExport: Sendable {
    /// What stands at its end; known once all of it was read.
    package private(set) var end: AuditEnd

    private let registry: RegistryStore
    private let last: Int64
    private var next: Int64
    private var isOver = false

    /// Records read in one go: a few hundred kilobytes.
    private static let pieceRecords: Int64 = 500

    fileprivate init(_ registry: RegistryStore, since: WallTime?, at now: WallTime) throws {
        self.registry = registry
        let bounds = try registry.readAny { database in
            // All behind the last that is older: where a clock went back, rather more than less.
            let start = since?.nanoseconds ?? .min
            let older = try Int64.fetchOne(database, sql: "SELECT max(number) FROM audit WHERE time < ?", arguments: [start]) ?? 0
            let last = try RegistryStore.auditLength(database)
            return (first: min(older + 1, last), last: last)
        }
        (next, last) = bounds
        end = AuditEnd(first: bounds.first, last: 0, hash: AuditRecord.noHash, checkpoints: 0, time: now.timestamp(), signature: [])
    }

    /// The next lines; nil where all were read.
    package mutating func lines() throws -> [AuditLine]? {
        guard !isOver else { return nil }
        var lines: [AuditLine] = []
        let (from, to) = (next, min(next + AuditExport.pieceRecords - 1, last))
        let (records, checkpoints) = try registry.readAny { database in
            let request: SQLRequest<Row> = "SELECT \(AuditRows.columns) FROM audit WHERE number BETWEEN \(from) AND \(to) ORDER BY number"
            let checkpoints = try RegistryStore.auditCheckpoints(within: from...max(from, to), database)
            return (try request.fetchAll(database).map(AuditRows.record), checkpoints)
        }
        for record in records {
            lines.append(.record(record))
            (end.last, end.hash) = (record.number, record.hash)
            let signing = checkpoints.filter { $0.number == record.number }
            lines += signing.map { .checkpoint($0) }
            end.checkpoints += Int64(signing.count)
        }
        next = to + 1
        if next > last {
            isOver = true
            end.signature = try AuditKey(stateDirectory: registry.stateDirectory).signature(of: end.signedBytes)
            lines.append(.end(end))
        }
        return lines
    }
}

extension RegistryStore {
    /// Begins to hand out the chain from a time on; that it was handed out is on record, and in what is handed out.
    package func beginAuditExport(since: WallTime? = nil, by actor: Actor, at now: WallTime) throws -> AuditExport {
        let actor = try Person.actor(actor)
        let event = AuditEvent(.export, of: .audit, after: ["since": .text(since?.timestamp() ?? "the beginning")])
        try self.write(.note) { try RegistryStore.audit(event, by: actor, at: now, $0) }
        try makeCheckpoint(at: now)
        return try AuditExport(self, since: since, at: now)
    }

    /// The same, whole and a line at a time.
    package func exportAudit(
        since: WallTime? = nil, by actor: Actor, at now: WallTime, into write: (AuditLine) throws -> Void
    ) throws -> AuditEnd {
        var export = try beginAuditExport(since: since, by: actor, at: now)
        while let lines = try export.lines() { for line in lines { try write(line) } }
        return export.end
    }
}
