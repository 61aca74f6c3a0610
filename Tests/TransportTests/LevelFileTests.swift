import Admission
import Foundation
import Registry
import Support
import Testing

@testable import Transport

@Suite struct LevelFileTests {
    let folder: TemporaryDirectory
    let path: String

    init() throws {
        folder = try TemporaryDirectory()
        path = folder.path + "/levels"
    }

    private static let second: Int64 = 1_000_000_000

    private func moment(_ wallSeconds: Int64, _ monotonicSeconds: Int64) -> Moment {
        Moment(wall: WallTime(seconds: wallSeconds), monotonic: MonotonicTime(nanoseconds: monotonicSeconds * LevelFileTests.second))
    }

    private func applications(_ names: some Sequence<String>) throws -> [ApplicationRecord] {
        try names.map { name in
            ApplicationRecord(
                id: try #require(Identifier(name)), partner: try #require(Identifier("partner")), state: .live,
                ends: WallTime(nanoseconds: .max), scopes: ScopeSet(Scope.allCases), plan: try #require(Identifier("plan")),
                allowedAddresses: [])
        }
    }

    private func owe(_ seconds: Int64, until arrivalSeconds: Int64, _ store: SnapshotLevels, _ application: Int = 0) {
        store.withLevels(of: application) {
            $0[.search] = Level(arrival: arrivalSeconds * LevelFileTests.second, capacity: seconds * LevelFileTests.second)
        }
    }

    private func arrivalSeconds(_ store: SnapshotLevels, _ application: Int = 0) -> Int64 {
        var arrival: Int64 = -1
        store.withLevels(of: application) { arrival = $0[.search].arrival / LevelFileTests.second }
        return arrival
    }

    /// A process's life in the first boot: it leaves what `body` did to its levels.
    private func leave(_ names: [String], _ body: (SnapshotLevels) -> Void) throws {
        let file = try LevelFile(path, at: moment(1_000, 5_000), boot: "one")
        body(try file.store(for: applications(names)))
        file.stamp(moment(1_000, 5_000))
    }

    @Test func `levels are there again when the file is opened again, by the application's name`() throws {
        let first = try LevelFile(path, at: moment(1_000, 50), boot: "boot")
        let store = try first.store(for: applications(["app-one", "app-two"]))
        owe(100, until: 120, store, 0)
        owe(100, until: 130, store, 1)
        let second = try LevelFile(path, at: moment(1_010, 60), boot: "boot")
        let again = try second.store(for: applications(["app-two", "app-new", "app-one"]))
        #expect(arrivalSeconds(again, 0) == 130 && arrivalSeconds(again, 1) == 0 && arrivalSeconds(again, 2) == 120)
    }

    @Test func `stores of successive snapshots share levels`() throws {
        let file = try LevelFile(path, at: moment(1_000, 50), boot: "boot")
        let first = try file.store(for: applications(["app-one", "app-two"]))
        let second = try file.store(for: applications(["app-zero", "app-one"]))
        owe(100, until: 99, first, 0)
        #expect(arrivalSeconds(second, 1) == 99 && arrivalSeconds(second, 0) == 0)
        owe(100, until: 77, second, 1)
        #expect(arrivalSeconds(first, 0) == 77)
    }

    @Test func `more applications than there were slots find room, and earlier stores stay good`() throws {
        let file = try LevelFile(path, at: moment(1_000, 50), boot: "boot")
        let first = try file.store(for: applications(["app-one"]))
        let many = try file.store(for: applications((0..<5_000).map { "many-\($0)" } + ["app-one"]))
        owe(100, until: 66, many, 4_999)
        owe(100, until: 55, first)
        #expect(arrivalSeconds(many, 5_000) == 55)
        let again = try LevelFile(path, at: moment(1_001, 51), boot: "boot").store(for: applications(["many-4999", "app-one"]))
        #expect(arrivalSeconds(again, 0) == 66 && arrivalSeconds(again, 1) == 55)
    }

    @Test func `after a reboot what was owed is owed, less the time since by the wall clock`() throws {
        try leave(["app-one"]) { owe(300, until: 5_200, $0) }
        let after = try LevelFile(path, at: moment(1_060, 10), boot: "two").store(for: applications(["app-one"]))
        #expect(arrivalSeconds(after) == 10 + 140)
    }

