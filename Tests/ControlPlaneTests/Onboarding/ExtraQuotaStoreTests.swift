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

    @Test func `renewed again and again, it ends with the days of any thirty`() throws {
        let registry = try scratch.onboarding(in: .live)
        let day: Int64 = 86_400
        func give(from start: Int64, days: Int64) throws {
            _ = try registry.giveExtraQuota(
                10, to: app, until: after((start + days) * day), by: "omar", reason: "a drive", at: after(start * day))
            try OnboardingWatch(registry: registry, logger: silent).tick(at: after((start + days) * day))
        }
        try give(from: 0, days: 14)
        let error = #expect(throws: RegistryError.self) { try give(from: 15, days: 8) }
        #expect(
            error?.description.hasPrefix(
                "application acme-app may have extra quota on 21 days of any thirty, and has had 14 of those that would end then:"
                    + " 168 more hours may be given") == true)
        try give(from: 15, days: 7)
        #expect(throws: RegistryError.self) { try give(from: 22, days: 1) }
        // What began thirty days before counts no more, day by day.
        #expect(throws: RegistryError.self) { try give(from: 29, days: 2) }
        try give(from: 30, days: 1)
        #expect(throws: RegistryError.self) { try give(from: 31, days: 14) }
    }

    @Test(arguments: [
        ("UPDATE extra_quota SET percent = 900", "extra quota is never changed"),
        ("DELETE FROM extra_quota", "extra quota is never deleted"),
        ("UPDATE note SET text = 'x'", "notes are append-only"), ("DELETE FROM note", "notes are append-only"),
        ("UPDATE evidence SET expires = 1", "evidence is never changed"), ("UPDATE evidence SET name = 'x'", "evidence is never changed"),
        ("DELETE FROM evidence", "evidence is never deleted"), ("UPDATE assignment SET person = 'x'", "assignments are append-only"),
        ("DELETE FROM lifecycle_rules", "rules are append-only"),
        ("UPDATE delegation SET until = 9000000000000000000", "delegations are never changed"),
        ("DELETE FROM delegation", "delegations are never deleted"),
        (
            "INSERT INTO extra_quota (application, percent, since, until, given_by, reason) VALUES ('acme-app', 5, 1, 2, 'x', 'x')",
            "UNIQUE constraint failed: extra_quota.application"
        ),
    ])
    func `the schema itself keeps what was given, said and handed in`(_ sql: String, _ says: String) throws {
        let registry = try scratch.onboarding(in: .live)
        try give(registry)
        try registry.hand(in: [.namedOfficer])
        _ = try registry.addNote("Called them.", on: app, to: .team, by: "reva", at: now)
        try registry.assign(app, to: "asha", by: "reva", at: now)
        _ = try registry.delegate(from: "asha", to: "bela", since: now, until: after(9), by: "asha", reason: "x", at: now)
        _ = try registry.write { try RegistryStore.acceptRules("x", by: .gateway(.reload), at: now, $0) }
        let queue = try DatabaseQueue(path: scratch.path + "/state/registry.sqlite")
        let error = #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
        #expect(error?.message == says)
        // Without what stands in the way it would have been done: the statement itself is none that fails.
        try queue.write { database in
            for (type, name) in try Row.fetchAll(database, sql: "SELECT type, name FROM sqlite_master WHERE type = 'trigger'").map({
                ($0["type"] as String, $0["name"] as String)
            }) { try database.execute(sql: "DROP \(type) \(name)") }
            try database.execute(sql: "DROP INDEX extra_quota_of_application")
        }
        #expect(
            try queue.write {
                try $0.execute(sql: sql); return $0.changesCount
            } > 0)
    }
}
