import Dispatch
import Foundation
import Registry
import Support
import Synchronization
import Testing

@testable import ControlPlane

/// Several openings of one registry file, as several processes have it: each its own connections, nothing shared but the file.
@Suite struct ConcurrencyTests {
    private let scratch: Scratch
    private let now = Scratch.now

    init() throws { scratch = try Scratch() }

    @Test func `writers of several processes lose nothing and count every change once`() throws {
        let stores = try (0..<4).map { _ in try scratch.registry() }
        let names = (0..<8).map { "application-\($0)" }
        _ = try stores[0].importPartners(names.map { partner("partner-of-\($0)", application: $0, in: .live) }, at: now)
        let start = try stores[0].revision()
        let faults = Mutex<[String]>([])
        let rounds = Soak.count(200)
        DispatchQueue.concurrentPerform(iterations: 8) { worker in
            do {
                for round in 0..<rounds {
                    let store = stores[(worker + round) % stores.count]
                    let key = try store.issueKey(to: id(names[worker]), in: .production, named: "\(round)", by: "asha", at: now)
                    let next = try store.rotateKey(key.id, by: "asha", retiringForSeconds: 0, at: now)
                    try store.revokeKey(next.id, by: "asha", reason: "test", at: now)
                    _ = try store.move(id(names[worker]), .suspend, by: "asha", reason: "test", at: now)
                    _ = try store.move(id(names[worker]), .resume, by: "asha", reason: "test", at: now)
                }
            } catch { faults.withLock { $0.append("\(error)") } }
        }
        #expect(faults.withLock { $0 } == [])
        #expect(try stores[0].revision() == start + UInt64(8 * rounds * 5))
        for name in names {
            #expect(try stores[1].moves(of: id(name)).count == 1 + 2 * rounds)
            #expect(try stores[2].keys(of: id(name)).count == 2 * rounds)
        }
    }

    @Test(arguments: 0..<5) func `of many who ask at once, exactly one moves an application`(_ round: Int) throws {
        let stores = try (0..<4).map { _ in try scratch.registry() }
        _ = try stores[0].importPartners([partner("acme", application: "acme-app", in: .live)], at: now)
        let moved = Atomic(0)
        let refused = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 12) { worker in
            do {
                _ = try stores[worker % 4].move(id("acme-app"), .suspend, by: "person \(worker)", reason: "race \(round)", at: now)
                moved.add(1, ordering: .relaxed)
            } catch { refused.add(1, ordering: .relaxed) }
        }
        #expect(moved.load(ordering: .relaxed) == 1)
        #expect(refused.load(ordering: .relaxed) == 11)
        #expect(try stores[1].moves(of: id("acme-app")).count == 2)
    }

    @Test(arguments: 0..<5) func `of many who let it go live at once, two count: one waits, one decides`(_ round: Int) throws {
        let stores = try (0..<4).map { _ in try scratch.registry() }
        _ = try stores[0].importPartners([partner("acme", application: "acme-app", in: .approved)], at: now)
        DispatchQueue.concurrentPerform(iterations: 8) { worker in
            _ = try? stores[worker % 4].move(id("acme-app"), .goLive, by: "person \(worker / 2)", reason: "race \(round)", at: now)
        }
        let moves = try stores[2].moves(of: id("acme-app")).dropFirst()
        #expect(moves.map(\.isPending) == [true, false])
        #expect(Set(moves.map(\.actor)).count == 2)
        #expect(try stores[3].application(id("acme-app")).lifecycle.state == .live)
    }

    @Test func `many may open a new registry at once`() throws {
        let path = scratch.path + "/state"
        let faults = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            do { _ = try RegistryStore(stateDirectory: path).revision() } catch { faults.withLock { $0.append("\(error)") } }
        }
        #expect(faults.withLock { $0 } == [])
    }

    @Test func `two first starts at once import once and issue one key`() throws {
        let reports = Mutex<[StartReport]>([])
        let faults = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            do {
                let report = try FirstStart.run(
                    stateDirectory: scratch.path + "/state", partnersDirectory: repository + "/partners",
                    policiesDirectory: repository + "/policies", at: now)
                reports.withLock { $0.append(report) }
            } catch { faults.withLock { $0.append("\(error)") } }
        }
        #expect(faults.withLock { $0 } == [])
        #expect(reports.withLock { $0.compactMap(\.issuedKey) }.count == 1)
        #expect(reports.withLock { $0.compactMap(\.imported) }.count == 1)
    }
}
