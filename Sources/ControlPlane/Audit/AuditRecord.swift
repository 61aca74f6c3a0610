import Decisions
package import Registry

/// A link of the chain: what was done or refused, and the digest of the link before it.
package struct AuditRecord: Hashable, Sendable {
    /// Its place: the first is 1, each next is one more.
    package var number: Int64
    /// When, as RFC 3339 has it, in UTC with nine digits of the second: as hashed.
    package var time: String
    /// Who, by the name as recorded.
    package var actor: String
    /// From where: `command-line`, `console`, `api`, `gateway`.
    package var origin: String
    /// The client's address, where there is one.
    package var address: String?
    /// The id of the token that was shown, where one was.
    package var token: String?
    /// What was done, as `noun.verb`.
    package var action: String
    /// What sort of thing it was done to.
    package var subjectKind: String
    /// To which one.
    package var subject: String
    /// What held before and no longer does: a JSON object; nil where there was nothing.
    package var before: String?
    /// What holds now and did not: a JSON object; nil where nothing is left, or it was refused.
    package var after: String?
    /// Why, as given.
    package var reason: String
    /// Why it was refused; nil where it was done.
    package var refusal: String?
    /// The hash of the record before; zeros in the first.
    package var previous: Digest
    /// SHA-256 of all of the above.
    package var hash: Digest

    /// The hash before the first record.
    package static let noHash = Digest(0, 0, 0, 0)

    /// What is hashed: a version of this form, then every field in the order above as a netstring, `-` where there is none.
    package var hashedBytes: [UInt8] { hashedBytes(as: number, rest: hashedRest) }

    private func hashedBytes(as number: Int64, rest: [UInt8]) -> [UInt8] {
        var form = HashedForm("partner-gateway audit 1")
        form.append(String(number))
        return form.bytes + rest
    }

    /// All fields behind the number.
    private var hashedRest: [UInt8] {
        var form = HashedForm()
        let fields = [
            time, actor, origin, address, token, action, subjectKind, subject, before, after, reason, refusal,
            CertificateText.text(previous),
        ]
        for field in fields { form.append(field) }
        return form.bytes
    }

    /// Whether its hash fits what it says.
    package var isIntact: Bool { hash == sha256(hashedBytes) }

    /// The number under which its hash would fit, looked for near its own: it was put in another's place.
    var trueNumber: Int64? {
        let (rest, reach) = (hashedRest, Int64(1_000))
        return (max(1, number - reach)...(number + reach)).first { hash == sha256(hashedBytes(as: $0, rest: rest)) }
    }
}

extension AuditRecord {
    /// The link that follows another.
    init(_ event: AuditEvent, by actor: Actor, at time: WallTime, number: Int64, after previous: Digest) {
        let isChange = event.before != nil && event.after != nil
        self.init(
            number: number, time: time.timestamp(), actor: actor.name, origin: actor.origin.name, address: actor.origin.address,
            token: actor.origin.token, action: event.action.name, subjectKind: event.subject.kind,
            subject: SafeText.bounded(event.subject.id, to: Limits.auditSubjectBytes),
            before: (isChange ? event.before?.differing(from: event.after) : event.before)?.text,
            after: (isChange ? event.after?.differing(from: event.before) : event.after)?.text,
            reason: AuditRecord.kept(event.reason, bytes: Limits.reasonCharacters * Limits.characterBytes),
            refusal: event.refusal.map { AuditRecord.kept($0, bytes: Limits.auditRefusalBytes) }, previous: previous,
            hash: AuditRecord.noHash)
        hash = sha256(hashedBytes)
    }

    /// A text without people's addresses, of so many bytes at most: cut before it is looked through, since that takes longer the longer it is.
    private static func kept(_ text: String, bytes: Int) -> String {
        SafeText.bounded(SafeText.withoutContacts(SafeText.bounded(SafeText.collapsed(text), to: bytes)), to: bytes)
    }
}

extension Actor.Origin {
    /// The name on record.
    package var name: String {
        switch self {
        case .commandLine: "command-line"
        case .console: "console"
        case .api: "api"
        case .gateway: "gateway"
        }
    }

    /// Where the client is.
    var address: String? {
        switch self {
        case .console(let address), .api(let address, _): address
        case .commandLine, .gateway: nil
        }
    }

    /// What it showed.
    var token: String? { if case .api(_, let token) = self { token } else { nil } }
}
