import Foundation
import GRDB
import Registry
import Testing

@testable import ControlPlane

/// Applications bound to client certificates: declared, bound by people, recorded, published.
@Suite struct BindingTests {
    private let scratch: Scratch
    private let now = Scratch.now
    private let one = Digest(1, 2, 3, 4)
    private let two = Digest(5, 6, 7, 8)

    init() throws { scratch = try Scratch() }

    private func registry(declaring certificates: [Digest]? = nil) throws -> RegistryStore {
        let registry = try scratch.registry()
        _ = try registry.importPartners([declaration(certificates)], at: now)
        return registry
    }

    private func declaration(_ certificates: [Digest]?) -> PartnerDeclaration {
        var declaration = partner("acme", application: "acme-app", in: .live)
        declaration.applications[0].certificates = certificates
        return declaration
    }

    @Test(arguments: [oneFingerprint, oneFingerprint.uppercased(), otherFingerprint, otherFingerprint.lowercased()])
    func `a fingerprint is read in either spelling and written in one`(_ text: String) throws {
        let digest = try #require(CertificateText.digest(text))
        #expect(CertificateText.text(digest) == text.lowercased().filter { $0 != ":" })
        #expect(CertificateText.digest(CertificateText.text(digest)) == digest)
    }

    @Test(arguments: [
        "", "0a", String(oneFingerprint.dropLast()), oneFingerprint + "0", oneFingerprint.replacing("a", with: "g"), otherFingerprint + ":",
        String(otherFingerprint.dropLast(3)), otherFingerprint.replacing("B1:B1", with: "B1B1:"), ":" + oneFingerprint,
        "é" + oneFingerprint, String(repeating: "a:b", count: 32),
    ])
    func `what is no fingerprint is not read as one`(_ text: String) { #expect(CertificateText.digest(text) == nil) }

    @Test func `binding replaces what was bound, is recorded with who and why, and is published`() throws {
        let registry = try registry()
        #expect(try registry.snapshot().applications[0].certificates == [])
        let bound = try registry.bindCertificates(
            [one, two], to: id("acme-app"), by: "Asha", reason: "their servers' certificates", at: now)
        #expect(bound.declaration.certificates == [one, two])
        #expect(try registry.snapshot().applications[0].certificates == [one, two])
        let move = try #require(try registry.moves(of: id("acme-app")).last)
        #expect(move.move == "bind-certificate" && move.actor == "asha" && move.from == .live && move.to == .live)
        #expect(move.reason == "their servers' certificates")
        _ = try registry.bindCertificates([two], to: id("acme-app"), by: "asha", reason: "the first is retired", at: now)
        #expect(try registry.snapshot().applications[0].certificates == [two])
        let free = try registry.bindCertificates([], to: id("acme-app"), by: "asha", reason: "no longer asked for", at: now)
        #expect(free.declaration.certificates == nil)
        #expect(try registry.moves(of: id("acme-app")).count == 4)
    }

    @Test func `what cannot be bound is refused and changes nothing`() throws {
        let registry = try registry(declaring: [one])
        let revision = try registry.revision()
        let many = (0..<17).map { Digest($0, 0, 0, 0) }
        for certificates in [[one], [two, two], many] {
            #expect(throws: RegistryError.self) {
                _ = try registry.bindCertificates(certificates, to: id("acme-app"), by: "asha", reason: "why", at: now)
            }
        }
        #expect(throws: RegistryError.self) { _ = try registry.bindCertificates([two], to: id("acme-app"), by: "", reason: "why", at: now) }
        #expect(throws: RegistryError.self) { _ = try registry.bindCertificates([two], to: id("no-app"), by: "a", reason: "b", at: now) }
        #expect(try registry.revision() == revision)
    }

    @Test func `an import binds by what it declares, leaves what it does not mention, and is recorded`() throws {
        let registry = try registry()
        _ = try registry.bindCertificates([one], to: id("acme-app"), by: "asha", reason: "why", at: now)
        _ = try registry.importPartners([declaration(nil)], at: now)
        #expect(try registry.application(id("acme-app")).declaration.certificates == [one], "a file that says nothing unbinds nobody")
        _ = try registry.importPartners([declaration([two])], at: now)
        #expect(try registry.application(id("acme-app")).declaration.certificates == [two])
        let move = try #require(try registry.moves(of: id("acme-app")).last)
        #expect(move.move == "bind-certificate" && move.actor == "import")
        let moves = try registry.moves(of: id("acme-app")).count
        _ = try registry.importPartners([declaration([two])], at: now)
        #expect(try registry.moves(of: id("acme-app")).count == moves)
        _ = try registry.importPartners([declaration([])], at: now)
        #expect(try registry.application(id("acme-app")).declaration.certificates == nil)
    }

    @Test func `what is bound is exported and imports again`() throws {
        let registry = try registry(declaring: [one, two])
        try scratch.write(try registry.exported(id("acme")).yaml, to: "exported/acme.yaml")
        let read = try loadPartners(from: scratch.path + "/exported", under: registry.policyInForce())
        #expect(read.map(\.applications[0].certificates) == [[one, two]])
    }

    @Test func `a registry of the version before is carried over, bound to nothing`() throws {
        var made: RegistryStore? = try registry()
        try made?.close()
        made = nil
        let queue = try DatabaseQueue(path: scratch.path + "/state/registry.sqlite")
        try queue.write { database in
            try database.execute(sql: "ALTER TABLE application DROP COLUMN certificates")
            try database.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = '2-certificates'")
        }
        try queue.close()
        let again = try RegistryStore(stateDirectory: scratch.path + "/state")
        #expect(try again.application(id("acme-app")).declaration.certificates == nil)
        #expect(try again.application(id("acme-app")).lifecycle.state == .live)
        _ = try again.bindCertificates([one], to: id("acme-app"), by: "asha", reason: "why", at: now)
    }

    @Test func `who has no account, or no right to keys, loosens nothing`() throws {
        let registry = try scratch.onboarding(in: .live)
        for name in ["nobody", "reva", "adi", "anu"] {
            #expect(throws: RegistryError.self) {
                _ = try registry.bindCertificates([one], to: id("acme-app"), by: Actor(name), reason: "x", at: now)
            }
        }
        #expect(try registry.moves(of: id("acme-app")).count == 1)
        for (certificates, name) in [([one], "omar"), ([], "asha")] {
            _ = try registry.bindCertificates(certificates, to: id("acme-app"), by: Actor(name), reason: "x", at: now)
        }
    }
}
