import Registry

/// What was erased of a partner, or would be: how much, and never what.
package struct ErasureRow: Encodable, Sendable {
    /// Whose.
    package let id: String
    /// The roles whose contacts went.
    package let contacts: [String]
    /// Ids of the evidence whose files and names went.
    package let evidence: [String]
    /// How many notes.
    package let notes: Int
    /// Ids of the applications whose purpose named somebody's address or number.
    package let purposes: [String]
    /// Numbers of the audit's records that quote a contact and cannot be erased.
    package let quotedInAudit: [Int64]

    /// The row of an erasure.
    package init(_ erasure: Erasure) {
        id = erasure.partner.text
        contacts = erasure.contacts.map(\.rawValue)
        evidence = erasure.evidence.map(\.id)
        notes = erasure.notes.count
        purposes = erasure.purposes.keys.map(\.text).sorted()
        quotedInAudit = erasure.quoted
    }
}
