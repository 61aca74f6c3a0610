import Decisions
package import Registry

/// Counts what comes into the decision records, a piece after the other: live segments as they grow, sealed ones at once. Whether it was
/// interrupted, or somebody else counts too, nothing is lost and nothing is counted twice.
package final class UsageRollUp {
    private let folder: SegmentFolder
    private let store: UsageStore
    private let pieceRecords: Int
    /// The folder as the store knows it.
    private let place: String
    /// How far each segment is counted that is in the folder, or was when it was counted last; as this process knows it.
    private(set) var progress: [String: UsageStore.Progress] = [:]
    /// Segments of this round that were not looked at yet, the next one last.
    private var round: [SegmentName] = []
    /// Live segments, by stem, that are read on where the last piece ended.
    private var open: [String: LiveCount] = [:]
    /// Segments that are damaged: what can be read of them is counted.
    private var damaged: Set<String> = []
    /// Segments that could not be read when they were looked at last.
    private var unreadable: Set<String> = []
    /// What is to be told, once each.
    private var complaints: [String] = []

    /// Counts what is in this folder into this store, so many records in a transaction. Where another folder was counted so far, only who takes
    /// over may.
    package init(
        _ folder: SegmentFolder, into store: UsageStore, takingOver: Bool = false, pieceRecords: Int = Limits.usagePieceRecords
    ) throws {
        (self.folder, self.store, self.pieceRecords) = (folder, store, pieceRecords)
        place = store.place(of: folder)
        if let before = try store.count(folder, takingOver: takingOver) {
            complaints.append("usage is counted of the records in \(folder.path) from now on, and of those in \(before) no more")
        }
        for known in try store.unfinished(in: place) { progress[known.stem] = known }
    }

    /// Counts all that is there now.
    package func catchUp() throws {
        while try step() {}
    }

    /// Counts a piece; false where all that was there when this round began is counted.
    package func step() throws -> Bool {
        if round.isEmpty {
            let entries = try folder.entries()
            try learn(entries)
            try finishRemoved(entries)
            round = entries.filter { progress[$0.stem]?.isWhole != true && !damaged.contains($0.stem) }.reversed()
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
        try store.forgetOld(at: now, keeping: entries, of: place)
        progress = [:]
        for known in try store.unfinished(in: place) { progress[known.stem] = known }
    }

    /// Learns how far the segments of the folder are counted, where that is not known, and forgets those that went.
    private func learn(_ entries: [SegmentName]) throws {
        let there = Set(entries.map(\.stem))
        progress = progress.filter { !$0.value.isWhole || there.contains($0.key) }
        damaged.formIntersection(there)
        unreadable.formIntersection(there)
        for known in try store.progress(of: there.filter { progress[$0] == nil }) { progress[known.stem] = known }
    }

    /// Counts a piece of a segment; false where nothing is left of it for now.
    private func count(_ entry: SegmentName) throws -> Bool {
        guard progress[entry.stem]?.isWhole != true else { return false }
        do {
            let isUnderWay = entry.isSealed ? nil : try countLive(entry)
            if isUnderWay == nil { open[entry.stem] = nil }
            let isLeft = try isUnderWay ?? countWhole(entry)
            unreadable.remove(entry.stem)
            return isLeft
        } catch let damage as SegmentDamage {
            complain(of: entry, damage)
        } catch let trouble as SegmentFolder.Unreadable {
            // Tried again in the next round, and said once until it can be read.
            open[entry.stem] = nil
            if unreadable.insert(entry.stem).inserted { complaints.append("\(trouble), and is not counted until then") }
        } catch is SegmentFolder.Gone {
            open[entry.stem] = nil
        }
        return false
    }

    private func complain(of entry: SegmentName, _ damage: SegmentDamage) {
        guard damaged.insert(entry.stem).inserted else { return }
        complaints.append("\(entry.file) is damaged, and what cannot be read of it is not counted: \(damage.sentence)")
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
        after.folder = place
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
        let after = UsageStore.Progress(
            stem: entry.stem, folder: place, offset: segment.offset, records: counts.records, drops: counts.drops)
        return try !settle(store.replace(with: counts.cells(segment.facts), before: before, after: after), after)
    }

    // MARK: Whole

    /// Counts a sealed segment, unless all of it was counted while it was live; of missing records the policy may not have been known then.
    private func countWhole(_ entry: SegmentName) throws -> Bool {
        let reader = try folder.open(entry).reader()
        let before = progress[entry.stem]
        if var after = before, after.records == reader.summary.count, after.drops == 0, reader.drops.isEmpty {
            after.isWhole = true
            return try !settle(store.finish(after, before: before), after)
        }
        var counts = UsageCounts()
        var damage: SegmentDamage?
        try reader.forEachBlock(columns: UsageCounts.columns, damaged: { damage = damage ?? $0 }) { block, selection in
            for index in selection { counts.add(block, index) }
        }
        for entry in reader.drops { counts.add(entry) }
        if let damage, let before, counts.records < before.records {
            // More was read of it while it was live: that stays.
            complain(of: entry, damage)
            return false
        }
        // Not whole where it is damaged: whoever counts next says so too.
        let after = UsageStore.Progress(
            stem: entry.stem, folder: place, offset: before?.offset ?? 0, records: counts.records, drops: counts.drops,
            isWhole: damage == nil)
        let isCounted = try settle(store.replace(with: counts.cells(reader.facts), before: before, after: after), after)
        if isCounted, let damage { complain(of: entry, damage) }
        return !isCounted
    }

    /// Segments of this folder that went before they were whole: what was counted of them stays. A folder without any segment is one that is not there just
    /// now, of a disk that was not mounted.
    private func finishRemoved(_ entries: [SegmentName]) throws {
        guard !entries.isEmpty else { return }
        let there = Set(entries.map(\.stem))
        for (stem, before) in progress where !before.isWhole && before.folder == place && !there.contains(stem) {
            var after = before
            after.isWhole = true
            try settle(store.finish(after, before: before), after)
        }
    }

    /// Remembers how far a segment is counted; where somebody else counted it meanwhile, what he did.
    @discardableResult private func settle(_ isCounted: Bool, _ after: UsageStore.Progress) throws -> Bool {
        if isCounted {
            progress[after.stem] = after
        } else {
            progress[after.stem] = try store.progress(of: [after.stem]).first
        }
        if after.isWhole { open[after.stem] = nil }
        return isCounted
    }
}
