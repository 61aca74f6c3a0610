import Crypto
import Foundation
import Registry
import Testing

@testable import ControlPlane

@Suite struct KeyTests {
    private let scratch: Scratch
    private let now = Scratch.now

    init() throws { scratch = try Scratch() }

    private func digest(_ key: String) -> Registry.Digest? { Registry.Digest(Array(SHA256.hash(data: Array(key.utf8)))) }

    private func reading(_ key: String) -> KeyForm.Reading {
        let bytes = Array(key.utf8)
        return KeyForm.read(bytes.span)
    }

    @Test(arguments: ApplicationState.allCases, Environment.allCases)
    func `a key is issued only in the states that may have one`(_ state: ApplicationState, _ environment: Environment) throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: state)], at: now)
        guard state.mayIssue(environment) else {
            let error = #expect(throws: RegistryError.self) {
                _ = try registry.issueKey(to: id("acme-app"), in: environment, named: "k", by: "asha", at: now)
            }
            #expect(error?.description.hasPrefix("application acme-app is \(state.name): no \(environment.name) key may be issued") == true)
            return
        }
        let issued = try registry.issueKey(to: id("acme-app"), in: environment, named: "k", by: "asha", at: now)
        #expect(reading(issued.key) == .wellFormed(environment))
        let snapshot = try registry.snapshot()
        let index = try #require(digest(issued.key).flatMap { snapshot.credential($0) })
        #expect(snapshot.credentials[index].environment == environment)
        #expect(snapshot.applications[snapshot.credentials[index].application].id == id("acme-app"))
    }

    @Test func `a rotated key works on until its time, and its successor at once`() throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: .live)], at: now)
        let old = try registry.issueKey(to: id("acme-app"), in: .production, named: "counter", by: "asha", at: now)
        let later = WallTime(seconds: now.seconds + 60)
        let new = try registry.rotateKey(old.id, by: "bela", at: later)
        #expect(new.key != old.key && new.environment == .production)
        let keys = try registry.keys(of: id("acme-app"))
        #expect(keys.map(\.state) == [.retiring, .active])
        #expect(keys.map(\.name) == ["counter", "counter"])
        let end = WallTime(seconds: later.seconds + 7 * 86_400)
        #expect(keys.first?.until == end)
        let snapshot = try registry.snapshot()
        let record = snapshot.credentials[try #require(digest(old.key).flatMap { snapshot.credential($0) })]
        #expect(record.isGood(at: WallTime(nanoseconds: end.nanoseconds - 1)) && !record.isGood(at: end))
        #expect(throws: RegistryError.self) { _ = try registry.rotateKey(old.id, by: "bela", at: later) }
        #expect(throws: RegistryError.self) { _ = try registry.rotateKey(new.id, by: "bela", retiringForSeconds: 91 * 86_400, at: later) }
    }

    @Test func `a revoked key stays known, so that it is told from an unknown one`() throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: .live)], at: now)
        let issued = try registry.issueKey(to: id("acme-app"), in: .sandbox, named: "k", by: "asha", at: now)
        try registry.revokeKey(issued.id, by: "bela", reason: "found in a log", at: now)
        let error = #expect(throws: RegistryError.self) { try registry.revokeKey(issued.id, by: "bela", reason: "again", at: now) }
        #expect(error?.description == "key \(issued.id) is already revoked")
        let snapshot = try registry.snapshot()
        #expect(snapshot.credentials[try #require(digest(issued.key).flatMap { snapshot.credential($0) })].state == .revoked)
        #expect(try registry.keys().first?.reason == "found in a log")
    }

    @Test func `an application holds a bounded number of keys`() throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: .live)], at: now)
        func issue() throws -> IssuedKey { try registry.issueKey(to: id("acme-app"), in: .sandbox, named: "k", by: "asha", at: now) }
        let first = try issue()
        for _ in 1..<Limits.livingKeysPerApplication { _ = try issue() }
        #expect(throws: RegistryError.self) { _ = try issue() }
        try registry.revokeKey(first.id, by: "asha", reason: "room", at: now)
        #expect(throws: Never.self) { _ = try issue() }
    }

    @Test func `no key's text is anywhere in the state folder`() throws {
        let registry = try scratch.registry()
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: .live)], at: now)
        var keys: [IssuedKey] = []
        for environment in Environment.allCases {
            keys.append(try registry.issueKey(to: id("acme-app"), in: environment, named: "k", by: "asha", at: now))
        }
        keys.append(try registry.rotateKey(keys[0].id, by: "asha", at: now))
        try registry.revokeKey(keys[1].id, by: "asha", reason: "test", at: now)
        try SnapshotPublisher.publish(registry, to: scratch.path + "/state")
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/state")
        #expect(names.contains("registry.sqlite-wal"))
        let files = try names.map { try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/state/" + $0)) }
        for key in keys {
            let secret = key.key.dropFirst("pgw_\(key.environment.name)_".count)
            for part in [Data(key.key.utf8), Data(secret.utf8), Data(secret.prefix(20).utf8), Data(secret.suffix(20).utf8)] {
                #expect(files.allSatisfy { $0.range(of: part) == nil })
            }
            // The search itself works: the digest is there.
            let digest = Data(SHA256.hash(data: Array(key.key.utf8)))
            #expect(files.contains { $0.range(of: digest) != nil })
        }
    }
}
