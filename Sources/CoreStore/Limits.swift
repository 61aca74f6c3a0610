/// Every bound of the core store, its unit in its name.
enum Limits {
    /// A booking is under 500 bytes; nothing a citizen sends comes near this.
    static let bodyBytes = 64 * 1024
    /// A keep-alive connection with nothing on it is closed after this; above the gateway's own pool timeout.
    static let idleConnectionSeconds = 180
    /// Longer than any call takes, and short enough that a stop ends within 5 s.
    static let drainSeconds = 4

    static let tokenLifeSeconds = 900
    static let oneTimeCodeLifeSeconds = 180
    static let oneTimeCodeTries = 3
    /// Codes sent to one mobile within `oneTimeCodeBurstSeconds`; more is a flood, not a lost message.
    static let oneTimeCodesInBurst = 5
    static let oneTimeCodeBurstSeconds = 180
    /// CoWIN blocked a citizen over 50 codes in 24 hours.
    static let oneTimeCodesInDay = 50
    static let oneTimeCodeDaySeconds = 86_400

    static let beneficiariesInAccount = 4
    static let nameCharacters = 100
    static let photoIdNumberCharacters = 30
    static let earliestBirthYear = 1900

    static let calendarDays = 7
    /// Sessions are kept this many days from today on, today included.
    static let seededDays = 14
    /// Sessions nobody booked are removed when this old; booked ones stay for their appointments.
    static let pastSessionDays = 7
    /// Answers to a search by position.
    static let nearestCentres = 10
    /// Hours a client may keep metadata (CoWIN's own figure).
    static let metadataHours = 24

    /// Two cores serve the reference store; more readers would only queue for them.
    static let databaseReaders = 4
    /// A writer waits this long for another process (the command line) that holds the lock.
    static let databaseBusySeconds = 5.0
    /// How often expired codes are removed and midnight is looked for.
    static let housekeepingSeconds = 30
}
