import Foundation
import GRDB
import Registry
import Testing

@testable import ControlPlane

@Suite struct RegistryStoreTests {
    private let scratch: Scratch
    private let now = Scratch.now

    init() throws { scratch = try Scratch() }

    private func mode(_ name: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path + "/state/" + name)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test func `a commit waits for the disk, and only the owner can read the files`() throws {
        let registry = try scratch.registry()
        #expect(try registry.synchronousSetting() == 2)
        try SnapshotPublisher.publish(registry, to: scratch.path + "/state")
        #expect(try mode("") == 0o700)
        for name in ["registry.sqlite", "registry.sqlite-wal", "registry.sqlite-shm", "snapshot", "publish.lock"] {
            #expect(try mode(name) == 0o600, "\(name)")
        }
    }

    @Test func `a registry of a newer version is not opened`() throws {
        try scratch.registry().close()
        let queue = try DatabaseQueue(path: scratch.path + "/state/registry.sqlite")
        try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9-of-the-future')") }
        try queue.close()
        let error = #expect(throws: RegistryError.self) { _ = try scratch.registry() }
        #expect(error?.description.contains("newer version of the gateway (9-of-the-future)") == true)
    }

    @Test func `what is no registry is refused with a sentence`() throws {
        try scratch.write(String(repeating: "no database ", count: 1_000), to: "state/registry.sqlite")
        let error = #expect(throws: RegistryError.self) { _ = try scratch.registry() }
        #expect(error?.description.contains("the file is damaged or no registry") == true)
    }

