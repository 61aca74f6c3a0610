import ControlPlane
import Registry

/// Days as browsers send them: `2027-03-31`.
enum CalendarField {
    /// When a day begins by the clocks there; nil where nothing was given.
    static func start(_ text: String, offsetMinutes: Int64) throws(RegistryError) -> WallTime? {
        try day(text).map { DayClock(offsetMinutes: offsetMinutes).beginning(of: $0) }
    }

    /// When a day is over.
    static func end(_ text: String, offsetMinutes: Int64) throws(RegistryError) -> WallTime? {
        try day(text).map { DayClock(offsetMinutes: offsetMinutes).beginning(of: $0 + 1) }
    }

    /// Days since 1970-01-01. People write 9999 for what does not end: nanoseconds are over long before.
    private static func day(_ text: String) throws(RegistryError) -> Int64? {
        guard !text.isEmpty else { return nil }
        guard let day = DayClock.day(text) else {
            throw RegistryError.outOfForm(
                "'\(text)' is no day from 1970-01-01 to 2262-04-10: it is written as 2027-03-31, and left empty where there is none")
        }
        return day
    }
}
