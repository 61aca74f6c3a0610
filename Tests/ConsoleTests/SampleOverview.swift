import Registry

@testable import Console
@testable import ControlPlane

/// Partners, funnel, audit and tokens with something of everything, as values.
enum SampleOverview {
    private static let now = SampleDossier.now

    private static let partner = PartnerDeclaration(
        id: SampleDossier.identifier("sample"), kind: .app, name: "Sample & Sons", registration: "X", site: "https://sample.example",
        contacts: [.technical: "desk@sample.example"], applications: [])

    private static let funnel = Funnel(
        [
            Funnel.Entry(kind: .app, state: .inReview, since: SampleDossier.ago(days: 6), received: SampleDossier.ago(days: 8)),
            Funnel.Entry(kind: .hospital, state: .live, since: now, received: SampleDossier.ago(days: 30)),
            Funnel.Entry(kind: .pharmacy, state: .draft, since: now, received: nil),
        ], clocks: [.inReview: StateClock(reminderDays: 5, escalationDays: 10)], days: DayClock(offsetMinutes: 330), at: now)

    private static let token = AccessTokenEntry(
        id: "tok-1", account: "asha", name: "nightly <b>", scopes: TokenScopes([.read, .audit]), created: now, createdBy: "asha",
        expires: WallTime(seconds: now.seconds + 60), lastUsed: nil)

    /// An audit of one refusal and one change of many facts.
    private static func audit(_ texts: Texts) -> AuditTrailPage {
        func row(_ number: String, refusal: String?, many: [AuditTrailPage.Change]) -> AuditTrailPage.Row {
            AuditTrailPage.Row(
                number: number, time: "then", actor: "asha", origin: "console 192.0.2.1", action: "application.go-live",
                subject: "application/sample-app", path: "/applications/sample-app", refusal: refusal, reason: "Because.",
                changes: many.isEmpty ? [AuditTrailPage.Change(name: "state", before: "approved", after: "live")] : [],
                manyChanges: many, hasMany: !many.isEmpty)
        }
        let many = ["a", "b", "c", "d"].map { AuditTrailPage.Change(name: $0, before: nil, after: "<\($0)>") }
        return AuditTrailPage(
            title: texts[.auditTrail], notice: Notice(text: "Note"), fault: "record 7 was changed", actionHint: "such as",
            subjectHint: "or",
            actor: "asha", action: "application", subject: "sample-app", from: "2026-01-01", until: "2026-12-31",
            outcomes: [Option(value: "", name: texts[.auditAny], isChosen: true)], isFiltered: true,
            rows: [row("2", refusal: "Not yours.", many: []), row("1", refusal: nil, many: many)], hasRows: true,
            newer: "/audit?after=2", older: "/audit?before=1")
    }

    private static func erasure(_ texts: Texts) -> PartnerPage.Erasure {
        PartnerPage.Erasure(
            action: "/partners/sample/erase", counts: "1", living: nil, reason: Field(name: "reason", label: texts[.reason]))
    }

    /// One of each page.
    static func pages(_ texts: Texts) -> [any PageModel] {
        let found = FoundPartners(rows: [FoundPartners.Row(declaration: partner, states: [.live: 2])], total: 120)
        let duplicate = PartnerDuplicate(subject: .duplicateDomain, partner: SampleDossier.identifier("other"), value: "sample.example")
        let issued = IssuedToken(entry: token, token: "pgw_pat_x")
        return [
            PartnersPage(found, PartnerSearch(text: "sample", kind: .app, page: 2), texts),
            PartnerPage(
                RegisteredPartner(declaration: partner, applications: []), [SampleDossier.dossier.application], [duplicate], erasure(texts),
                nil, texts), FunnelPage(funnel, texts), audit(texts),
            TokensPage([token, token], notice: nil, texts, at: now), NewTokenPage(texts), TokenMadePage(issued, texts),
            LinkElsewherePage(texts, action: "/link/x"),
        ]
    }
}
