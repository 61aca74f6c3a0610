import Registry

/// How many refused calls of a person the audit takes: as of failed sign-ins, so many at once, then one in a while, and once an episode a word
/// that there were more.
struct RefusedCalls: Sendable {
    /// What becomes of one.
    enum Record: Hashable, Sendable {
        case whole
        /// On record, with the word that others are not.
        case last
    }

    private var levels = SignInLevels()

    /// Counts one; nil where it is not on record.
    mutating func count(of person: String, at now: WallTime) -> Record? {
        let subjects = [SignInLevels.Subject.calls(of: person)]
        guard levels.take(subjects, at: now) != nil else { return .whole }
        return levels.isNews(subjects, at: now) ? .last : nil
    }
}
