package import Registry

/// What somebody looks for among all applications; all of them where nothing is said.
package struct InboxQuery: Hashable, Sendable {
    /// Whose applications.
    package enum Assignee: Hashable, Sendable {
        case anyone, nobody
        case person(String)
    }

    /// What comes first.
    package enum Order: String, CaseIterable, Sendable {
        /// What was received first.
        case age
        /// What a clock runs out on first; without a clock last.
        case clock
    }

    /// In one of these states; nil for any.
    package var states: Set<ApplicationState>?
    /// Of partners of this kind.
    package var kind: PartnerKind?
    /// Whose.
    package var assignee = Assignee.anyone
    /// Lacking this evidence for its next step.
    package var missing: EvidenceKind?
    /// Only what has lain in its state until a reminder was due.
    package var isOverdue = false
    /// Only what one person has decided and a second must confirm.
    package var awaitsSecond = false
    /// Words, each of which stands in the id, the name, the partner's id or name, or its registration number.
    package var text = ""
    /// What comes first.
    package var order = Order.age
    /// Which fifty, from 1.
    package var page = 1

    /// A query from its parts.
    package init(
        states: Set<ApplicationState>? = nil, kind: PartnerKind? = nil, assignee: Assignee = .anyone, missing: EvidenceKind? = nil,
        isOverdue: Bool = false, awaitsSecond: Bool = false, text: String = "", order: Order = .age, page: Int = 1
    ) {
        (self.states, self.kind, self.assignee, self.missing) = (states, kind, assignee, missing)
        (self.isOverdue, self.awaitsSecond, self.text, self.order, self.page) = (isOverdue, awaitsSecond, text, order, page)
    }

    /// States in which somebody is to do something.
    package static let waiting: Set<ApplicationState> = [
        .submitted, .inReview, .changesRequested, .sandbox, .certifying, .approved, .suspended,
    ]
}

/// Some of what was looked for, and how much there is.
package struct InboxPage: Hashable, Sendable {
    /// At most fifty, in the query's order.
    package var rows: [InboxRow]
    /// All that fits, on this page or another.
    package var total: Int
    /// By state, of what fits but for the state.
    package var counts: [ApplicationState: Int]
    /// The audit's last record: what was decided later was not seen here.
    package var record: Int64

    /// Pages there are; one at least.
    package var pages: Int { max((total + Limits.inboxRows - 1) / Limits.inboxRows, 1) }
}

/// An application, as a list shows it.
package struct InboxRow: Hashable, Sendable {
    /// Its id.
    package var id: Identifier
    /// Its name.
    package var name: String
    /// Its partner.
    package var partner: Identifier
    /// What the partner is called.
    package var partnerName: String
    /// The partner's kind.
    package var kind: PartnerKind
    /// Where it stands.
    package var state: ApplicationState
    /// When it was received; nil of a draft.
    package var received: WallTime?
    /// Since when it is in its state.
    package var since: WallTime?
    /// When a reminder is due; nil where no clock runs.
    package var due: WallTime?
    /// How pressing it is.
    package var reading: StateClock.Reading
    /// What its next step needs and does not find.
    package var missing: [EvidenceGap]
    /// Automatic checks passed; the partner's site is not asked for a list.
    package var passed: Int
    /// Automatic checks failed.
    package var failed: Int
    /// Who has it.
    package var assignee: String?
    /// What one person has decided and a second must confirm.
    package var pending: Lifecycle.PendingMove?
}
