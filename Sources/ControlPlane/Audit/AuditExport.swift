import Decisions
import GRDB
package import Registry

extension RegistryStore {
    /// Hands out the chain from a time on, a line at a time: all records from the first that is not older, the checkpoints behind what they
    /// sign, and a signed end. That it was handed out is its last record.
    package func exportAudit(
        since: WallTime? = nil, by actor: Actor, at now: WallTime, into write: (AuditLine) throws -> Void
    ) throws -> AuditEnd {
        let actor = try Person.actor(actor)
        let event = AuditEvent(.export, of: .audit, after: ["since": .text(since?.timestamp() ?? "the beginning")])
        try self.write(.note) { try RegistryStore.audit(event, by: actor, at: now, $0) }
        try makeCheckpoint(at: now)
        let key = try AuditKey(stateDirectory: stateDirectory)
        return try readAny { database in
            let start = since?.nanoseconds ?? .min
            // All behind the last that is older: where a clock went back, rather more than less.
            let older = try Int64.fetchOne(database, sql: "SELECT max(number) FROM audit WHERE time < ?", arguments: [start]) ?? 0
            let first = try min(older + 1, RegistryStore.auditLength(database))
            let checkpoints = try RegistryStore.auditCheckpoints(database).filter { $0.number >= first }
            var behind = checkpoints[...]
            var end = AuditEnd(first: first, last: 0, hash: AuditRecord.noHash, checkpoints: 0, time: now.timestamp(), signature: [])
            let request: SQLRequest<Row> = "SELECT \(AuditRows.columns) FROM audit WHERE number >= \(first) ORDER BY number"
            let rows = try request.fetchCursor(database)
            while let row = try rows.next() {
                let record = try AuditRows.record(row)
                try write(.record(record))
                (end.last, end.hash) = (record.number, record.hash)
                while let checkpoint = behind.first, checkpoint.number == record.number {
                    try write(.checkpoint(checkpoint))
                    behind.removeFirst()
                    end.checkpoints += 1
                }
            }
            end.signature = try key.signature(of: end.signedBytes)
            try write(.end(end))
            return end
        }
    }
}
