import Foundation
import GRDB
import Logging
import Registry
import Testing

@testable import ControlPlane

/// A log that nobody reads.
let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

@Suite struct ExtraQuotaStoreTests {
    private let scratch: Scratch
    private let now = Scratch.now
    private let app = id("acme-app")

    init() throws { scratch = try Scratch() }

    private func give(_ registry: RegistryStore, _ percent: Int64 = 50, days: Int64 = 1, by name: String = "omar") throws {
        _ = try registry.giveExtraQuota(percent, to: app, until: after(days * 86_400), by: Actor(name), reason: "a drive", at: now)
    }

    private func published(_ registry: RegistryStore, at now: WallTime = Scratch.now) throws -> ExtraQuota? {
        try registry.snapshot(at: now).applications.first { $0.id == app }?.extra
    }

    @Test func `one person of ops gives a share of the plan until a time, and the snapshot says so`() throws {
        let registry = try scratch.onboarding(in: .live)
        #expect(try published(registry) == nil)
        try give(registry)
        #expect(try published(registry) == ExtraQuota(percent: 50, until: after(86_400)))
        #expect(throws: RegistryError.self) { try give(registry) }
        #expect(try registry.extraQuotas(of: app).first?.end == nil)
        _ = try registry.endExtraQuota(of: app, by: "omar", reason: "over", at: after(1))
        #expect(try published(registry) == nil)
        #expect(throws: RegistryError.self) { _ = try registry.endExtraQuota(of: app, by: "omar", reason: "over", at: after(1)) }
    }

    @Test func `more than the rules allow, for longer, by others, or for who has no use for it is refused`() throws {
        let registry = try scratch.onboarding(in: .live)
        for percent in [Int64(51), 0, -1, .max] { #expect(throws: RegistryError.self) { try give(registry, percent) } }
        for days in [Int64(15), 0, -1] { #expect(throws: RegistryError.self) { try give(registry, days: days) } }
        for name in ["asha", "reva", "anu", "stranger"] { #expect(throws: RegistryError.self) { try give(registry, by: name) } }
        _ = try registry.move(app, .suspend, by: "omar", reason: "x", at: now)
        #expect(throws: RegistryError.self) { try give(registry) }
        #expect(try registry.extraQuotas(of: app).isEmpty)
    }

    @Test func `what has ended is not published, whether or not somebody took it back`() throws {
        let registry = try scratch.onboarding(in: .live)
        try give(registry)
        #expect(try published(registry, at: after(86_399)) != nil)
        #expect(try published(registry, at: after(86_400)) == nil)
        let state = scratch.path + "/state"
        #expect(throws: Never.self) { try SnapshotPublisher.publish(registry, to: state, at: after(1)) }
        func version() throws -> UInt8? { FileManager.default.contents(atPath: state + "/snapshot").map { $0[7] } }
        #expect(try version() == 4)
        _ = try SnapshotPublisher.publish(registry, to: state, at: after(86_400))
        #expect(try version() == 3)
    }

    @Test func `the gateway takes it back at its end, once`() throws {
        let registry = try scratch.onboarding(in: .live)
        try give(registry)
        let watch = OnboardingWatch(registry: registry, logger: silent)
        let given = try registry.revision()
        try watch.tick(at: after(86_399))
        #expect(try registry.revision() == given)
        try watch.tick(at: after(86_400))
        #expect(try published(registry) == nil)
        let end = try #require(registry.extraQuotas(of: app).first?.end)
        #expect(end.actor == "onboarding" && end.time == after(86_400))
        let taken = try registry.revision()
        try watch.tick(at: after(86_401))
        #expect(try registry.revision() == taken)
    }

    @Test(arguments: [
        "UPDATE extra_quota SET percent = 900", "DELETE FROM extra_quota", "UPDATE note SET text = 'x'", "DELETE FROM note",
        "UPDATE evidence SET expires = 1", "DELETE FROM evidence", "UPDATE assignment SET person = 'x'", "DELETE FROM lifecycle_rules",
        "UPDATE delegation SET until = 9000000000000000000", "DELETE FROM delegation",
        "INSERT INTO extra_quota (application, percent, since, until, given_by, reason) VALUES ('acme-app', 5, 1, 2, 'x', 'x')",
    ])
    func `the schema itself keeps what was given, said and handed in`(_ sql: String) throws {
        let registry = try scratch.onboarding(in: .live)
        try give(registry)
        try registry.hand(in: [.namedOfficer])
        _ = try registry.addNote("Called them.", on: app, to: .team, by: "reva", at: now)
        try registry.assign(app, to: "asha", by: "reva", at: now)
        _ = try registry.delegate(from: "asha", to: "bela", since: now, until: after(9), by: "asha", reason: "x", at: now)
        _ = try registry.write { try RegistryStore.acceptRules("x", by: .gateway(.reload), at: now, $0) }
        let queue = try DatabaseQueue(path: scratch.path + "/state/registry.sqlite")
        #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
    }
}
