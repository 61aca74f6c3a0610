import Foundation
import GRDB
import Registry
import Testing

@testable import ControlPlane

/// A registry of before onboarding had tables of its own.
@Suite struct OnboardingMigrationTests {
    private let scratch: Scratch
    private let now = Scratch.now

    init() throws { scratch = try Scratch() }

    private func before() throws {
        try FileManager.default.createDirectory(atPath: scratch.path + "/state", withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: scratch.path + "/state/registry.sqlite")
        try RegistrySchema.migrator(at: now).migrate(queue, upTo: "5-accounts")
        try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO partner VALUES ('acme', 'app', 'Acme', 'X1', 'https://acme.example');
                    INSERT INTO application (id, partner, name, purpose, scopes_asked, scopes_granted, plan, allowed_addresses, state, submitters,
                        pending_move, pending_actor, pending_since, withdrawn_until, returns_to)
                    VALUES ('a-draft', 'acme', 'A', 'Is tested.', 3, 0, NULL, '', 'draft', '[]', NULL, NULL, NULL, NULL, NULL),
                        ('approved', 'acme', 'A', 'Is tested.', 3, 3, 'standard-app', '', 'approved', '["sam"]', 'go-live', 'asha', ?1, NULL, NULL),
                        ('suspended', 'acme', 'A', 'Is tested.', 3, 3, 'standard-app', '', 'suspended', '[]', NULL, NULL, NULL, NULL, 'live'),
                        ('withdrawn', 'acme', 'A', 'Is tested.', 3, 3, 'standard-app', '', 'withdrawn', '[]', NULL, NULL, NULL, ?2, NULL);
                    """,
                arguments: [now.nanoseconds, after(86_400).nanoseconds])
            let sql = """
                INSERT INTO move (application, from_state, to_state, move, actor, time, reason, pending) VALUES (?, ?, ?, ?, 'asha', ?, 'x', ?)
                """
            for (id, from, to, move, time, isPending) in [
                ("approved", "certifying", "approved", "approve", 10, false), ("approved", "approved", "approved", "go-live", 20, true),
                ("suspended", "live", "suspended", "suspend", 30, false), ("withdrawn", "live", "withdrawn", "withdraw", 40, false),
            ] as [(String, String, String, String, Int64, Bool)] {
                try database.execute(sql: sql, arguments: [id, from, to, move, after(time).nanoseconds, isPending])
            }
        }
        try queue.close()
    }

    @Test func `applications come through with their state, since when, and what they wait for`() throws {
        try before()
        let registry = try RegistryStore(stateDirectory: scratch.path + "/state", accounts: Staff(roles: [:]), at: now)
        _ = try applyPolicy(from: repository + "/policies", to: registry, by: .gateway(.start), at: now)
        let applications = try registry.applications()
        #expect(applications.map(\.lifecycle.state) == [.draft, .approved, .suspended, .withdrawn])
        #expect(applications.map(\.since) == [nil, after(10), after(30), after(40)], "not since a first person's move")
        #expect(applications.allSatisfy { $0.assignee == nil && $0.lifecycle.review == nil })
        #expect(applications[1].lifecycle.pending == Lifecycle.PendingMove(move: .goLive, actor: "asha", time: now))
        #expect(applications[2].lifecycle.returnsTo == .live && applications[3].lifecycle.withdrawnUntil == after(86_400))
        #expect(try registry.moves(of: id("approved")).map(\.inPlaceOf) == [nil, nil])
        #expect(try registry.move(id("approved"), .goLive, by: "bela", reason: "x", at: after(50)).outcome == .moved(.live))
        #expect(try registry.move(id("suspended"), .resume, by: "bela", reason: "x", at: after(50)).outcome == .moved(.live))
        try OnboardingWatch(registry: registry, logger: silent).lookThrough(at: after(60))
        #expect(try registry.applications().map(\.lifecycle.state) == [.draft, .live, .live, .withdrawn], "nobody is suspended by it")
        #expect(throws: Never.self) { try registry.snapshot(at: after(60)) }
    }
}
