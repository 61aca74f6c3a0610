import Registry
import Testing

@testable import ControlPlane

/// What is on record of all that onboarding writes beside moves: exactly these entries, done and refused.
@Suite struct AuditedOnboardingTests {
    private let scratch: Scratch
    private let registry: RegistryStore
    private let now = Scratch.now
    private let app = id("acme-app")
    private let day: Int64 = 86_400

    init() throws {
        scratch = try Scratch()
        registry = try scratch.onboarding(in: .live)
    }

    private func file(_ kind: EvidenceKind = .securityAudit, expires: WallTime) -> EvidenceSubmission {
        EvidenceSubmission(kind: kind, name: "a.txt", bytes: Array("Seen.".utf8), expires: expires)
    }

    @Test func `evidence, its warnings, and what is suspended without it`() throws {
        let add = { (name: String) in { _ = try registry.addEvidence(file(expires: after(day)), to: app, by: Actor(name), at: now) } }
        let added = try registry.recorded(add("reva"))
        let entry = try #require(registry.evidence(of: app).first)
        #expect(added == ["evidence.add \(entry.id)"])
        #expect(try registry.recorded(add("anu")) == ["-evidence.add acme-app"])
        #expect(
            try registry.recorded { _ = try registry.addEvidence(file(expires: after(9)), to: id("no-app"), by: "reva", at: now) } == [
                "-evidence.add no-app"
            ])
        #expect(try registry.recorded { _ = try registry.sweepEvidence() } == [])
        let notes = ["application.note acme-app", "application.note acme-app"]
        #expect(try registry.recorded { _ = try registry.warnOfEndingEvidence(at: after(1)) } == notes)
        #expect(try registry.recorded { _ = try registry.warnOfEndingEvidence(at: after(1)) } == [])
        #expect(try registry.recorded { _ = try registry.suspendWithoutEvidence(at: after(1)) } == [])
        let withdraw = { (name: String) in
            { _ = try registry.withdrawEvidence(entry.id, by: Actor(name), reason: "forged", at: after(1)) }
        }
        #expect(try registry.recorded(withdraw("anu")) == ["-evidence.withdraw \(entry.id)"])
        #expect(try registry.recorded(withdraw("reva")) == ["evidence.withdraw \(entry.id)"])
        #expect(try registry.recorded(withdraw("reva")) == ["-evidence.withdraw \(entry.id)"])
        #expect(
            try registry.recorded { _ = try registry.suspendWithoutEvidence(at: after(2)) } == ["application.suspend acme-app"] + notes)
        #expect(try registry.recorded { _ = try registry.suspendWithoutEvidence(at: after(2)) } == [])
    }

    @Test func `extra quota given, ended and taken back`() throws {
        let give = { (name: String) in
            { _ = try registry.giveExtraQuota(10, to: app, until: after(day), by: Actor(name), reason: "x", at: now) }
        }
        let end = { _ = try registry.endExtraQuota(of: app, by: "omar", reason: "x", at: after(1)) }
        #expect(try registry.recorded(give("reva")) == ["-application.give-extra-quota acme-app"])
        #expect(try registry.recorded(give("omar")) == ["application.give-extra-quota acme-app"])
        #expect(try registry.recorded(end) == ["application.end-extra-quota acme-app"])
        #expect(try registry.recorded(end) == ["-application.end-extra-quota acme-app"])
        #expect(try registry.recorded(give("omar")) == ["application.give-extra-quota acme-app"])
        let takeBack = { _ = try registry.takeBackExtraQuotas(at: after(day)) }
        #expect(try registry.recorded(takeBack) == ["application.end-extra-quota acme-app"])
        #expect(try registry.recorded(takeBack) == [])
    }

    @Test func `who stands in for whom, notes, assignments and clocks`() throws {
        let delegate = { (name: String) in
            { _ = try registry.delegate(from: "asha", to: "temp", since: now, until: after(day), by: Actor(name), reason: "x", at: now) }
        }
        #expect(try registry.recorded(delegate("bela")) == ["-delegation.make asha"])
        #expect(try registry.recorded(delegate("asha")) == ["delegation.make asha"])
        let number = try #require(registry.delegations().first).number
        let end = { (name: String) in { try registry.endDelegation(number, by: Actor(name), at: now) } }
        #expect(try registry.recorded(end("bela")) == ["-delegation.end \(number)"])
        #expect(try registry.recorded(end("asha")) == ["delegation.end asha"])
        let note = { (name: String) in { _ = try registry.addNote("Called.", on: app, to: .team, by: Actor(name), at: now) } }
        #expect(try registry.recorded(note("reva")) == ["application.note acme-app"])
        #expect(try registry.recorded(note("anu")) == ["-application.note acme-app"])
        let assign = { try registry.assign(app, to: "asha", by: "reva", at: now) }
        #expect(try registry.recorded(assign) == ["application.assign acme-app"])
        #expect(try registry.recorded(assign) == ["-application.assign acme-app"])
        _ = try registry.move(app, .suspend, by: "omar", reason: "x", at: now)
        let tell = { _ = try registry.tellClocks(at: after(8 * day)) }
        #expect(try registry.recorded(tell) == ["application.note acme-app"])
        #expect(try registry.recorded(tell) == [])
    }

    @Test func `a break-glass resume that nobody looked at`() throws {
        _ = try registry.move(app, .suspend, by: "omar", reason: "x", at: now)
        _ = try registry.move(app, .breakGlass, by: "asha", reason: "x", at: now)
        let suspend = { _ = try registry.suspendUnreviewed(at: after(day)) }
        #expect(try registry.recorded(suspend) == ["application.suspend acme-app", "application.note acme-app"])
        #expect(try registry.recorded(suspend) == [])
    }

    @Test func `rules that a folder brings`() throws {
        let folder = try scratch.folder { $0.replacing("submit: [reviewer, ops]", with: "submit: [approver]") }
        let apply = { _ = try applyPolicy(from: folder, to: registry, as: PolicyDecision(by: "asha", reason: "x", at: now)) }
        #expect(try registry.recorded(apply) == ["lifecycle-rules.accept lifecycle.yaml"])
        #expect(try registry.recorded(apply) == [])
    }
}
