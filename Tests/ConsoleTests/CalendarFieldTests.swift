import ControlPlane
import HTTPTypes
import Registry
import Testing

@testable import Console

/// Days that people write into forms, those far beyond what a clock can say among them.
struct CalendarFieldTests {
    @Test func `a day begins and ends by the clocks there`() throws {
        #expect(try CalendarField.start("", offsetMinutes: 330) == nil && CalendarField.end("", offsetMinutes: 330) == nil)
        #expect(try CalendarField.start("1970-01-01", offsetMinutes: 330) == WallTime(seconds: -19_800))
        #expect(try CalendarField.start("2027-03-31", offsetMinutes: 0) == WallTime(seconds: 1_806_451_200))
        #expect(try CalendarField.end("2027-03-31", offsetMinutes: 0) == WallTime(seconds: 1_806_537_600))
    }

    @Test(arguments: [-720, 0, 330, 840] as [Int64]) func `the last day there is ends after it begins`(_ offset: Int64) throws {
        let (start, end) = (
            try #require(try CalendarField.start("2262-04-10", offsetMinutes: offset)),
            try #require(try CalendarField.end("2262-04-10", offsetMinutes: offset))
        )
        #expect(end.nanoseconds - start.nanoseconds == DayClock.dayNanoseconds)
    }

    @Test(arguments: ["2262-04-11", "2262-04-12", "9999-12-31", "1969-12-31", "2027-02-30", "31.3.2027", "2027-3-31", "+027-03-31"])
    func `what is no day, or none that can be kept, is refused`(_ text: String) throws {
        let start = #expect(throws: RegistryError.self) { _ = try CalendarField.start(text, offsetMinutes: 330) }
        let end = #expect(throws: RegistryError.self) { _ = try CalendarField.end(text, offsetMinutes: 330) }
        for error in [start, end] {
            #expect(error?.description.hasPrefix("'\(text)' is no day from 1970-01-01 to 2262-04-10") == true)
        }
    }

    @Test(arguments: ["2262-04-11", "9999-12-31"])
    func `evidence that is said never to end is refused on its own form and on a move's`(_ day: String) async throws {
        let site = try Site()
        try site.fill([("aaa", .inReview)])
        let reva = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        let version = try #require(try await reva.get("/applications/aaa").version)
        let own = try await reva.upload(
            "/applications/aaa/evidence", ["kind": "named-officer", "until": day], files: [("file", "a.txt", "Seen.")])
        #expect(own.status == .unprocessableContent && own.words.contains("is no day from"))
        let move = try await reva.upload(
            "/applications/aaa/moves/grant-sandbox", ["version": version, "reason": "x", "until-named-officer": day],
            files: [("file-named-officer", "a.txt", "Seen.")])
        #expect(move.status == .unprocessableContent && move.words.contains("is no day from"))
        #expect(move.html.contains("name=\"until-named-officer\" type=\"date\" value=\"\(day)\""), "what was given stands there again")
        #expect(try site.registry.evidence(of: site.id("aaa")).isEmpty)
    }

    @Test func `evidence until the last day there is, is taken and shown`() async throws {
        let site = try Site()
        try site.fill([("aaa", .inReview)])
        let reva = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        try await reva.get("/applications/aaa")
        let form = ["kind": "named-officer", "until": "2262-04-10"]
        #expect(
            try await reva.upload("/applications/aaa/evidence", form, files: [("file", "a.txt", "Seen.")]).location
                == "/applications/aaa?saved=yes")
        #expect(try await reva.get("/applications/aaa").words.contains("until 10 April 2262"))
        #expect(try site.registry.warnOfEndingEvidence(at: site.now).isEmpty)
    }
}
