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
            path: String, keptBytes: Int, keptDays: Int, segmentRecords: Int? = nil, diskFault: @escaping @Sendable () -> Int32 = { 0 }
        ) {
            self.segmentRecords = segmentRecords ?? TransportLimits.segmentRecords
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
        /// A segment is damaged, and lies aside.
        case damaged(segment: String, why: String)
    }

    /// A ring for each loop, in their order.
    package let rings: [DecisionRing]
    /// What records name by numbers.
    package let facts: FactTable
    private let tally = Mutex(Tally())
    private let known = Mutex(Standing())
    private let changes = Mutex<[RuleChange]>([])
    private let isEnding = Atomic<Bool>(false)
    private let setting: Setting
    private let folder: SegmentFolder
    private let spelling: @Sendable (EndpointName) -> String
    private let reporter: @Sendable (News) -> Void
    private let thread = Mutex<Threads.Handle?>(nil)

    /// A log of so many loops, its folder made; `spelling` says what an endpoint is called at the moment.
    package init(
        _ setting: Setting, loops: Int, facts: FactTable, spelling: @escaping @Sendable (EndpointName) -> String,
        reporter: @escaping @Sendable (News) -> Void
    ) throws {
        self.setting = setting
        self.facts = facts
        self.spelling = spelling
        self.reporter = reporter
        folder = try SegmentFolder(at: setting.path)
        rings = (0..<loops).map { _ in DecisionRing() }
    }

    /// What is on the disk.
    package struct Standing: Sendable {
        /// Segments.
        package var segments = 0
        /// Their bytes.
        package var bytes = 0
    }

    /// What is on the disk, as looked at a few seconds ago.
    package var standing: Standing { known.withLock { $0 } }

    /// What the records written since the start come to.
    package func withTally(_ body: (Tally) -> Void) { tally.withLock { body($0) } }

    /// A batch is in the log: from now on it counts.
    fileprivate func count(_ records: [DecisionWords], missing: Int) {
        tally.withLock { tally in
            for words in records { if let decision = Decision(words) { tally.count(decision, facts: facts) } }
            if missing > 0 { tally.drop(UInt64(missing)) }
        }
    }

    fileprivate func note(_ standing: Standing) { known.withLock { $0 = standing } }

    /// Begins to write.
    package func start() throws {
        let handle = try Threads.start {
            var writer = DecisionWriter(self, self.setting, self.folder, self.spelling, self.reporter)
            while !self.isEnding.load(ordering: .acquiring) {
                writer.turn(self.rings, self.takeChanges(), at: SystemClock.now())
                Threads.pause(milliseconds: TransportLimits.decisionTurnMilliseconds)
            }
            writer.turn(self.rings, self.takeChanges(), at: SystemClock.now())
        }
        thread.withLock { $0 = handle }
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

/// The writing thread's own: the segment it is on, and what is to be written next.
private struct DecisionWriter {
    private let log: DecisionLog
    private let setting: DecisionLog.Setting
    private let folder: SegmentFolder
    private let facts: FactTable
    private let spelling: @Sendable (EndpointName) -> String
    private let reporter: @Sendable (DecisionLog.News) -> Void

    private var segment: LiveSegmentWriter?
    private var file: SegmentFile?
    private var begun = MonotonicTime(nanoseconds: 0)
    private var counter = 0
    private var records: [DecisionWords] = []
    /// By an endpoint's place and one: its fact, as spelt a moment ago.
    private var endpoints: [UInt32?] = []
    private var endpointsSpelt = MonotonicTime(nanoseconds: 0)
    private var lookedAt = MonotonicTime(nanoseconds: 0)
    private var missing = 0
    private var isFailing = false

    init(
        _ log: DecisionLog, _ setting: DecisionLog.Setting, _ folder: SegmentFolder,
        _ spelling: @escaping @Sendable (EndpointName) -> String,
        _ reporter: @escaping @Sendable (DecisionLog.News) -> Void
    ) {
        (self.log, self.setting, self.folder, self.spelling, self.reporter) = (log, setting, folder, spelling, reporter)
        facts = log.facts
    }

    /// Writes what there is.
    mutating func turn(_ rings: [DecisionRing], _ changes: [RuleChange], at now: Moment) {
        records.removeAll(keepingCapacity: true)
        for ring in rings {
            ring.take(into: &records)
            missing += ring.takeDropped()
        }
        nameEndpoints(at: now.monotonic)
        if !records.isEmpty || !changes.isEmpty || missing > 0 { write(changes, at: now) }
        guard now.monotonic.nanoseconds - lookedAt.nanoseconds >= TransportLimits.decisionLookNanoseconds else { return }
        lookedAt = now.monotonic
        if segment != nil, now.monotonic.nanoseconds - begun.nanoseconds >= TransportLimits.segmentNanoseconds { endSegment() }
        keepWithinBounds(at: now.wall)
    }

    /// Loops name endpoints by their places; records by facts, for a place is somebody else's tomorrow.
    private mutating func nameEndpoints(at now: MonotonicTime) {
        if now.nanoseconds - endpointsSpelt.nanoseconds >= TransportLimits.endpointSpellingNanoseconds {
            endpoints = Array(repeating: nil, count: EndpointName.placeCount + 1)
            endpointsSpelt = now
        }
        for index in records.indices {
            let place = Int(records[index][13] & 0xFF_FFFF)
            guard place > 0, place < endpoints.count else { continue }
            records[index][13] = records[index][13] & ~0xFF_FFFF | UInt64(fact(ofEndpoint: place))
        }
    }

    private mutating func fact(ofEndpoint place: Int) -> UInt32 {
        if let fact = endpoints[place] { return fact }
        let fact = EndpointName(place: place - 1).map { facts.number(of: .endpoint(spelling($0))) } ?? 0
        endpoints[place] = fact
        return fact
    }

    private mutating func write(_ changes: [RuleChange], at now: Moment) {
        while true {
            do {
                try append(changes, at: now)
                if isFailing { reporter(.recovered) }
                isFailing = false
                return
            } catch {
                endSegment()
                if (error as? SystemFault)?.number == ENOSPC, makeRoom() { continue }
                missing += records.count
                if !isFailing { reporter(.failing("\(error)")) }
                isFailing = true
                return
            }
        }
    }

    private mutating func append(_ changes: [RuleChange], at now: Moment) throws {
        if segment == nil { try beginSegment(at: now) }
        guard segment != nil, let file else { return }
        if missing > 0 {
            segment?.dropped(DroppedRecords(count: UInt64(missing), wallNanoseconds: now.wall.nanoseconds))
        }
        for change in changes { segment?.change(change, facts: facts) }
        let batch = records
        segment?.batch(batch.span, facts: facts)
        let fault = setting.diskFault()
        guard fault == 0 else { throw SystemFault("write \(file.path)", number: fault) }
        try file.append(segment?.words ?? [])
        segment?.appended()
        log.count(records, missing: missing)
        if missing > 0 { reporter(.dropped(missing)) }
        missing = 0
        if segment?.recordCount ?? 0 >= setting.segmentRecords { endSegment() }
    }

    private mutating func beginSegment(at now: Moment) throws {
        counter += 1
        let milliseconds = String(now.wall.nanoseconds / 1_000_000)
        let padded = String(repeating: "0", count: max(0, 13 - milliseconds.count)) + milliseconds
        file = try SegmentFile(at: "\(setting.path)/\(padded)-\(Threads.process)-\(counter).live")
        segment = LiveSegmentWriter(begun: now.wall, processIdentifier: Threads.process)
        begun = now.monotonic
    }

    /// The file is closed, and so unlocked: to be sealed. One that nothing could be written to is no segment.
    private mutating func endSegment() {
        if file?.byteCount == 0 { file?.remove() }
        segment = nil
        file = nil
    }

    // MARK: Room

    /// The oldest segment goes, so that the newest can be written; false where there is none to spare.
    private func makeRoom() -> Bool {
        guard let oldest = try? folder.entries().first(where: { $0.isSealed || !folder.isWritten($0) }) else { return false }
        folder.remove(oldest)
        reporter(.madeRoom(segments: 1))
        return true
    }

    /// Segments beyond what is to be kept are removed, the oldest first.
    private func keepWithinBounds(at now: WallTime) {
        guard let entries = try? folder.entries() else { return }
        var (segments, bytes) = (entries.count, entries.reduce(0) { $0 + $1.byteCount })
        let oldest = now.nanoseconds / 1_000_000 - Int64(setting.keptDays) * 86_400_000
        for entry in entries where (bytes > setting.keptBytes || entry.begunMilliseconds < oldest) && !folder.isWritten(entry) {
            bytes -= entry.byteCount
            segments -= 1
            folder.remove(entry)
        }
        log.note(.init(segments: segments, bytes: bytes))
    }
}
