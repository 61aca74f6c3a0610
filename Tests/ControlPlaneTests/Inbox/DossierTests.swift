import Registry
import Testing

@testable import ControlPlane

@Suite struct DossierTests {
    private let scratch: Scratch
    private let now = Scratch.now
    private let app = id("acme-app")

    init() throws { scratch = try Scratch() }

    @Test func `a dossier says who may make which move, and why another may not`() throws {
        let registry = try scratch.onboarding(in: .inReview)
        func options(_ name: String) throws -> [LifecycleMove: MoveOption] {
            let options = try registry.dossier(of: app, for: Actor(name), at: now).options
            return Dictionary(uniqueKeysWithValues: options.map { ($0.move, $0) })
        }
        let reviewer = try options("reva")
        #expect(reviewer[.requestChanges]?.objection == nil && reviewer[.requestChanges]?.gaps == [])
        #expect(reviewer[.grantSandbox]?.objection == nil && reviewer[.grantSandbox]?.gaps.map(\.kind) == [.namedOfficer])
        #expect(reviewer[.revoke]?.objection?.description == "application acme-app takes revoke only from approver")
        #expect(reviewer[.goLive] == nil, "moves of other states are not offered")
        #expect(try options("anu").values.allSatisfy { $0.objection != nil })
        #expect(try registry.dossier(of: app, for: "reva", at: now).mayDoPaperwork)
        #expect(try !registry.dossier(of: app, for: "anu", at: now).mayDoPaperwork)
    }

    @Test func `what a first person decided is offered to another as a confirmation`() throws {
        let registry = try scratch.onboarding(in: .approved)
        try registry.hand(in: EvidenceKind.allCases)
        let before = try #require(registry.dossier(of: app, for: "asha", at: now).options.first { $0.move == .goLive })
        #expect(before.needsSecond && !before.isConfirmation && before.objection == nil)
        _ = try registry.move(app, .goLive, by: "asha", reason: "x", at: now)
        let own = try #require(registry.dossier(of: app, for: "asha", at: now).options.first { $0.move == .goLive })
        #expect(own.objection?.description.contains("a second, different person") == true)
        let other = try #require(registry.dossier(of: app, for: "bela", at: now).options.first { $0.move == .goLive })
        #expect(other.isConfirmation && !other.needsSecond && other.objection == nil)
    }

    @Test func `a move on what has changed since is not made, and says what was decided`() throws {
        let registry = try scratch.onboarding(in: .inReview)
        let seen = try registry.lastRecord()
        _ = try registry.addNote("Only a note.", on: app, to: .team, by: "reva", at: now)
        try registry.assign(app, to: "reva", by: "reva", at: now)
        #expect(try registry.changes(of: app, since: seen).isEmpty, "what is said of it is no change")
        try registry.hand(in: [.namedOfficer])
        let error = #expect(throws: RegistryError.self) {
            _ = try registry.move(app, .grantSandbox, by: "reva", reason: "x", unchangedSince: seen, at: now)
        }
        #expect(error?.description == "application acme-app has changed since it was shown: evidence.add by reva")
        #expect(try registry.application(app).lifecycle.state == .inReview)
        #expect(try registry.auditRecords(AuditFilter(isRefused: true)).isEmpty, "nobody was refused")
        let again = try registry.lastRecord()
        _ = try registry.importPartners([partner("other", application: "other-app")], at: now)
        _ = try registry.move(app, .grantSandbox, by: "reva", reason: "x", unchangedSince: again, at: now)
    }

    @Test func `keys, moves and the partner's facts are changes, and refused calls are none`() throws {
        let registry = try scratch.onboarding(in: .sandbox)
        var seen = try registry.lastRecord()
        func changes() throws -> [String] {
            let changes = try registry.changes(of: app, since: seen).map(\.action)
            seen = try registry.lastRecord()
            return changes
        }
        _ = try registry.issueKey(to: app, in: .sandbox, named: "one", by: "reva", at: now)
        #expect(try changes() == ["key.issue"])
        #expect(throws: RegistryError.self) { _ = try registry.move(app, .goLive, by: "asha", reason: "x", at: now) }
        #expect(try changes() == [])
        _ = try registry.move(app, .certify, by: "reva", reason: "x", at: now)
        #expect(try changes() == ["application.certify"])
        var declaration = partner("acme", application: "acme-app")
        declaration.name = "Acme Limited"
        _ = try registry.importPartners([declaration], by: "reva", at: now)
        #expect(try changes() == ["partner.import"])
    }

    @Test func `what the partner changed since the team looked stands beside what it was`() throws {
        let registry = try scratch.onboarding(in: .submitted)
        func declare(_ purpose: String, _ site: String, _ name: String = "acme") throws {
            var declaration = partner("acme", application: "acme-app")
            declaration.site = "https://\(site).example"
            declaration.applications[0].purpose = purpose
            declaration.name = name
            _ = try registry.importPartners([declaration], by: "reva", at: now)
        }
        #expect(try registry.dossier(of: app, for: "reva", at: now).reviewed == nil)
        try declare("Before the review.", "acme")
        _ = try registry.move(app, .review, by: "reva", reason: "x", at: after(60))
        #expect(try registry.dossier(of: app, for: "reva", at: now).changes.isEmpty)
        try declare("First thought.", "elsewhere", "Acme Limited")
        try declare("Second thought.", "acme", "Acme Limited")
        let dossier = try registry.dossier(of: app, for: "reva", at: now)
        #expect(dossier.reviewed == after(60))
        #expect(
            dossier.changes == [
                FactChange(subject: "partner", name: "name", before: ["acme"], after: ["Acme Limited"]),
                FactChange(subject: "application", name: "purpose", before: ["Before the review."], after: ["Second thought."]),
            ])
    }
}
