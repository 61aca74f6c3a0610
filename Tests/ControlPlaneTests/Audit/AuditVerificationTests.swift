import Decisions
import Foundation
import GRDB
import Registry
import Support
import Testing

@testable import ControlPlane

/// Whatever is done to an audit, the first record that is not as it was is named: in the registry and in an export.
@Suite struct AuditVerificationTests {
    private let audited: AuditedRegistry

    init() throws {
        audited = try AuditedRegistry()
        try audited.move(times: 12)
    }

    @Test func `an audit that nobody touched is as it was written`() throws {
        #expect(try audited.fault() == nil)
        let lines = try audited.exported()
        #expect(try audited.fault(ofFile: lines) == nil)
        let length = try Int64(audited.registry.auditRecords().count)
        let summary = try audited.registry.verifyAudit()
        #expect(summary.first == 1 && summary.last == length && summary.vouched == length && summary.checkpoints == 2)
        #expect(lines.count == Int(length) + 2 + 1)
    }

    @Test(arguments: [
        "UPDATE audit SET actor = 'bela' WHERE number = 7", "UPDATE audit SET time = time + 1 WHERE number = 7",
        "UPDATE audit SET reason = 'turn 3: naive, \"quoted\"' WHERE number = 7", "UPDATE audit SET refusal = '' WHERE number = 7",
        "UPDATE audit SET before = after, after = before WHERE number = 7", "UPDATE audit SET hash = zeroblob(32) WHERE number = 7",
        "UPDATE audit SET previous = (SELECT hash FROM audit WHERE number = 5) WHERE number = 7",
        "UPDATE audit SET action = 'application.revoke' WHERE number = 7",
    ])
    func `a changed record is named`(_ statement: String) throws {
        let fault = try audited.fault(after: statement)
        #expect(fault?.number == 7)
        #expect(fault?.problem == "was changed: its hash does not fit what it says")
    }

