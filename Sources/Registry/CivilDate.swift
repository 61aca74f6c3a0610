/// A point in time in the Gregorian calendar at UTC.
package struct CivilDate: Sendable {
    /// Of the common era.
    package let year: Int
    /// 1 to 12.
    package let month: Int
    /// 1 to 31.
    package let day: Int
    /// 0 is Sunday.
    package let weekday: Int
    /// 0 to 86,399.
    package let secondOfDay: Int

    /// Counts days in eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
    package init(epochSeconds: Int64) {
        let secondsOfDay: Int64 = 86_400
        let second = (epochSeconds % secondsOfDay + secondsOfDay) % secondsOfDay
        let days = Int((epochSeconds - second) / secondsOfDay)
        secondOfDay = Int(second)
        weekday = ((days + 4) % 7 + 7) % 7
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
}
