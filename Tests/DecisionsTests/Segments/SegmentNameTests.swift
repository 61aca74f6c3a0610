import Registry
import Support
import Testing

@testable import Decisions

/// Which segments are looked into, by their names alone.
struct SegmentNameTests {
    private static let start: Int64 = 1_767_225_600
    private static let hour: Int64 = 3_600

    @Test func `a name says when a segment was begun and by whom, and is read as it was written`() throws {
        let name = SegmentName(begun: WallTime(nanoseconds: 1_767_225_600_123_000_000), process: 4_194_304, count: 12)
        #expect(name.file == "1767225600123-4194304-12.live")
        #expect(SegmentName(file: name.file) == name)
        #expect(name.inOtherForm.file == "1767225600123-4194304-12.sealed" && SegmentName(file: name.inOtherForm.file) == name.inOtherForm)
        #expect(SegmentName(begun: WallTime(seconds: 1), process: 1, count: 1).file == "0000000001000-1-1.live")
    }

    @Test(arguments: [
        "", ".live", "1767225600123-7-1", "1767225600123-7-1.damaged", "1767225600123-7-1.live.begun", "176722560012-7-1.live",
        "1767225600123-7.live", "1767225600123-7-1-1.sealed", "+767225600123-7-1.live", "1767225600123--1.live", "1767225600123-7-.live",
        "1767225600123-4294967296-1.live", "9999999999999-7-1.live", "notes.txt",
    ])
    func `what is no segment's name is passed over`(file: String) {
        #expect(SegmentName(file: file) == nil)
        #expect([SegmentName](files: [file]).isEmpty)
    }

    @Test func `the oldest comes first, and of two forms the sealed one counts`() {
        let files = ["1767225600123-7-10.live", "1767225600123-7-9.live", "1767225600122-8-1.sealed", "1767225600122-8-1.live"]
        for order in [files, files.reversed()] {
            #expect(
                [SegmentName](files: order).map(\.file)
                    == ["1767225600122-8-1.sealed", "1767225600123-7-9.live", "1767225600123-7-10.live"])
        }
    }

    @Test func `segments of another time are told by their names`() {
        let names = [0, 1, 2, 3, 20, 21].map { (hour: Int64) in
            SegmentName(begun: WallTime(seconds: Self.start + hour * Self.hour), process: hour < 20 ? 7 : 9, count: Int(hour))
        }
        func meeting(_ first: Int64, _ last: Int64) -> [Int] {
            let span = TimeSpan(
                first: (Self.start + first * Self.hour) * 1_000_000_000, last: (Self.start + last * Self.hour) * 1_000_000_000)
            return names.meeting(span).map(\.count)
        }
        #expect(meeting(-10, -9) == [])
        #expect(meeting(10, 11) == [3], "the last of its process has no known end")
        #expect(meeting(2, 2) == [0, 1, 2, 3], "an hour on either side, for requests that take long and clocks that are set")
        #expect(meeting(30, 40) == [3, 21])
        #expect(names.meeting(TimeSpan(first: .min, last: .max)) == names)
        #expect(names.meeting(TimeSpan()) == [], "no time is in no segment")
    }

    @Test func `no record is in a segment that its time rules out`() {
        var random = SplitMix64(seed: 131)
        for _ in 0..<200 {
            var (names, records): ([SegmentName], [(place: Int, wall: Int64)]) = ([], [])
            var now = Self.start * 1_000_000_000
            for count in 0..<20 {
                names.append(SegmentName(begun: WallTime(nanoseconds: now), process: Int32.random(in: 1...3, using: &random), count: count))
                for _ in 0..<3 {
                    // Recorded when it ended, while the segment was written; judged up to ten minutes before.
                    now += Int64.random(in: 0...900_000_000_000, using: &random)
                    let process = names[Int.random(in: 0...count, using: &random)].process
                    let written = names.lastIndex { $0.process == process } ?? count
                    records.append((written, now - Int64.random(in: 0...600_000_000_000, using: &random)))
                }
            }
            for record in records {
                #expect(names.meeting(TimeSpan(first: record.wall, last: record.wall)).contains(names[record.place]))
            }
        }
    }

    @Test(arguments: ["", "12", String(repeating: "g", count: 32), String(repeating: "0", count: 33), String(repeating: "é", count: 16)])
    func `what is no id is told apart`(text: String) {
        #expect(RequestIdentifier(text) == nil)
    }

    @Test func `an id is found in either case, and says when its request was judged`() throws {
        let identifier = try #require(RequestIdentifier("019B7683AA7b" + String(repeating: "aF", count: 10)))
        let milliseconds: Int64 = 0x019B_7683_AA7B
        #expect(identifier.wall == TimeSpan(first: milliseconds * 1_000_000, last: milliseconds * 1_000_000 + 999_999))
        #expect(identifier.low == 0xAFAF_AFAF_AFAF_AFAF && identifier.high & 0xFFFF == 0xAFAF)
        let never = try #require(RequestIdentifier(String(repeating: "f", count: 32)))
        #expect(!never.wall.meets(TimeSpan(first: .min, last: .max - 1)), "far behind the last time that there is")
    }
}