    @Test func `whoever changes the registry past the audit is found too`() throws {
        let key = try audited.registry.issueKey(to: id("acme-app"), in: .production, named: "k", by: "asha", at: after(50))
        let last = try Int64(audited.registry.auditRecords().count)
        #expect(try audited.fault() == nil)
        let suspended = try audited.fault(after: "UPDATE application SET state = 'suspended', returns_to = 'live' WHERE id = 'acme-app'")
        #expect(
            suspended?.number == last - 1 && suspended?.problem.hasSuffix("acme-app is live, and the registry has it as suspended") == true)
        let gone = try audited.fault(after: "UPDATE application SET state = 'live'", "DELETE FROM credential WHERE id = '\(key.id)'")
        #expect(gone == AuditFault(last, "says last that key \(key.id) is active, and the registry has none"))
    }

    @Test func `a deleted record is named`() throws {
        #expect(try audited.fault(after: "DELETE FROM audit WHERE number = 7") == AuditFault(7, "is missing: record 8 follows record 6"))
        #expect(try audited.fault(after: "DELETE FROM audit WHERE number = 1")?.number == 1)
    }

    @Test func `the first of two records that changed places is named`() throws {
        let fault = try audited.fault(
            after: "UPDATE audit SET number = 999 WHERE number = 6", "UPDATE audit SET number = 6 WHERE number = 9",
            "UPDATE audit SET number = 9 WHERE number = 999")
        #expect(fault == AuditFault(6, "stands in the place of another: it was written as record 9"))
    }

    @Test func `a tail that is cut off is seen by what signed it`() throws {
        let fault = try audited.fault(after: "DELETE FROM audit WHERE number > 9")
        #expect(fault?.number == 10 && fault?.problem.hasPrefix("is missing, and what followed") == true)
    }

    @Test func `a tail cut off with its signatures is seen by a checkpoint kept elsewhere, or by what SQLite counted`() throws {
        let kept = try #require(try audited.registry.makeCheckpoint(at: after(500)))
        let cut = ["DELETE FROM checkpoint WHERE number > 9", "DELETE FROM audit WHERE number > 9"]
        for statement in cut { try audited.tamper(statement) }
        let counted = #expect(throws: AuditFault.self) { _ = try audited.registry.verifyAudit() }
        #expect(counted?.number == 10)
        try audited.tamper("UPDATE sqlite_sequence SET seq = 9 WHERE name = 'audit'")
        _ = try audited.registry.verifyAudit()
        let fault = #expect(throws: AuditFault.self) { _ = try audited.registry.verifyAudit(kept: [kept]) }
        #expect(fault?.number == 10 && fault?.problem.contains("record \(kept.number) was signed") == true)
    }

    @Test func `a chain written anew from a record on is seen by the signatures`() throws {
        try audited.registry.makeCheckpoint(at: after(400))
        let signed = try Int64(audited.registry.auditRecords().count)
        try audited.move(times: 6)
        try audited.registry.makeCheckpoint(at: after(500))
        try audited.rewrite(from: signed + 2, signing: nil)
        let unsigned = #expect(throws: AuditFault.self) { _ = try audited.registry.verifyAudit() }
        #expect(unsigned?.number == signed + 1 && unsigned?.problem.contains("another record") == true)

        let elsewhere = try Scratch()
        let foreign = try AuditKey(stateDirectory: elsewhere.path)
        try audited.rewrite(from: signed + 2, signing: foreign)
        let wrong = #expect(throws: AuditFault.self) { _ = try audited.registry.verifyAudit() }
        #expect(wrong?.number == signed + 1 && wrong?.problem.contains("signature under \(signed + 6) is wrong") == true)
        // Whoever has the machine has its key; a key kept elsewhere tells.
        _ = try audited.registry.verifyAudit(keys: [foreign.publicKey, audited.registry.auditPublicKey()])
    }

    @Test func `one record rewritten with its hash is told from its neighbours`() throws {
        let records = try audited.registry.auditRecords()
        var changed = records[6]
        changed.actor = "bela"
        changed.hash = sha256(changed.hashedBytes)
        var lines = try audited.exported()
        lines[6] = AuditLine.record(changed).text
        #expect(try audited.fault(ofFile: lines) == AuditFault(7, "was written anew: record 8 follows another"))
        changed.previous = records[2].hash
        changed.hash = sha256(changed.hashedBytes)
        lines[6] = AuditLine.record(changed).text
        #expect(try audited.fault(ofFile: lines) == AuditFault(7, "was written anew: it follows another record 6"))
    }

    @Test func `in an export, what is missing, out of place or cut off is named`() throws {
        let lines = try audited.exported()
        func without(_ range: Range<Int>) -> [String] { Array(lines[..<range.lowerBound] + lines[range.upperBound...]) }
        #expect(try audited.fault(ofFile: without(6..<7)) == AuditFault(7, "is missing: record 8 follows record 6"))
        #expect(try audited.fault(ofFile: without(0..<1)) == AuditFault(1, "is missing: the export began with it"))
        var swapped = lines
        swapped.swapAt(5, 8)
        #expect(try audited.fault(ofFile: swapped) == AuditFault(6, "is out of its place: record 9 stands there, and it comes later"))
        for count in 1..<lines.count {
            let fault = try #require(try audited.fault(ofFile: Array(lines[..<count])))
            #expect(fault.number == min(Int64(count), Int64(lines.count) - 2) + 1, "\(count) lines: \(fault)")
        }
        #expect(try audited.fault(ofFile: Data(lines.joined(separator: "\n").utf8)) != nil, "the last line has no end")
        #expect(try audited.fault(ofFile: lines + [lines[0]])?.problem.contains("behind the end") == true)
        #expect(
            try audited.fault(ofFile: lines.filter { !$0.hasPrefix("{\"checkpoint\"") })?.problem.contains("checkpoints were in the export")
                == true)
        #expect(try audited.fault(ofFile: [])?.number == 1)
    }

    @Test func `an export of a part is checked from where it begins`() throws {
        let lines = try audited.exported(since: after(6))
        #expect(lines.first?.contains("\"reason\":\"turn 6:") == true)
        #expect(try audited.fault(ofFile: lines) == nil)
        #expect(try audited.fault(ofFile: Array(lines.dropFirst()))?.problem == "is missing: the export began with it")
    }

    @Test func `a later state is held against the checkpoints of an earlier export`() throws {
        let path = audited.scratch.path + "/kept.jsonl"
        try Data(audited.exported().map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: path))
        let kept = try AuditFile.checkpoints(of: path)
        try audited.move(times: 3)
        _ = try audited.registry.verifyAudit(kept: kept)
        #expect(try audited.fault(ofFile: audited.exported()) == nil)
        #expect(throws: RegistryError.self) { _ = try AuditFile.checkpoints(of: repository + "/README.md") }
    }
}

extension AuditedRegistry {
    /// Writes the chain anew from a record on, which says something else then; signed by a key, or as it was.
    func rewrite(from number: Int64, signing key: AuditKey?) throws {
        var previous = AuditRecord.noHash
        for var record in try registry.auditRecords() {
            if record.number >= number {
                if record.number == number { record.reason = "all was well" }
                record.previous = previous
                record.hash = sha256(record.hashedBytes)
                let (hash, before) = (CertificateText.text(record.hash), CertificateText.text(previous))
                try tamper(
                    "UPDATE audit SET reason = '\(record.reason)', previous = x'\(before)', hash = x'\(hash)' WHERE number = \(record.number)"
                )
                if let key, try registry.auditCheckpoints().contains(where: { $0.number == record.number }) {
                    let signed = try AuditCheckpoint(of: record.number, hash: record.hash, at: after(500).timestamp(), signedWith: key)
                    try tamper(
                        "UPDATE checkpoint SET hash = x'\(hash)', signature = x'\(HexText.text(signed.signature))' WHERE number = \(record.number)"
                    )
                }
            }
            previous = record.hash
        }
    }
}
