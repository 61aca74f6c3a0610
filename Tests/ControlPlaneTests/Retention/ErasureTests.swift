import Foundation
import GRDB
import Registry
import Testing

@testable import ControlPlane

/// What named a partner's people is gone from every file, and nothing else is.
@Suite struct ErasureTests {
    private let scratch: Scratch
    private let now = Scratch.now
    private let app = id("acme-app")
    private let acme = id("acme")
    private var state: String { scratch.path + "/state" }

    /// What an officer is known by: nothing of it may be left anywhere.
    private static let traces = ["meera.pillai", "Meera Pillai", "98450 12345", "9845012345", "first.contact@acme"]

    init() throws { scratch = try Scratch() }

    /// The traces that stand in some file of a folder, the state's if none is named, each with the file.
    private func found(in folder: String? = nil) throws -> [String] {
        let folder = folder ?? state
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
        return try paths.flatMap { path -> [String] in
            let whole = folder + "/" + path
            guard try FileManager.default.attributesOfItem(atPath: whole)[.type] as? FileAttributeType == .typeRegular else { return [] }
            let bytes = try #require(FileManager.default.contents(atPath: whole))
            return Self.traces.filter { bytes.range(of: Data($0.utf8)) != nil || path.contains($0) }.map { "\($0) in \(path)" }
        }
    }

    private func submission(_ text: String, name: String = "a.txt", expires: WallTime? = nil) -> EvidenceSubmission {
        EvidenceSubmission(kind: .namedOfficer, name: name, bytes: Array(text.utf8), expires: expires)
    }

    private func declared(contact: String, purpose: String = "Is tested.") -> PartnerDeclaration {
        var declaration = partner("acme", application: "acme-app")
        declaration.contacts = [.technical: contact, .privacy: "dpo-\(contact)"]
        declaration.applications[0].purpose = purpose
        return declaration
    }

    /// An application in review, with an officer in all places that a name can come into.
    private func registry() throws -> RegistryStore {
        let registry = try scratch.onboarding(in: .inReview)
        // Enough of others that pages split and are used again.
        let others = (0..<300).map { partner("other-\($0)", application: "other-app-\($0)") }
        _ = try registry.importPartners(others, at: now)
        _ = try registry.importPartners([declared(contact: "first.contact@acme.example")], at: now)
        let purpose = "Ask meera.pillai@acme.example or +91 98450 12345."
        _ = try registry.importPartners([declared(contact: "meera.pillai@acme.example", purpose: purpose)], at: now)
        let file = submission("Meera Pillai, 9845012345", name: "Meera Pillai.txt", expires: after(86_400))
        _ = try registry.addEvidence(file, to: app, by: "reva", at: now)
        _ = try registry.addNote("Meera Pillai rang from 98450 12345.", on: app, to: .team, by: "reva", at: now)
        _ = try registry.warnOfEndingEvidence(at: after(10))
        _ = try registry.importPartners(
            others.map { partner in with(partner) { $0.contacts[.technical] = "x@" + $0.site.dropFirst(8) } }, at: now)
        return registry
    }

    private func reject(_ registry: RegistryStore) throws {
        let reason = "meera.pillai@acme.example did not answer from +91 98450 12345"
        _ = try registry.move(app, .reject, by: "asha", reason: reason, at: after(20))
    }

    @Test func `of what was erased no byte is left in any file of the state folder`() throws {
        let registry = try registry()
        try reject(registry)
        #expect(try Set(found().compactMap { $0.split(separator: " in ").first.map(String.init) }).isSuperset(of: Self.traces.dropLast()))
        let erasure = try registry.erase(acme, by: "adi", reason: "asked by mail", at: after(30))
        #expect(erasure.contacts == [.technical, .privacy] && erasure.evidence.count == 1 && erasure.notes.count == 3)
        #expect(erasure.purposes == [app: "Ask [contact] or [contact]."] && erasure.quoted == [])
        #expect(try registry.settleErasures(at: after(31)))
        #expect(try found() == [])
        _ = try registry.verifyAudit()
        let entry = try #require(registry.evidence(of: app).first)
        #expect(entry.name == "erased.txt" && entry.standing(at: after(31)) == "erased" && entry.expires == after(86_400))
        #expect(try registry.notes(on: app).map(\.text) == ["[erased]", "[erased]", "[erased]"])
        let moves = try registry.moves(of: app).map(\.reason)
        #expect(moves.contains("[contact] did not answer from [contact]"), "what happened stays")
        #expect(throws: RegistryError.self) { _ = try registry.evidenceFile(entry.id, by: "reva", at: after(32)) }
    }

