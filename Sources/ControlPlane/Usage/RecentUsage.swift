import Decisions
import Dispatch
import Foundation
package import Registry
import Synchronization

/// What an application's requests came to in the last day.
package struct RecentUsage: Sendable {
    /// Requests by verdict, the most first.
    package var counts: [(verdict: String, count: Int64)]
    /// The newest refusals, the newest first.
    package var refusals: [Refusal]

    /// A request that was refused.
    package struct Refusal: Sendable {
        /// When it was judged.
        package var time: WallTime
        /// Why: the problem's slug.
        package var verdict: String
        /// The route; nil where none was found.
        package var route: Identifier?
        /// What it was answered with; 0 where no answer was.
        package var status: UInt16
    }
}

/// What is known of that, as far as somebody who waits for a page can be told.
package enum RecentUsageAnswer: Sendable {
    case known(RecentUsage)
    /// Nothing is recorded.
    case notRecorded
    /// It takes longer than a page may.
    case late
    /// It cannot be read.
    case failed(String)
}

/// Looks up the last day of an application, for at most as long as somebody waits for a page. One look at a time reads: pages that ask meanwhile
/// wait their turn, and no longer than that.
package final class RecentUsageReader: Sendable {
    private let stateDirectory: String
    private let decisionsDirectory: String?
    private let queue = DispatchQueue(label: "recent-usage")
    private let timer = DispatchQueue(label: "recent-usage-timer")
    private let store = Mutex<UsageStore?>(nil)

    /// A reader of what is counted in a state folder and recorded in another; nil where nothing is.
    package init(stateDirectory: String, decisionsDirectory: String?) {
        (self.stateDirectory, self.decisionsDirectory) = (stateDirectory, decisionsDirectory)
    }

    /// The last day of an application.
    package func lastDay(of application: Identifier, at now: WallTime) async -> RecentUsageAnswer {
        guard let decisionsDirectory else { return .notRecorded }
        return await withCheckedContinuation { continuation in
            let answer = FirstAnswer(continuation)
            let start = DispatchTime.now()
            queue.async { [self] in
                guard !answer.isGiven else { return }
                let deadline = start + .milliseconds(Limits.recentUsageMilliseconds)
                answer.give(look(for: application, in: decisionsDirectory, at: now, until: deadline))
            }
            timer.asyncAfter(deadline: start + .milliseconds(Limits.recentUsageMilliseconds)) { answer.give(.late) }
        }
    }

    private func look(
        for application: Identifier, in folder: String, at now: WallTime, until deadline: DispatchTime
    ) -> RecentUsageAnswer {
        do {
            let since = WallTime(nanoseconds: now.nanoseconds - DayClock.dayNanoseconds)
            let counts = try counted().counts(by: .hour, since: since, until: now, of: application)
            let verdicts = Dictionary(counts.map { ($0.series.verdict, $0.count) }) { $0.plusClamped($1) }
            return .known(
                RecentUsage(
                    counts: verdicts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) },
                    refusals: try refusals(of: application, in: SegmentFolder(folder), at: now, until: deadline)))
        } catch {
            return .failed("\(error)")
        }
    }

    private func counted() throws -> UsageStore {
        if let open = store.withLock({ $0 }) { return open }
        let opened = try UsageStore(stateDirectory: stateDirectory)
        store.withLock { $0 = opened }
        return opened
    }

    /// Looked for in ever longer spans: mostly the first hold enough, and between two somebody may have waited long enough.
    private func refusals(
        of application: Identifier, in folder: SegmentFolder, at now: WallTime, until deadline: DispatchTime
    ) throws -> [RecentUsage.Refusal] {
        var found: [RecordedDecision] = []
        let records = try DecisionRecords(folder)
        for minutes in [Int64(10), 60, 360, 1_440] {
            guard found.count < Limits.recentRefusals, DispatchTime.now() < deadline else { break }
            var filter = DecisionFilter()
            filter.applications = [application]
            filter.verdicts = Verdict.refusals
            filter.wall = TimeSpan(first: now.nanoseconds - minutes * 60_000_000_000, last: .max)
            found = try records.newest(Limits.recentRefusals, filter).reversed()
        }
        return found.map { record in
            let decision = record.decision
            return RecentUsage.Refusal(
                time: WallTime(nanoseconds: decision.wallNanoseconds), verdict: decision.verdict.name, route: record.route,
                status: decision.status)
        }
    }
}

/// Whichever of two answers comes first.
private final class FirstAnswer: Sendable {
    private let continuation: Mutex<CheckedContinuation<RecentUsageAnswer, Never>?>

    init(_ continuation: CheckedContinuation<RecentUsageAnswer, Never>) { self.continuation = Mutex(continuation) }

    var isGiven: Bool { continuation.withLock { $0 == nil } }

    func give(_ answer: RecentUsageAnswer) {
        let waiting = continuation.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        waiting?.resume(returning: answer)
    }
}
