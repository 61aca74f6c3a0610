import DecisionLoad
import Decisions
import Foundation
import Registry

/// Writes a day: batches, live segments, sealed ones.
struct Writing {
    let folder: String
    let records: Int
    /// Records to look for by id: one of every so many.
    private(set) var samples: [Decision] = []

    private var batching = Duration.zero
    private var sealing = Duration.zero
    private var opening = Duration.zero
    private var sealedBytes = 0
    private var liveBytes = 0
    private let clock = ContinuousClock()

    /// As many as a loop's 20 ms bring at 25,000 a second.
    private static let batchRecords = 500

    init(folder: String, records: Int) { (self.folder, self.records) = (folder, records) }

    mutating func run() throws {
        var load = DecisionLoad(seed: 1, requestsPerSecond: Double(records) / 86_400)
        var left = records
        var segment = 0
        while left > 0 {
            let count = min(left, DecisionLimits.segmentRecords)
            var batch: [DecisionWords] = []
            batch.reserveCapacity(count)
            load.append(count, to: &batch)
            for index in stride(from: 0, to: count, by: 100_003) { samples += Decision(batch[index]).map { [$0] } ?? [] }
            try write(batch, load.facts, segment)
            left -= count
            segment += 1
        }
        print(
            """
            \(records) records in \(segment) segments, a day at \(records / 86_400) requests/s
            batch with checksum    \(each(batching, records))   \(String(format: "%6.2f", Double(liveBytes) / Double(records))) bytes a record
            put a live one in order\(each(opening, records))
            seal, read back        \(each(sealing, records))   \(String(format: "%6.2f", Double(sealedBytes) / Double(records))) bytes a record at rest
            """)
    }

    private mutating func write(_ records: [DecisionWords], _ facts: FactTable, _ segment: Int) throws {
        let begun = records.first.flatMap(Decision.init)?.wallNanoseconds ?? 0
        let name = folder + "/" + String(format: "%013ld-1-%ld", begun / 1_000_000, segment)
        _ = FileManager.default.createFile(atPath: name + ".live", contents: nil)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: name + ".live"))
        var writer = LiveSegmentWriter(begun: WallTime(nanoseconds: begun), processIdentifier: 1, boot: "benchmark")
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: records.count, by: Writing.batchRecords) {
            let batch = records.span.extracting(start..<min(start + Writing.batchRecords, records.count))
            batching += clock.measure { writer.batch(batch, facts: facts) }
            bytes += writer.words.littleEndianBytes
            writer.appended()
        }
        try file.write(contentsOf: bytes)
        try file.close()
        liveBytes += bytes.count
        try seal(name)
    }

    private mutating func seal(_ name: String) throws {
        let begun = clock.now
        let live = try open(name + ".live")
        opening += clock.now - begun
        _ = FileManager.default.createFile(atPath: name + ".sealed", contents: nil)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: name + ".sealed"))
        var sealer = SegmentSealer(live)
        while true {
            let begun = clock.now
            let next = try sealer.words()
            sealing += clock.now - begun
            guard let next else { break }
            try file.write(contentsOf: next.littleEndianBytes)
        }
        try file.close()
        sealedBytes += try size(of: name + ".sealed")
        try FileManager.default.removeItem(atPath: name + ".live")
    }
}