    @Test func `a wall clock that went back credits nothing, and no debt grows above the burst`() throws {
        try leave(["app-one", "app-two"]) {
            owe(300, until: 5_200, $0, 0)
            owe(300, until: 9_000, $0, 1)
        }
        let after = try LevelFile(path, at: moment(10, 10), boot: "two").store(for: applications(["app-one", "app-two"]))
        #expect(arrivalSeconds(after, 0) == 10 + 200 && arrivalSeconds(after, 1) == 10 + 300)
    }

    @Test func `a bucket nobody has used stays as it is over a reboot`() throws {
        try leave(["app-one"]) { _ in }
        let after = try LevelFile(path, at: moment(1_060, 10), boot: "two").store(for: applications(["app-one"]))
        #expect(arrivalSeconds(after) == 0)
    }

    @Test(arguments: ["a few words", String(repeating: "x", count: 5_000)])
    func `a file of something else is left alone, with a clear sentence`(text: String) throws {
        try folder.write(text, to: "levels")
        let fault = try #require(throws: SystemFault.self) { try LevelFile(path, at: moment(1_000, 50), boot: "boot") }
        #expect(fault.description.contains("not a levels file"))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test func `a file whose making was cut off before its first word begins anew`() throws {
        try Data(count: 4_096 + 256 * 1_024).write(to: URL(fileURLWithPath: path))
        #expect(arrivalSeconds(try LevelFile(path, at: moment(1_000, 50), boot: "boot").store(for: applications(["app-one"]))) == 0)
    }

