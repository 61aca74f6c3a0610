import DecisionLoad
import Decisions
import Foundation
import Registry
import Support
import Testing

@testable import ControlPlane

/// Records as they come, over whatever happens to their segments.
struct RecordFollowerTests {
    @Test(arguments: [UInt64](1...20)) func `each record that comes is given once, in its segment's order`(seed: UInt64) throws {
        var log = try RecordedLog(seed: seed, segments: 3)
        let before = Set(log.files.all.map(\.sequence))
        var filter = DecisionFilter()
        if seed % 3 == 0 { filter.verdicts = Verdict.refusals }
        var follower = try RecordFollower(after: try DecisionRecords(log.folder), filter)
        var came: [String: [Decision]] = [:]
        var found: [Decision] = []
        for _ in 0..<40 {
            switch Int.random(in: 0..<6, using: &log.random) {
            case 0: _ = try log.begin()
            case 1: if let stem = log.files.live.randomElement(using: &log.random) { try log.files.seal(stem) }
            case 2, 3:
                guard let stem = log.files.live.filter({ log.files.isWritten($0) }).randomElement(using: &log.random) else { break }
                came[stem, default: []] += try log.append(Int.random(in: 1...30, using: &log.random), to: stem)
            default: try follower.poll { found.append($0.decision) }
            }
        }
        try follower.poll { found.append($0.decision) }
        let expected = came.mapValues { $0.filter { filter.verdicts?.contains($0.verdict) ?? true } }
        #expect(found.count == expected.values.reduce(0) { $0 + $1.count })
        #expect(Set(found) == Set(expected.values.joined()))
        #expect(!before.isEmpty)
    }

    @Test func `a segment that is sealed and removed while it is followed is read to its end`() throws {
        var log = try RecordedLog(seed: 41, segments: 2)
        let stem = log.files.live[0]
        var follower = try RecordFollower(after: try DecisionRecords(log.folder), DecisionFilter())
        let came = try log.append(50, to: stem)
        try log.files.seal(stem)
        try log.files.remove(stem)
        var found: [Decision] = []
        try follower.poll { found.append($0.decision) }
        #expect(found == came)
        try follower.poll { found.append($0.decision) }
        #expect(found == came, "and not again")
    }

    /// Something is wrong with a segment that was not there before.
    enum Trouble: CaseIterable {
        case unopened, noSegment, badHeader, badFooter, badBlock

        /// What is there in the place of these bytes.
        func spoil(_ bytes: Data) -> Data? {
            var bytes = bytes
            switch self {
            case .unopened: return nil
            case .noSegment: return Data(repeating: 0x20, count: 4_096)
            case .badHeader: bytes[1] ^= 1
            case .badFooter: return bytes.dropLast(9)
            case .badBlock: bytes[100] ^= 1
            }
            return bytes
        }
    }

    @Test(arguments: Trouble.allCases, ["live", "sealed"])
    func `a new segment that cannot be read is named once, and the others are followed`(trouble: Trouble, form: String) throws {
        var log = try RecordedLog(seed: 42, segments: 3)
        let other = log.files.live[0]
        var follower = try RecordFollower(after: try DecisionRecords(log.folder), DecisionFilter())
        let stem = try log.begin()
        let lost = try log.append(300, to: stem)
        if form == "sealed" { try log.files.seal(stem) }
        let path = "\(log.files.path)/\(stem).\(form)"
        let bytes = try #require(FileManager.default.contents(atPath: path))
        try FileManager.default.removeItem(atPath: path)
        if let spoilt = trouble.spoil(bytes) {
            try spoilt.write(to: URL(fileURLWithPath: path))
        } else {
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
        }
        var (found, complaints): ([Decision], [String]) = ([], [])
        var came: [Decision] = []
        for _ in 0..<3 {
            came += try log.append(20, to: other)
            try follower.poll { found.append($0.decision) }
            complaints += follower.takeComplaints()
        }
        #expect(found.filter { !lost.contains($0) } == came)
        // What is not whole at the end of a live segment may be an append under way.
        let isWhole = form == "live" && (trouble == .badFooter || trouble == .badBlock)
        #expect(complaints.count == (isWhole ? 0 : 1) && complaints.allSatisfy { $0.hasPrefix("\(stem).\(form) ") }, "\(complaints)")
        guard trouble == .unopened else { return }
        // Once it can be read, it is.
        try FileManager.default.removeItem(atPath: path)
        try bytes.write(to: URL(fileURLWithPath: path))
        try follower.poll { found.append($0.decision) }
        #expect(Set(found) == Set(came + lost) && found.count == came.count + lost.count)
    }

    @Test func `a segment that could not be read when it began is no news once it can be`() throws {
        var log = try RecordedLog(seed: 43, segments: 3)
        let (stem, other) = (log.files.live[0], log.files.live[1])
        let path = "\(log.files.path)/\(stem).live"
        try FileManager.default.moveItem(atPath: path, toPath: log.scratch.path + "/aside")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
        var follower = try RecordFollower(after: try DecisionRecords(log.folder), DecisionFilter())
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: log.scratch.path + "/aside", toPath: path)
        let came = try log.append(20, to: other)
        var found: [Decision] = []
        for _ in 0..<2 { try follower.poll { found.append($0.decision) } }
        #expect(found == came)
        #expect(follower.takeComplaints().isEmpty, "it was named when the records were looked at")
    }
}
