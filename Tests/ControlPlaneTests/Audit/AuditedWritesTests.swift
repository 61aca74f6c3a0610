import Foundation
import GRDB
import Registry
import Testing

@testable import ControlPlane

/// Every function that changes the registry, done and refused: what is on record of each.
@Suite struct AuditedWritesTests {
    private let files: PolicyFiles
    private let registry: RegistryStore
    private let now = Scratch.now
    private let who = Actor("asha", from: .console(address: "192.0.2.7"))

    init() throws {
        files = try PolicyFiles()
        registry = files.registry
        _ = try registry.importPartners([partner("acme", application: "acme-app")], at: now)
    }

    /// Does something and gives what is on record of it, `-` before what was refused. What changed must be on record, and nothing else.
    private func recorded(_ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) throws -> [String] {
        let (before, length) = (try registry.contents(), try registry.auditRecords().count)
        let revision = try registry.revision()
        do { try body() } catch is RegistryError {}
        let records = try registry.auditRecords().dropFirst(length)
        let isChanged = try registry.contents() != before
        #expect(isChanged == records.contains { $0.refusal == nil && $0.action != "audit.export" }, sourceLocation: sourceLocation)
        #expect(
            try (registry.revision() != revision) == isChanged, "a refusal is no news to the data plane", sourceLocation: sourceLocation)
        return records.map { ($0.refusal == nil ? "" : "-") + "\($0.action) \($0.subject)" }
    }

    private func key() throws -> String { try registry.issueKey(to: id("paytm-finder"), in: .sandbox, named: "k", by: who, at: now).id }

    @Test func `moves are on record, and so are those refused`() throws {
        _ = try registry.importPartners([partner("bcme", application: "bcme-app")], at: now)
        for move in [LifecycleMove.submit, .review, .grantSandbox, .certify, .approve, .goLive] {
            let recorded = try recorded { _ = try registry.move(id("bcme-app"), move, by: who, reason: "because", at: now) }
            #expect(recorded == [move == .goLive ? "-application.go-live bcme-app" : "application.\(move.rawValue) bcme-app"])
        }
        let pending = try recorded { _ = try registry.move(id("bcme-app"), .goLive, by: "bela", reason: "because", at: now) }
        #expect(pending == ["application.go-live bcme-app"])
        let record = try #require(try registry.auditRecords().last)
        #expect(record.before == "{}")
        #expect(record.after?.contains("\"pendingActor\":\"bela\"") == true)
        _ = try registry.move(id("bcme-app"), .goLive, by: "chitra", reason: "because", at: now)
        let last = try #require(try registry.auditRecords().last)
        #expect(last.before?.contains("\"state\":\"approved\"") == true && last.after == #"{"state":"live"}"#)
        #expect(
            try recorded { _ = try registry.move(id("no-app"), .goLive, by: who, reason: "x", at: now) } == ["-application.go-live no-app"])
        #expect(
            try recorded { _ = try registry.move(id("bcme-app"), .revoke, by: "import", reason: "x", at: now) } == [
                "-application.revoke bcme-app"
            ])
        #expect(
            try recorded { _ = try registry.move(id("bcme-app"), .revoke, by: who, reason: " ", at: now) } == [
                "-application.revoke bcme-app"
            ])
    }

    @Test func `who did it, from where and why is on record`() throws {
        _ = try registry.move(
            id("acme-app"), .submit, by: Actor("Asha  Rao", from: .api(address: "2001:db8::1", token: "token-1")), reason: "no site",
            at: after(7))
        let record = try #require(try registry.auditRecords().last)
        #expect(record.actor == "asha rao" && record.origin == "api" && record.address == "2001:db8::1" && record.token == "token-1")
        #expect(record.reason == "no site" && record.time == "2023-11-14T22:13:27.000000000Z")
        #expect(record.before == #"{"state":"draft","submitters":[]}"#)
        #expect(record.after == #"{"state":"submitted","submitters":["asha rao"]}"#)
    }

    @Test func `keys are on record, never themselves`() throws {
        var issued: [IssuedKey] = []
        let first = try recorded {
            issued.append(try registry.issueKey(to: id("paytm-finder"), in: .sandbox, named: "k", by: who, at: now))
        }
        #expect(first == ["key.issue \(issued[0].id)"])
        let rotated = try recorded { issued.append(try registry.rotateKey(issued[0].id, by: who, at: now)) }
        #expect(rotated == ["key.issue \(issued[1].id)", "key.rotate \(issued[0].id)"])
        #expect(
            try recorded { try registry.revokeKey(issued[1].id, by: who, reason: "found \(issued[1].key) in a log", at: now) } == [
                "key.revoke \(issued[1].id)"
            ])
        #expect(try recorded { try registry.revokeKey(issued[1].id, by: who, reason: "x", at: now) } == ["-key.revoke \(issued[1].id)"])
        #expect(try recorded { _ = try registry.rotateKey(issued[0].id, by: who, at: now) } == ["-key.rotate \(issued[0].id)"])
        let pasted = try recorded { try registry.revokeKey(issued[0].key, by: Actor(issued[0].key), reason: issued[0].key, at: now) }
        #expect(pasted == ["-key.revoke pgw_sandbox_…"])
        #expect(
            try recorded { _ = try registry.issueKey(to: id("acme-app"), in: .production, named: "k", by: who, at: now) } == [
                "-key.issue acme-app"
            ])
        let all = try registry.auditRecords().map { AuditLine.record($0).text }.joined()
        for key in issued.map(\.key) { #expect(!all.contains(key.dropFirst("pgw_sandbox_".count))) }
        #expect(try registry.keys().contains { $0.reason == "found pgw_sandbox_… in a log" }, "nor where keys are listed")
    }

    @Test func `certificates are on record`() throws {
        let certificate = Digest(1, 2, 3, 4)
        let bind = { _ = try registry.bindCertificates([certificate], to: id("acme-app"), by: who, reason: "theirs", at: now) }
        #expect(try recorded(bind) == ["application.bind-certificate acme-app"])
        #expect(try registry.auditRecords().last?.before == #"{"certificates":[]}"#)
        #expect(try recorded(bind) == ["-application.bind-certificate acme-app"])
    }

    @Test func `imports are on record by partner and application, and only what changed`() throws {
        var declared = partner("bcme", application: "bcme-app")
        #expect(
            try recorded { _ = try registry.importPartners([declared], by: "ops", at: now) } == [
                "partner.import bcme", "application.import bcme-app",
            ])
        #expect(try registry.auditRecords().last?.actor == "ops")
        #expect(try recorded { _ = try registry.importPartners([declared], at: now) } == [])
        declared.contacts[.technical] = "other@bcme.example"
        #expect(try recorded { _ = try registry.importPartners([declared], at: now) } == ["partner.import bcme"])
        let record = try #require(try registry.auditRecords().last)
        #expect(record.before == "{}" && record.after == #"{"contactsChanged":["technical"]}"#, "whom to write to is erased one day")
        declared.applications[0].purpose = "Is tested more."
        #expect(try recorded { _ = try registry.importPartners([declared], at: now) } == ["application.import bcme-app"])
        #expect(try registry.auditRecords().last?.after == #"{"purpose":"Is tested more."}"#)
        let foreign = partner("ccme", application: "bcme-app")
        #expect(try recorded { _ = try registry.importPartners([foreign], at: now) } == ["-partner.import registry"])
    }

    @Test func `policies are on record`() throws {
        let (first, next, later) = (files.first, try files.policy(tokens: 1_600), try files.policy(tokens: 1_700))
        func decision(plannedOn: String? = nil, at now: WallTime = Scratch.now) throws -> PolicyDecision {
            try PolicyDecision(by: who, reason: "a change", plannedOn: plannedOn, at: now)
        }
        #expect(try recorded { _ = try registry.acceptPolicy(next, by: who, at: now) } == ["policy.apply \(next.version)"])
        #expect(try recorded { _ = try registry.acceptPolicy(next, by: who, at: now) } == [])
        #expect(try recorded { _ = try registry.rollBackPolicy(to: nil, as: decision()) } == ["policy.roll-back \(first.version)"])
        #expect(
            try recorded { _ = try registry.rollBackPolicy(to: String(first.version.prefix(8)), as: decision()) } == [
                "-policy.roll-back \(first.version.prefix(8))"
            ])
        let folder = try files.folder("next", tokens: 1_600)
        #expect(try recorded { _ = try applyPolicy(from: folder, to: registry, as: decision()) } == ["policy.apply \(next.version)"])
        #expect(
            try recorded { _ = try applyPolicy(from: files.folder("same", tokens: 1_600), to: registry, as: decision()) } == [
                "policy.read \(next.version)"
            ])
        #expect(
            try recorded { _ = try applyPolicy(from: files.folder, to: registry, as: decision(plannedOn: "00000000")) } == [
                "-policy.apply \(first.version)"
            ])
        #expect(
            try recorded { _ = try registry.announcePolicy(later, from: after(100), as: decision()) } == [
                "policy.announce \(later.version)"
            ])
        #expect(
            try recorded { _ = try registry.announcePolicy(later, from: after(100), as: decision()) } == [
                "-policy.announce \(later.version)"
            ])
        #expect(
            try recorded { _ = try registry.cancelAnnouncement(of: later.version, as: decision()) } == ["policy.cancel \(later.version)"])
        #expect(
            try recorded {
                _ = try announcePolicy(from: files.folder("later", tokens: 1_700), to: registry, due: after(100), as: decision())
            } == ["policy.announce \(later.version)"])
        #expect(
            try recorded {
                _ = try readPolicyAgain(from: files.folder("again", tokens: 1_700), to: registry, by: .gateway(.reload), at: now)
            } == ["policy.read \(later.version)"])
        #expect(try recorded { _ = try registry.takeDuePolicies(at: after(99)) } == [])
        #expect(try recorded { _ = try registry.takeDuePolicies(at: after(100)) } == ["policy.take-announced \(later.version)"])
        let taken = try #require(try registry.auditRecords().last)
        #expect(taken.actor == "schedule" && taken.origin == "gateway" && taken.after?.contains("\"announcedBy\":\"asha\"") == true)
        #expect(try recorded { _ = try registry.setShadow(next, as: decision()) } == ["policy.shadow \(next.version)"])
        #expect(try recorded { _ = try registry.setShadow(next, as: decision()) } == [])
        #expect(try recorded { _ = try registry.setShadow(nil, as: decision()) } == ["policy.shadow none"])
        #expect(
            try recorded { _ = try readPolicyAgain(from: files.folder("new", tokens: 1_800), to: registry, by: .gateway(.reload), at: now) }
                .count == 1)
    }

    @Test func `what is refused elsewhere, exports and checkpoints are on record without being news`() throws {
        let refused = {
            registry.recordRefusedCall("api.invite", on: "POST /admin/v1/accounts", by: who, for: .outOfForm("not yours"), at: now)
        }
        #expect(try recorded(refused) == ["-api.invite POST /admin/v1/accounts"])
        #expect(try recorded { _ = try registry.exportAudit(by: who, at: now) { _ in } } == ["audit.export audit"])
        #expect(try recorded { _ = try registry.makeCheckpoint(at: now) } == [])
    }

    @Test func `the first start is on record whole`() throws {
        let scratch = try Scratch()
        let report = try FirstStart.run(
            stateDirectory: scratch.path, partnersDirectory: repository + "/partners", policiesDirectory: repository + "/policies", at: now)
        let records = try report.registry.auditRecords()
        let partners = try report.registry.partners().count
        let applications = try report.registry.applications().count
        #expect(records.map(\.action).prefix(2) == ["audit.begin", "policy.apply"])
        #expect(records.filter { $0.action == "partner.import" }.count == partners)
        #expect(records.filter { $0.action == "application.import" }.count == applications)
        #expect(records.suffix(3).map(\.action) == ["key.issue", "registry.first-start", "account.invite"])
        #expect(records.allSatisfy { $0.origin == "gateway" })
        #expect(records.dropLast().last?.after == #"{"applications":\#(applications),"partners":\#(partners)}"#)
    }

    @Test func `a change that nothing puts on record is undone`() throws {
        let before = try registry.contents()
        let error = #expect(throws: RegistryError.self) {
            try registry.write { try $0.execute(sql: "UPDATE partner SET name = 'another' WHERE id = 'acme'") }
        }
        #expect(error?.description.contains("nothing put it on record") == true)
        #expect(try registry.contents() == before)
    }

    /// The functions that these tests and those of onboarding, accounts and the admin API call, by name; whoever adds one adds it there and here.
    private static let walked: [String: Set<String>] = [
        "Store": [
            "move", "issueKey", "rotateKey", "revokeKey", "bindCertificates", "importPartners", "acceptPolicy", "rollBackPolicy",
            "announcePolicy", "cancelAnnouncement", "takeDuePolicies", "setShadow", "exportedPartners",
        ],
        "Onboarding": [
            "delegate", "endDelegation", "giveExtraQuota", "endExtraQuota", "takeBackExtraQuotas", "suspendUnreviewed", "addNote", "assign",
            "tellClocks",
        ],
        "Evidence": [
            "addEvidence", "evidenceFile", "withdrawEvidence", "sweepEvidence", "warnOfEndingEvidence", "suspendWithoutEvidence",
        ],
        "Retention": ["erase", "applyRetention", "settleErasures"],
        "Accounts": [
            "invite", "recover", "setRoles", "disable", "enable", "setLanguage", "choosePassword", "confirm", "signIn",
            "confirmSignIn", "reauthenticate", "session", "signOut", "endSessions",
        ],
        "Audit": ["exportAudit", "beginAuditExport", "makeCheckpoint", "recordRefusedCall"],
        "Keeping": ["backUp"],
        "Tokens": ["createToken", "revokeToken"],
    ]

    /// Each folder of the control plane: one that is new is walked from its first day.
    private static let folders =
        (try? FileManager.default.subpathsOfDirectory(atPath: repository + "/Sources/ControlPlane"))?
        .filter { !$0.contains(".") && !$0.contains("/") }.sorted() ?? []

    @Test(arguments: folders)
    func `no function of the store that writes is forgotten here`(_ part: String) throws {
        let folder = repository + "/Sources/ControlPlane/" + part
        var (found, helpers): (Set<String>, Set<String>) = ([], [])
        let texts = try FileManager.default.contentsOfDirectory(atPath: folder).map {
            try String(contentsOfFile: folder + "/" + $0, encoding: .utf8)
        }
        // As far as the end of each function, by its name.
        func functions(_ start: String) -> [(name: String, body: Substring)] {
            texts.flatMap { $0.split(separator: "\n    " + start + " func ").dropFirst() }.map { part in
                (String(part.prefix { $0 != "(" && $0 != "<" }), part.split(separator: "\n    }\n", maxSplits: 1)[0])
            }
        }
        func isWriting(_ body: Substring) -> Bool {
            body.contains("write(") || body.contains("write {") || helpers.contains { body.contains($0 + "(") }
        }
        // A function that leaves the writing to a private one of the same folder writes, too; and so does one that leaves it to that.
        let inner = functions("private") + functions("fileprivate")
        var known = -1
        while known < helpers.count {
            known = helpers.count
            for function in inner where isWriting(function.body) { helpers.insert(function.name) }
        }
        for function in functions("package") where isWriting(function.body) { found.insert(function.name) }
        #expect(found == AuditedWritesTests.walked[part] ?? [])
    }
}
