import Foundation
import GRDB
import Logging
import Registry
import Support
import Testing

@testable import ControlPlane

/// Policies for a time to come: told ahead, in force exactly once.
@Suite struct PolicyAnnouncementTests {
    private let files: PolicyFiles
    private var registry: RegistryStore { files.registry }

    init() throws { files = try PolicyFiles() }

    private func announce(_ tokens: Int, at seconds: Int64) throws -> RegistryStore.Announcement {
        try registry.announcePolicy(files.policy(tokens: tokens), from: after(seconds), as: files.decision())
    }

    @Test func `an announced policy is in the snapshot before its time, and in force from its time on`() throws {
        let announced = try announce(1_600, at: 3_600)
        var snapshot = try registry.snapshot()
        #expect(snapshot.policy == files.first)
        #expect(snapshot.announced == [AnnouncedPolicy(from: after(3_600), policy: try files.policy(tokens: 1_600))])
        let before = WallTime(nanoseconds: after(3_600).nanoseconds - 1)
        #expect(try registry.takeDuePolicies(at: before).isEmpty)
        #expect(try registry.takeDuePolicies(at: after(3_600)).map(\.number) == [announced.number])
        #expect(try registry.takeDuePolicies(at: after(3_600)).isEmpty, "once")
        snapshot = try registry.snapshot()
        #expect(snapshot.policy.version == announced.version && snapshot.announced.isEmpty)
        let entry = try #require(try registry.policies().first)
        #expect(entry.accepted == after(3_600) && entry.acceptedBy == "asha" && entry.reason == "a test")
        #expect(try registry.announcements().map { $0.end?.outcome } == [.taken])
    }

    @Test func `what was due while nothing ran is taken at the start, in the order of time`() throws {
        _ = try announce(1_700, at: 200)
        _ = try announce(1_600, at: 100)
        _ = try announce(1_800, at: 900)
        try registry.close()
        let report = try files.restart(at: after(500))
        #expect(report.policyChanged)
        let versions = try [1_700, 1_600].map { try files.policy(tokens: $0).version } + [files.first.version]
        #expect(try report.registry.policies().map(\.version) == versions)
        #expect(try report.registry.announcements().map { $0.end?.outcome } == [nil, .taken, .taken])
        #expect(try files.published().policy.version == versions[0])
        #expect(try files.restart(at: after(501)).policyChanged == false)
    }

