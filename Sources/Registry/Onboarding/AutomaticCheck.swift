/// What can be looked at of an application before people do: facts, not opinions, each passed or not with a sentence.
package struct AutomaticCheck: Hashable, Sendable {
    /// What was looked at.
    package enum Subject: String, CaseIterable, Sendable {
        case registrationForm = "registration-form", siteReachable = "site-reachable", duplicateNumber = "duplicate-number"
        case duplicateOfficer = "duplicate-officer", duplicateDomain = "duplicate-domain", evidence, usualScopes = "usual-scopes"
    }

    /// How it came out.
    package enum Result: String, Sendable {
        case passed, failed
        /// The rules do not ask for it, or nobody could look.
        case skipped
    }

    /// What.
    package var subject: Subject
    /// How.
    package var result: Result
    /// Why, in a sentence for the team.
    package var sentence: String

    /// A check's outcome.
    package init(_ subject: Subject, _ result: Result, _ sentence: String) {
        self.subject = subject
        self.result = result
        self.sentence = sentence
    }
}

/// What the checks know of a partner.
package struct CheckedPartner: Hashable, Sendable {
    /// Its id.
    package var id: Identifier
    /// Its kind.
    package var kind: PartnerKind
    /// Its registration number.
    package var registration: String
    /// Its site, `https://…`.
    package var site: String
    /// Its contacts' mail addresses.
    package var contacts: [String]

    /// Of those that share a mark, so many are looked at: one agency's address may be on thousands.
    package static let alikeAtMost = 20

    /// A partner from the parts.
    package init(id: Identifier, kind: PartnerKind, registration: String, site: String, contacts: [String]) {
        self.id = id
        self.kind = kind
        self.registration = registration
        self.site = site
        self.contacts = contacts
    }
}

/// What the checks know of an application.
package struct CheckedApplication: Hashable, Sendable {
    /// Whose it is.
    package var partner: CheckedPartner
    /// What it asks for.
    package var scopes: ScopeSet
    /// What is on file.
    package var evidence: EvidenceOnFile
    /// What must be on file before its next step.
    package var neededEvidence: EvidenceSet
    /// Whether the partner's site answered; nil where nobody asked.
    package var siteAnswered: Bool?

    /// An application from the parts.
    package init(
        partner: CheckedPartner, scopes: ScopeSet, evidence: EvidenceOnFile, neededEvidence: EvidenceSet, siteAnswered: Bool? = nil
    ) {
        self.partner = partner
        self.scopes = scopes
        self.evidence = evidence
        self.neededEvidence = neededEvidence
        self.siteAnswered = siteAnswered
    }

    /// All checks, in the order of `Subject`, against the rules and against all other partners.
    package func checks(against others: [CheckedPartner], under rules: CheckRules, at now: WallTime) -> [AutomaticCheck] {
        let others = others.filter { $0.id != partner.id }
        return [
            registrationForm(rules), siteReachable(rules),
            duplicate(.duplicateNumber, "registration number", others), duplicate(.duplicateOfficer, "contact", others),
            duplicate(.duplicateDomain, "domain", others), evidenceInDate(at: now), usualScopes(rules),
        ]
    }

    private func registrationForm(_ rules: CheckRules) -> AutomaticCheck {
        let (number, kind) = (partner.registration, partner.kind)
        guard let forms = rules.registrationForms[kind], !forms.isEmpty else {
            return AutomaticCheck(.registrationForm, .skipped, "No form is stated for registration numbers of the kind \(kind.name).")
        }
        guard forms.contains(where: { fits(number, $0) }) else {
            return AutomaticCheck(
                .registrationForm, .failed,
                "The registration number \(number) has none of the forms of the kind \(kind.name): \(forms.joined(separator: ", ")).")
        }
        return AutomaticCheck(.registrationForm, .passed, "The registration number \(number) has the form of the kind \(kind.name).")
    }

    private func siteReachable(_ rules: CheckRules) -> AutomaticCheck {
        guard rules.asksSite else { return AutomaticCheck(.siteReachable, .skipped, "The rules do not have sites asked.") }
        return switch siteAnswered {
        case true: AutomaticCheck(.siteReachable, .passed, "\(partner.site) answers.")
        case false: AutomaticCheck(.siteReachable, .failed, "\(partner.site) does not answer.")
        case nil: AutomaticCheck(.siteReachable, .skipped, "\(partner.site) was not asked.")
        }
    }

    private func duplicate(
        _ subject: AutomaticCheck.Subject, _ sort: String, _ others: [CheckedPartner]
    ) -> AutomaticCheck {
        let own = partner.marks(subject)
        let shared = others.compactMap { other in other.marks(subject).intersection(own).min().map { (other.id.text, $0) } }
        guard let (other, value) = shared.min(by: { $0 < $1 }) else {
            return AutomaticCheck(subject, .passed, "No other partner has this \(sort).")
        }
        let count = "\(shared.count - 1)" + (shared.count < CheckedPartner.alikeAtMost ? "" : " or")
        let more = shared.count > 1 ? ", and \(count) more have one of its own" : ""
        return AutomaticCheck(subject, .failed, "Partner \(other) has the \(sort) \(value), too\(more).")
    }

    private func evidenceInDate(at now: WallTime) -> AutomaticCheck {
        let gaps = evidence.gaps(in: neededEvidence, at: now)
        guard gaps.isEmpty else {
            let missing = gaps.map { $0.kind.name + ($0.expired == nil ? " is missing" : " has expired") }
            return AutomaticCheck(.evidence, .failed, "Before the next step: \(missing.joined(separator: ", ")).")
        }
        let names = neededEvidence.kinds.map(\.name).joined(separator: ", ")
        return AutomaticCheck(
            .evidence, .passed, names.isEmpty ? "The next step needs no evidence." : "On file and in date for the next step: \(names).")
    }

    private func usualScopes(_ rules: CheckRules) -> AutomaticCheck {
        let kind = partner.kind.name
        guard let usual = rules.usualScopes[partner.kind] else {
            return AutomaticCheck(.usualScopes, .skipped, "No scopes are stated as usual for a partner of the kind \(kind).")
        }
        let unusual = scopes.subtracting(usual).scopes.map(\.name).joined(separator: ", ")
        return unusual.isEmpty
            ? AutomaticCheck(.usualScopes, .passed, "All scopes asked for are usual for a partner of the kind \(kind).")
            : AutomaticCheck(.usualScopes, .failed, "Not usual for a partner of the kind \(kind): \(unusual).")
    }
}

