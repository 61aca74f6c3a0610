import Decisions
import Exchange
import Glibc
import Registry

/// The writing thread's own: the segment it is on, and what is to be written next.
struct DecisionWriter {
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
    /// Changes of rules that are not in the log yet.
    private var changes: [RuleChange] = []
    private var roomMade = MonotonicTime(nanoseconds: .min / 2)
    private let boot = SystemClock.bootIdentifier()
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
    mutating func turn(_ rings: [DecisionRing], _ newChanges: [RuleChange], at now: Moment) {
        records.removeAll(keepingCapacity: true)
        changes += newChanges
        for ring in rings {
            ring.take(into: &records)
            miss(ring.takeDropped())
        }
        nameEndpoints(at: now.monotonic)
        if !records.isEmpty || !changes.isEmpty || missing > 0 { write(at: now) }
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

    /// Records that will not be in the log: they count at once, for whoever watches.
    private mutating func miss(_ count: Int) {
        guard count > 0 else { return }
        missing += count
        log.countMissing(count)
    }

    private mutating func write(at now: Moment) {
        while true {
            do {
                try append(at: now)
                if isFailing { reporter(.recovered) }
                isFailing = false
                return
            } catch {
                endSegment()
                // What is removed may be free only later, and a batch is not worth a day's history: one segment a second.
                let isFull = [ENOSPC, EDQUOT].contains((error as? SystemFault)?.number ?? 0)
                let isDue = now.monotonic.nanoseconds - roomMade.nanoseconds >= TransportLimits.madeRoomNanoseconds
                if isFull, isDue, makeRoom() {
                    roomMade = now.monotonic
                    continue
                }
                miss(records.count)
                if !isFailing { reporter(.failing("\(error)")) }
                isFailing = true
                return
            }
        }
    }

    private mutating func append(at now: Moment) throws {
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
        log.count(records)
        if missing > 0 { reporter(.dropped(missing)) }
        missing = 0
        changes = []
        if segment?.recordCount ?? 0 >= setting.segmentRecords { endSegment() }
    }

    private mutating func beginSegment(at now: Moment) throws {
        try folder.make()
        counter += 1
        let name = SegmentName(begun: now.wall, process: Threads.process, count: counter)
        file = try SegmentFile(named: "\(setting.path)/\(name.file)")
        segment = LiveSegmentWriter(begun: now.wall, processIdentifier: Threads.process, boot: boot)
        begun = now.monotonic
    }

    /// The file is closed, and so unlocked: to be sealed. One that nothing could be written to is no segment.
    private mutating func endSegment() {
        if file?.byteCount == 0 { file?.remove() }
        segment = nil
        file = nil
    }

    // MARK: Room

    /// The oldest segment goes, so that the newest can be written; false where there is none that can be spared.
    private func makeRoom() -> Bool {
        guard let entries = try? folder.entries() else { return false }
        for entry in entries where entry.isSealed || !folder.isWritten(entry) {
            guard folder.remove(entry) else { continue }
            reporter(.madeRoom(segments: 1))
            return true
        }
        return false
    }

    /// A moment old is nothing that a killed process left: it may be made right now.
    private func isLeftOver(_ entry: SegmentFolder.Entry, at now: WallTime) -> Bool {
        entry.isLeftOver && entry.begunMilliseconds < now.nanoseconds / 1_000_000 - 60_000
    }

    /// Segments beyond what is to be kept are removed, the oldest first, and what killed processes left half done.
    private func keepWithinBounds(at now: WallTime) {
        guard let entries = try? folder.entries() else { return }
        var (segments, bytes) = (entries.count, entries.reduce(0) { $0 + $1.byteCount })
        let oldest = now.nanoseconds / 1_000_000 - Int64(setting.keptDays) * 86_400_000
        for entry in entries {
            let isTooMuch = bytes > setting.keptBytes || entry.begunMilliseconds < oldest || isLeftOver(entry, at: now)
            guard isTooMuch, !folder.isWritten(entry), folder.remove(entry) else { continue }
            bytes -= entry.byteCount
            segments -= 1
        }
        log.note(.init(segments: segments, bytes: bytes))
    }
}
