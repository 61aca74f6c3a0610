import ControlPlane
import Foundation
import Registry

/// Days as browsers send them: `2027-03-31`.
enum CalendarField {
    /// When a day begins by the clocks there; nil where nothing was given.
    static func start(_ text: String, offsetMinutes: Int64) throws(RegistryError) -> WallTime? {
        guard !text.isEmpty else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        guard parts.count == 3, parts[0].utf8.count == 4, text.utf8.count == 10, let year = Int(parts[0]), let month = Int(parts[1]),
            let day = Int(parts[2]), year >= 1900
        else { throw RegistryError.outOfForm("'\(text)' is no day: it is written as 2027-03-31") }
        let components = DateComponents(calendar: calendar, timeZone: .gmt, year: year, month: month, day: day)
        guard components.isValidDate, let date = components.date else {
            throw RegistryError.outOfForm("'\(text)' is no day: it is written as 2027-03-31")
        }
        return WallTime(seconds: Int64(date.timeIntervalSince1970) - offsetMinutes * 60)
    }

    /// When a day is over.
    static func end(_ text: String, offsetMinutes: Int64) throws(RegistryError) -> WallTime? {
        try start(text, offsetMinutes: offsetMinutes).map { WallTime(seconds: $0.seconds + 86_400) }
    }
}
