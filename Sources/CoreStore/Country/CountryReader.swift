/// Turns checked rows into a country's values, gathering what is wrong as it goes.
struct CountryReader {
    private let table: CSVTable
    private(set) var faults: [CountryFault]

    init(_ table: CSVTable) {
        self.table = table
        faults = table.faults
    }

    mutating func districts() -> [Country.District] {
        var stateNames: [Int: [String]] = [:]
        var seen: Set<Int> = []
        return table.rows.compactMap { row in
            let before = faults.count
            let state = integer(0, of: row, in: 1...999)
            let names = [text(1, of: row), text(2, of: row)]
            let id = integer(3, of: row, in: 1...9_999)
            let name = text(4, of: row)
            let latitude = number(5, of: row, in: -90...90)
            let longitude = number(6, of: row, in: -180...180)
            let radius = number(7, of: row, in: 0.1...500)
            let first = integer(8, of: row, in: 100_000...999_999)
            let last = integer(9, of: row, in: 100_000...999_999)
            if faults.count == before {
                if !seen.insert(id).inserted { fail(3, of: row, "district \(id) is listed twice") }
                if stateNames[state, default: names] != names { fail(1, of: row, "state \(state) has another name above") }
                if first > last { fail(9, of: row, "\(last) is before pincode_first \(first)") }
                stateNames[state] = names
            }
            guard faults.count == before else { return nil }
            return Country.District(
                stateId: state, stateName: names[0], stateNameLocal: names[1], id: id, name: name, latitude: latitude,
                longitude: longitude, radiusKilometres: radius, pincodes: first...last)
        }
    }

    mutating func vaccines() -> [Country.Vaccine] {
        var seen: Set<String> = []
        return table.rows.compactMap { row in
            let before = faults.count
            let vaccine = Country.Vaccine(
                name: text(0, of: row), daysBetweenDoses: integer(1, of: row, in: 1...3_650), minimumAge: integer(2, of: row, in: 0...120),
                feeRupees: integer(3, of: row, in: 0...100_000))
            if !seen.insert(vaccine.name).inserted { fail(0, of: row, "\(vaccine.name) is listed twice") }
            return faults.count == before ? vaccine : nil
        }
    }

    mutating func labels() -> [Country.Label] {
        var seen: Set<Int> = []
        return table.rows.compactMap { row in
            let before = faults.count
            let label = Country.Label(id: integer(0, of: row, in: 1...999), text: text(1, of: row), localText: text(2, of: row))
            if faults.count == before, !seen.insert(label.id).inserted { fail(0, of: row, "\(label.id) is listed twice") }
            return faults.count == before ? label : nil
        }
    }

    private mutating func text(_ index: Int, of row: CSVTable.Row) -> String {
        let text = row.fields[index].text
        if text.isEmpty { fail(index, of: row, "is empty") }
        return text
    }

    private mutating func integer(_ index: Int, of row: CSVTable.Row, in range: ClosedRange<Int>) -> Int {
        let text = row.fields[index].text
        if let value = Int(text), range.contains(value) { return value }
        fail(index, of: row, "\"\(text)\" is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        return 0
    }

    private mutating func number(_ index: Int, of row: CSVTable.Row, in range: ClosedRange<Double>) -> Double {
        let text = row.fields[index].text
        if let value = Double(text), range.contains(value) { return value }
        fail(index, of: row, "\"\(text)\" is not a number from \(range.lowerBound) to \(range.upperBound)")
        return 0
    }

    private mutating func fail(_ index: Int, of row: CSVTable.Row, _ problem: String) {
        let field = row.fields[index]
        faults.append(
            CountryFault(file: table.file, line: field.line, column: field.column, problem: "\(table.header[index]): \(problem)"))
    }
}
