import Dispatch
import Foundation
import Logging
import Registry
import Support
import Synchronization
import Testing

@testable import ControlPlane

@Suite struct PublishingTests {
    private let scratch: Scratch
    private let now = Scratch.now
    private var state: String { scratch.path + "/state" }

    init() throws { scratch = try Scratch() }

    private func bytes() -> [UInt8]? { FileManager.default.contents(atPath: SnapshotPublisher.snapshotPath(state)).map(Array.init) }

    private func revisionOnDisk() throws -> UInt64? { try bytes().map { try SnapshotFile.decode($0).revision } }

    @Test func `the snapshot says what the registry says`() throws {
        let report = try FirstStart.run(
            stateDirectory: state, partnersDirectory: repository + "/partners", policiesDirectory: repository + "/policies", at: now)
        let snapshot = try SnapshotFile.decode(try #require(bytes()))
        let applications = try report.registry.applications()
        #expect(snapshot.applications.map(\.id) == applications.map(\.declaration.id))
        #expect(snapshot.applications.map(\.state) == applications.map(\.lifecycle.state))
        #expect(snapshot.applications.map(\.scopes) == applications.map(\.granted))
        #expect(snapshot.applications.map(\.allowedAddresses) == applications.map { $0.declaration.allowedAddresses ?? [] })
        #expect(snapshot.policy == (try report.registry.policyInForce()))
        for (record, application) in zip(snapshot.applications, applications) {
            if let plan = application.plan { #expect(record.plan == plan) }
            #expect(record.ends == application.lifecycle.withdrawnUntil ?? WallTime(nanoseconds: .max))
        }
        #expect(snapshot.credentials.count == 1)
    }

    @Test func `many publish at once: every file is whole and no revision goes back`() throws {
        let stores = try (0..<4).map { _ in try scratch.registry() }
        _ = try stores[0].importPartners((0..<4).map { partner("partner-\($0)", application: "application-\($0)", in: .live) }, at: now)
        try SnapshotPublisher.publish(stores[0], to: state)
        let faults = Mutex<[String]>([])
        let running = Atomic(4)
        let rounds = Soak.count(150)
        DispatchQueue.concurrentPerform(iterations: 5) { worker in
            do {
                guard worker < 4 else {
                    var last: UInt64 = 0
                    while running.load(ordering: .acquiring) > 0 {
                        let revision = try revisionOnDisk() ?? 0
                        if revision < last { faults.withLock { $0.append("\(revision) after \(last)") } }
                        last = revision
                    }
                    return
                }
                defer { running.subtract(1, ordering: .releasing) }
                for round in 0..<rounds {
                    _ = try stores[worker].move(
                        id("application-\(worker)"), round % 2 == 0 ? .suspend : .resume, by: "asha", reason: "x", at: now)
                    try SnapshotPublisher.publish(stores[worker], to: state)
                }
            } catch { faults.withLock { $0.append("\(error)") } }
        }
        #expect(faults.withLock { $0 } == [])
        #expect(try revisionOnDisk() == stores[0].revision())
    }

    @Test func `a lower revision never replaces a higher one`() throws {
        let registry = try scratch.registry()
        let real = try registry.snapshot()
        let ahead = try Snapshot(revision: real.revision + 10, policy: real.policy, applications: [], credentials: [])
        try Data(SnapshotFile.encode(ahead)).write(to: URL(fileURLWithPath: SnapshotPublisher.snapshotPath(state)))
        let error = #expect(throws: RegistryError.self) { try SnapshotPublisher.publish(registry, to: state) }
        #expect(error?.description.contains("the registry was rolled back") == true)
        #expect(try revisionOnDisk() == real.revision + 10)
    }

    /// What a first start finds where `registry.sqlite` was removed and `snapshot` was not.
    private func leaveSnapshot(revision: UInt64) throws {
        let elsewhere = try Scratch()
        let policy = try elsewhere.registry().policyInForce()
        let left = try Snapshot(revision: revision, policy: policy, applications: [], credentials: [])
        try scratch.write("", to: "state/snapshot")
        try Data(SnapshotFile.encode(left)).write(to: URL(fileURLWithPath: SnapshotPublisher.snapshotPath(state)))
    }

    private func firstStart() throws -> StartReport {
        try FirstStart.run(
            stateDirectory: state, partnersDirectory: repository + "/partners", policiesDirectory: repository + "/policies", at: now)
    }

    @Test func `a first start over a snapshot that an earlier registry left counts on from it`() throws {
        try leaveSnapshot(revision: 4_711)
        let report = try firstStart()
        #expect(report.imported != nil && report.issuedKey != nil)
        #expect(try report.registry.revision() == 4_712)
        #expect(try revisionOnDisk() == 4_712)
        try report.registry.close()
        let later = try firstStart()
        #expect(later.imported == nil && later.issuedKey == nil)
        #expect(try revisionOnDisk() == 4_712)
    }

    @Test func `a first start over a revision that nothing can follow is refused before anything is kept`() throws {
        try leaveSnapshot(revision: .max)
        let error = #expect(throws: RegistryError.self) { _ = try firstStart() }
        #expect(error?.description.contains("remove the file 'snapshot'") == true)
        try FileManager.default.removeItem(atPath: SnapshotPublisher.snapshotPath(state))
        #expect(try firstStart().issuedKey != nil, "nothing of the refused start is left")
    }

    @Test func `a damaged snapshot is replaced`() throws {
        let registry = try scratch.registry()
        try scratch.write("PGWSNAP and then nothing", to: "state/snapshot")
        #expect(try SnapshotPublisher.publish(registry, to: state) == .published(registry.revision()))
        #expect(try SnapshotPublisher.publish(registry, to: state) == .unchanged(registry.revision()))
    }

    @Test func `where publishing fails, the old snapshot stays whole and the reason is said`() throws {
        let registry = try scratch.registry()
        try SnapshotPublisher.publish(registry, to: state)
        let before = bytes()
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: .live)], at: now)
        try FileManager.default.removeItem(atPath: state + "/publish.lock")
        try FileManager.default.createDirectory(atPath: state + "/publish.lock", withIntermediateDirectories: false)
        let error = #expect(throws: RegistryError.self) { try SnapshotPublisher.publish(registry, to: state) }
        #expect(error?.description.contains("cannot lock \(state)/publish.lock") == true)
        #expect(bytes() == before)
        try FileManager.default.removeItem(atPath: state + "/publish.lock")
        #expect(try SnapshotPublisher.publish(registry, to: state) == .published(registry.revision()))
    }

    @Test func `the watch waits for nobody: while another publishes it tries again at the next tick`() throws {
        let registry = try scratch.registry()
        let watch = RegistryWatch(registry: registry, stateDirectory: state, logger: Logger(label: "test"))
        var progress = RegistryWatch.Progress(published: nil)
        let before = try FileLock.holding(SnapshotPublisher.lockPath(state), seconds: 0) {
            let ticks = Limits.publishLockSeconds * 1_000 / Limits.watchMilliseconds
            let start = ContinuousClock.now
            for _ in 1..<ticks { try watch.tick(&progress) }
            // Far less than if each tick had waited for the lock.
            #expect(ContinuousClock.now - start < .seconds(Limits.publishLockSeconds * ticks / 2), "\(ticks) ticks")
            let error = #expect(throws: RegistryError.self) { try watch.tick(&progress) }
            #expect(error?.description.contains("another process has held") == true, "a lock that nobody lets go of is said")
            return progress.published
        }
        #expect(before == nil)
        #expect(bytes() == nil)
        try watch.tick(&progress)
        #expect(progress.published == (try registry.revision()) && progress.ticksHeldUp == 0)
        #expect(try revisionOnDisk() == registry.revision())
    }

    @Test func `what a command committed and did not publish is published by the watch`() async throws {
        let registry = try scratch.registry()
        try SnapshotPublisher.publish(registry, to: state)
        let watch = RegistryWatch(registry: registry, stateDirectory: state, logger: Logger(label: "test"))
        let task = Task { try await watch.run() }
        // Another process that dies between commit and publish.
        let command = try RegistryStore(stateDirectory: state)
        for name in ["acme", "bolt", "cord"] {
            _ = try command.importPartners([partner(name, application: "\(name)-app")], at: now)
            let revision = try command.revision()
            let isPublished = try await eventually(withinSeconds: 120) { try revisionOnDisk() == revision }
            #expect(isPublished)
        }
        task.cancel()
        try await task.value
    }
}
