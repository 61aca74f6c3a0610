package import Decisions
package import Exchange
import Glibc
package import Registry
import Synchronization

/// Writes down what the loops decided: a thread of its own takes the records from their rings every few milliseconds, and appends them to the
/// live segment. Nothing waits for it. A full disk takes the oldest segments; where there is none left to take, records are dropped and counted.
package final class DecisionLog: Sendable {
    /// How the log is kept.
    package struct Setting: Sendable {
        /// The folder of segments.
        package var path: String
        /// The most bytes of all segments; the oldest go first.
        package var keptBytes: Int
        /// The most days a segment is kept.
        package var keptDays: Int

        /// Records of a segment before the next is begun.
        package var segmentRecords: Int
        /// `errno` of the disk's next refusal, 0 for none: what tests let go wrong.
        package var diskFault: @Sendable () -> Int32

        /// A setting from its parts.
        package init(
            path: String, keptBytes: Int, keptDays: Int, segmentRecords: Int = DecisionLimits.segmentRecords,
            diskFault: @escaping @Sendable () -> Int32 = { 0 }
        ) {
            self.segmentRecords = segmentRecords
            self.diskFault = diskFault
            self.path = path
            self.keptBytes = keptBytes
            self.keptDays = keptDays
        }
    }

    /// What happened to the log, for the people's one.
    package enum News: Sendable {
        /// Nothing can be written, and why; told once until something was written again.
        case failing(String)
        /// Records are written again.
        case recovered
        /// So many oldest segments were removed because there was no room on the disk.
        case madeRoom(segments: Int)
        /// So many records are missing.
        case dropped(Int)
        /// A segment could not be sealed; it is tried again.
        case unsealed(segment: String, why: String)
        /// A segment is damaged, and lies aside.
        case damaged(segment: String, why: String)
    }

    /// A ring for each loop, in their order.
    package let rings: [DecisionRing]
    /// Looks up what was written.
    package let desk: DecisionDesk
    /// What records name by numbers.
    package let facts: FactTable
    private let tally = Mutex(Tally())
    private let known = Mutex(Standing())
    private let changes = Mutex<[RuleChange]>([])
    private let isEnding = Atomic<Bool>(false)
    private let isFailing = Atomic<Bool>(false)
    private let setting: Setting
    private let folder: SegmentFolder
    private let spelling: @Sendable (EndpointName) -> String
    private let reporter: @Sendable (News) -> Void
    private let thread = Mutex<Threads.Handle?>(nil)

    /// A log of so many loops; its folder is made with the first record. `spelling` says what an endpoint is called at the moment.
    package init(
        _ setting: Setting, loops: Int, facts: FactTable, spelling: @escaping @Sendable (EndpointName) -> String,
        reporter: @escaping @Sendable (News) -> Void
    ) throws {
        desk = try DecisionDesk(path: setting.path)
        self.setting = setting
        self.facts = facts
        self.spelling = spelling
        self.reporter = reporter
        folder = SegmentFolder(at: setting.path)
        rings = (0..<loops).map { _ in DecisionRing() }
    }

    /// What is on the disk.
    package struct Standing: Sendable {
        /// Segments.
        package var segments = 0
        /// Their bytes.
        package var bytes = 0
    }

    /// Whether what was to be written last is in the log.
    package var isWriting: Bool { !isFailing.load(ordering: .relaxed) }

    /// What is on the disk, as looked at a few seconds ago.
    package var standing: Standing { known.withLock { $0 } }

    /// What the records written since the start come to.
    package var counted: Tally { tally.withLock { $0 } }

    /// A batch is in the log: from now on it counts.
    func count(_ records: [DecisionWords]) {
        tally.withLock { tally in
            for words in records { if let decision = Decision(words) { tally.count(decision, facts: facts) } }
        }
    }

    func countMissing(_ count: Int) { tally.withLock { $0.drop(UInt64(count)) } }

    func note(_ standing: Standing) { known.withLock { $0 = standing } }

    func report(_ news: News) {
        switch news {
        case .failing: isFailing.store(true, ordering: .relaxed)
        case .recovered: isFailing.store(false, ordering: .relaxed)
        case .madeRoom, .dropped, .unsealed, .damaged: break
        }
        reporter(news)
    }

    /// Begins to write.
    package func start() throws {
        let handle = try Threads.start {
            var writer = DecisionWriter(self, self.setting, self.folder, self.spelling, { self.report($0) })
            while !self.isEnding.load(ordering: .acquiring) {
                writer.turn(self.rings, self.takeChanges(), at: SystemClock.now())
                Threads.pause(milliseconds: TransportLimits.decisionTurnMilliseconds)
            }
            writer.turn(self.rings, self.takeChanges(), at: SystemClock.now())
        }
        thread.withLock { $0 = handle }
        try desk.start()
        // It ends with the process: what it is on then begins again at the next start.
        _ = try Threads.start {
            Threads.giveWay()
            let sealing = SegmentSealing(folder: self.folder, reporter: self.reporter)
            while true {
                sealing.turn()
                Threads.pause(milliseconds: TransportLimits.sealingPauseMilliseconds)
            }
        }
    }

    /// Writes what is there and ends; the loops must have ended before.
    package func finish() {
        isEnding.store(true, ordering: .releasing)
        if let handle = thread.withLock({ $0 }) { Threads.join(handle) }
    }

    /// New rules are in force from now on.
    package func adopted(_ new: Ruleset, after old: Ruleset, at now: WallTime) {
        let found = new.changes(since: old, at: now)
        if !found.isEmpty { changes.withLock { $0 += found } }
    }

    private func takeChanges() -> [RuleChange] {
        changes.withLock { changes in
            defer { changes = [] }
            return changes
        }
    }
}
