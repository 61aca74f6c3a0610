package import Registry

/// A key in a list: never the key itself.
package struct KeyRow: Encodable, Sendable {
    /// Its own id.
    package let id: String
    /// Whose it is.
    package let application: String
    /// Which core store it reaches.
    package let environment: String
    /// What its owner calls it.
    package let name: String
    /// Whether it is good, ending or refused.
    package let state: String
    /// When it stops.
    package let until: String?
    /// When it was issued.
    package let created: String
    /// Who had it issued.
    package let createdBy: String
    /// When it was presented last.
    package let lastUsed: String?
    /// Who had it rotated or revoked.
    package let endedBy: String?
    /// Why it was revoked.
    package let reason: String?

    /// The row of a key.
    package init(_ key: RegisteredKey) {
        id = key.id
        application = key.application.text
        environment = key.environment.name
        name = key.name
        state = key.state.name
        until = key.until?.text
        created = key.created.text
        createdBy = key.createdBy
        lastUsed = key.lastUsed?.text
        endedBy = key.endedBy
        reason = key.reason
    }
}

/// A key just issued, with its text: shown once.
package struct IssuedKeyRow: Encodable, Sendable {
    /// Its own id.
    package let id: String
    /// Whose it is.
    package let application: String
    /// Which core store it reaches.
    package let environment: String
    /// The key itself.
    package let key: String

    /// The row of a key just issued.
    package init(_ issued: IssuedKey) {
        id = issued.id
        application = issued.application.text
        environment = issued.environment.name
        key = issued.key
    }
}

/// Evidence in a list.
package struct EvidenceRow: Encodable, Sendable {
    /// Its own id.
    package let id: String
    /// Whose it is.
    package let application: String
    /// What it shows.
    package let kind: String
    /// How it stands now.
    package let standing: String
    /// From when it is.
    package let issued: String?
    /// Until when it holds.
    package let expires: String?
    /// The file's own name.
    package let name: String
    /// What sort of file it is, by its content.
    package let mediaType: String
    /// The file's size.
    package let bytes: Int64
    /// Of the file.
    package let sha256: String
    /// When.
    package let added: String
    /// By whom.
    package let addedBy: String
    /// Why it counts no more.
    package let withdrawnReason: String?

    /// The row of a piece of evidence.
    package init(_ entry: EvidenceEntry, at now: WallTime) {
        id = entry.id
        application = entry.application.text
        kind = entry.kind.name
        standing = entry.standing(at: now)
        issued = entry.issued?.text
        expires = entry.expires?.text
        name = entry.name
        mediaType = entry.type.rawValue
        bytes = entry.bytes
        sha256 = CertificateText.text(entry.digest)
        added = entry.added.text
        addedBy = entry.addedBy
        withdrawnReason = entry.withdrawnReason
    }
}

/// A note in a list.
package struct NoteRow: Encodable, Sendable {
    /// Its number.
    package let id: String
    /// When.
    package let time: String
    /// Who is meant to read it.
    package let to: String
    /// Who said it.
    package let by: String
    /// What.
    package let text: String

    /// The row of a note.
    package init(_ note: RegistryStore.NoteEntry) {
        id = String(note.number)
        time = note.time.text
        to = note.audience.rawValue
        by = note.actor
        text = note.text
    }
}

/// A check in a list.
package struct CheckRow: Encodable, Sendable {
    /// What was looked at.
    package let id: String
    /// Passed, failed or skipped.
    package let result: String
    /// Why.
    package let sentence: String

    /// The row of a check.
    package init(_ check: AutomaticCheck) {
        id = check.subject.rawValue
        result = check.result.rawValue
        sentence = check.sentence
    }
}

/// Extra quota in a list.
package struct ExtraQuotaRow: Encodable, Sendable {
    /// Whose it is.
    package let id: String
    /// On top of the plan.
    package let percent: Int
    /// From when.
    package let since: String
    /// When it is taken back.
    package let until: String
    /// By whom.
    package let givenBy: String
    /// Why.
    package let reason: String
    /// When it was taken back.
    package let ended: String?
    /// By whom.
    package let endedBy: String?

    /// The row of an exception.
    package init(_ entry: RegistryStore.ExtraQuotaEntry) {
        id = entry.application.text
        percent = Int(entry.percent)
        since = entry.since.text
        until = entry.until.text
        givenBy = entry.givenBy
        reason = entry.reason
        ended = entry.end?.time.text
        endedBy = entry.end?.actor
    }
}

/// A delegation in a list.
package struct DelegationRow: Encodable, Sendable {
    /// Its number.
    package let id: String
    /// Who is away.
    package let away: String
    /// Who stands in.
    package let standIn: String
    /// From when on.
    package let from: String
    /// Until when.
    package let until: String
    /// Why.
    package let reason: String
    /// When it was taken back.
    package let ended: String?

    /// The row of a delegation.
    package init(_ entry: RegistryStore.DelegationEntry) {
        id = String(entry.number)
        away = entry.away
        standIn = entry.standIn
        from = entry.from.text
        until = entry.until.text
        reason = entry.reason
        ended = entry.ended?.text
    }
}

/// A break-glass resume that another person has to look at.
package struct OpenReviewRow: Encodable, Sendable {
    /// The application.
    package let id: String
    /// Where it stands.
    package let state: String
    /// Who resumed it.
    package let resumedBy: String
    /// When.
    package let since: String
    /// When somebody must have looked at it.
    package let due: String
    /// Whether that is over.
    package let isOverdue: Bool

    /// The row of an open review as it is now.
    package init(_ review: RegistryStore.OpenReviewEntry, at now: WallTime) {
        id = review.application.text
        state = review.state.name
        resumedBy = review.actor
        since = review.since.text
        due = review.due.text
        isOverdue = review.due <= now
    }
}
