import Registry

@testable import Console
@testable import ControlPlane

/// An application with something of everything, as values: no registry stands behind it.
enum SampleDossier {
    static let now = WallTime(seconds: 1_795_350_600)
    static let id = identifier("sample-app")

    static func identifier(_ text: String) -> Identifier {
        guard let id = Identifier(text) else { preconditionFailure("\(text) is no id") }
        return id
    }

    static func ago(days: Int64) -> WallTime { WallTime(seconds: now.seconds - days * 86_400) }

    static let desk = InboxDesk(
        colleagues: [
            Account(
                name: "asha", displayName: "Asha Rao", roles: [.approver], state: .active, language: .english, created: now,
                createdBy: "owner",
                lastSignIn: nil)
        ], mayAct: true, rules: .standard)

    static let plan = Plan(
        id: identifier("sample-plan"),
        allowances: [
            .search: Allowance(
                bucket: BucketRule(tokens: 100, periodNanoseconds: 300_000_000_000, burst: 100), dayTokens: 123_456, concurrency: 8)
        ])

    private static var application: RegisteredApplication {
        RegisteredApplication(
            declaration: ApplicationDeclaration(
                id: id, name: "Sample <app>", purpose: "Is \"shown\".", scopes: ScopeSet([.search, .booking]), plan: plan.id),
            partner: identifier("sample"), kind: .app,
            lifecycle: Lifecycle(
                state: .approved, returnsTo: nil, submitters: [],
                pending: Lifecycle.PendingMove(move: .goLive, actor: "asha", time: ago(days: 1)), withdrawnUntil: nil,
                review: Lifecycle.OpenReview(actor: "asha", since: ago(days: 1))),
            granted: ScopeSet([.search]), plan: plan.id, received: ago(days: 20), since: ago(days: 9), assignee: "asha")
    }

    static var dossier: Dossier {
        let partner = PartnerDeclaration(
            id: identifier("sample"), kind: .app, name: "Sample", registration: "X", site: "https://sample.example",
            contacts: [.technical: "desk@sample.example"], applications: [])
        let options = LifecycleMove.allCases.map { move in
            MoveOption(
                move: move, objection: move == .revoke ? .outOfForm("not you") : nil,
                gaps: move == .goLive ? [EvidenceGap(kind: .securityAudit, expired: nil)] : [], isConfirmation: move == .goLive,
                needsSecond: move == .suspend)
        }
        return Dossier(
            application: application, partner: RegisteredPartner(declaration: partner, applications: [id]), moves: moves,
            evidence: evidence, missing: [], keys: keys, notes: notes, options: options, mayDoPaperwork: true,
            changes: [FactChange(subject: "partner", name: "name", before: ["Old"], after: ["Sample"])], reviewed: ago(days: 3),
            extraQuota: nil,
            reviewDue: now, rules: .standard,
            policy: Policy(version: "", plans: [plan], anonymousPlan: identifier("anonymous"), defaultPlans: [:], routes: []), record: 7)
    }

    private static let moves = [
        RecordedMove(
            number: 1, application: id, from: .approved, to: .approved, move: "go-live", actor: "asha", inPlaceOf: "bela",
            time: ago(days: 1),
            reason: "All seen.", isPending: true)
    ]

    private static let evidence = [
        EvidenceEntry(
            id: "ev-1", application: id, kind: .functionalTest, digest: Digest(1, 2, 3, 4), name: "report.pdf", type: .pdf, bytes: 9,
            issued: nil,
            expires: ago(days: 1), added: ago(days: 2), addedBy: "asha", withdrawn: nil, withdrawnBy: nil, withdrawnReason: nil)
    ]

    private static let keys = [CredentialRecord.State.active, .retiring, .revoked].map { state in
        RegisteredKey(
            id: "key-\(state.name)", application: id, environment: .production, name: state.name, state: state, until: now, created: now,
            createdBy: "asha", lastUsed: nil, endedBy: nil, reason: nil)
    }

    private static let notes = [
        RegistryStore.NoteEntry(number: 1, application: id, audience: .partner, text: "Please <hurry>.", time: now, actor: "asha")
    ]

    static let checks = [
        AutomaticCheck(.registrationForm, .passed, "Fine."), AutomaticCheck(.usualScopes, .failed, "Unusual: booking."),
        AutomaticCheck(.siteReachable, .skipped, "Not asked."),
    ]

    static let usage = RecentUsage(
        counts: [("admitted", 1_234), ("rate-limited", 5)],
        refusals: [RecentUsage.Refusal(time: now, verdict: "rate-limited", route: identifier("some-route"), status: 429)])

    static let row = InboxRow(
        id: id, name: "Sample", partner: identifier("sample"), partnerName: "Sample & Sons", kind: .app, state: .approved,
        received: ago(days: 20), since: ago(days: 9), due: ago(days: 6), reading: .escalation,
        missing: [EvidenceGap(kind: .securityAudit, expired: nil)], passed: 5, failed: 1, assignee: "asha",
        pending: Lifecycle.PendingMove(move: .goLive, actor: "asha", time: now))

    static func visit(_ texts: Texts) -> Visit {
        Visit(
            requestID: "id", now: now, visitor: Visitor(address: "192.0.2.1", agent: ""), path: "/", parameters: [:], query: FormFields(),
            session: nil, standing: nil, stranger: SecretToken(random: [UInt8](repeating: 1, count: 32)), isNewStranger: false, texts: texts
        )
    }

    /// Pages of everything there is.
    static func pages(_ texts: Texts) -> [any PageModel] {
        let visit = visit(texts)
        let shown = ApplicationShown(dossier: dossier, checks: checks, usage: .known(usage), desk: desk)
        let found = InboxPage(rows: [row], total: 120, counts: [.approved: 120], record: 7)
        return [
            ApplicationPage(shown, visit), InboxListPage(found, InboxFilter(), desk: desk, notice: nil, visit),
            BulkOutcomePage(
                title: "Outcome", done: "1", refused: "2",
                rows: [BulkOutcomePage.Row(id: "a", name: "A", outcome: "done", outcomeClass: "active", sentence: "No.")], back: "/inbox"),
            KeyIssuedPage(title: "Key", key: "pgw_sandbox_x", environment: "Sandbox", back: "/applications/a"),
        ]
    }
}