    @Test func `nothing is erased while an application lives, and which one is said`() throws {
        let registry = try registry()
        let before = try registry.contents()
        let error = #expect(throws: RegistryError.self) { _ = try registry.erase(acme, by: "adi", reason: "asked", at: after(30)) }
        #expect(error?.description.hasPrefix("nothing of partner acme was erased: application acme-app is in_review; ") == true)
        #expect(try registry.contents() == before)
        #expect(try registry.auditRecords().last?.refusal?.contains("acme-app is in_review") == true)
    }

    @Test(arguments: ApplicationState.allCases)
    func `only what is rejected, revoked, or withdrawn and over lets go of its people`(_ state: ApplicationState) throws {
        let registry = try scratch.onboarding(in: state)
        let lives = ![.rejected, .revoked].contains(state)
        #expect(((try? registry.erase(acme, by: "adi", reason: "asked", isTrial: true, at: now)) == nil) == lives)
        guard state == .withdrawn else { return }
        let end = try #require(registry.application(app).lifecycle.withdrawnUntil)
        let almost = WallTime(nanoseconds: end.nanoseconds - 1)
        #expect(throws: RegistryError.self) { _ = try registry.erase(acme, by: "adi", reason: "asked", at: almost) }
        #expect(try registry.erase(acme, by: "adi", reason: "asked", at: end).contacts == [.technical])
    }

