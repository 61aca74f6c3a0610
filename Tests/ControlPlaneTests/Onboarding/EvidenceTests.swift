import Foundation
import Registry
import Testing

@testable import ControlPlane

@Suite struct EvidenceTests {
    private let scratch: Scratch
    private let now = Scratch.now
    private let app = id("acme-app")

    init() throws { scratch = try Scratch() }

    private static let png: [UInt8] = {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", [UInt8](repeating: 1, count: 13)) + chunk("IDAT", [1, 2])
            + chunk("IEND", [])
    }()
    /// A header, a quantisation table, and a scan with a stuffed zero and a restart.
    private static let jpeg: [UInt8] =
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, 0xDB, 0, 3, 1] + [0xFF, 0xDA, 0, 3, 1, 7, 0xFF, 0, 8, 0xFF, 0xD0, 9, 0xFF, 0xD9]

    private static func chunk(_ kind: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(kind.utf8) + content
        let checksum = Checksum.crc32(body.span)
        return [0, 0, 0, UInt8(content.count)] + body
            + stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: checksum >> $0) }
    }
    private static let pdf = Array("%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n".utf8)
    private static let zipEnd: [UInt8] = [0x50, 0x4B, 0x05, 0x06] + [UInt8](repeating: 0, count: 18)

    @Test func `a file is what its name says and its content shows`() throws {
        let good: [(String, [UInt8], EvidenceFileType)] = [
            ("a.pdf", EvidenceTests.pdf, .pdf), ("A.PDF", EvidenceTests.pdf, .pdf), ("a.png", EvidenceTests.png, .png),
            ("a.jpeg", EvidenceTests.jpeg, .jpeg), ("a.txt", Array("नमस्ते, a < b\n".utf8), .text), ("a.csv", Array("a,b\r\n1,2".utf8), .csv),
            ("a.pdf", Array(EvidenceTests.pdf.dropLast()), .pdf), ("b.csv", [0xEF, 0xBB, 0xBF] + Array("a,b".utf8), .csv),
            ("a.tar.pdf", EvidenceTests.pdf, .pdf),
        ]
        for (name, bytes, type) in good { #expect(try EvidenceFileType.of(bytes, named: name) == type) }
    }

    @Test func `what is something else, or two things at once, is refused`() {
        let pdf = EvidenceTests.pdf
        let (png, jpeg) = (EvidenceTests.png, EvidenceTests.jpeg)
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let page = Array("<html><script>alert(1)</script></html>".utf8)
        let bad: [(String, [UInt8])] = [
            ("a.pdf", EvidenceTests.png), ("a.png", pdf), ("a.jpg", EvidenceTests.png), ("a.exe", pdf), ("pdf", pdf), ("a", pdf),
            ("pdf.", pdf),
            ("a.pdf", mark + pdf), ("a.pdf", [0x0A] + pdf), ("a.pdf", pdf + [0x0A]), ("a.pdf", pdf + [0x20]), ("a.pdf", pdf + [0]),
            ("a.png", png.dropLast(12) + EvidenceTests.chunk("IHDR", []) + png.suffix(12)), ("a.png", png + png), ("a.png", [0] + png),
            ("a.png", Array(png.dropLast(12))), ("a.png", png.map { $0 == 2 ? 3 : $0 }), ("a.png", png.map { $0 == 1 ? 0 : $0 }),
            ("a.jpg", jpeg + [0]), ("a.jpg", jpeg + [0xFF, 0xD9]), ("a.jpg", [0xFF, 0xD8, 0xFF, 0xD9]),
            ("a.jpg", Array(jpeg.prefix(14)) + [0xFF, 0xD9]),
            ("a.jpg", Array(jpeg.prefix(8)) + [7] + jpeg.dropFirst(8)), ("a.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 0xFF, 0xFF, 1, 0xFF, 0xD9]),
            ("a.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 0xFF, 0xDA, 0, 2, 0xFF, 0xD9]),
            ("a.txt", Array("\n%PDF-1.7\n%%EOF".utf8)), ("a.txt", mark + pdf), ("a.txt", mark + Array("#!/bin/sh\n".utf8)), ("a.txt", mark),
            ("a.pdf", []), ("a.pdf", pdf + page), ("a.pdf", pdf + EvidenceTests.zipEnd), ("a.pdf", Array(pdf.dropLast(8))),
            ("a.pdf", Array("%PDF-1.7\n".utf8) + EvidenceTests.zipEnd + Array("%%EOF".utf8)),
            ("a.pdf", Array("%PDF-1.7\n<script>".utf8) + Array("%%EOF".utf8)), ("a.png", EvidenceTests.png + page),
            ("a.png", Array(EvidenceTests.png.dropLast())), ("a.png", Array(EvidenceTests.png.prefix(8))),
            ("a.jpg", EvidenceTests.jpeg + page), ("a.jpg", Array(EvidenceTests.jpeg.dropLast())),
            ("a.jpg", [0xFF, 0xD8, 0xFF, 0xFE] + page + [0xFF, 0xD9]), ("a.txt", page), ("a.txt", [0x41, 0]), ("a.txt", [0xFF, 0xFE]),
            ("a.csv", Array("PK\u{3}\u{4}".utf8)), ("a.txt", pdf), ("a.txt", Array("#!/bin/sh\n".utf8)),
            ("a.txt", [UInt8](repeating: 0x41, count: Limits.evidenceBytes + 1)),
        ]
        for (name, bytes) in bad {
            #expect(throws: RegistryError.self, "\(name) \(bytes.prefix(40))") { _ = try EvidenceFileType.of(bytes, named: name) }
        }
    }

    @Test func `a file is kept under its digest, for its owner only, and read again as it was`() throws {
        let registry = try scratch.onboarding()
        let file = EvidenceSubmission(kind: .functionalTest, name: "report.pdf", bytes: EvidenceTests.pdf)
        let entry = try registry.addEvidence(file, to: app, by: "reva", at: now)
        let twice = try registry.addEvidence(file, to: app, by: "reva", at: now)
        #expect(entry.digest == twice.digest && entry.id != twice.id)
        let folder = scratch.path + "/state/evidence"
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [CertificateText.text(entry.digest)])
        for (path, mode) in [(folder, 0o700), (folder + "/" + CertificateText.text(entry.digest), 0o600)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == mode)
        }
        #expect(try registry.evidenceFile(entry.id, by: "anu", at: now).1 == EvidenceTests.pdf)
        #expect(throws: RegistryError.self) { _ = try registry.evidenceFile(entry.id, by: "temp", at: now) }
        try Data("%PDF-1.7 another %%EOF".utf8).write(to: URL(fileURLWithPath: folder + "/" + CertificateText.text(entry.digest)))
        let error = #expect(throws: RegistryError.self) { _ = try registry.evidenceFile(entry.id, by: "anu", at: now) }
        #expect(error?.description.contains("no longer what was handed in") == true)
    }

    @Test func `who may not add evidence fills no disk, and dates that cannot be are refused`() throws {
        let registry = try scratch.onboarding()
        func add(
            _ name: String, kind: EvidenceKind = .functionalTest, file: String = "a.pdf", issued: WallTime? = nil, expires: WallTime? = nil
        ) {
            let submission = EvidenceSubmission(kind: kind, name: file, bytes: EvidenceTests.pdf, issued: issued, expires: expires)
            #expect(throws: RegistryError.self) { _ = try registry.addEvidence(submission, to: app, by: Actor(name), at: now) }
        }
        add("anu")
        add("stranger")
        add("reva", kind: .securityAudit)
        add("reva", expires: now)
        add("reva", issued: after(1))
        for name in ["../a.pdf", ".a.pdf", "", "a\n.pdf\u{0}"] { add("reva", file: name) }
        #expect(!FileManager.default.fileExists(atPath: scratch.path + "/state/evidence"))
    }

    @Test func `withdrawn evidence counts no more and stays on record`() throws {
        let registry = try scratch.onboarding(in: .inReview)
        try registry.hand(in: [.namedOfficer])
        let entry = try #require(registry.evidence(of: app).first)
        let withdrawn = try registry.withdrawEvidence(entry.id, by: "reva", reason: "another person", at: now)
        #expect(withdrawn.standing(at: now) == "withdrawn" && withdrawn.withdrawnReason == "another person")
        #expect(throws: RegistryError.self) { _ = try registry.withdrawEvidence(entry.id, by: "reva", reason: "again", at: now) }
        #expect(throws: RegistryError.self) { _ = try registry.move(app, .grantSandbox, by: "reva", reason: "x", at: now) }
    }

    @Test func `evidence warns at thirty days, seven and one, once each, and at its end suspends what needs it`() throws {
        let registry = try scratch.onboarding(in: .live)
        let end = after(60 * 86_400)
        try registry.hand(in: [.securityAudit, .dataUseAgreement], expires: end)
        func told(daysBefore days: Int64) throws -> [Int64] {
            let time = WallTime(seconds: end.seconds - days * 86_400)
            let warnings = try registry.warnOfEndingEvidence(at: time)
            #expect(try registry.warnOfEndingEvidence(at: time).isEmpty, "said once")
            let suspended = try registry.suspendWithoutEvidence(at: time).flatMap { $0.lapses.map(\.kind) }
            #expect(suspended == (days == 0 ? [.securityAudit] : []))
            return warnings.map(\.days)
        }
        #expect(try told(daysBefore: 31) == [])
        #expect(try told(daysBefore: 30) == [30, 30])
        #expect(try told(daysBefore: 8) == [])
        #expect(try told(daysBefore: 1) == [1, 1], "seven days were slept through")
        #expect(try registry.application(app).lifecycle.state == .live)
        #expect(try told(daysBefore: 0) == [0, 0])
        #expect(try registry.application(app).lifecycle.state == .suspended)
        #expect(try registry.moves(of: app).last?.reason == "security-audit has ended")
        #expect(try registry.notes(on: app, to: .partner).count == 7)
        #expect(throws: RegistryError.self) { _ = try registry.move(app, .resume, by: "asha", reason: "x", at: end) }
        try registry.hand(in: [.securityAudit, .functionalTest, .dataUseAgreement, .namedOfficer], expires: after(500 * 86_400), at: end)
        _ = try registry.move(app, .resume, by: "asha", reason: "x", at: end)
        #expect(try registry.application(app).lifecycle.state == .live)
    }

    @Test func `evidence that was followed by a later one ends without a word`() throws {
        let registry = try scratch.onboarding(in: .live)
        try registry.hand(in: [.securityAudit], expires: after(60))
        try registry.hand(in: [.securityAudit], expires: after(500 * 86_400))
        #expect(try registry.warnOfEndingEvidence(at: after(60)).isEmpty)
        #expect(try registry.suspendWithoutEvidence(at: after(60)).isEmpty)
        #expect(try registry.application(app).lifecycle.state == .live)
    }

    @Test func `what lies too long is told once as a reminder and once as an escalation`() throws {
        let registry = try scratch.onboarding(in: .submitted)
        #expect(try registry.tellClocks(at: after(2 * 86_400 - 1)).isEmpty)
        #expect(try registry.tellClocks(at: after(2 * 86_400)).map(\.reading) == [.reminder])
        #expect(try registry.tellClocks(at: after(4 * 86_400)).isEmpty)
        #expect(try registry.tellClocks(at: after(5 * 86_400)).map(\.reading) == [.escalation])
        #expect(try registry.tellClocks(at: after(90 * 86_400)).isEmpty)
        _ = try registry.move(app, .review, by: "reva", reason: "x", at: after(90 * 86_400))
        #expect(try registry.tellClocks(at: after(95 * 86_400)).map(\.reading) == [.reminder], "a new state has a clock of its own")
    }

    @Test func `an application is with somebody, and notes go to whom they are meant for`() throws {
        let registry = try scratch.onboarding()
        try registry.assign(app, to: "Asha", by: "reva", at: now)
        #expect(try registry.application(app).assignee == "asha")
        #expect(throws: RegistryError.self) { try registry.assign(app, to: "asha", by: "reva", at: now) }
        #expect(throws: RegistryError.self) { try registry.assign(app, to: "stranger", by: "reva", at: now) }
        #expect(throws: RegistryError.self) { try registry.assign(app, to: nil, by: "anu", at: now) }
        try registry.assign(app, to: nil, by: "reva", at: now)
        #expect(try registry.application(app).assignee == nil)
        _ = try registry.addNote("Looks fine.", on: app, to: .team, by: "reva", at: now)
        _ = try registry.addNote("Please name an officer.", on: app, to: .partner, by: "reva", at: now)
        #expect(try registry.notes(on: app).map(\.audience) == [.team, .partner])
        #expect(try registry.notes(on: app, to: .partner).map(\.text) == ["Please name an officer."])
        #expect(throws: RegistryError.self) { _ = try registry.addNote(" ", on: app, to: .team, by: "reva", at: now) }
        #expect(throws: RegistryError.self) { _ = try registry.addNote("x", on: app, to: .team, by: "anu", at: now) }
    }

    @Test func `automatic checks look at what the registry holds, and ask the site only where the rules say so`() async throws {
        struct Asked: SiteProber { func answers(_ site: String) async -> Bool? { false } }
        let registry = try scratch.onboarding(in: .inReview)
        _ = try registry.importPartners([partner("other", application: "other-app")], at: now)
        let checks = try await registry.checks(of: app, asking: Asked(), at: now)
        let results = Dictionary(uniqueKeysWithValues: checks.map { ($0.subject, $0.result) })
        #expect(
            results == [
                .registrationForm: .failed, .siteReachable: .skipped, .duplicateNumber: .failed, .duplicateOfficer: .passed,
                .duplicateDomain: .passed, .evidence: .failed, .usualScopes: .passed,
            ])
    }

    @Test func `of many partners with one registration number the first are looked at, and a list asks for one`() async throws {
        struct Silent: SiteProber { func answers(_ site: String) async -> Bool? { nil } }
        let registry = try scratch.onboarding(in: .inReview)
        let others = (100..<150).map { partner("chain-\($0)", application: "chain-app-\($0)") }
        _ = try registry.importPartners(others, at: now)
        let alike = try registry.read { database in
            let own = try RegistryStore.checkedPartner(id("acme"), database)
            return try [1, 20, 99].map { try RegistryStore.partners(like: own, atMost: $0, database).count }
        }
        #expect(alike == [1, 20, 50])
        let checks = try await registry.checks(of: app, asking: Silent(), at: now)
        let number = try #require(checks.first { $0.subject == .duplicateNumber })
        #expect(number.result == .failed && number.sentence.contains("and 19 or more have one of its own"))
        #expect(try registry.duplicates(of: id("acme")).count == 20)
        let row = try #require(try registry.inbox(InboxQuery(), at: now).rows.first { $0.id == app })
        #expect(row.failed == checks.filter { $0.result == .failed }.count, "a list counts the same")
    }
}
