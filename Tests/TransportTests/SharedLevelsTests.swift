import Admission
import Foundation
import Registry
import Support
import Synchronization
import Testing

@testable import Transport

/// One levels file opened twice, as by a data plane and its successor.
@Suite struct SharedLevelsTests {
    let folder: TemporaryDirectory
    let path: String

    init() throws {
        folder = try TemporaryDirectory()
        path = folder.path + "/levels"
    }

    private let now = Moment(wall: WallTime(seconds: 1_000), monotonic: MonotonicTime(nanoseconds: 50_000_000_000))

    private func open() throws -> LevelFile { try LevelFile(path, at: now, boot: "boot") }

    private func applications(_ names: [String]) throws -> [ApplicationRecord] {
        try names.map { name in
            ApplicationRecord(
                id: try #require(Identifier(name)), partner: try #require(Identifier("partner")), state: .live,
                ends: WallTime(nanoseconds: .max), scopes: ScopeSet(Scope.allCases), plan: try #require(Identifier("plan")),
                allowedAddresses: [])
        }
    }

    private func spend(from store: SnapshotLevels, _ application: Int, under rule: BucketRule) -> Bool {
        var wait: Int64 = 1
        store.withLevels(of: application) { levels in
            var level = levels[.search]
            wait = take(cost: 1, from: &level, under: rule, at: now.monotonic)
            levels[.search] = level
        }
        return wait == 0
    }

    @Test func `what two spend from one bucket is together its burst`() throws {
        let burst = Int64(Soak.count(400_000))
        let rule = BucketRule(tokens: 1, periodNanoseconds: 1_000_000_000, burst: burst)
        let names = try applications(["app-one"])
        let stores = [try open().store(for: names), try open().store(for: names)]
        let admitted = Counter()
        let threads = try (0..<4).map { index in
            try Threads.start {
                for _ in 0..<burst where spend(from: stores[index % 2], 0, under: rule) { admitted.count() }
            }
        }
        threads.forEach(Threads.join)
        #expect(admitted.value == burst)
    }

    @Test func `both give out slots, and agree on them`() throws {
        let (first, second) = (try open(), try open())
        let names = (0..<3_000).map { "app-\($0)" }
        let mine = try first.store(for: applications(Array(names[0..<2_000])))
        let theirs = try second.store(for: applications(Array(names[1_000..<3_000])))
        let rule = BucketRule(tokens: 1, periodNanoseconds: 1_000_000_000, burst: 1)
        for application in 0..<2_000 { #expect(spend(from: mine, application, under: rule)) }
        for application in 0..<2_000 { #expect(spend(from: theirs, application, under: rule) == (application >= 1_000)) }
        let all = try first.store(for: applications(names))
        for application in 0..<3_000 { #expect(!spend(from: all, application, under: rule)) }
    }

    @Test func `slots given out by both at once are nobody's twice`() throws {
        let files = [try open(), try open()]
        let names = (0..<Soak.count(4_000)).map { "app-\($0)" }
        let records = [try applications(names), try applications(names.reversed())]
        let faults = Counter()
        let threads = try (0..<2).map { index in
            try Threads.start {
                for end in stride(from: 10, to: names.count, by: 10)
                where (try? files[index].store(for: Array(records[index][..<end]))) == nil {
                    faults.count()
                }
            }
        }
        threads.forEach(Threads.join)
        #expect(faults.value == 0)
        let rule = BucketRule(tokens: 1, periodNanoseconds: 1_000_000_000, burst: 1)
        let (mine, theirs) = (try files[0].store(for: records[0]), try files[1].store(for: records[1]))
        for application in names.indices { #expect(spend(from: mine, application, under: rule)) }
        for application in names.indices { #expect(!spend(from: theirs, application, under: rule)) }
    }

    @Test func `addresses' buckets are one for both, and outlive both`() throws {
        let rule = BucketRule(tokens: 1, periodNanoseconds: 1_000_000_000, burst: 5)
        let address = Address(ipv4: 0xC000_0201)
        func spend(_ levels: AddressLevels) -> Bool {
            levels.take(cost: 1, of: address, for: .search, under: rule, at: now.monotonic).waitNanoseconds == 0
        }
        do {
            let files = [try open(), try open()]
            for turn in 0..<4 { #expect(spend(files[turn % 2].anonymous)) }
            #expect(spend(files[0].failures), "the tables have nothing to do with each other")
        }
        let again = try open()
        #expect(spend(again.anonymous))
        #expect(!spend(again.anonymous))
    }

    @Test func `who dies holding a lock hangs nobody`() throws {
        let file = try open()
        let store = try file.store(for: applications(["app-one"]))
        let rule = BucketRule(tokens: 1, periodNanoseconds: 1_000_000_000, burst: 1_000)
        for _ in 0..<100 {
            // A thread's end is what the kernel sees of a killed process's threads, too.
            Threads.join(
                try Threads.start {
                    store.lockOfFirst.lock()
                })
            #expect(spend(from: store, 0, under: rule))
        }
        for _ in 0..<900 { #expect(spend(from: store, 0, under: rule)) }
        #expect(!spend(from: store, 0, under: rule))
    }

    @Test func `locks left held in a file that nobody has open are made anew`() throws {
        do { _ = try open().store(for: applications(["app-one"])) }
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for index in LevelLayout.locksOffset..<LevelLayout.anonymous.offset { bytes[index] = 0xA5 }
        try bytes.write(to: URL(fileURLWithPath: path))
        let store = try open().store(for: applications(["app-one"]))
        #expect(spend(from: store, 0, under: BucketRule(tokens: 1, periodNanoseconds: 1_000_000_000, burst: 1)))
    }
}

private final class Counter: Sendable {
    private let counted = Atomic<Int64>(0)

    func count() { counted.add(1, ordering: .relaxed) }

    var value: Int64 { counted.load(ordering: .relaxed) }
}

extension SnapshotLevels {
    /// The lock that the first application's slot has.
    var lockOfFirst: SharedLock { mapping.lock(0) }
}
