/// How long what names people is kept once nothing needs it any more, and who may have it erased before.
package struct RetentionRule: Hashable, Sendable {
    /// Days from the end of a partner's last application until its contacts, evidence and notes are erased; nil for never.
    package var contactsDays: Int64?
    /// Days from when a piece of evidence stopped counting until its file is erased; nil for never.
    package var evidenceDays: Int64?
    /// Who may erase on demand.
    package var mayErase: RoleSet

    /// A rule from its parts.
    package init(contactsDays: Int64?, evidenceDays: Int64?, mayErase: RoleSet) {
        (self.contactsDays, self.evidenceDays, self.mayErase) = (contactsDays, evidenceDays, mayErase)
    }

    /// What counts where an older file says nothing: nothing is erased by itself that nobody has said a word about.
    package static let unstated = RetentionRule(contactsDays: nil, evidenceDays: nil, mayErase: LifecycleRules.standard.retention.mayErase)

    /// The latest time at which something may have ended to be due now; nil where it never is.
    package static func due(after days: Int64?, at now: WallTime) -> WallTime? {
        days.map { WallTime(nanoseconds: now.nanoseconds - $0 * DayClock.dayNanoseconds) }
    }
}

extension LifecycleRules {
    /// What counts without any file: the standard rules, but that nothing is erased by itself.
    package static let unwritten = {
        var rules = standard
        rules.retention = .unstated
        return rules
    }()
}
