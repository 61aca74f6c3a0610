import Foundation
import GRDB
import Registry
import Testing

@testable import ControlPlane

@Suite struct MovingByRulesTests {
    private let scratch: Scratch
    private let now = Scratch.now
    private let app = id("acme-app")

    init() throws { scratch = try Scratch() }

    private func refusal(_ registry: RegistryStore, _ move: LifecycleMove, by name: String, at time: WallTime? = nil) -> String? {
        let revision = try? registry.revision()
        do {
            _ = try registry.move(app, move, by: Actor(name), reason: "x", at: time ?? now)
            return nil
        } catch {
            #expect((try? registry.revision()) == revision, "what is refused changes nothing")
            return "\(error)"
        }
    }

    @Test func `each move is made by who has a role for it, on its evidence, from draft to live`() throws {
        let registry = try scratch.onboarding()
        #expect(refusal(registry, .submit, by: "asha") == "application acme-app takes submit only from reviewer or ops")
        #expect(refusal(registry, .submit, by: "nobody")?.hasPrefix("'nobody' is no active account") == true)
        #expect(refusal(registry, .submit, by: "reva") == nil)
        #expect(refusal(registry, .review, by: "anu")?.contains("only from reviewer or approver") == true)
        #expect(refusal(registry, .review, by: "reva") == nil)
        let needs = "application acme-app needs evidence before grant-sandbox: named-officer is missing"
        #expect(refusal(registry, .grantSandbox, by: "reva") == needs)
        try registry.hand(in: [.namedOfficer])
        #expect(refusal(registry, .grantSandbox, by: "reva") == nil)
        #expect(refusal(registry, .certify, by: "reva") == nil)
        #expect(refusal(registry, .approve, by: "asha")?.contains("functional-test is missing") == true)
        try registry.hand(in: [.functionalTest])
        #expect(refusal(registry, .approve, by: "asha") == nil)
        try registry.hand(in: [.securityAudit, .dataUseAgreement], expires: after(60))
        #expect(refusal(registry, .goLive, by: "asha", at: after(60))?.contains("security-audit has expired") == true)
        #expect(refusal(registry, .goLive, by: "asha") == nil)
        #expect(refusal(registry, .goLive, by: "asha")?.contains("a second, different person") == true)
        #expect(refusal(registry, .goLive, by: "bela") == nil)
        #expect(try registry.application(app).lifecycle.state == .live)
        #expect(try registry.application(app).since == now)
    }

    @Test func `while nobody has an account any name may do anything, and is told what is missing`() throws {
        let registry = try scratch.onboarding(Staff(roles: [:]), in: .certifying)
        let result = try registry.move(app, .approve, by: "anybody", reason: "x", at: now)
        #expect(result.outcome == .moved(.approved))
        #expect(result.gaps.map(\.kind) == [.functionalTest, .namedOfficer])
    }