    @Test func `whom the rules name may erase, nobody else, and a trial erases nothing`() throws {
        let registry = try registry()
        try reject(registry)
        for name in ["reva", "asha", "omar", "anu", "temp"] {
            #expect(throws: RegistryError.self, "\(name)") {
                _ = try registry.erase(acme, by: Actor(name), reason: "asked", isTrial: name == "asha", at: after(30))
            }
        }
        let before = try registry.contents()
        let trial = try registry.erase(acme, by: "adi", reason: "asked", isTrial: true, at: after(30))
        #expect(try registry.contents() == before)
        #expect(try registry.erase(acme, by: "adi", reason: "asked", at: after(30)) == trial)
    }

    @Test func `the audit says whose, how much, by whom and why, and a second time nothing is left`() throws {
        let registry = try registry()
        try reject(registry)
        let entry = try #require(registry.evidence(of: app).first)
        let told = try registry.recorded(isPublished: false) {
            _ = try registry.erase(acme, by: "adi", reason: "asked by mail", at: after(30))
        }
        #expect(told == ["evidence.erase \(entry.id)", "partner.erase acme"])
        let record = try #require(registry.auditRecords().last)
        #expect(record.actor == "adi" && record.reason == "asked by mail")
        #expect(record.before == #"{"contacts":["technical","privacy"],"evidence":1,"notes":3,"purposes":1}"#)
        #expect(record.after == #"{"contacts":[],"evidence":0,"notes":0,"purposes":0}"#)
        let again = try registry.recorded(isPublished: false) {
            let rest = try registry.erase(acme, by: "adi", reason: "asked", at: after(40))
            #expect(rest.isEmpty)
        }
        #expect(again == [])
        #expect(try registry.partner(acme).erased == after(30))
        _ = try registry.verifyAudit()
    }

    @Test func `what a crash left between the rows and the files is swept at the next start`() throws {
        var registry: RegistryStore? = try registry()
        try reject(#require(registry))
        _ = try registry?.erase(acme, by: "adi", reason: "asked", at: after(30))
        #expect(try !found().isEmpty, "the rows are gone, and the files are not yet")
        try registry?.close()
        registry = nil
        let again = try RegistryStore(stateDirectory: state, accounts: Staff.all)
        #expect(try again.settleErasures(at: after(40)))
        #expect(try found() == [])
        let size = try FileManager.default.attributesOfItem(atPath: state + "/registry.sqlite")[.modificationDate] as? Date
        #expect(try again.settleErasures(at: after(50)), "and then there is nothing to do")
        #expect(try FileManager.default.attributesOfItem(atPath: state + "/registry.sqlite")[.modificationDate] as? Date == size)
    }

    @Test func `files wait for a backup that is being made, and for another's application that has the same`() throws {
        let registry = try registry()
        let shared = submission("Shared.")
        let ours = try registry.addEvidence(shared, to: app, by: "reva", at: now)
        let theirs = try registry.addEvidence(shared, to: id("other-app-1"), by: "reva", at: now)
        try reject(registry)
        _ = try registry.erase(acme, by: "adi", reason: "asked", at: after(30))
        let isSettled = try FileLock.holding(state + "/evidence.lock", seconds: 1, isShared: true) {
            try registry.settleErasures(at: after(31))
        }
        #expect(!isSettled)
        #expect(try FileManager.default.contentsOfDirectory(atPath: state + "/evidence").count == 2)
        #expect(try registry.settleErasures(at: after(32)))
        #expect(try registry.evidenceFile(theirs.id, by: "reva", at: after(33)).1 == Array("Shared.".utf8))
        #expect(throws: RegistryError.self) { _ = try registry.evidenceFile(ours.id, by: "reva", at: after(33)) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: state + "/evidence").count == 1)
    }

    @Test func `a backup made before the files are swept has nothing of what was erased`() throws {
        let registry = try registry()
        let theirs = try registry.addEvidence(submission("Somebody else's."), to: id("other-app-1"), by: "reva", at: now)
        try reject(registry)
        _ = try registry.erase(acme, by: "adi", reason: "asked", at: after(30))
        #expect(try found().contains { $0.contains(" in evidence/") }, "the file is still there")
        let folder = scratch.path + "/kept"
        _ = try registry.backUp(to: folder, policiesDirectory: repository + "/policies", by: "adi", at: after(31))
        #expect(try found(in: folder) == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/evidence") == [CertificateText.text(theirs.digest)])
        _ = try BackupVerification.verify(folder)
    }

    @Test func `what the audit quotes from before such was kept out of it is told, to who may erase`() throws {
        let registry = try registry()
        try reject(registry)
        try registry.pool.write { database in
            let actor = Actor("reva", from: .commandLine)
            let quoting = "Ask Meera.Pillai@acme.example"
            let event = AuditEvent(.importPartner, of: .partner(acme), after: ["note": .text(quoting)])
            try RegistryStore.audit(event, by: actor, at: after(21), database)
        }
        let number = try registry.read { try RegistryStore.auditLength($0) }
        #expect(try registry.erase(acme, by: "adi", reason: "asked", isTrial: true, at: after(22)).quoted == [number])
        #expect(throws: RegistryError.self) { _ = try registry.erase(acme, by: "reva", reason: "asked", at: after(23)) }
        #expect(try registry.erase(acme, by: "adi", reason: "asked", at: after(24)).quoted == [number])
        #expect(try registry.erase(acme, by: "adi", reason: "asked", at: after(25)).quoted == [], "nobody knows any more what to look for")
    }

    @Test func `a number over two lines stays out of a refused reason, too`() throws {
        let registry = try registry()
        let reason = "Please call\r\n98450\n12345"
        #expect(throws: RegistryError.self) { _ = try registry.move(app, .suspend, by: "reva", reason: reason, at: after(20)) }
        let last = try #require(registry.auditRecords().last)
        #expect(last.refusal != nil && last.reason == "Please call [contact]")
    }

    @Test func `a contact that another replaced is gone, too, though its partner goes on`() throws {
        let registry = try registry()
        #expect(try registry.settleErasures(at: after(31)))
        #expect(try !found().contains { $0.contains("first.contact") })
        #expect(try found().contains { $0.contains("meera.pillai") })
    }

    @Test func `what an earlier version left in free pages is swept at the first start with this one`() throws {
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: state + "/registry.sqlite")
        try RegistrySchema.migrator(at: now).migrate(queue, upTo: "9-what-was-seen")
        try queue.writeWithoutTransaction { database in
            try database.execute(
                sql: """
                    PRAGMA secure_delete = OFF;
                    INSERT INTO partner (id, kind, name, registration, site) VALUES ('acme', 'app', 'Acme', 'X1', 'https://acme.example');
                    INSERT INTO contact VALUES ('acme', 'technical', 'meera.pillai@acme.example');
                    DELETE FROM contact;
                    """)
        }
        try queue.close()
        #expect(try !found().isEmpty)
        let registry = try RegistryStore(stateDirectory: state, accounts: Staff(roles: [:]), at: now)
        #expect(try registry.settleErasures(at: now))
        #expect(try found() == [])
    }

    @Test func `evidence that was erased counts no more, and its file is not looked for`() throws {
        let registry = try scratch.onboarding(in: .revoked)
        try registry.hand(in: [.securityAudit])
        _ = try registry.addNote("Seen.", on: app, to: .team, by: "reva", at: now)
        _ = try registry.erase(acme, by: "adi", reason: "asked", at: after(30))
        let entry = try #require(registry.evidence(of: app).first)
        #expect(entry.withdrawn == after(30) && entry.withdrawnBy == "adi" && entry.withdrawnReason == "[erased]")
        let onFile = try registry.read { try RegistryStore.evidenceOnFile(of: app, $0) }
        #expect(onFile.gaps(in: EvidenceSet([.securityAudit]), at: after(31)).count == 1)
        for sql in ["UPDATE evidence SET erased = NULL", "UPDATE evidence SET name = 'x'", "UPDATE note SET text = 'x'"] {
            try registry.read { _ in }
            #expect(throws: (any Error).self, "\(sql)") { try registry.write(.note) { try $0.execute(sql: sql + " WHERE erased > 0") } }
        }
    }
}

/// A value, changed.
private func with<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
    var value = value
    change(&value)
    return value
}
