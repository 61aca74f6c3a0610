import HTTPTypes
import Hummingbird

/// Reading a request's path and query strictly: what is missing or not of its form is refused by name.
extension Call {
    func text(_ name: String) throws -> String {
        guard let value = optionalText(name), !value.isEmpty else { throw Refusal.input(name, "is missing") }
        return value
    }

    func optionalText(_ name: String) -> String? {
        (parameters[name[...]] ?? request.uri.queryParameters[name[...]]).map(String.init)
    }

    func number(_ name: String) throws -> Int {
        guard let number = digits(try text(name)) else { throw Refusal.input(name, "is not a whole number") }
        return number
    }

    func pincode() throws -> Int {
        let text = try text("pincode")
        guard text.utf8.count == 6, let pincode = digits(text), pincode >= 100_000 else { throw Refusal(.invalidPincode) }
        return pincode
    }

    func date() throws -> Day {
        guard let day = Day(try text("date")) else { throw Refusal.input("date", "is not a day written DD-MM-YYYY") }
        return day
    }

    func degrees(_ name: String, within limit: Double) throws -> Double {
        let text = try text(name)
        let isDecimal = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "+-.".utf8.contains($0) }
        guard isDecimal, let degrees = Double(text), abs(degrees) <= limit else {
            throw Refusal.input(name, "is not a number of degrees within \(Int(limit))")
        }
        return degrees
    }

    /// Absent, empty or one of the country's; a plus sign stands for a space, as forms write it.
    func vaccine() throws -> String? {
        guard let asked = optionalText("vaccine"), !asked.isEmpty else { return nil }
        let name = String(asked.map { $0 == "+" ? " " : $0 })
        guard store.country.vaccine(named: name) != nil else { throw Refusal.input("vaccine", "is not one this country gives") }
        return name
    }

    func search(_ place: SessionSearch.Place, days: Int) throws -> SessionSearch {
        SessionSearch(place: place, from: try date(), days: days, vaccine: try vaccine(), language: language)
    }

    private func digits(_ text: String) -> Int? {
        guard text.utf8.count <= 9, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int(text)
    }
}
