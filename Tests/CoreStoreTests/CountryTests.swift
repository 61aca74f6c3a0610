import Foundation
import Testing

@testable import CoreStore

@Suite struct CountryTests {
    private func faults(_ folder: String) -> [String] {
        do {
            _ = try Country(directory: folder)
            return []
        } catch {
            return "\(error)".split(separator: "\n").map(String.init)
        }
    }

    @Test func `the country of this repository is read without a fault`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let country = try Country(directory: root.appendingPathComponent("policies/country").path)
        #expect(country.districts.count > 700 && Set(country.districts.map(\.stateId)).count == 36)
        #expect(country.photoIdTypes.count == 13 && country.genders.map(\.text) == ["Male", "Female", "Others"])
        #expect(country.vaccine(named: "COVISHIELD")?.daysBetweenDoses == 84)
        let allotted = CentreAllotment.centres(5_000, over: country.districts)
        #expect(allotted.values.reduce(0, +) == 5_000)
        #expect((140...170).contains(allotted.values.max() ?? 0) && (allotted.values.min() ?? 0) >= 1)
    }

    @Test func `quoted fields, doubled quotes and Windows line ends are read`() throws {
        let text = "a,b\r\n\"one, two\",\"he said \"\"no\"\"\"\r\n\r\nअ,\r\n"
        let table = CSVTable(file: "t.csv", text: text, header: ["a", "b"])
        #expect(table.faults.isEmpty)
        #expect(table.rows.map { $0.fields.map(\.text) } == [["one, two", "he said \"no\""], ["अ", ""]])
        #expect(table.rows.map(\.line) == [2, 4])
        #expect(table.rows[0].fields[1].column == 12)
    }

    private static let header =
        "state_id,state_name,state_name_l,district_id,district_name,latitude,longitude,radius_km,pincode_first,pincode_last"

    @Test(arguments: [
        (
            "21,M,म,391,A,19.1,74.7,12,414001,414111\n21,M,म,391,B,19.1,74.7,12,414001,414111",
            ["geography.csv:3:8: district_id: district 391 is listed twice"]
        ),
        (
            "21,M,म,391,A,19.1,74.7,12,414001,414111\n21,N,म,392,B,19.1,74.7,12,414001,414111",
            ["geography.csv:3:4: state_name: state 21 has another name above"]
        ),
        ("21,M,म,391,A,91,74.7,12,414001,414111", [#"geography.csv:2:14: latitude: "91" is not a number from -90.0 to 90.0"#]),
        ("21,M,म,391,A,19.1,x,12,414001,414111", [#"geography.csv:2:19: longitude: "x" is not a number from -180.0 to 180.0"#]),
        ("21,M,म,391,A,19.1,74.7,0,414001,414111", [#"geography.csv:2:24: radius_km: "0" is not a number from 0.1 to 500.0"#]),
        (
            "21,M,म,391,A,19.1,74.7,12,41400,414111",
            [#"geography.csv:2:27: pincode_first: "41400" is not a whole number from 100000 to 999999"#]
        ),
        ("21,M,म,391,A,19.1,74.7,12,414111,414001", ["geography.csv:2:34: pincode_last: 414001 is before pincode_first 414111"]),
        (
            "21,,म,391,\"\",19.1,74.7,12,414001,414111",
            ["geography.csv:2:4: state_name: is empty", "geography.csv:2:11: district_name: is empty"]
        ),
        ("21,M,म,391,A,19.1,74.7,12,414001", ["geography.csv:2:27: 9 fields, expected 10"]),
        ("21,M,म,391,\"A,19.1,74.7,12,414001,414111\n", ["geography.csv:2:12: a quote is never closed"]),
        ("21,M,म,391,\"A\"B,19.1,74.7,12,414001,414111", ["geography.csv:2:15: text after a closing quote"]),
        ("", ["geography.csv:1:1: no rows"]),
    ])
    func `a bad district is refused by file, line and column`(rows: String, expected: [String]) throws {
        let folder = try Fixture.folder(geography: "\(Self.header)\n\(rows)")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(faults(folder) == expected)
    }

    @Test func `the faults of all files come in one reading`() throws {
        let folder = try Fixture.folder(
            vaccines: "vaccine,days_between_doses,min_age,fee_rupees\nCOVISHIELD,soon,18,780\nCOVISHIELD,84,18,780",
            photoIds: "id,name\n1,PAN\n", genders: "id,gender,gender_l\n1,Male,पुरुष\n1,Female,महिला\n")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.removeItem(atPath: "\(folder)/geography.csv")
        let found = faults(folder)
        #expect(found.count == 5)
        #expect(found[0].hasPrefix("geography.csv:1:1: cannot be read"))
        #expect(found[1] == #"vaccines.csv:2:12: days_between_doses: "soon" is not a whole number from 1 to 3650"#)
        #expect(found[2] == "vaccines.csv:3:1: vaccine: COVISHIELD is listed twice")
        #expect(found[3] == "identity-documents.csv:1:1: the header must be id,type,type_l")
        #expect(found[4] == "genders.csv:3:1: id: 1 is listed twice")
    }
}
