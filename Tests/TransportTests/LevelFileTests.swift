import Admission
import Foundation
import Registry
import Support
import Testing
import Transport

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
        let before = try LevelFile(path, at: moment(1_000, 5_000), boot: "one")
        let store = try before.store(for: applications(["app-one"]))
        owe(300, until: 5_200, store)
        before.stamp(moment(1_000, 5_000))
        let after = try LevelFile(path, at: moment(1_060, 10), boot: "two").store(for: applications(["app-one"]))
        #expect(arrivalSeconds(after) == 10 + 140)
    }

    @Test func `a wall clock that went back credits nothing, and no debt grows above the burst`() throws {
        let before = try LevelFile(path, at: moment(1_000, 5_000), boot: "one")
        let store = try before.store(for: applications(["app-one", "app-two"]))
        owe(300, until: 5_200, store, 0)
        owe(300, until: 9_000, store, 1)
        before.stamp(moment(1_000, 5_000))
        let after = try LevelFile(path, at: moment(10, 10), boot: "two").store(for: applications(["app-one", "app-two"]))
        #expect(arrivalSeconds(after, 0) == 10 + 200 && arrivalSeconds(after, 1) == 10 + 300)
    }

    @Test func `a bucket nobody has used stays as it is over a reboot`() throws {
        _ = try LevelFile(path, at: moment(1_000, 5_000), boot: "one").store(for: applications(["app-one"]))
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
        try Data(count: 4_096 + 192 * 1_024).write(to: URL(fileURLWithPath: path))
        #expect(arrivalSeconds(try LevelFile(path, at: moment(1_000, 50), boot: "boot").store(for: applications(["app-one"]))) == 0)
    }

    @Test(arguments: 0..<50)
    func `a damaged file is no reason to crash`(seed: UInt64) throws {
        let file = try LevelFile(path, at: moment(1_000, 5_000), boot: "one")
        owe(300, until: 5_200, try file.store(for: applications(["app-one", "app-two"])))
        var generator = SplitMix64(seed: seed)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for _ in 0..<200 { bytes[Int.random(in: 8..<4_096 + 192 * 3, using: &generator)] = UInt8.random(in: 0...255, using: &generator) }
        try bytes.write(to: URL(fileURLWithPath: path))
        _ = try LevelFile(path, at: moment(1_060, 10), boot: "two").store(for: applications(["app-one", "app-two", "app-three"]))
    }

    @Test func `a folder that does not exist is told`() throws {
        let fault = try #require(throws: SystemFault.self) { try LevelFile(folder.path + "/no/levels", at: moment(1, 1), boot: "") }
        #expect(fault.description.contains("No such file"))
    }
}
