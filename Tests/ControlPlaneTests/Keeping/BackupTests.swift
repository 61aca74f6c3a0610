import Dispatch
import Foundation
import GRDB
import Glibc
import Registry
import Synchronization
import Testing

@testable import ControlPlane

@Suite struct BackupTests {
    private let audited: AuditedRegistry
    private var backup: String { audited.scratch.path + "/backup" }
    private var restored: String { audited.scratch.path + "/restored" }

    init() throws {
        audited = try AuditedRegistry()
        try audited.move(times: 4)
    }

    @discardableResult
    private func backUp() throws -> BackupManifest {
        try audited.registry.backUp(to: backup, policiesDirectory: repository + "/policies", by: "ops", at: after(100))
    }

    @discardableResult
    private func restore() throws -> StateRestore.Outcome {
        try StateRestore.restore(
            backup, to: restored, policiesDirectory: audited.scratch.path + "/policies", by: "ops", at: after(200))
    }

    /// Hands in a certificate; where it is kept in a state folder.
    private func handIn() throws -> String {
        let submission = EvidenceSubmission(kind: .namedOfficer, name: "a.txt", bytes: Array("a certificate".utf8), expires: nil)
        let entry = try audited.registry.addEvidence(submission, to: id("acme-app"), by: "asha", at: after(50))
        return "evidence/" + CertificateText.text(entry.digest)
    }

    private func mode(_ path: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test func `a backup holds the registry, its audit and its key, and its owner alone can read it`() throws {
        let evidence = try handIn()
        try audited.scratch.write("being handed in", to: "state/evidence/0abc.new")
        _ = try ConsoleKey(stateDirectory: audited.scratch.path + "/state")
        let manifest = try backUp()
        let paths = manifest.files.map(\.path)
        let held = ["registry.sqlite", "audit.key", "audit.pub", "console.key", evidence, "policies/plans.yaml"]
        #expect(Set(paths).isSuperset(of: held) && !paths.contains("evidence/0abc.new"))
        #expect(try BackupVerification.verify(backup) == manifest)
        #expect(try mode(backup) == 0o700)
        for path in paths + ["manifest.json"] { #expect(try mode(backup + "/" + path) == 0o600, "\(path)") }
        #expect(try manifest.revision == audited.registry.revision())
        #expect(try audited.registry.auditRecords().last?.action == "state.backup")
        #expect(try FileManager.default.contentsOfDirectory(atPath: audited.scratch.path).allSatisfy { !$0.contains("partial") })
    }

    @Test func `what was backed up is there again, and that it is a copy is on record`() throws {
        let evidence = try handIn()
        try backUp()
        try FileManager.default.createDirectory(atPath: restored, withIntermediateDirectories: true)
        #expect(try restore().hasPolicies)
        let registry = try RegistryStore(stateDirectory: restored)
        #expect(try registry.contents() == audited.registry.contents())
        #expect(try registry.revision() == audited.registry.revision())
        #expect(
            try registry.verifyAudit(keys: [audited.registry.auditPublicKey()]).last == Int64(audited.registry.auditRecords().count) + 1)
        #expect(try registry.auditRecords().last?.action == "state.restore")
        #expect(FileManager.default.contents(atPath: restored + "/" + evidence) == Data("a certificate".utf8))
        let policy = try loadPolicy(from: audited.scratch.path + "/policies")
        #expect(try policy == registry.policyInForce())
        #expect(try mode(restored) == 0o700 && mode(restored + "/audit.key") == 0o600)
    }

    /// What writers and the one who waits for them share.
    private final class Writing: Sendable {
        let isDone = Atomic<Bool>(false)
        let writes = Atomic<Int>(0)
        let faults = Mutex<[String]>([])
    }

    @Test func `a backup made while others write is one moment of it`() throws {
        let (writing, group) = (Writing(), DispatchGroup())
        let store = try RegistryStore(stateDirectory: audited.state)
        group.enter()
        Thread.detachNewThread {
            defer { group.leave() }
            do {
                while !writing.isDone.load(ordering: .acquiring) {
                    let key = try store.issueKey(to: id("acme-app"), in: .production, named: "k", by: "asha", at: after(1))
                    try store.revokeKey(key.id, by: "asha", reason: "load", at: after(2))
                    writing.writes.add(1, ordering: .relaxed)
                    // SQLite's lock is nobody's turn, and whoever waits for it looks now and then: so long as this reads, it is free.
                    for _ in 0..<20 { _ = try store.contents() }
                }
            } catch { writing.faults.withLock { $0.append("\(error)") } }
        }
        defer { writing.isDone.store(true, ordering: .releasing) }
        for round in 0..<3 {
            let writes = writing.writes.load(ordering: .relaxed)
            let made = audited.scratch.path + "/backup-\(round)"
            let manifest = try audited.registry.backUp(to: made, policiesDirectory: "", by: "ops", at: after(100))
            #expect(try BackupVerification.verify(made) == manifest)
            while writing.writes.load(ordering: .relaxed) == writes, writing.faults.withLock({ $0.isEmpty }) { sched_yield() }
        }
        writing.isDone.store(true, ordering: .releasing)
        group.wait()
        #expect(writing.faults.withLock { $0 } == [])
        for round in 0..<3 {
            let state = audited.scratch.path + "/state-\(round)"
            _ = try StateRestore.restore(
                audited.scratch.path + "/backup-\(round)", to: state, policiesDirectory: state, by: "ops", at: after(200))
            let registry = try RegistryStore(stateDirectory: state)
            #expect(try registry.keys().count { $0.state != .revoked } <= 1, "the one that was about to be revoked")
            _ = try registry.verifyAudit()
        }
    }

    @Test func `nothing is written over what is there`() throws {
        try audited.scratch.write("precious", to: "backup/file")
        let there = #expect(throws: BackupFault.self) { try backUp() }
        #expect(there?.description.contains("not empty") == true)
        try FileManager.default.removeItem(atPath: backup)
        try backUp()
        try audited.scratch.write("precious", to: "restored/file")
        let state = #expect(throws: BackupFault.self) { try restore() }
        #expect(state?.description.contains("is not empty: move it away first") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: restored) == ["file"])
    }

    /// Damages a backup, and gives what verifying and restoring say of it, which is the same.
    private func refusal(after damage: () throws -> Void) throws -> String {
        try backUp()
        try damage()
        var said: [String] = []
        do { _ = try BackupVerification.verify(backup) } catch { said.append("\(error)") }
        do { _ = try restore() } catch { said.append("\(error)") }
        #expect(said.count == 2 && said.first == said.last)
        #expect(!FileManager.default.fileExists(atPath: restored))
        return said.first ?? ""
    }

    @Test(arguments: ["registry.sqlite", "audit.key", "policies/plans.yaml"])
    func `a file that is not as it was is named`(_ name: String) throws {
        let said = try refusal {
            var bytes = try #require(FileManager.default.contents(atPath: backup + "/" + name))
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: URL(fileURLWithPath: backup + "/" + name))
        }
        #expect(said.hasSuffix("/\(name) is not as it was backed up"))
    }

