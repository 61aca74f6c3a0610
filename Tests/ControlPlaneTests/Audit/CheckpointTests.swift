import Foundation
import GRDB
import Logging
import Registry
import Support
import Testing

@testable import ControlPlane

@Suite struct CheckpointTests {
    private let audited: AuditedRegistry

    init() throws { audited = try AuditedRegistry() }

    @Test func `whoever appends, a hundred records are never without a signature`() throws {
        try audited.move(times: 250)
        let numbers = try audited.registry.auditCheckpoints().map(\.number)
        #expect(numbers == [100, 200])
        #expect(try audited.registry.verifyAudit().vouched == 200)
        let checkpoint = try audited.registry.makeCheckpoint(at: after(9))
        #expect(try checkpoint?.number == Int64(audited.registry.auditRecords().count))
        #expect(try audited.registry.makeCheckpoint(at: after(10)) == nil, "there is nothing new")
    }

    @Test func `the key is made once, and its owner alone can read it`() throws {
        let key = try audited.registry.auditPublicKey().pem
        #expect(try audited.registry.auditPublicKey().pem == key)
        let attributes = try FileManager.default.attributesOfItem(atPath: audited.state + "/audit.key")
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        #expect(try String(contentsOfFile: audited.state + "/audit.pub", encoding: .utf8) == key)
        #expect(AuditPublicKey(pem: key)?.pem == key)
        try audited.scratch.write("no key", to: "state/audit.key")
        #expect(throws: RegistryError.self) { _ = try audited.registry.makeCheckpoint(at: after(1)) }
        #expect(try audited.registry.auditRecords().isEmpty == false, "what was decided is there all the same")
    }

    @Test func `a control plane signs what is new when it starts`() async throws {
        let registry = audited.registry
        let service = CheckpointService(registry: registry, logger: Logger(label: "test"))
        let running = Task { try await service.run() }
        let isSigned = await eventually(withinSeconds: 30) { ((try? registry.auditCheckpoints().count) ?? 0) > 0 }
        running.cancel()
        #expect(isSigned)
        try await running.value
    }

    @Test(arguments: [
        "UPDATE audit SET actor = 'x'", "DELETE FROM audit", "UPDATE checkpoint SET time = 1", "DELETE FROM checkpoint",
        "INSERT INTO audit SELECT number + 1, time, actor, origin, address, token, action, subject_kind, subject, before, after, reason, refusal, previous, hash FROM audit ORDER BY number DESC LIMIT 1",
        "REPLACE INTO audit SELECT * FROM audit WHERE number = 1", "INSERT INTO checkpoint VALUES (1, zeroblob(32), 0, zeroblob(64))",
    ])
    func `the schema itself keeps the chain`(_ sql: String) throws {
        try audited.registry.makeCheckpoint(at: after(1))
        let queue = try DatabaseQueue(path: audited.state + "/registry.sqlite")
        #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
    }

    @Test func `a registry of before says first what is there`() throws {
        let scratch = try Scratch()
        try scratch.write("", to: "state/registry.sqlite")
        let queue = try DatabaseQueue(path: scratch.path + "/state/registry.sqlite")
        try RegistrySchema.migrator(at: Scratch.now).migrate(queue, upTo: "3-policy-decisions")
        try queue.write { database in
            try database.execute(sql: "INSERT INTO partner VALUES ('acme', 'app', 'Acme', 'X1', 'https://acme.example')")
            try database.execute(sql: "UPDATE revision SET number = 41")
        }
        try queue.close()
        let registry = try RegistryStore(stateDirectory: scratch.path + "/state", at: after(5))
        let begin = try #require(try registry.auditRecords().first)
        #expect(begin.number == 1 && begin.action == "audit.begin" && begin.time.hasPrefix("2023-11-14T22:13:25"))
        let row = "'acme','app','Acme','X1','https://acme.example'"
        let digest = CertificateText.text(sha256(Array("23:partner-gateway table 1,\(row.utf8.count):\(row),".utf8)))
        #expect(begin.after == #"{"partner":"1 rows, SHA-256 \#(digest)","revision":41}"#)
        #expect(try registry.verifyAudit().last == 1)
    }

    @Test func `a record is hashed over netstrings, as the documentation has it`() {
        let event = AuditEvent("key.revoke", of: AuditSubject("key", "key-1"), before: ["state": .text("active")], reason: "naïve")
        let record = AuditRecord(event, by: "asha", at: WallTime(nanoseconds: 1), number: 2, after: AuditRecord.noHash)
        let zeros = String(repeating: "0", count: 64)
        let text =
            "23:partner-gateway audit 1,1:2,30:1970-01-01T00:00:00.000000001Z,4:asha,12:command-line,--10:key.revoke,3:key,5:key-1,"
            + #"18:{"state":"active"},-6:naïve,-64:\#(zeros),"#
        #expect(String(decoding: record.hashedBytes, as: UTF8.self) == text)
    }
}
