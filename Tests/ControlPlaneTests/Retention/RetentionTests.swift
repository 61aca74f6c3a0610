import Foundation
import GRDB
import Logging
import Registry
import Support
import Testing

@testable import ControlPlane

/// What nobody asked for goes by itself, at its time.
@Suite struct RetentionTests {
    private let scratch: Scratch
    private let now = Scratch.now
    private let app = id("acme-app")
    private let acme = id("acme")
    private let day: Int64 = 86_400

    init() throws { scratch = try Scratch() }

    private func add(_ name: String, expires: WallTime? = nil, at time: WallTime, _ registry: RegistryStore) throws -> EvidenceEntry {
        try registry.addEvidence(
            EvidenceSubmission(kind: .namedOfficer, name: name + ".txt", bytes: Array(name.utf8), expires: expires), to: app, by: "reva",
            at: time)
    }

    private func justBefore(_ time: WallTime) -> WallTime { WallTime(nanoseconds: time.nanoseconds - 1) }

    @Test func `a partner's people are erased a year after its last application ended, to the nanosecond`() throws {
        let registry = try scratch.onboarding(in: .inReview)
        _ = try registry.move(app, .reject, by: "asha", reason: "no", at: after(day))
        let due = after(366 * day)
        #expect(registry.applyRetention(at: justBefore(due)) == RegistryStore.RetentionOutcome())
        let outcome = registry.applyRetention(at: due)
        #expect(outcome.partners.map(\.partner) == [acme] && outcome.evidence.isEmpty)
        #expect(try registry.partner(acme).declaration.contacts == [:])
        let record = try #require(registry.auditRecords().last)
        #expect(record.action == "partner.erase" && record.actor == "retention" && record.origin == "gateway")
        #expect(record.reason == "kept as long as the rules say")
        #expect(registry.applyRetention(at: after(1_000 * day)) == RegistryStore.RetentionOutcome())
    }

    @Test(arguments: ApplicationState.allCases)
    func `nobody is forgotten who may have to be reached`(_ state: ApplicationState) throws {
        let registry = try scratch.onboarding(in: state)
        let ends = [.rejected, .revoked, .withdrawn].contains(state)
        #expect(registry.applyRetention(at: after(3_000 * day)).partners.map(\.partner) == (ends ? [acme] : []))
        let due = state == .withdrawn ? after(395 * day) : after(365 * day)
        guard ends else { return }
        let other = try Scratch()
        let again = try other.onboarding(in: state)
        #expect(again.applyRetention(at: justBefore(due)).partners == [])
        #expect(again.applyRetention(at: due).partners.count == 1)
    }

    @Test func `what was said or declared since begins the days anew`() throws {
        let registry = try scratch.onboarding(in: .rejected)
        _ = try registry.addNote("Asked again.", on: app, to: .team, by: "reva", at: after(300 * day))
        #expect(registry.applyRetention(at: justBefore(after(665 * day))).partners == [])
        #expect(registry.applyRetention(at: after(665 * day)).partners.count == 1)
    }

    @Test func `one application that lives keeps its partner's people`() throws {
        let registry = try scratch.onboarding(in: .rejected)
        var declaration = partner("acme", application: "acme-app")
        declaration.applications.append(partner("acme", application: "acme-second").applications[0])
        _ = try registry.importPartners([declaration], at: now)
        #expect(registry.applyRetention(at: after(3_000 * day)).partners == [])
    }