    @Test func `many that take at once take each announcement once`() async throws {
        for index in 1...AnnouncedPolicy.most { _ = try announce(1_600 + index, at: Int64(index)) }
        let state = files.state
        let taken = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for _ in 0..<4 {
                group.addTask { try RegistryStore(stateDirectory: state).takeDuePolicies(at: after(100)).map(\.number) }
            }
            return try await group.reduce(into: [Int64]()) { $0 += $1 }
        }
        #expect(taken.sorted() == (1...Int64(AnnouncedPolicy.most)).map { $0 })
        #expect(try registry.policies().count == 1 + AnnouncedPolicy.most)
    }

    @Test func `the running control plane takes it in time and publishes it`() async throws {
        let due = WallTime(nanoseconds: WallTime.now().nanoseconds + 300_000_000)
        let announced = try registry.announcePolicy(
            files.policy(tokens: 1_600), from: due, as: PolicyDecision(by: "asha", reason: "", at: .now()))
        let settings = ControlPlaneSettings(stateDirectory: files.state, policiesDirectory: files.folder, host: nil)
        let watch = RegistryWatch(registry: registry, stateDirectory: settings.stateDirectory, logger: Logger(label: "test"))
        let schedule = PolicySchedule(registry: registry, logger: Logger(label: "test"))
        let tasks = [Task { try await watch.run() }, Task { try await schedule.run() }]
        let isPublished = try await eventually(withinSeconds: 120) { try files.published().policy.version == announced.version }
        #expect(isPublished)
        #expect(try #require(try registry.policies().first).accepted >= due)
        for task in tasks { task.cancel() }
        for task in tasks { try await task.value }
    }

    @Test func `a cancelled one never comes, and who cancelled it stays on record`() throws {
        let announced = try announce(1_600, at: 100)
        let cancelled = try registry.cancelAnnouncement(of: String(announced.version.prefix(8)), as: files.decision(at: after(50)))
        #expect(cancelled.end == .init(outcome: .cancelled, time: after(50), actor: "asha", reason: "a test"))
        #expect(try registry.takeDuePolicies(at: after(1_000)).isEmpty)
        #expect(try registry.snapshot().announced.isEmpty)
        #expect(try registry.announcements() == [cancelled])
        #expect(throws: RegistryError.self) { _ = try registry.cancelAnnouncement(of: announced.version, as: files.decision()) }
        #expect(try announce(1_600, at: 100).number == 2, "its time is free again")
    }

    @Test func `what cannot be announced is refused with a sentence`() throws {
        func refusal(_ body: () throws -> RegistryStore.Announcement) -> String {
            let error = #expect(throws: RegistryError.self) { _ = try body() }
            return error?.description ?? ""
        }
        #expect(refusal { try announce(1_600, at: 0) }.contains("a time to come"))
        #expect(refusal { try announce(1_600, at: 367 * 86_400) }.contains("at most 366 days ahead"))
        #expect(refusal { try announce(1_500, at: 10) }.contains("nothing would change"))
        let lacking = try files.folder("lacking", tokens: 1_600)
        try files.write(tokens: 1_600, to: "lacking", plansWithout: "starter-app")
        #expect(
            refusal { try registry.announcePolicy(loadPolicy(from: lacking), from: after(10), as: files.decision()) }
                .contains("applications paytm-finder, reliance-poller have the plan 'starter-app', which it lacks"))
        _ = try announce(1_600, at: 10)
        #expect(refusal { try announce(1_700, at: 10) }.contains("for that very time"))
        #expect(refusal { try announce(1_600, at: 11) }.contains("nothing would change"))
        #expect(try announce(1_500, at: 11).number == 2, "back to today's, after the other")
        for index in 3...Int64(AnnouncedPolicy.most) { _ = try announce(1_600 + Int(index), at: 20 + index) }
        #expect(refusal { try announce(1_900, at: 90) }.contains("the most there may be"))
        #expect(throws: Never.self) { try registry.snapshot() }
    }

    @Test func `planned on another version than the one in force is refused, now and for later`() throws {
        let planned = try files.decision(plannedOn: String(files.first.version.prefix(12)))
        _ = try registry.announcePolicy(files.policy(tokens: 1_600), from: after(10), as: planned)
        #expect(try applyPolicy(from: files.folder("next", tokens: 1_700), to: registry, as: planned))
        for body in [
            { _ = try applyPolicy(from: files.folder("next", tokens: 1_800), to: registry, as: planned) },
            { _ = try registry.announcePolicy(files.policy(tokens: 1_800), from: after(20), as: planned) },
        ] {
            let error = #expect(throws: RegistryError.self) { try body() }
            #expect(error?.description.contains("planned on \(files.first.version.prefix(12)), and ") == true)
        }
        for digits in ["", "1234567", "ABCDEF0123", String(repeating: "0", count: 65)] {
            #expect(throws: RegistryError.self) { _ = try files.decision(plannedOn: digits) }
        }
    }

    @Test func `a grant that a policy to come or one that is tried could not serve is refused until that is settled`() throws {
        _ = try registry.importPartners([partner("acme", application: "acme-app")], at: Scratch.now)
        // The default plan of apps has another name tomorrow, and nobody has it yet.
        for (application, move) in [("acme-app", LifecycleMove.submit), ("acme-app", .review)] {
            _ = try registry.move(id(application), move, by: "sam", reason: "x", at: Scratch.now)
        }
        var lacking = try files.policy(tokens: 1_600)
        for index in lacking.plans.indices where lacking.plans[index].id == id("standard-app") { lacking.plans[index].allowances[1] = nil }
        let other = try Scratch().registry()
        _ = try other.importPartners([partner("acme", application: "acme-app")], at: Scratch.now)
        for move in [LifecycleMove.submit, .review] { _ = try other.move(id("acme-app"), move, by: "sam", reason: "x", at: Scratch.now) }
        let sealed = CanonicalPolicy.sealed(lacking)
        let announced = try other.announcePolicy(sealed, from: after(10), as: files.decision())
        func grant() throws { _ = try other.move(id("acme-app"), .grantSandbox, by: "sam", reason: "x", at: Scratch.now) }
        var error = #expect(throws: RegistryError.self) { try grant() }
        #expect(
            error?.description.contains("the announced policy \(sealed.version.prefix(16)) has no bucket for the scope 'search'") == true)
        _ = try other.cancelAnnouncement(of: announced.version, as: files.decision())
        #expect(try other.setShadow(sealed, as: files.decision()))
        error = #expect(throws: RegistryError.self) { try grant() }
        #expect(error?.description.contains("the shadow policy") == true)
        #expect(try other.setShadow(nil, as: files.decision()))
        try grant()
        #expect(throws: Never.self) { try other.snapshot() }
    }

    @Test(arguments: [
        "UPDATE announcement SET due = due + 1", "DELETE FROM announcement", "UPDATE announcement SET reason = 'x'",
        "UPDATE announcement SET outcome = 'taken'",
        "UPDATE announcement SET outcome = NULL, ended = NULL, ended_by = NULL, ended_reason = NULL", "DELETE FROM shadow",
        "UPDATE shadow SET version = NULL, plans = NULL, routes = NULL", "UPDATE policy SET reason = 'x'",
    ])
    func `the schema itself keeps what was decided`(_ sql: String) throws {
        let cancelled = try announce(1_600, at: 100)
        _ = try registry.cancelAnnouncement(of: cancelled.version, as: files.decision())
        _ = try announce(1_700, at: 100)
        _ = try registry.setShadow(files.policy(tokens: 1_800), as: files.decision())
        let queue = try DatabaseQueue(path: files.state + "/registry.sqlite")
        #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
    }
}
