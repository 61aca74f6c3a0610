import Foundation
import Registry
import Testing

@testable import ControlPlane

/// What the second of two people confirms: the decision of somebody who may still make it, about what that one saw.
@Suite struct SecondPersonTests {
    private let scratch: Scratch
    private let now = Scratch.now
    private let app = id("acme-app")

    init() throws { scratch = try Scratch() }

    private func goLive(_ registry: RegistryStore, by name: String) throws -> RegistryStore.MoveResult {
        try registry.move(app, .goLive, by: Actor(name), reason: "x", at: now)
    }

    private func change(_ registry: RegistryStore, by name: String, to plan: String = "standard-app") throws -> Lifecycle.Outcome {
        try registry.move(
            app, .changePlan, by: Actor(name), reason: "x", asking: RegistryStore.Wish(plan: id(plan)), at: now
        ).outcome
    }

    @Test(arguments: [nil, RoleSet([.reviewer]), RoleSet([])])
    func `a first person without account or role any more does not count`(_ left: RoleSet?) throws {
        let staff = ChangingStaff()
        let registry = try scratch.onboarding(with: staff, in: .approved)
        try registry.hand(in: EvidenceKind.allCases)
        #expect(try goLive(registry, by: "asha").outcome == .awaitsSecondPerson)
        staff.set("asha", left)
        let second = try goLive(registry, by: "bela")
        #expect(second.outcome == .awaitsSecondPerson && second.forgotten == "asha")
        #expect(try registry.application(app).lifecycle.pending?.actor == "bela")
        staff.set("chitra", RoleSet([.approver]))
        let third = try goLive(registry, by: "chitra")
        #expect(third.outcome == .moved(.live) && third.forgotten == nil)
    }

    @Test func `what the machine's owner began before there were accounts is begun anew by who has one`() throws {
        let staff = ChangingStaff([:])
        let registry = try scratch.onboarding(with: staff, in: .approved)
        #expect(try goLive(registry, by: "somebody").outcome == .awaitsSecondPerson)
        staff.set("reva", RoleSet([.reviewer]))
        staff.set("asha", RoleSet([.approver]))
        try registry.hand(in: EvidenceKind.allCases)
        #expect(try goLive(registry, by: "asha").forgotten == "somebody")
    }

    @Test func `who stood in for somebody counts after the other is back, and not once the other has no role`() throws {
        for isLeft in [false, true] {
            let (scratch, staff) = (try Scratch(), ChangingStaff())
            let registry = try scratch.onboarding(with: staff, in: .approved)
            try registry.hand(in: EvidenceKind.allCases)
            let given = try registry.delegate(
                from: "asha", to: "temp", since: now, until: after(600), by: "asha", reason: "on leave", at: now)
            _ = try goLive(registry, by: "temp")
            try registry.endDelegation(given.number, by: "asha", at: now)
            if isLeft { staff.set("asha", RoleSet([.reviewer])) }
            #expect(try goLive(registry, by: "bela").outcome == (isLeft ? .awaitsSecondPerson : .moved(.live)))
        }
    }

    @Test func `a plan whose limits change between two people is confirmed anew`() throws {
        let files = try PolicyFiles()
        let registry = files.registry
        _ = try registry.importPartners([partner("acme", application: "acme-app")], at: now)
        for move in [LifecycleMove.submit, .review, .grantSandbox] {
            _ = try registry.move(app, move, by: "reva", reason: "x", at: now)
        }
        #expect(try change(registry, by: "asha", to: "starter-app") == .moved(.sandbox))
        #expect(try change(registry, by: "asha") == .awaitsSecondPerson)
        _ = try registry.acceptPolicy(files.policy(tokens: 9_000), by: "asha", at: now)
        #expect(try change(registry, by: "bela") == .awaitsSecondPerson, "what asha saw was another plan")
        #expect(try RegistryStore(stateDirectory: files.state).application(app).lifecycle.pending?.limits != nil)
        #expect(try change(registry, by: "asha") == .moved(.sandbox))
    }

    @Test func `a plan that is more by an announced policy takes two people today`() throws {
        let files = try PolicyFiles()
        let registry = files.registry
        _ = try registry.importPartners([partner("acme", application: "acme-app")], at: now)
        for move in [LifecycleMove.submit, .review, .grantSandbox] {
            _ = try registry.move(app, move, by: "reva", reason: "x", at: now)
        }
        var later = try registry.policyInForce()
        let (starter, standard) = (id("starter-app"), id("standard-app"))
        let place = try #require(later.plans.firstIndex { $0.id == starter })
        later.plans[place].allowances = try #require(later.plan(standard)).allowances.map { allowance in
            allowance.map { old in
                let bucket = old.bucket
                let more = BucketRule(tokens: bucket.tokens, periodNanoseconds: bucket.periodNanoseconds, burst: bucket.burst + 1)
                return Allowance(bucket: more)
            }
        }
        _ = try registry.announcePolicy(CanonicalPolicy.sealed(later), from: after(60), as: files.decision())
        #expect(try change(registry, by: "asha", to: "starter-app") == .awaitsSecondPerson)
        #expect(try change(registry, by: "bela", to: "starter-app") == .moved(.sandbox))
    }

    @Test func `who was a first person by a role of its own is none by a role that the second one lends`() throws {
        let staff = ChangingStaff()
        let registry = try scratch.onboarding(with: staff, in: .approved)
        try registry.hand(in: EvidenceKind.allCases)
        #expect(try goLive(registry, by: "bela").outcome == .awaitsSecondPerson)
        staff.set("bela", RoleSet([.reviewer]))
        _ = try registry.delegate(from: "asha", to: "bela", since: now, until: after(600), by: "asha", reason: "on leave", at: now)
        let second = try goLive(registry, by: "asha")
        #expect(second.outcome == .awaitsSecondPerson && second.forgotten == "bela")
        #expect(try registry.application(app).lifecycle.state == .approved)
    }

    @Test func `a move says the record that the next decision is made on, and no later one`() throws {
        let registry = try scratch.onboarding(in: .submitted)
        let review = try registry.move(app, .review, by: "reva", reason: "x", at: now)
        #expect(try review.record == registry.applicationWithRecord(app).record)
        try registry.hand(in: [.namedOfficer])
        let error = #expect(throws: RegistryError.self) {
            _ = try registry.move(app, .grantSandbox, by: "reva", reason: "x", unchangedSince: review.record, at: now)
        }
        #expect(error?.description.contains("evidence.add by reva") == true)
    }
}
