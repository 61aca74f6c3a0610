import Registry
import Testing

@Suite struct AutomaticCheckTests {
    private let now = WallTime(seconds: 1_700_000_000)

    private func partner(
        _ name: String = "acme", kind: PartnerKind = .app, registration: String = "U72200DL2000PTC900101",
        site: String = "https://acme.example",
        contacts: [String] = ["asha@acme.example"]
    ) -> CheckedPartner {
        CheckedPartner(
            id: SnapshotSample.identifier(name), kind: kind, registration: registration, site: site, contacts: contacts)
    }

    private func result(
        _ subject: AutomaticCheck.Subject, of partner: CheckedPartner, scopes: [Scope] = [.search],
        evidence: EvidenceOnFile = EvidenceOnFile(),
        needed: [EvidenceKind] = [], answered: Bool? = nil, asksSite: Bool = false, others: [CheckedPartner] = []
    ) -> AutomaticCheck? {
        var rules = LifecycleRules.standard.checks
        rules.asksSite = asksSite
        let application = CheckedApplication(
            partner: partner, scopes: ScopeSet(scopes), evidence: evidence, neededEvidence: EvidenceSet(needed), siteAnswered: answered)
        let checks = application.checks(against: others, under: rules, at: now)
        #expect(checks.map(\.subject) == AutomaticCheck.Subject.allCases)
        #expect(checks.allSatisfy { $0.sentence.hasSuffix(".") })
        return checks.first { $0.subject == subject }
    }

    @Test(arguments: [
        ("U72200DL2000PTC900101", PartnerKind.app, true), ("L17110MH1973PLC900102", .hospital, true),
        ("X72200DL2000PTC900101", .app, false),
        ("U72200DL2000PTC90010", .app, false), ("U7220ODL2000PTC900101", .app, false), ("u72200DL2000PTC900101", .app, false),
        ("KL-GOV-1956-0001", .government, true), ("KL-GOV-1956-0001", .app, false), ("", .app, false),
    ])
    func `a registration number has one of its kind's forms`(_ number: String, _ kind: PartnerKind, _ fits: Bool) {
        #expect(result(.registrationForm, of: partner(kind: kind, registration: number))?.result == (fits ? .passed : .failed))
    }

    @Test func `a site is asked only where the rules say so`() {
        #expect(result(.siteReachable, of: partner(), answered: false)?.result == .skipped)
        #expect(result(.siteReachable, of: partner(), answered: false, asksSite: true)?.result == .failed)
        #expect(result(.siteReachable, of: partner(), answered: true, asksSite: true)?.result == .passed)
        #expect(result(.siteReachable, of: partner(), asksSite: true)?.result == .skipped)
    }

    @Test func `the same number, contact or domain under another name is found, in any spelling, and never one's own`() {
        let other = partner(
            "other", registration: "u72200-dl2000 ptc900101", site: "https://WWW.acme.example:443/about", contacts: ["Asha@Acme.example"])
        for subject in [AutomaticCheck.Subject.duplicateNumber, .duplicateOfficer, .duplicateDomain] {
            let found = result(subject, of: partner(), others: [other])
            #expect(found?.result == .failed && found?.sentence.contains("other") == true, "\(subject)")
            #expect(result(subject, of: partner(), others: [partner()])?.result == .passed, "\(subject)")
            let stranger = partner("stranger", registration: "X1", site: "https://x.example", contacts: ["x@x.example"])
            #expect(result(subject, of: partner(), others: [stranger])?.result == .passed, "\(subject)")
        }
    }

    @Test func `evidence is on file and in date, or named`() {
        let onFile = EvidenceOnFile([.securityAudit: now, .namedOfficer: WallTime(nanoseconds: .max)])
        let failed = result(.evidence, of: partner(), evidence: onFile, needed: [.securityAudit, .functionalTest, .namedOfficer])
        #expect(failed?.result == .failed)
        #expect(failed?.sentence == "Before the next step: security-audit has expired, functional-test is missing.")
        #expect(result(.evidence, of: partner(), evidence: onFile, needed: [.namedOfficer])?.result == .passed)
    }

    @Test func `scopes that are unusual for the kind are named`() {
        let found = result(.usualScopes, of: partner(), scopes: [.search, .vaccinator])
        #expect(found?.result == .failed && found?.sentence == "Not usual for a partner of the kind app: vaccinator.")
        #expect(result(.usualScopes, of: partner(kind: .hospital), scopes: [.search, .vaccinator])?.result == .passed)
    }
}
