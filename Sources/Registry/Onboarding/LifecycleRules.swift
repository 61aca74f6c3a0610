/// What `policies/lifecycle.yaml` says: who may make which move, on which evidence, how long things may lie, and what may be an exception.
/// The graph of states is code (`Lifecycle`); this is what a country or a team sets for itself.
package struct LifecycleRules: Hashable, Sendable {
    /// Who may make each move; a move that is not here nobody with a role may make.
    package var roles: [LifecycleMove: RoleSet]
    /// Who may add evidence, write notes, say who has an application, and issue, rotate and revoke keys.
    package var paperwork: RoleSet
    /// What has to be on file before a move, by the partner's kind.
    package var evidence: [PartnerKind: [LifecycleMove: EvidenceSet]]
    /// How long an application may lie in a state.
    package var clocks: [ApplicationState: StateClock]
    /// How much one person may give on top of a plan.
    package var extraQuota: ExtraQuotaRule
    /// Hours until somebody else must have looked at a break-glass resume.
    package var reviewHours: Int64
    /// What is done about evidence that ends.
    package var expiry: ExpiryRule
    /// The longest somebody may be stood in for.
    package var delegationDays: Int64
    /// How long what names people is kept.
    package var retention: RetentionRule
    /// What the automatic checks hold an application against.
    package var checks: CheckRules
    /// Sentences ready to be sent, by language (a BCP 47 tag), in the file's order.
    package var reasons: [String: [CannedReason]]

    /// The moves that evidence may be asked for; a resume needs what the state it returns to needed.
    package static let movesOnEvidence: [LifecycleMove] = [.grantSandbox, .certify, .approve, .goLive]

    /// Rules from their parts.
    package init(
        roles: [LifecycleMove: RoleSet], paperwork: RoleSet, evidence: [PartnerKind: [LifecycleMove: EvidenceSet]],
        clocks: [ApplicationState: StateClock], extraQuota: ExtraQuotaRule, reviewHours: Int64, expiry: ExpiryRule, delegationDays: Int64,
        retention: RetentionRule, checks: CheckRules, reasons: [String: [CannedReason]]
    ) {
        self.roles = roles
        self.paperwork = paperwork
        self.evidence = evidence
        self.clocks = clocks
        self.extraQuota = extraQuota
        self.reviewHours = reviewHours
        self.expiry = expiry
        self.delegationDays = delegationDays
        self.retention = retention
        self.checks = checks
        self.reasons = reasons
    }

    /// What must be on file for a move: by the partner's kind, and for a resume by the state that it returns to. Break-glass asks for nothing,
    /// which is what it is for.
    package func evidence(for move: LifecycleMove, of kind: PartnerKind, returningTo state: ApplicationState?) -> EvidenceSet {
        let asked = evidence[kind] ?? [:]
        guard move == .resume else { return asked[move] ?? [] }
        return switch state {
        case .sandbox: asked[.grantSandbox] ?? []
        case .certifying: asked[.certify] ?? []
        case .approved: asked[.approve] ?? []
        case .live, .withdrawn: asked[.goLive] ?? []
        default: []
        }
    }

    /// The kinds without whose evidence an application that stands in a state is suspended: of what a resume into it needs.
    package func suspending(_ kind: PartnerKind, in state: ApplicationState) -> EvidenceSet {
        expiry.suspends.intersection(evidence(for: .resume, of: kind, returningTo: state))
    }

    /// When a break-glass resume made now must have been looked at.
    package func reviewDue(after now: WallTime) -> WallTime {
        WallTime(nanoseconds: now.nanoseconds + reviewHours * 3_600_000_000_000)
    }
}

/// How long an application may lie in a state before somebody is reminded, and before somebody above is told.
package struct StateClock: Hashable, Sendable {
    /// Days until a reminder.
    package var reminderDays: Int64
    /// Days until an escalation.
    package var escalationDays: Int64

    /// A clock from its days.
    package init(reminderDays: Int64, escalationDays: Int64) {
        self.reminderDays = reminderDays
        self.escalationDays = escalationDays
    }

    /// How pressing something is.
    package enum Reading: Int, Comparable, Sendable {
        case inTime, reminder, escalation

        /// Less pressing before more.
        package static func < (left: Reading, right: Reading) -> Bool { left.rawValue < right.rawValue }
    }

    /// What the clock says now of an application that came into the state at a time.
    package func reading(since: WallTime, at now: WallTime) -> Reading {
        let days = (now.nanoseconds - since.nanoseconds) / DayClock.dayNanoseconds
        if days >= escalationDays { return .escalation }
        return days >= reminderDays ? .reminder : .inTime
    }
}

/// How much one person may give on top of a plan, for how long at most.
package struct ExtraQuotaRule: Hashable, Sendable {
    /// Who may.
    package var roles: RoleSet
    /// Per cent of the plan.
    package var mostPercent: Int64
    /// Days that one lasts at most.
    package var mostDays: Int64
    /// Days that all of an application together last at most, within any thirty: one given again and again is another plan.
    package var mostDaysInThirty: Int64

    /// A rule from its parts.
    package init(roles: RoleSet, mostPercent: Int64, mostDays: Int64, mostDaysInThirty: Int64) {
        (self.roles, self.mostPercent, self.mostDays) = (roles, mostPercent, mostDays)
        self.mostDaysInThirty = mostDaysInThirty
    }
}

/// What is done about evidence that ends.
package struct ExpiryRule: Hashable, Sendable {
    /// Days before its end at which a warning is due, the most first.
    package var warningDays: [Int64]
    /// Kinds without which an application that needed them is suspended; of others the team is only told.
    package var suspends: EvidenceSet

    /// A rule from its parts.
    package init(warningDays: [Int64], suspends: EvidenceSet) {
        self.warningDays = warningDays
        self.suspends = suspends
    }
}

/// What the automatic checks hold an application against.
package struct CheckRules: Hashable, Sendable {
    /// Whether a partner's site is asked whether it is there.
    package var asksSite: Bool
    /// Forms of registration numbers by kind: `#` is a digit, `@` a letter A to Z, all else itself. None means any form.
    package var registrationForms: [PartnerKind: [String]]
    /// Scopes that applications of a kind usually ask for; none stated means all are usual.
    package var usualScopes: [PartnerKind: ScopeSet]

    /// Rules from their parts.
    package init(asksSite: Bool, registrationForms: [PartnerKind: [String]], usualScopes: [PartnerKind: ScopeSet]) {
        self.asksSite = asksSite
        self.registrationForms = registrationForms
        self.usualScopes = usualScopes
    }
}

/// A sentence ready to be sent.
package struct CannedReason: Hashable, Sendable {
    /// The same in every language.
    package var id: Identifier
    /// What is sent.
    package var text: String

    /// A reason from its parts.
    package init(id: Identifier, text: String) {
        self.id = id
        self.text = text
    }
}
