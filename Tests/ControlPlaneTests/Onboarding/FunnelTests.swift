import Foundation
import Registry
import Support
import Testing

@testable import ControlPlane

/// Counts and ages, against counting by hand.
@Suite struct FunnelTests {
    private static let day = DayClock.dayNanoseconds
    private let clocks: [ApplicationState: StateClock] = [.inReview: StateClock(reminderDays: 5, escalationDays: 10)]

    private func before(_ days: Int64, _ more: Int64 = 0) -> WallTime {
        WallTime(nanoseconds: Scratch.now.nanoseconds - days * FunnelTests.day - more)
    }

    private func funnel(_ entries: [Funnel.Entry]) -> Funnel {
        Funnel(entries, clocks: clocks, days: DayClock(offsetMinutes: 330), at: Scratch.now)
    }

    @Test func `nothing received is nothing, not a fault`() {
        let funnel = funnel([])
        #expect(funnel.all.count == 0 && funnel.all.sinceReceived == nil && funnel.states.isEmpty && funnel.weeks.isEmpty)
    }

    @Test(
        arguments: [
            ([5], 5, 5), ([1, 9], 1, 9), ([3, 1, 2], 2, 3), ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 5, 9),
            ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 6, 10),
        ] as [([Int64], Int64, Int64)])
    func `median and ninetieth percentile are ages that somebody has`(days: [Int64], median: Int64, ninetieth: Int64) {
        let ages = funnel(days.map { Funnel.Entry(kind: .app, state: .draft, since: before($0), received: before($0 + 1)) }).all
        #expect(ages.inState?.medianNanoseconds == median * FunnelTests.day)
        #expect(ages.inState?.ninetiethNanoseconds == ninetieth * FunnelTests.day)
        #expect(ages.sinceReceived?.medianNanoseconds == (median + 1) * FunnelTests.day)
    }

    @Test(arguments: [(5, -1, 0, 0), (5, 0, 1, 0), (10, -1, 1, 0), (10, 0, 1, 1)] as [(Int64, Int64, Int, Int)])
    func `stuck is what is past its state's clock, to the nanosecond`(days: Int64, more: Int64, stuck: Int, escalated: Int) {
        let entries = [
            Funnel.Entry(kind: .app, state: .inReview, since: before(days, more), received: nil),
            Funnel.Entry(kind: .app, state: .live, since: before(900), received: nil),
            Funnel.Entry(kind: .app, state: .inReview, since: nil, received: nil),
        ]
        let funnel = funnel(entries)
        #expect(funnel.all.stuck == stuck && funnel.all.escalated == escalated && funnel.states[.live]?.stuck == 0)
        #expect(funnel.undated == 3)
    }

    @Test func `a week is one of the clocks there`() {
        // Sunday 13 June 2021, 23:59:59 and one second later in India.
        let entries = ["2021-06-13T18:29:59Z", "2021-06-13T18:30:00Z"].map { text in
            Funnel.Entry(kind: .app, state: .draft, since: nil, received: WallTime(calendar: text))
        }
        #expect(funnel(entries).weeks.map(\.week.text) == ["2021-W23", "2021-W24"])
    }

    @Test(arguments: 0..<Soak.count(100)) func `every way of counting gives the same applications`(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let entries = (0..<Int.random(in: 0...300, using: &random)).map { _ in
            let received = Bool.random(using: &random) ? before(Int64.random(in: 0...900, using: &random)) : nil
            return Funnel.Entry(
                kind: PartnerKind.allCases.randomElement(using: &random) ?? .app,
                state: ApplicationState.allCases.randomElement(using: &random) ?? .draft,
                since: Bool.random(using: &random) ? before(Int64.random(in: 0...20, using: &random)) : nil, received: received,
                reached: Set(ApplicationState.allCases.filter { _ in Bool.random(using: &random) }))
        }
        let funnel = funnel(entries)
        #expect(funnel.all.count == entries.count)
        for groups in [Array(funnel.states.values), Array(funnel.kinds.values)] {
            #expect(groups.map(\.count).reduce(0, +) == entries.count)
            #expect(groups.map(\.stuck).reduce(0, +) == funnel.all.stuck)
        }
        #expect(funnel.weeks.map(\.group.count).reduce(funnel.undated, +) == entries.count)
        for state in ApplicationState.allCases {
            let count = entries.count { $0.state == state }
            #expect(funnel.all.states[state] ?? 0 == count && funnel.states[state]?.count ?? 0 == count)
            #expect(funnel.kinds.values.map { $0.states[state] ?? 0 }.reduce(0, +) == count)
            #expect(funnel.all.reached[state] ?? 0 == entries.count { $0.reached.contains(state) })
        }
    }

    @Test func `what the registry says is what was done, and a first of two has moved nothing`() throws {
        let scratch = try Scratch()
        let registry = try scratch.registry()
        let now = Scratch.now
        _ = try registry.importPartners(
            [partner("acme", application: "acme-app", in: .approved), partner("bolt", application: "bolt-app")], at: now)
        for move in [LifecycleMove.submit, .review, .requestChanges, .submit, .review] {
            _ = try registry.move(id("bolt-app"), move, by: "reva", reason: "as it goes", at: now)
        }
        _ = try registry.move(id("acme-app"), .goLive, by: "asha", reason: "ready", at: now)
        let funnel = try registry.funnel(at: WallTime(nanoseconds: now.nanoseconds + 6 * FunnelTests.day))
        #expect(funnel.all.count == 2 && funnel.all.states == [.approved: 1, .inReview: 1])
        #expect(funnel.all.reached == [.draft: 2, .submitted: 1, .inReview: 1, .changesRequested: 1, .approved: 1])
        #expect(funnel.all.stuck == 2 && funnel.all.escalated == 0)
        #expect(funnel.all.sinceReceived?.medianNanoseconds == 6 * FunnelTests.day)
        _ = try registry.move(id("acme-app"), .goLive, by: "bela", reason: "ready", at: now)
        #expect(try registry.funnel(at: now).all.reached[.live] == 1)
    }

    private static let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

    @Test(.enabled(if: FunnelTests.hasPython, "python3 makes the set"), arguments: [2021, 7])
    func `a generated set has 204 applications of the days of 2021, and imports`(seed: Int) throws {
        let scratch = try Scratch()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [repository + "/Tests/Onboarding/generate", "--seed", String(seed)]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let table = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try scratch.write(table, to: "set.csv")
        let registry = try scratch.registry()
        let partners = try loadPartners(from: scratch.path + "/set.csv", under: registry.policyInForce())
        let summary = try registry.importPartners(partners, at: Scratch.now)
        #expect(summary.partnersAdded == 204 && summary.applicationsAdded == 204)
        let funnel = try registry.funnel(at: Scratch.now)
        #expect(funnel.all.count == 204 && funnel.kinds[.government]?.count == 10)
        let dates = try registry.applications().compactMap(\.received)
        func until(_ text: String) throws -> Int {
            let end = try #require(WallTime(calendar: text))
            return dates.count { $0 <= end }
        }
        #expect(try until("2021-06-10T23:59:59+05:30") == 15)
        #expect(try until("2021-06-16T23:59:59+05:30") == 125)
        #expect(try until("2021-07-03T23:59:59+05:30") == 204)
        #expect(try registry.importPartners(partners, at: Scratch.now) == ImportSummary(), "the same again changes nothing")
    }

    @Test func `who was imported suspended or revoked has been where it returns to`() throws {
        let scratch = try Scratch()
        let registry = try scratch.registry()
        let imported: [(String, ApplicationState, ApplicationState?)] = [
            ("one", .suspended, .live), ("two", .suspended, .sandbox), ("three", .revoked, .approved), ("four", .live, nil),
            ("five", .suspended, nil),
        ]
        let partners = imported.map { name, state, returnsTo in
            var declared = partner(name, application: name + "-app", in: state)
            declared.applications[0].resumesIn = returnsTo
            return declared
        }
        _ = try registry.importPartners(partners, at: Scratch.now)
        let reached = try registry.funnel(at: Scratch.now).all.reached
        #expect(reached[.live] == 3 && reached[.approved] == 4 && reached[.sandbox] == 1 && reached[.suspended] == 3)
    }
}
