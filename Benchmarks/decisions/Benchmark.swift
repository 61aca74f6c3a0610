import DecisionLoad
import Decisions
import Foundation
import Registry

/// `Benchmarks/measure-decisions [RECORDS]`: generates a day of so many decisions, writes and seals it as the data plane would, and reads it.
@main
enum Benchmark {
    static func main() throws {
        let arguments = CommandLine.arguments
        let count = arguments.count > 1 ? Int(arguments[1]) ?? 0 : 4_000_000
        guard count >= 100_000 else { throw Wrong("a number of records from 100,000 on, not \(arguments[1])") }
        let folder = arguments.count > 2 ? arguments[2] : NSTemporaryDirectory() + "gateway-decisions"
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var writing = Writing(folder: folder, records: count)
        try writing.run()
        try Reading(folder: folder, samples: writing.samples, records: count).run()
        if arguments.count > 2 { print("\(folder) is left as it is") } else { try FileManager.default.removeItem(atPath: folder) }
    }

    struct Wrong: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }
}

/// A file as a source of bytes.
func source(_ path: String) throws -> SegmentSource {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    return { offset, count in
        try file.seek(toOffset: UInt64(offset))
        return [UInt8](try file.read(upToCount: count) ?? Data())
    }
}

/// Opens a segment's file.
func open(_ path: String) throws -> SegmentReader { try SegmentReader(try source(path), byteCount: size(of: path)) }

func size(of path: String) throws -> Int {
    (try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.intValue ?? 0
}

/// What it took, in nanoseconds for each of so many, as text.
func each(_ time: Duration, _ count: Int) -> String {
    let nanoseconds = (Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18) / Double(max(count, 1)) * 1e9
    return String(format: "%7.1f ns", nanoseconds)
}

func milliseconds(_ time: Duration) -> String {
    String(format: "%.2f ms", Double(time.components.seconds) * 1e3 + Double(time.components.attoseconds) * 1e-15)
}
