import Decisions
import Registry

/// What holds of something at a time, by name; on record is what differs from before to after.
package struct AuditFacts: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// What a fact says. Secrets are none, and neither are people's addresses: what is on record cannot be erased.
    package enum Fact: Hashable, Sendable {
        case text(String)
        case texts([String])
        case number(Int64)
        case flag(Bool)
    }

    private var members: [String: Fact] = [:]

    /// Facts by their names; those that are nil do not hold.
    package init(dictionaryLiteral members: (String, Fact?)...) {
        for (name, value) in members { self.members[name] = value }
    }

    /// One fact.
    package subscript(_ name: String) -> Fact? {
        get { members[name] }
        set { members[name] = newValue }
    }

    /// Without what is the same in the others.
    func differing(from others: AuditFacts?) -> AuditFacts {
        var facts = self
        facts.members = members.filter { others?.members[$0] != $1 }
        return facts
    }

    /// A JSON object, members in the order of their names.
    var text: String {
        var json = JSONText()
        json.object { json in
            for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                switch value {
                case .text(let text): json.member(name, text)
                case .texts(let texts): json.member(name, texts: texts)
                case .number(let number): json.member(name, number)
                case .flag(let flag): json.member(name, flag)
                }
            }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

extension AuditFacts {
    /// All that was declared and decided of an application.
    init(_ application: RegisteredApplication) {
        let (declared, lifecycle) = (application.declaration, application.lifecycle)
        self = [
            "partner": .text(application.partner.text), "name": .text(declared.name),
            "purpose": .text(SafeText.withoutContacts(declared.purpose)),
            "scopesAsked": .texts(declared.scopes.scopes.map(\.name)), "scopesGranted": .texts(application.granted.scopes.map(\.name)),
            "allowedAddresses": .texts((declared.allowedAddresses ?? []).map(AddressText.text)),
            "certificates": .texts((declared.certificates ?? []).map(CertificateText.text)),
            "state": .text(lifecycle.state.name), "submitters": .texts(lifecycle.submitters.sorted()),
        ]
        self["planAsked"] = declared.plan.map { .text($0.text) }
        self["plan"] = application.plan.map { .text($0.text) }
        self["returnsTo"] = lifecycle.returnsTo.map { .text($0.name) }
        self["pendingMove"] = lifecycle.pending.map { .text($0.move.rawValue) }
        self["pendingActor"] = lifecycle.pending.map { .text($0.actor) }
        self["pendingSince"] = lifecycle.pending.map { .text($0.time.timestamp()) }
        self["pendingFor"] = lifecycle.pending?.standingInFor.map { .text($0) }
        self["pendingScopes"] = lifecycle.pending?.terms.map { .texts($0.scopes.scopes.map(\.name)) }
        self["pendingPlan"] = lifecycle.pending?.terms.map { .text($0.plan.text) }
        self["pendingLimits"] = lifecycle.pending?.limits.map { .text(CertificateText.text($0)) }
        self["reviewOf"] = lifecycle.review.map { .text($0.actor) }
        self["reviewSince"] = lifecycle.review.map { .text($0.since.timestamp()) }
        self["assignee"] = application.assignee.map { .text($0) }
        self["received"] = declared.received.map { .text($0.text) }
        self["withdrawnUntil"] = lifecycle.withdrawnUntil.map { .text($0.timestamp()) }
    }

    /// A piece of evidence: the digest of its file, never what is in it or how it is called.
    init(_ entry: EvidenceEntry) {
        self = [
            "application": .text(entry.application.text), "kind": .text(entry.kind.name),
            "sha256": .text(CertificateText.text(entry.digest)),
            "withdrawn": .flag(entry.withdrawn != nil),
        ]
        self["expires"] = entry.expires.map { .text($0.timestamp()) }
        if entry.erased != nil { self["erased"] = .flag(true) }
    }

    /// What the first import brought.
    init(_ summary: ImportSummary) {
        self = ["partners": .number(Int64(summary.partnersAdded)), "applications": .number(Int64(summary.applicationsAdded))]
    }

    /// What a partner declared. Of contacts the roles alone: whom to write to is erased one day, and this is not.
    init(_ partner: PartnerDeclaration) {
        self = [
            "kind": .text(partner.kind.name), "name": .text(partner.name), "registration": .text(partner.registration),
            "site": .text(partner.site), "contacts": .texts(partner.contacts.keys.map(\.rawValue).sorted()),
        ]
    }

    /// A key, without anything that would tell it.
    init(_ key: RegisteredKey) {
        self = [
            "application": .text(key.application.text), "environment": .text(key.environment.name), "name": .text(key.name),
            "state": .text(key.state.name), "until": key.until.map { .text($0.timestamp()) },
        ]
    }
}