    @Test func `evidence is erased a year after it stopped counting, and what counts stays`() throws {
        let registry = try scratch.onboarding(in: .live)
        let year = 365 * day
        let withdrawn = try add("withdrawn", at: after(1), registry)
        _ = try registry.withdrawEvidence(withdrawn.id, by: "reva", reason: "forged", at: after(2))
        let followed = try add("followed", expires: after(5_000 * day), at: after(3), registry)
        let shorter = try add("shorter", expires: after(4_000 * day), at: after(4), registry)
        #expect(registry.applyRetention(at: after(year + 5)).evidence.map(\.id) == [withdrawn.id], "the shorter follows nothing")
        let last = try add("last", expires: after(5_000 * day), at: after(2 * year), registry)
        #expect(registry.applyRetention(at: justBefore(after(3 * year))).evidence == [])
        #expect(registry.applyRetention(at: after(3 * year)).evidence.map(\.id) == [followed.id, shorter.id])
        #expect(try registry.evidence(of: app).map { $0.standing(at: after(3 * year)) } == ["in date", "erased", "erased", "erased"])
        let onFile = try registry.read { try RegistryStore.evidenceOnFile(of: app, $0) }
        #expect(onFile.gaps(in: EvidenceSet([.namedOfficer]), at: after(3 * year)).isEmpty)
        #expect(registry.applyRetention(at: justBefore(after(5_000 * day + year))).evidence == [])
        #expect(registry.applyRetention(at: after(5_000 * day + year)).evidence.map(\.id) == [last.id], "a year after its end")
        #expect(try registry.evidence(of: app).first?.withdrawn == nil, "it ended, and nobody took it back")
        _ = try registry.verifyAudit()
    }

    @Test func `where the rules say never, nothing goes by itself`() throws {
        let registry = try scratch.onboarding(in: .rejected)
        let folder = try scratch.folder {
            $0.replacing(
                "contacts-days: 365, evidence-days: 365, may-erase: [admin]",
                with: "contacts-days: never, evidence-days: never, may-erase: []")
        }
        _ = try applyPolicy(from: folder, to: registry, by: .gateway(.reload), at: now)
        #expect(registry.applyRetention(at: after(9_000 * day)) == RegistryStore.RetentionOutcome())
        #expect(throws: RegistryError.self) { _ = try registry.erase(acme, by: "adi", reason: "asked", at: now) }
    }

