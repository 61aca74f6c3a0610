import Decisions
package import Registry

/// Counts what comes into the decision records, a piece after the other: live segments as they grow, sealed ones at once. Whether it was
/// interrupted, or somebody else counts too, nothing is lost and nothing is counted twice.
package final class UsageRollUp {
    private let folder: SegmentFolder
    private let store: UsageStore
    private let pieceRecords: Int
    /// How far each segment is counted, as this process knows it.
    private var progress: [String: UsageStore.Progress]
    /// Segments of this round that were not looked at yet, the next one last.
    private var round: [SegmentName] = []
    /// Live segments, by stem, that are read on where the last piece ended.
    private var open: [String: LiveCount] = [:]
    /// Segments that cannot be read.
    private var unreadable: Set<String> = []
    /// What is to be told, once each.
    private var complaints: [String] = []

    /// Counts what is in this folder into this store, so many records in a transaction.
    package init(_ folder: SegmentFolder, into store: UsageStore, pieceRecords: Int = Limits.usagePieceRecords) throws {
        self.folder = folder
        self.store = store
        self.pieceRecords = pieceRecords
        progress = try store.progress()
    }

    /// Counts all that is there now.
    package func catchUp() throws {
        while try step() {}
    }

    /// Counts a piece; false where all that was there when this round began is counted.
    package func step() throws -> Bool {
        if round.isEmpty {
            let entries = try folder.entries()
            try finishRemoved(entries)
            round = entries.filter { progress[$0.stem]?.isWhole != true && !unreadable.contains($0.stem) }.reversed()
        }
        guard let entry = round.last else { return false }
        if try !count(entry) { round.removeLast() }
        return !round.isEmpty
    }

    /// What there is to complain of since this was asked last.
    package func takeComplaints() -> [String] {
        defer { complaints = [] }
        return complaints
    }

    /// Forgets what is older than it is kept; called now and then.
    package func forgetOld(at now: WallTime) throws {
        let entries = try folder.entries()
        try store.forgetOld(at: now, keeping: entries)
        progress = try store.progress()
    }

    /// Counts a piece of a segment; false where nothing is left of it for now.
    private func count(_ entry: SegmentName) throws -> Bool {
        guard progress[entry.stem]?.isWhole != true else { return false }
        do {
            if !entry.isSealed, let isUnderWay = try countLive(entry) { return isUnderWay }
            open[entry.stem] = nil
            return try countWhole(entry)
        } catch let damage as SegmentDamage {
            unreadable.insert(entry.stem)
            complaints.append("\(entry.file) is not counted: \(damage.sentence)")
        } catch is SegmentFolder.Gone {
            open[entry.stem] = nil
        }
        return false
    }

    // MARK: Live

    /// Counts a piece of a live segment; nil where it is sealed by now.
    private func countLive(_ entry: SegmentName) throws -> Bool? {
        let before = progress[entry.stem]
        let start = before?.offset ?? SegmentHeader.bytes
        // Taken out: where the transaction fails, it is read again from where the counts end.
        let kept = open.removeValue(forKey: entry.stem).flatMap { $0.offset <= start ? $0 : nil }
        let file = try kept?.file ?? folder.open(entry)
        guard !file.isSealed else { return nil }
        guard var segment = try kept ?? LiveCount(file) else { return false }
        guard try !segment.endsBefore(start) else { return try recount(entry, before) }
        try segment.skip(to: start)
        var counts = try segment.count(atMost: pieceRecords)
        guard segment.offset > start else {
            open[entry.stem] = segment
            return false
        }
        var after = before ?? UsageStore.Progress(stem: entry.stem)
        after.offset = segment.offset
        after.records += counts.records
        after.drops += counts.drops
        let isCounted = try store.add(counts.cells(segment.facts), before: before, after: after)
        if isCounted { open[entry.stem] = segment }
        try settle(isCounted, after)
        return !isCounted || counts.records >= pieceRecords
    }

    /// The machine lost the file's end with its power, and what was counted of it is more than what is there.
    private func recount(_ entry: SegmentName, _ before: UsageStore.Progress?) throws -> Bool {
        let file = try folder.open(entry)
        guard !file.isSealed, var segment = try LiveCount(file) else { return true }
        var counts = try segment.count(atMost: .max)
        let after = UsageStore.Progress(stem: entry.stem, offset: segment.offset, records: counts.records, drops: counts.drops)
        return try !settle(store.replace(with: counts.cells(segment.facts), before: before, after: after), after)
    }

    // MARK: Whole

    /// Counts a sealed segment, unless all of it was counted while it was live.
    private func countWhole(_ entry: SegmentName) throws -> Bool {
        let reader = try folder.open(entry).reader()
        let before = progress[entry.stem]
        var after = UsageStore.Progress(
            stem: entry.stem, offset: before?.offset ?? 0, records: reader.summary.count, drops: reader.drops.count, isWhole: true)
        if let before, before.records == after.records, before.drops == after.drops {
            return try !settle(store.finish(before), after)
        }
        var counts = UsageCounts()
        try reader.forEachBlock(columns: UsageCounts.columns) { block, selection in
            for index in selection { counts.add(block, index) }
        }
        for entry in reader.drops { counts.add(entry) }
        after.records = counts.records
        return try !settle(store.replace(with: counts.cells(reader.facts), before: before, after: after), after)
    }

    /// Segments that went before they were whole: what was counted of them stays. A folder without any segment is one that is not there just
    /// now, of a disk that was not mounted.
    private func finishRemoved(_ entries: [SegmentName]) throws {
        guard !entries.isEmpty else { return }
        let there = Set(entries.map(\.stem))
        for (stem, before) in progress where !before.isWhole && !there.contains(stem) {
            var after = before
            after.isWhole = true
            try settle(store.finish(before), after)
        }
    }

    /// Remembers how far a segment is counted; where somebody else counted it meanwhile, what he did.
    @discardableResult private func settle(_ isCounted: Bool, _ after: UsageStore.Progress) throws -> Bool {
        if isCounted {
            progress[after.stem] = after
        } else {
            progress = try store.progress()
        }
        if after.isWhole { open[after.stem] = nil }
        return isCounted
    }
}

/// A live segment on its way to be counted.
private struct LiveCount {
    let file: SegmentFile
    private var reader: LiveSegmentReader
    private(set) var facts: [UInt32: Fact] = [:]

    /// From its beginning; nil where it was begun this moment, and its header is not there yet.
    init?(_ file: SegmentFile) throws {
        guard try file.byteCount() >= SegmentHeader.bytes else { return nil }
        self.file = file
        reader = try LiveSegmentReader(file.source)
    }

    var offset: Int { reader.offset }

    func endsBefore(_ offset: Int) throws -> Bool { try file.byteCount() < offset }

    /// Reads up to an offset, for the facts alone.
    mutating func skip(to offset: Int) throws {
        while reader.offset < offset, let frame = try reader.next() { learn(frame) }
    }

    /// Counts what comes next, up to the frame with which there are so many records.
    mutating func count(atMost most: Int) throws -> UsageCounts {
        var counts = UsageCounts()
        while counts.records < most, let frame = try reader.next() {
            learn(frame)
            switch frame {
            case .fact, .change: break
            case .dropped(let entry): counts.add(entry)
            case .records(let records): for record in records { counts.add(record) }
            }
        }
        return counts
    }

    private mutating func learn(_ frame: LiveFrame) {
        if case .fact(let number, let fact) = frame { facts[number] = fact }
    }
}
