import DecisionLoad
import Decisions
import Dispatch
import Foundation
import GRDB
import HTTPTypes
import Registry
import Synchronization
import Testing

@testable import ControlPlane

/// Answers that take long, and those that would be too long.
struct LongAnswerTests {
    /// Work that waits at a door, and whether it ever was there with other work.
    private final class Room: Sendable {
        private let door = DispatchSemaphore(value: 0)
        private let people = Mutex((now: 0, most: 0))

        var most: Int { people.withLock { $0.most } }

        func enter() {
            people.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            door.wait()
            people.withLock { $0.now -= 1 }
        }

        func open(to count: Int) { for _ in 0..<count { door.signal() } }
    }

    @Test func `long work is done one after the other, off the tasks' threads, and only so many wait`() async throws {
        let (work, room) = (SlowWork("test"), Room())
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<Limits.slowWorkWaiting + 8 {
                group.addTask {
                    do { try await work.run { room.enter() } } catch is SlowWork.Busy { return false }
                    return true
                }
            }
            // Those that there was no room for end by themselves, on the threads that waiting work would hold.
            for _ in 0..<8 { #expect(try await group.next() == false) }
            room.open(to: Limits.slowWorkWaiting)
            while let isDone = try await group.next() { #expect(isDone) }
        }
        #expect(room.most == 1)
        #expect(try await work.run { 7 } == 7, "and there is room again")
    }

    @Test func `busy is told with a wait`() {
        let answer = AdminProblemTable.answer(to: SlowWork.Busy())
        #expect(answer?.problem == .unavailable && answer?.waitNanoseconds == 5_000_000_000)
    }

    @Test func `all partners come out as they are at one moment, in three statements`() throws {
        let site = try AdminSite()
        let one = try site.registry.partners().map { try site.registry.exported($0.declaration.id) }
        var statements = 0
        let all = try site.registry.read { database in
            database.trace { _ in statements += 1 }
            defer { database.trace(nil) }
            return try RegistryStore.exported(nil, database)
        }
        #expect(all == one && statements == 3)
        #expect(throws: RegistryError.self) { try site.registry.exported(id("none-such")) }
    }

    @Test func `decisions without a beginning are those of a day`() async throws {
        let log = try RecordedLog(seed: 5, segments: 3)
        let site = try AdminSite(recordsDirectory: log.files.path)
        let (begun, last) = (log.ordered.map(\.wallNanoseconds).min(), log.ordered.map(\.wallNanoseconds).max())
        let end = WallTime(seconds: WallTime(nanoseconds: try #require(last)).seconds + 1)
        #expect(end.nanoseconds - (begun ?? 0) < DayClock.dayNanoseconds / 2, "they are of some hours")
        site.plane.wait(seconds: end.seconds - site.plane.now.seconds)
        let asha = try await site.caller("asha", [.reviewer])
        let all = min(1_000, log.files.all.count)
        func count(_ query: String) async throws -> Int {
            let answer = try await asha.get("/decisions?limit=1000" + query)
            #expect(answer.status == 200, "\(answer.text)")
            return answer.items.count
        }
        #expect(try await count("") == all)
        let later = WallTime(seconds: end.seconds + 2 * 86_400)
        #expect(try await count("&until=\(later.text)") == all, "what is to come has no day of its own")
        site.plane.wait(seconds: 2 * 86_400)
        #expect(try await count("") == 0)
        #expect(try await count("&until=\(end.text)") == all)
        #expect(try await count("&since=1970-01-01T00:00:00Z") == all)
    }
}