extension CheckedPartner {
    /// What it has in common with another: of registration number, contacts and domain, all that both have.
    package func shared(with other: CheckedPartner) -> [(subject: AutomaticCheck.Subject, value: String)] {
        [.duplicateNumber, .duplicateOfficer, .duplicateDomain].flatMap { subject in
            marks(subject).intersection(other.marks(subject)).sorted().map { (subject, $0) }
        }
    }

    /// What tells it from others, as far as a check goes; the same in one spelling.
    fileprivate func marks(_ subject: AutomaticCheck.Subject) -> Set<String> {
        switch subject {
        case .duplicateNumber: number.isEmpty ? [] : [number]
        case .duplicateOfficer: people
        case .duplicateDomain: [domain]
        case .registrationForm, .siteReachable, .evidence, .usualScopes: []
        }
    }

    /// The number without what people put between its parts.
    package var number: String { registration.uppercased().filter { $0.isLetter || $0.isNumber } }

    /// Addresses that name somebody, each in one spelling.
    fileprivate var people: Set<String> { Set(contacts.map { $0.lowercased() }) }

    /// Of its site, without `www.`.
    package var domain: String {
        let host = site.dropFirst("https://".count).prefix { $0 != "/" && $0 != ":" && $0 != "?" && $0 != "#" }.lowercased()
        return host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
    }
}

/// Whether a text has a form in which `#` is a digit and `@` a letter A to Z.
private func fits(_ text: String, _ form: String) -> Bool {
    let (text, form) = (Array(text.utf8), Array(form.utf8))
    return text.count == form.count
        && zip(text, form).allSatisfy { byte, sign in
            switch sign {
            case 0x23: (0x30...0x39).contains(byte)
            case 0x40: (0x41...0x5A).contains(byte)
            default: byte == sign
            }
        }
}