    @Test func `an older file that says nothing of it has nothing erased by itself`() throws {
        let registry = try scratch.onboarding(in: .rejected)
        let text = try String(contentsOfFile: repository + "/policies/lifecycle.yaml", encoding: .utf8)
        let older = text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("retention:") }.joined(
            separator: "\n")
        _ = try registry.write { try RegistryStore.acceptRules(older, by: .gateway(.reload), at: Scratch.now, $0) }
        #expect(try registry.lifecycleRules().retention == .unstated)
        #expect(registry.applyRetention(at: after(9_000 * day)) == RegistryStore.RetentionOutcome())
    }

    @Test func `an import brings nobody back whose partner has no application that lives`() throws {
        let registry = try scratch.onboarding(in: .rejected)
        let declared = partner("acme", application: "acme-app")
        _ = try registry.erase(acme, by: "adi", reason: "asked", at: now)
        let summary = try registry.importPartners([declared], at: after(1))
        #expect(summary.contactsLeftOut == [acme] && summary.partnersChanged == 0)
        #expect(try registry.partner(acme).declaration.contacts == [:])
        var returning = declared
        returning.applications.append(partner("acme", application: "acme-second").applications[0])
        #expect(try registry.importPartners([returning], at: after(2)).contactsLeftOut == [])
        let partner = try registry.partner(acme)
        #expect(partner.declaration.contacts == declared.contacts && partner.erased == nil)
    }

    @Test(arguments: PartnerForm.allCases)
    func `an erased partner goes out and comes in as one`(_ form: PartnerForm) throws {
        let registry = try scratch.onboarding(in: .rejected)
        _ = try registry.erase(acme, by: "adi", reason: "asked", at: now)
        let text = form.text(of: [try registry.exported(acme)])
        let read = try readPartners(text, as: form, under: registry.policyInForce())
        #expect(read.map(\.contacts) == [[:]], "\(text)")
        #expect(try registry.importPartners(read, at: after(1)).partnersChanged == 0)
        let elsewhere = try Scratch()
        let other = try elsewhere.registry()
        #expect(try other.importPartners(read, at: now).partnersAdded == 1)
        let known = try elsewhere.onboarding()
        let error = #expect(throws: RegistryError.self) { _ = try known.importPartners(read, by: "reva", at: now) }
        #expect(error?.description.contains("partner acme has contacts, and now they are declared as erased") != false)
    }

    @Test(arguments: [
        ("ask asha@acme.example, please", "ask [contact], please"), ("<Asha.K@mail.acme.in>.", "<[contact]>."), ("a@b", "a@b"),
        ("call +91 98450 12345 or 9845012345", "call [contact] or [contact]"), ("080-2345-6789!", "[contact]!"),
        ("+919845012345", "[contact]"), ("on 2026-11-22 10:00", "on 2026-11-22 10:00"), ("ticket 123456789", "ticket 123456789"),
        ("U74140DL2015PTC900105", "U74140DL2015PTC900105"), ("revision 12, 4000 rows", "revision 12, 4000 rows"),
        ("फ़ोन ९८४५०१२३४५ पर", "फ़ोन [contact] पर"), ("12345678901234567890", "12345678901234567890"), ("", ""),
        ("call (022) 2345 6789 or (9845012345).", "call [contact] or ([contact])."), ("98 76 54 32 10", "[contact]"),
        ("98450.12345, 022/23456789", "[contact], [contact]"), ("+91 (0)98450-12345 - ask", "[contact] - ask"),
        ("0091 98450 12345", "[contact]"), ("98450 00123", "[contact]"), ("(+91) 98450 12345", "[contact]"),
        ("from 2026-11-21 10 to 21.11.2026 - 2027-01-02", "from 2026-11-21 10 to 21.11.2026 - 2027-01-02"),
        ("2026-11-21 9845012345", "2026-11-21 [contact]"), ("at 192.168.100.200", "at 192.168.100.200"),
        ("1 2 3 4 5 6 7 8 9 10", "1 2 3 4 5 6 7 8 9 10"), ("a@@b@acme.in..", "[contact].."), ("@acme.in a@.in", "@acme.in a@.in"),
        // Numbers beside others.
        ("98450 12345 / 98450 67890", "[contact] / [contact]"), ("9845012345/9845067890", "[contact]/[contact]"),
        ("+91 98450 12345 / 98450 67890", "[contact] / [contact]"), ("9845012345. 2026 is over", "[contact]. 2026 is over"),
        ("rang 9845012345 (2026)", "rang [contact] (2026)"), ("+91 98450 12345 (2026)", "[contact] (2026)"),
        ("022-23456789/90/91", "[contact]/90/91"), ("9845012345/4521", "[contact]/4521"), ("ref 4521. 9845012345", "ref 4521. [contact]"),
        ("9845012345 9845067890", "[contact] [contact]"), ("9845012345. 3 documents", "[contact]. 3 documents"),
        ("item 4. 9845012345", "item 4. [contact]"), ("4521 98450 12345", "4521 [contact]"),
        ("+919845012345+919845067890", "[contact][contact]"),
        ("+31 20 2012 345, +20 2 2023 4567", "[contact], [contact]"), ("212.555.1234 or 98.45.01.23.45", "[contact] or [contact]"),
        ("+91 80 2345 - 6789", "[contact]"), ("+91.80.2345.6789", "[contact]"), ("+91 (80) 2345 (6789)", "[contact])"),
        ("+44.20.7946.0958", "[contact]"), ("0091-22-2345.6789", "[contact]"), ("+61.2.9374.4000", "[contact]"),
        ("+1.415.555.2671", "[contact]"), ("+45 20.30.12.24", "[contact]"), ("+7 (8152) 12-31-56", "[contact]"),
        ("044.212.34.56", "[contact]"),
        ("+91 98450 12345 2026-11-21", "[contact] 2026-11-21"), ("9845012345 080 23456789", "[contact] [contact]"),
        ("98450 12345 022-23456789", "[contact] [contact]"), ("560001 98450 12345", "[contact]"), ("2024 080 2345 6789", "[contact]"),
        ("+65 6123 4567 6123 4568", "[contact]"), ("京123 456789", "[contact]"), ("京123-45-6789", "[contact]"),
        // What is none.
        ("192.168.1.0/24", "192.168.1.0/24"), ("10.20.30.40 8080", "10.20.30.40 8080"), ("Chrome 119.0.6045.199", "Chrome 119.0.6045.199"),
        ("10.0.19045.3803, build 1.0.20261121", "10.0.19045.3803, build 1.0.20261121"), ("Rs 10000000.00", "Rs 10000000.00"),
        ("case 2026/000123, SR 4521/2026-27", "case 2026/000123, SR 4521/2026-27"), ("INC 2026-000123", "INC 2026-000123"),
        ("FY 2025-26/2026-27, 110001/560001", "FY 2025-26/2026-27, 110001/560001"), ("21/11/26 10.30", "21/11/26 10.30"),
        ("21-11-26 10.30, 12 + 34567890", "21-11-26 10.30, 12 + 34567890"), ("२०२६-११-२१ १०:३०", "२०२६-११-२१ १०:३०"),
        // Addresses in odd places.
        ("meera@acme.in@work", "[contact]"), ("call meera@acme.in@9845012345", "call [contact]"), (#""meera.pillai"@acme.in"#, "[contact]"),
    ])
    func `addresses of mail and telephone numbers stay out of what is on record for good`(_ text: String, _ kept: String) {
        #expect(SafeText.withoutContacts(text) == kept)
    }

    @Test func `whatever stands before it, a number between words is replaced`() {
        let pieces = [
            "0", "1", "9", "25", "98450", "12345", "2026", "00", "+", "-", " ", ".", "/", "(", ")", "‑", "\u{A0}", "@", "acme.in", "x", "京",
            "½",
            "²", "९८", "\u{301}", "👍🏽", "兆", "Ⅷ", "\r\n", "\t", ",", "…", " a ",
        ]
        var generator = SplitMix64(seed: 23)
        for _ in 0..<Soak.count(20_000) {
            let text = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
                pieces[Int.random(in: pieces.indices, using: &generator)]
            }.joined()
            #expect(!SafeText.withoutContacts(text + ", a 7001122334 b").contains("7001122334"), "\(text.debugDescription)")
        }
    }

    @Test(arguments: ["ask 98450\n12345 first", "ask 98450 \u{2028} 12345 first", "ask\t98450\u{A0}12345 first"])
    func `a reason's number is one over two lines, too`(_ reason: String) throws {
        #expect(try Person.reason(reason) == "ask [contact] first")
    }

    @Test(.timeLimit(.minutes(5))) func `looking for addresses takes time in proportion to the text`() {
        // Quadratic, each of these would look at hundreds of millions of pairs.
        for text in ["a.@", "1-", "1 ", "@", "+1 ", "2026-11-21 "] {
            let long = String(repeating: text, count: 20_000)
            #expect(SafeText.withoutContacts(long).count <= long.count * 2)
        }
    }

    @Test func `the log says how much, and nothing of it`() throws {
        let registry = try scratch.onboarding(in: .rejected)
        try RetentionService(registry: registry, logger: silent).look(at: after(366 * day))
        #expect(try registry.partner(acme).erased == after(366 * day))
    }

    @Test func `what cannot be erased is told, and holds up nothing else`() throws {
        let registry = try scratch.onboarding(in: .rejected)
        let entry = try add("kept", at: after(1), registry)
        _ = try registry.importPartners([partner("zeta", application: "zeta-app")], at: now)
        for move in [LifecycleMove.submit, .review, .reject] {
            _ = try registry.move(id("zeta-app"), move, by: "reva", reason: "x", at: after(2))
        }
        let stuck = "CREATE TRIGGER stuck BEFORE UPDATE OF erased ON partner WHEN new.id = 'acme' BEGIN SELECT RAISE(ABORT, 'stuck'); END"
        try registry.pool.write { try $0.execute(sql: stuck) }
        let outcome = registry.applyRetention(at: after(366 * day))
        #expect(outcome.partners.map(\.partner) == [id("zeta")] && outcome.evidence.map(\.id) == [entry.id])
        #expect(outcome.failures.count == 1 && outcome.failures.first?.contains("partner acme: ") == true, "\(outcome.failures)")
        let error = #expect(throws: RegistryError.self) {
            try RetentionService(registry: registry, logger: silent).look(at: after(367 * day))
        }
        #expect(error?.description.contains("stuck") == true)
        #expect(error?.description.contains("partner acme: ") == true)
        try registry.pool.write { try $0.execute(sql: "DROP TRIGGER stuck") }
        #expect(registry.applyRetention(at: after(368 * day)).partners.map(\.partner) == [acme], "due still")
    }

    @Test func `a row that cannot be read is told, and holds up nothing else`() throws {
        let registry = try scratch.onboarding(in: .live)
        let (damaged, whole) = (try add("damaged", at: after(1), registry), try add("whole", at: after(2), registry))
        for entry in [damaged, whole] { _ = try registry.withdrawEvidence(entry.id, by: "reva", reason: "forged", at: after(3)) }
        try registry.pool.write { database in
            try database.execute(sql: "DROP TRIGGER evidence_is_never_changed")
            try database.execute(sql: "PRAGMA ignore_check_constraints = ON")
            try database.execute(sql: "UPDATE evidence SET kind = 'no-such-kind' WHERE id = ?", arguments: [damaged.id])
            try database.execute(sql: "PRAGMA ignore_check_constraints = OFF")
        }
        let outcome = registry.applyRetention(at: after(366 * day))
        #expect(outcome.evidence.map(\.id) == [whole.id])
        #expect(outcome.failures.count == 1 && outcome.failures.first?.hasPrefix("evidence \(damaged.id): ") == true)
        try registry.pool.write { try $0.execute(sql: "ALTER TABLE evidence RENAME TO elsewhere") }
        #expect(registry.applyRetention(at: after(367 * day)).failures.contains { $0.hasPrefix("evidence: ") }, "nor does a list")
    }

    @Test func `a sweep for which there is no room says so, and is still to do`() throws {
        let registry = try scratch.onboarding(in: .rejected)
        _ = try registry.erase(acme, by: "adi", reason: "asked", at: now)
        let error = #expect(throws: RegistryError.self) { try registry.settleErasures(at: after(1), sparing: .max / 2) }
        #expect(error?.description.contains("bytes for a moment and") == true)
        #expect(try registry.settleErasures(at: after(2)))
    }

    @Test func `without a word about it nothing is erased by itself`() throws {
        let registry = try RegistryStore(stateDirectory: scratch.path + "/state", accounts: Staff.all)
        for name in ["plans.yaml", "routes.yaml"] {
            try scratch.write(String(contentsOfFile: repository + "/policies/" + name, encoding: .utf8), to: "policies/" + name)
        }
        _ = try applyPolicy(from: scratch.path + "/policies", to: registry, by: Actor.gateway(.start), at: now)
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: .rejected)], at: now)
        _ = try add("officer", at: now, registry)
        #expect(try registry.lifecycleRulesText() == nil)
        #expect(registry.applyRetention(at: after(3_000 * day)) == RegistryStore.RetentionOutcome())
    }

    @Test func `a partner that has no application yet is not one whose last has ended`() throws {
        let registry = try scratch.onboarding()
        var early = partner("early", application: "early-app")
        early.applications = []
        _ = try registry.importPartners([early], at: now)
        #expect(registry.applyRetention(at: after(3_000 * day)).partners.isEmpty)
    }

    @Test func `an export of a partner does not begin its days anew`() throws {
        let registry = try scratch.onboarding(in: .rejected)
        _ = try registry.exportedPartners(acme, by: "reva", at: after(300 * day))
        #expect(registry.applyRetention(at: after(365 * day)).partners.map(\.partner) == [acme])
    }

    @Test func `a sweep that came to nothing is tried again later and later, as late as in an hour`() {
        #expect([0, 1, 2, 5, 6, 60].map(RetentionService.wait) == [60, 120, 240, 1_920, 3_600, 3_600])
    }

    @Test func `a reason of a million characters is refused before anybody looks through it`() throws {
        let registry = try scratch.onboarding(in: .inReview)
        let long = String(repeating: "a", count: 1_000_000) + "@"
        #expect(throws: RegistryError.self) { _ = try registry.move(app, .reject, by: "asha", reason: long, at: after(day)) }
        #expect(try registry.auditRecords().last.map { $0.refusal != nil && $0.reason.utf8.count <= 2_000 } == true)
    }
}
