import Foundation
import GRDB
import Registry
import Testing

@testable import ControlPlane

/// Every version is kept, so that any can come back, and nothing undoes what people decided.
@Suite struct PolicyHistoryTests {
    private let files: PolicyFiles
    private var registry: RegistryStore { files.registry }

    init() throws { files = try PolicyFiles() }

    private func apply(_ tokens: Int, at seconds: Int64 = 1) throws -> String {
        try files.write(tokens: tokens)
        _ = try applyPolicy(from: files.folder, to: registry, as: files.decision(at: after(seconds)))
        return try registry.policyInForce().version
    }

    @Test func `the one before comes back though its files are gone, and so does the one after`() throws {
        let second = try apply(1_600)
        try FileManager.default.removeItem(atPath: files.folder)
        let entry = try registry.rollBackPolicy(to: nil, as: files.decision(at: after(2)))
        #expect(entry == .init(version: files.first.version, accepted: after(2), acceptedBy: "asha", reason: "a test"))
        #expect(try registry.policyInForce() == files.first)
        #expect(try registry.rollBackPolicy(to: nil, as: files.decision()).version == second)
        #expect(try registry.policies().map(\.version) == [second, files.first.version, second, files.first.version])
    }

    @Test func `any version ever in force comes back by its first digits, and no other`() throws {
        _ = try apply(1_600)
        _ = try apply(1_700)
        let entry = try registry.rollBackPolicy(to: String(files.first.version.prefix(8)), as: files.decision())
        #expect(entry.version == files.first.version)
        var error = #expect(throws: RegistryError.self) { _ = try registry.rollBackPolicy(to: entry.version, as: files.decision()) }
        #expect(error?.description.contains("is in force already") == true)
        error = #expect(throws: RegistryError.self) {
            _ = try registry.rollBackPolicy(to: String(repeating: "0", count: 64), as: files.decision())
        }
        #expect(error?.description.contains("there is no accepted policy") == true)
        let alone = try Scratch().registry()
        error = #expect(throws: RegistryError.self) { _ = try alone.rollBackPolicy(to: nil, as: files.decision()) }
        #expect(error?.description.contains("no other policy") == true)
    }

    @Test func `a version under which an application would lose something does not come back`() throws {
        let second = try apply(1_600)
        var third = try files.policy(tokens: 1_700)
        let bucket = BucketRule(tokens: 1, periodNanoseconds: 1_000_000, burst: 9)
        third.plans.insert(Plan(id: id("a-plan"), buckets: [.search: bucket]), at: 0)
        third.defaultPlans[.app] = id("a-plan")
        #expect(try registry.acceptPolicy(CanonicalPolicy.sealed(third), by: "asha", at: after(2)))
        _ = try registry.importPartners([partner("acme", application: "acme-app", scopes: [.search])], at: Scratch.now)
        for move in [LifecycleMove.submit, .review, .grantSandbox] {
            _ = try registry.move(id("acme-app"), move, by: "sam", reason: "x", at: Scratch.now)
        }
        let error = #expect(throws: RegistryError.self) { _ = try registry.rollBackPolicy(to: second, as: files.decision()) }
        #expect(error?.description.contains("application acme-app has the plan 'a-plan', which it lacks") == true)
    }

    @Test func `neither a start nor a reload undoes a rollback while the files stay, and files that change again are taken`() throws {
        _ = try apply(1_600)
        _ = try registry.rollBackPolicy(to: nil, as: files.decision())
        let report = try files.restart(at: after(10))
        #expect(!report.policyChanged && report.policyKept?.contains("decided since, stays in force") == true)
        #expect(try registry.policyInForce() == files.first)
        #expect(try readPolicyAgain(from: files.folder, to: registry, by: "reload", at: after(11)).objection != nil)
        try files.write(tokens: 1_700)
        #expect(try readPolicyAgain(from: files.folder, to: registry, by: "reload", at: after(12)) == .taken)
        try files.write(tokens: 1_500)
        #expect(try readPolicyAgain(from: files.folder, to: registry, by: "reload", at: after(13)) == .taken, "back by hand")
        _ = try registry.rollBackPolicy(to: nil, as: files.decision())
        #expect(try applyPolicy(from: files.folder, to: registry, as: files.decision()), "whoever applies them means them")
    }

    @Test func `files that are announced wait for their time, and files of before do not come back after it`() throws {
        let next = try files.folder("next", tokens: 1_600)
        let announced = try announcePolicy(from: next, to: registry, due: after(100), as: files.decision())
        // The announced files were put in place already, and something restarts.
        try files.write(tokens: 1_600)
        var report = try files.restart(at: after(10))
        #expect(!report.policyChanged && report.policyKept?.contains("announced for later") == true)
        try files.write(tokens: 1_500)
        #expect(try readPolicyAgain(from: files.folder, to: registry, by: "reload", at: after(20)) == .unchanged)
        report = try files.restart(at: after(100))
        #expect(report.policyChanged && report.policyKept?.contains("decided since") == true)
        #expect(try registry.policyInForce().version == announced.version)
    }

    @Test func `a shadow is kept beside the policy in force until it is turned off`() throws {
        let tried = try files.policy(tokens: 1_600)
        #expect(try registry.setShadow(tried, as: files.decision()))
        #expect(try registry.setShadow(tried, as: files.decision()) == false)
        let snapshot = try registry.snapshot()
        #expect(snapshot.shadow == tried && snapshot.policy == files.first)
        #expect(snapshot.shadowPlanIndexes?.applications == snapshot.planIndexes)
        _ = try apply(1_700)
        #expect(try registry.snapshot().shadow == tried, "whatever is in force")
        #expect(try registry.setShadow(nil, as: files.decision(at: after(9))))
        #expect(try registry.setShadow(nil, as: files.decision()) == false)
        #expect(try registry.snapshot().shadow == nil)
        #expect(try registry.shadows().map(\.version) == [nil, tried.version])
        try files.write(tokens: 1_600, to: "lacking", plansWithout: "starter-app")
        let lacking = try loadPolicy(from: files.scratch.path + "/lacking")
        let error = #expect(throws: RegistryError.self) { _ = try registry.setShadow(lacking, as: files.decision()) }
        let sentence = "applications paytm-finder, reliance-poller have the plan 'starter-app', which it lacks"
        #expect(error?.description.contains(sentence) == true)
    }

    @Test func `a registry of before opens with its policies, and takes what its start reads`() throws {
        let scratch = try Scratch()
        let path = scratch.path + "/state/registry.sqlite"
        try scratch.write("", to: "state/registry.sqlite")
        let queue = try DatabaseQueue(path: path)
        try RegistrySchema.migrator(at: Scratch.now).migrate(queue, upTo: "2-certificates")
        try queue.write { database in
            try database.execute(
                sql: "INSERT INTO policy (version, plans, routes, accepted, accepted_by) VALUES (?, ?, ?, 7, 'start')",
                arguments: [files.first.version, CanonicalPolicy.plans(files.first), CanonicalPolicy.routes(files.first)])
        }
        try queue.close()
        let opened = try RegistryStore(stateDirectory: scratch.path + "/state")
        #expect(
            try opened.policies() == [
                .init(version: files.first.version, accepted: WallTime(nanoseconds: 7), acceptedBy: "start", reason: "")
            ])
        #expect(try opened.policyInForce() == files.first)
        let changed = try files.folder("changed", tokens: 1_600)
        #expect(try readPolicyAgain(from: changed, to: opened, by: "start", at: after(1)) == .taken)
    }
}