    @Test(arguments: 0..<50)
    func `a damaged file is no reason to crash`(seed: UInt64) throws {
        try leave(["app-one", "app-two"]) { owe(300, until: 5_200, $0) }
        var generator = SplitMix64(seed: seed)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let places = [
            8..<4_096, LevelLayout.locksOffset..<LevelLayout.anonymous.offset, LevelLayout.bytes(slots: 0)..<LevelLayout.bytes(slots: 3),
        ]
        for index in 0..<600 {
            bytes[Int.random(in: places[index % 3], using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
        try bytes.write(to: URL(fileURLWithPath: path))
        let boot = seed % 2 == 0 ? "one" : "two"
        let store = try LevelFile(path, at: moment(1_060, 10), boot: boot).store(for: applications(["app-one", "app-two", "app-three"]))
        let rule = BucketRule(tokens: 1, periodNanoseconds: LevelFileTests.second, burst: 100)
        for application in 0..<3 {
            store.withLevels(of: application) { levels in
                for scope in Scope.allCases {
                    var level = levels[scope]
                    _ = take(cost: 1, from: &level, under: rule, at: MonotonicTime(nanoseconds: 10 * LevelFileTests.second))
                }
            }
        }
    }

    @Test func `two slots of one application, which only damage makes, are never two applications'`() throws {
        try leave(["app-one", "app-two"]) { _ in }
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for index in 0..<40 { bytes[LevelLayout.offset(ofSlot: 1) + index] = bytes[LevelLayout.offset(ofSlot: 0) + index] }
        try bytes.write(to: URL(fileURLWithPath: path))
        let store = try LevelFile(path, at: moment(1_001, 5_001), boot: "one").store(
            for: applications(["app-one", "app-two", "app-three"]))
        for application in 0..<3 { owe(100, until: Int64(5_100 + application), store, application) }
        #expect((0..<3).map { arrivalSeconds(store, $0) } == [5_100, 5_101, 5_102])
    }

    @Test func `a damaged level counts as an empty bucket, and fills from there`() throws {
        try leave(["app-one"]) { store in
            store.withLevels(of: 0) { levels in
                levels[.search] = Level(arrival: 0, capacity: -5)
                levels.dayUsed[Int(Scope.search.rawValue)] = -5
            }
        }
        let store = try LevelFile(path, at: moment(1_001, 5_001), boot: "one").store(for: applications(["app-one"]))
        let rule = BucketRule(tokens: 1, periodNanoseconds: LevelFileTests.second, burst: 100)
        var waits: [Int64] = []
        store.withLevels(of: 0) { levels in
            var level = levels[.search]
            for second in [5_100, 5_101, 5_102] as [Int64] {
                waits.append(take(cost: 1, from: &level, under: rule, at: MonotonicTime(nanoseconds: second * LevelFileTests.second)))
            }
            #expect(levels.dayUsed[Int(Scope.search.rawValue)] > 1 << 50)
        }
        #expect(waits[0] > 0 && waits[1] == 0 && waits[2] == 0, "\(waits)")
    }

    @Test func `a count of slots damaged to nothing gives nobody another's level`() throws {
        try leave(["app-one"]) { owe(300, until: 5_200, $0) }
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for index in 8..<16 { bytes[index] = 0 }
        try bytes.write(to: URL(fileURLWithPath: path))
        let store = try LevelFile(path, at: moment(1_001, 5_001), boot: "one").store(for: applications(["app-two"]))
        #expect(arrivalSeconds(store) == 0)
    }

    @Test func `daily counts outlive the process and a reboot`() throws {
        try leave(["app-one"]) { store in
            store.withLevels(of: 0) { levels in
                levels.dayUsed[Int(Scope.search.rawValue)] = 4_321
                levels.day = 20_779
            }
        }
        let after = try LevelFile(path, at: moment(1_060, 10), boot: "two").store(for: applications(["app-one"]))
        var kept = Levels()
        after.withLevels(of: 0) { kept = $0 }
        #expect(kept.dayUsed[Int(Scope.search.rawValue)] == 4_321 && kept.day == 20_779)
    }

    @Test func `a file of the first form keeps its levels`() throws {
        let names = ["app-one", "app-two"]
        try Data(firstForm(of: names, arrivalSeconds: [120, 130])).write(to: URL(fileURLWithPath: path))
        let file = try LevelFile(path, at: moment(1_010, 60), boot: "boot")
        let store = try file.store(for: applications(names.reversed()))
        #expect(arrivalSeconds(store, 0) == 130 && arrivalSeconds(store, 1) == 120)
        var kept = Levels()
        store.withLevels(of: 0) { kept = $0 }
        #expect(kept.capacity[1] == 100 * LevelFileTests.second && kept.dayUsed[1] == 0 && kept.day == 0)
        let again = try LevelFile(path, at: moment(1_011, 61), boot: "boot").store(for: applications(names))
        #expect(arrivalSeconds(again, 0) == 120)
    }

    @Test(arguments: [8, 100, 4_096, 4_200])
    func `a file of the first form cut short is no reason to crash`(count: Int) throws {
        try Data(firstForm(of: ["app-one"], arrivalSeconds: [120]).prefix(count)).write(to: URL(fileURLWithPath: path))
        #expect(arrivalSeconds(try LevelFile(path, at: moment(1_010, 60), boot: "boot").store(for: applications(["app-one"]))) == 0)
    }

    /// A file as the version before wrote it: 192 bytes a slot, no daily counts.
    private func firstForm(of names: [String], arrivalSeconds: [Int64]) throws -> [UInt8] {
        let second = UInt64(LevelFileTests.second)
        var words: [UInt64] = [0x314C_5645_4C57_4750, UInt64(names.count), 1_000 * second, 50 * second]
        var bytes = words.flatMap(littleEndian) + Array("boot".utf8)
        bytes += [UInt8](repeating: 0, count: 4_096 - bytes.count)
        for (application, arrival) in zip(try applications(names), arrivalSeconds) {
            words = application.id.packedWords + [UInt64](repeating: 0, count: 16)
            words[5 + Int(Scope.search.rawValue)] = UInt64(arrival * LevelFileTests.second)
            words[13 + Int(Scope.search.rawValue)] = UInt64(100 * LevelFileTests.second)
            bytes += words.flatMap(littleEndian) + [UInt8](repeating: 0, count: 192 - 21 * 8)
        }
        return bytes
    }

    private func littleEndian(_ word: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) } }

    @Test func `a folder that does not exist is told`() throws {
        let fault = try #require(throws: SystemFault.self) { try LevelFile(folder.path + "/no/levels", at: moment(1, 1), boot: "") }
        #expect(fault.description.contains("No such file"))
    }
}
