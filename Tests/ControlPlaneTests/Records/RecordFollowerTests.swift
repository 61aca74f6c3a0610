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
}
