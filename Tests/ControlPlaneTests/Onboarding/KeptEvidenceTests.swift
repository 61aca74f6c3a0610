import Foundation
import Registry
import Testing

@testable import ControlPlane

/// Files of evidence and the rows that name them.
@Suite struct KeptEvidenceTests {
    private let scratch: Scratch
    private let now = Scratch.now
    private let app = id("acme-app")

    init() throws { scratch = try Scratch() }

    private var files: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: scratch.path + "/state/evidence")) ?? []).sorted()
    }

    private func add(_ text: String, to app: Identifier = id("acme-app"), _ registry: RegistryStore) throws {
        let file = EvidenceSubmission(kind: .functionalTest, name: "a.txt", bytes: Array(text.utf8))
        _ = try registry.addEvidence(file, to: app, by: "reva", at: now)
    }

    @Test func `what is refused leaves no file behind`() throws {
        let registry = try scratch.onboarding()
        for number in 0..<Limits.evidencePerApplication { try add("\(number)", registry) }
        #expect(files.count == Limits.evidencePerApplication)
        #expect(throws: RegistryError.self) { try add("one more", registry) }
        #expect(throws: RegistryError.self) { try add("another's", to: id("no-app"), registry) }
        #expect(files.count == Limits.evidencePerApplication)
    }

    @Test func `what a crash left is swept, and what is named stays`() throws {
        let registry = try scratch.onboarding()
        #expect(try registry.sweepEvidence() == 0, "there is no folder yet")
        try add("Seen.", registry)
        let kept = files
        for name in [String(repeating: "0", count: 64), kept[0] + ".new"] { try scratch.write("x", to: "state/evidence/" + name) }
        #expect(try registry.sweepEvidence() == 2)
        #expect(files == kept)
        #expect(try registry.sweepEvidence() == 0)
    }

    @Test func `who was handed evidence is on record, who was refused it too, and neither changes anything`() throws {
        let registry = try scratch.onboarding(in: .inReview)
        try add("Seen.", registry)
        let entry = try #require(try registry.evidence(of: app).first)
        let (seen, revision) = (try registry.applicationWithRecord(app).record, try registry.revision())
        let reader = Actor("anu", from: .console(address: "192.0.2.1"))
        #expect(try registry.evidenceFile(entry.id, by: reader, at: now).1 == Array("Seen.".utf8))
        #expect(throws: RegistryError.self) { try registry.evidenceFile(entry.id, by: "temp", at: now) }
        #expect(throws: RegistryError.self) { try registry.evidenceFile("ev-none", by: "anu", at: now) }
        let records = try registry.auditRecords(AuditFilter(action: "evidence.read"), newest: 0)
        #expect(records.map(\.actor) == ["anu", "temp", "anu"] && records.map { $0.refusal == nil } == [true, false, false])
        #expect(records.first?.subject == entry.id && records.first?.address == "192.0.2.1")
        #expect(records.first?.after == #"{"application":"acme-app","kind":"functional-test"}"#)
        #expect(try registry.revision() == revision, "no news to the data plane")
        _ = try registry.exportedPartners(id("acme"), by: "reva", at: now)
        #expect(try registry.applicationWithRecord(app).record == seen, "whoever decides need not look again")
        _ = try registry.move(app, .requestChanges, by: "reva", reason: "x", unchangedSince: seen, at: now)
    }

    @Test func `what cannot be read was handed to nobody`() throws {
        let registry = try scratch.onboarding()
        try add("Seen.", registry)
        let entry = try #require(try registry.evidence(of: app).first)
        try FileManager.default.removeItem(atPath: scratch.path + "/state/evidence/" + files[0])
        #expect(throws: RegistryError.self) { try registry.evidenceFile(entry.id, by: "anu", at: now) }
        #expect(try registry.auditRecords(AuditFilter(action: "evidence.read"), newest: 0).isEmpty)
    }
}
