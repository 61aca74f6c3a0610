import Foundation
import Support
import Testing

@testable import Command

/// What a first start offers to try.
struct AnnouncementTests {
    @Test func `the widest district is found by its columns' names`() {
        let csv = "radius_km,name,district_id\n1.5,One,7\n12.0,Two,8\n3,Three,9\n"
        #expect(Search.widestDistrict(csv) == "8")
        #expect(Search.widestDistrict("a,b\n1,2\n") == nil)
        #expect(Search.widestDistrict("") == nil)
    }

    @Test func `the country's own file has one`() throws {
        let csv = try String(contentsOfFile: Repository.root + "/policies/country/geography.csv", encoding: .utf8)
        #expect(try #require(Search.widestDistrict(csv).flatMap(Int.init)) > 0)
    }

    @Test func `a day begins at half past five east of Greenwich`() {
        #expect(Search.day(Date(timeIntervalSince1970: 1_622_485_799)) == "31-05-2021")
        #expect(Search.day(Date(timeIntervalSince1970: 1_622_485_800)) == "01-06-2021")
    }

    @Test func `an answer is read to its status and its body`() throws {
        let answer = try HTTPProbe.read("HTTP/1.1 503 Service Unavailable\r\nA: b\r\n\r\n{\"c\":1}")
        #expect(answer.status == 503)
        #expect(answer.body == "{\"c\":1}")
        #expect(throws: Failure.self) { try HTTPProbe.read("SSH-2.0-OpenSSH\r\n") }
        #expect(throws: Failure.self) { try HTTPProbe.read("") }
    }
}