    @Test func `a higher plan and another scope need two who ask for the same, less needs one`() throws {
        let registry = try scratch.onboarding(in: .live, scopes: [.metadata, .search])
        func change(_ name: String, to plan: String) throws -> Lifecycle.Outcome {
            try registry.move(
                app, .changePlan, by: Actor(name), reason: "x", asking: RegistryStore.Wish(plan: id(plan)), at: now
            ).outcome
        }
        #expect(try change("asha", to: "starter-app") == .moved(.live), "nothing is more")
        #expect(try registry.application(app).plan == id("starter-app"))
        #expect(try change("asha", to: "standard-app") == .awaitsSecondPerson)
        #expect(try registry.application(app).plan == id("starter-app"))
        #expect(throws: RegistryError.self) { _ = try change("asha", to: "standard-app") }
        #expect(try change("bela", to: "standard-app") == .moved(.live))
        #expect(try registry.application(app).plan == id("standard-app"))
        for plan in ["no-such-plan", "standard-app"] { #expect(throws: RegistryError.self) { _ = try change("asha", to: plan) } }
        func grant(_ name: String, _ scopes: [Scope]) throws -> Lifecycle.Outcome {
            try registry.move(
                app, .grantScopes, by: Actor(name), reason: "x", asking: RegistryStore.Wish(scopes: ScopeSet(scopes)), at: now
            ).outcome
        }
        #expect(try grant("asha", [.search]) == .moved(.live))
        #expect(try grant("asha", [.search, .metadata]) == .awaitsSecondPerson)
        let kept = try RegistryStore(stateDirectory: scratch.path + "/state").application(app).lifecycle.pending
        #expect(kept?.terms == GrantTerms(scopes: ScopeSet([.search, .metadata]), plan: id("standard-app")))
        #expect(try grant("bela", [.search, .metadata]) == .moved(.live))
        #expect(try registry.application(app).granted == ScopeSet([.search, .metadata]))
        #expect(throws: RegistryError.self) { _ = try grant("asha", [.search, .booking]) }
    }

    @Test func `a sandbox granted again neither adds a scope nor takes up another plan`() throws {
        let registry = try scratch.onboarding(Staff(roles: [:]), in: .inReview)
        func grant(_ scopes: [Scope]?) throws {
            let wish = RegistryStore.Wish(scopes: scopes.map { ScopeSet($0) })
            _ = try registry.move(app, .grantSandbox, by: "reva", reason: "x", asking: wish, at: now)
        }
        try grant([.search])
        var declared = partner("acme", application: "acme-app")
        declared.applications[0].plan = id("government")
        _ = try registry.importPartners([declared], at: now)
        _ = try registry.move(app, .certify, by: "reva", reason: "x", at: now)
        #expect(throws: RegistryError.self) { try grant([.search, .metadata]) }
        try grant(nil)
        #expect(try registry.application(app).granted == ScopeSet([.search]))
        #expect(try registry.application(app).plan == id("standard-app"))
    }

    @Test func `who stands in acts by the roles of who is away, for a time, and is on record so`() throws {
        let registry = try scratch.onboarding(in: .certifying)
        try registry.hand(in: [.namedOfficer, .functionalTest, .securityAudit, .dataUseAgreement])
        #expect(refusal(registry, .approve, by: "temp") != nil)
        _ = try registry.delegate(from: "asha", to: "temp", since: now, until: after(600), by: "asha", reason: "on leave", at: now)
        #expect(refusal(registry, .approve, by: "temp") == nil)
        #expect(try registry.moves(of: app).last?.inPlaceOf == "asha")
        #expect(refusal(registry, .goLive, by: "temp") == nil)
        #expect(refusal(registry, .goLive, by: "asha")?.contains("a second, different person") == true, "that would be one person twice")
        #expect(refusal(registry, .goLive, by: "bela", at: after(600)) == nil)
        #expect(refusal(registry, .changePlan, by: "temp", at: after(600))?.contains("only from approver") == true, "it is over")
    }

    @Test func `only oneself or an admin delegates, for no longer than the rules say`() throws {
        let registry = try scratch.onboarding()
        func delegate(by name: String, to standIn: String = "temp", days: Int64 = 1) throws {
            _ = try registry.delegate(
                from: "asha", to: standIn, since: now, until: after(days * 86_400), by: Actor(name), reason: "x", at: now)
        }
        #expect(throws: RegistryError.self) { try delegate(by: "bela") }
        #expect(throws: RegistryError.self) { try delegate(by: "asha", to: "asha") }
        #expect(throws: RegistryError.self) { try delegate(by: "asha", to: "stranger") }
        #expect(throws: RegistryError.self) { try delegate(by: "asha", days: 31) }
        try delegate(by: "adi", days: 29)
        let number = try #require(registry.delegations().first).number
        #expect(throws: RegistryError.self) { try registry.endDelegation(number, by: "bela", at: now) }
        try registry.endDelegation(number, by: "temp", at: now)
        #expect(throws: RegistryError.self) { try registry.endDelegation(number, by: "temp", at: now) }
    }

    @Test func `a break-glass resume that nobody looks at is suspended again after a day`() throws {
        let registry = try scratch.onboarding(in: .live)
        #expect(refusal(registry, .suspend, by: "omar") == nil)
        #expect(refusal(registry, .resume, by: "omar")?.contains("security-audit is missing") == true)
        #expect(refusal(registry, .breakGlass, by: "omar")?.contains("only from approver") == true)
        #expect(refusal(registry, .breakGlass, by: "asha") == nil)
        #expect(try registry.openReviews().map(\.due) == [after(86_400)])
        let watch = OnboardingWatch(registry: registry, logger: silent)
        try watch.tick(at: after(86_399))
        #expect(try registry.application(app).lifecycle.state == .live)
        try watch.tick(at: after(86_400))
        #expect(try registry.application(app).lifecycle.state == .suspended)
        #expect(try registry.openReviews().count == 1, "somebody has to look all the same")
        #expect(refusal(registry, .breakGlass, by: "bela", at: after(86_400))?.contains("review-break-glass comes first") == true)
        #expect(refusal(registry, .reviewBreakGlass, by: "asha", at: after(86_400))?.contains("another person looks") == true)
        #expect(refusal(registry, .reviewBreakGlass, by: "bela", at: after(86_400)) == nil)
        #expect(try registry.openReviews().isEmpty)
        #expect(try registry.notes(on: app, to: .team).map(\.actor) == ["onboarding"])
    }

    @Test func `rules of a folder count from its next reading on, and without a file the built-in ones`() throws {
        let registry = try scratch.onboarding()
        for name in ["plans.yaml", "routes.yaml", "lifecycle.yaml"] {
            let text = try String(contentsOfFile: repository + "/policies/" + name, encoding: .utf8)
            try scratch.write(text.replacing("submit: [reviewer, ops]", with: "submit: [approver]"), to: "policies/" + name)
        }
        #expect(try registry.lifecycleRules() == .standard)
        _ = try readPolicyAgain(from: scratch.path + "/policies", to: registry, by: .gateway(.reload), at: now)
        #expect(try registry.lifecycleRules().roles[.submit] == RoleSet([.approver]))
        #expect(refusal(registry, .submit, by: "reva") != nil)
        try FileManager.default.removeItem(atPath: scratch.path + "/policies/lifecycle.yaml")
        _ = try applyPolicy(from: scratch.path + "/policies", to: registry, by: .gateway(.reload), at: now)
        #expect(try registry.lifecycleRules() == .unwritten)
        #expect(refusal(registry, .submit, by: "reva") == nil)
    }
}