    @Test(arguments: [
        "UPDATE move SET actor = 'x'", "DELETE FROM move", "UPDATE policy SET accepted = 1", "DELETE FROM policy",
        "UPDATE revision SET number = 0", "UPDATE application SET state = 'nonsense'", "UPDATE application SET plan = NULL",
        "UPDATE credential SET state = 'active'", "DELETE FROM partner", "UPDATE credential SET digest = x'00'",
    ])
    func `the schema itself keeps the invariants`(_ sql: String) throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: .live)], at: now)
        let key = try registry.issueKey(to: id("acme-app"), in: .sandbox, named: "k", by: "asha", at: now)
        try registry.revokeKey(key.id, by: "asha", reason: "test", at: now)
        let queue = try DatabaseQueue(path: scratch.path + "/state/registry.sqlite")
        #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
    }

    @Test func `the whole way to live needs two people, and every step is recorded`() throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([partner("acme", application: "acme-app")], at: now)
        let application = id("acme-app")
        let steps: [(LifecycleMove, String, ApplicationState)] = [
            (.submit, "asha", .submitted), (.review, "bela", .inReview), (.requestChanges, "bela", .changesRequested),
            (.submit, "asha", .submitted),
            (.review, "bela", .inReview), (.grantSandbox, "bela", .sandbox), (.certify, "asha", .certifying), (.approve, "bela", .approved),
            (.goLive, "bela", .approved), (.goLive, "chitra", .live),
        ]
        for (index, (move, actor, state)) in steps.enumerated() {
            let time = WallTime(seconds: now.seconds + Int64(index))
            let result = try registry.move(application, move, by: Actor(actor), reason: "step \(index)", at: time)
            #expect(result.application.lifecycle.state == state)
            #expect(result.outcome == (index == 8 ? .awaitsSecondPerson : .moved(state)))
        }
        let moves = try registry.moves(of: application)
        #expect(moves.map(\.move) == steps.map(\.0.rawValue))
        #expect(moves.map(\.actor) == steps.map(\.1))
        #expect(moves.map(\.to) == steps.map(\.2))
        #expect(moves.map(\.isPending) == (0..<10).map { $0 == 8 })
        #expect(moves.map(\.reason) == (0..<10).map { "step \($0)" })
        #expect(try registry.application(application).granted == ScopeSet([.metadata, .search]))
        #expect(try registry.application(application).plan == id("standard-app"))
    }

    @Test func `all who submitted, and since when a first person's move waits, are kept`() throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([partner("acme", application: "acme-app")], at: now)
        let application = id("acme-app")
        let quoted = "o'hara, \"bo\""
        for (move, actor) in [
            (LifecycleMove.submit, "asha"), (.review, "bela"), (.requestChanges, "bela"), (.submit, quoted), (.review, "bela"),
            (.grantSandbox, "bela"), (.certify, "asha"), (.approve, "bela"), (.goLive, "bela"),
        ] { _ = try registry.move(application, move, by: Actor(actor), reason: "x", at: now) }
        let kept = try RegistryStore(stateDirectory: scratch.path + "/state").application(application).lifecycle
        #expect(kept.submitters == ["asha", quoted])
        #expect(kept.pending == Lifecycle.PendingMove(move: .goLive, actor: "bela", time: now))
        for submitter in ["Asha", quoted] {
            let error = #expect(throws: RegistryError.self) {
                _ = try registry.move(application, .goLive, by: Actor(submitter), reason: "x", at: now)
            }
            #expect(error?.description.contains("may not be one of the two") == true)
        }
        let late = WallTime(seconds: now.seconds + 8 * 86_400)
        #expect(try registry.move(application, .goLive, by: "chitra", reason: "x", at: late).outcome == .awaitsSecondPerson)
        #expect(try registry.move(application, .goLive, by: "bela", reason: "x", at: late).outcome == .moved(.live))
    }

    @Test func `a refused move says what is allowed, and leaves nothing behind`() throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: .inReview)], at: now)
        let revision = try registry.revision()
        let error = #expect(throws: RegistryError.self) {
            _ = try registry.move(id("acme-app"), .goLive, by: "asha", reason: "now", at: now)
        }
        #expect(
            error?.description
                == "application acme-app is in_review: go-live is not allowed; allowed: request-changes, reject, grant-sandbox, revoke")
        #expect(try registry.revision() == revision)
        #expect(try registry.moves(of: id("acme-app")).count == 1)
    }

    @Test func `one person typed twice is not two`() throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: .approved)], at: now)
        _ = try registry.move(id("acme-app"), .goLive, by: "Asha  Rao", reason: "ready", at: now)
        #expect(throws: RegistryError.self) { _ = try registry.move(id("acme-app"), .goLive, by: " asha rao ", reason: "ready", at: now) }
        for name in ["", "  ", "import", "IMPORT", "Start", "a\u{200B}sha", String(repeating: "x", count: 81)] {
            #expect(throws: RegistryError.self) {
                _ = try registry.move(id("acme-app"), .goLive, by: Actor(name), reason: "ready", at: now)
            }
        }
        #expect(throws: RegistryError.self) { _ = try registry.move(id("acme-app"), .goLive, by: "bela", reason: " ", at: now) }
        #expect(try registry.application(id("acme-app")).lifecycle.state == .approved)
    }

    @Test func `a sandbox may be granted with fewer scopes than asked for, never with more`() throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: .inReview)], at: now)
        let application = id("acme-app")
        #expect(throws: RegistryError.self) {
            _ = try registry.move(
                application, .grantSandbox, by: "bela", reason: "ok", asking: RegistryStore.Wish(scopes: ScopeSet([.booking])), at: now)
        }
        #expect(throws: RegistryError.self) {
            _ = try registry.move(
                application, .grantSandbox, by: "bela", reason: "ok", asking: RegistryStore.Wish(scopes: ScopeSet([])), at: now)
        }
        _ = try registry.move(
            application, .grantSandbox, by: "bela", reason: "ok", asking: RegistryStore.Wish(scopes: ScopeSet([.search])), at: now)
        #expect(try registry.application(application).granted == ScopeSet([.search]))
        _ = try registry.move(application, .certify, by: "asha", reason: "ok", at: now)
        _ = try registry.move(application, .grantSandbox, by: "bela", reason: "not yet", at: now)
        #expect(try registry.application(application).granted == ScopeSet([.search]))
    }
}