    @Test func `missing and foreign files, and a manifest of another form, are refused`() throws {
        let missing = try refusal { try FileManager.default.removeItem(atPath: backup + "/audit.pub") }
        #expect(missing.hasSuffix("audit.pub is missing"))
        try FileManager.default.removeItem(atPath: backup)
        let foreign = try refusal { try audited.scratch.write("x", to: "backup/policies/more.yaml") }
        #expect(foreign.hasSuffix("more.yaml is not of the backup"))
        try FileManager.default.removeItem(atPath: backup)
        let newer = try refusal { try audited.scratch.write("{\"form\": 2, \"more\": []}", to: "backup/manifest.json") }
        #expect(newer.contains("written by a newer version of the gateway (form 2)"))
        try FileManager.default.removeItem(atPath: backup)
        let broken = try refusal { try audited.scratch.write("{", to: "backup/manifest.json") }
        #expect(broken.hasSuffix("the backup is damaged"))
        #expect(throws: BackupFault.self) { _ = try BackupVerification.verify(audited.scratch.path + "/nowhere") }
    }

    /// Changes the database of a backup, with a manifest that fits: somebody who knows how.
    private func change(_ statements: [String]) throws {
        let queue = try DatabaseQueue(path: backup + "/registry.sqlite")
        try queue.write { database in for statement in statements { try database.execute(sql: statement) } }
        try queue.close()
        var manifest = try JSONDecoder().decode(
            BackupManifest.self, from: #require(FileManager.default.contents(atPath: backup + "/manifest.json")))
        let facts = try KeptFolder.facts(of: backup + "/registry.sqlite")
        let index = try #require(manifest.files.firstIndex { $0.path == "registry.sqlite" })
        (manifest.files[index].bytes, manifest.files[index].sha256) = facts
        try JSONEncoder().encode(manifest).write(to: URL(fileURLWithPath: backup + "/manifest.json"))
    }

    @Test func `a changed audit and a newer registry are refused though every file fits the manifest`() throws {
        let changed = try refusal {
            try change(["DROP TRIGGER audit_is_never_changed", "UPDATE audit SET actor = 'bela' WHERE number = 4"])
        }
        #expect(changed == "record 4 was changed: its hash does not fit what it says")
        try FileManager.default.removeItem(atPath: backup)
        let newer = try refusal { try change(["INSERT INTO grdb_migrations VALUES ('9-of-the-future')"]) }
        #expect(newer.contains("newer version of the gateway (9-of-the-future)"))
    }

    @Test func `a backup is checked by a key kept elsewhere`() throws {
        try backUp()
        let elsewhere = try Scratch()
        let foreign = try AuditKey(stateDirectory: elsewhere.path).publicKey
        #expect(throws: AuditFault.self) { _ = try BackupVerification.verify(backup, keys: [foreign]) }
        _ = try BackupVerification.verify(backup, keys: [audited.registry.auditPublicKey()])
    }
}
