package import Registry

/// What is erased of a partner, or would be: all that names its people. The audit says how much it was, and never what.
package struct Erasure: Hashable, Sendable {
    /// Whose.
    package var partner: Identifier
    /// The roles whose contacts it has.
    package var contacts: [ContactRole]
    /// Evidence whose files and names are still there.
    package var evidence: [EvidenceEntry]
    /// Notes that say something, by number.
    package var notes: [Int64]
    /// Applications whose purpose holds an address or a number of somebody, with what is left of it.
    package var purposes: [Identifier: String]
    /// Records of the audit that quote one of the contacts, from before such were kept out of it: these cannot be erased.
    package var quoted: [Int64]

    /// Whether there is anything to erase.
    package var isEmpty: Bool { contacts.isEmpty && evidence.isEmpty && notes.isEmpty && purposes.isEmpty }

    /// What stands where something was erased.
    package static let mark = "[erased]"

    /// What holds of it, as the audit has it.
    var facts: AuditFacts {
        [
            "contacts": .texts(contacts.map(\.rawValue)), "evidence": .number(Int64(evidence.count)), "notes": .number(Int64(notes.count)),
            "purposes": .number(Int64(purposes.count)),
        ]
    }
}

extension RegisteredApplication {
    /// Whether somebody may still have to be reached about it: whatever is not rejected, revoked, or withdrawn and over.
    package func isLiving(at now: WallTime) -> Bool {
        switch lifecycle.state {
        case .rejected, .revoked: false
        case .withdrawn: lifecycle.withdrawnUntil.map { now < $0 } ?? true
        case .draft, .submitted, .inReview, .changesRequested, .sandbox, .certifying, .approved, .live, .suspended: true
        }
    }
}
