import Registry

/// Who may do what, in which state: written by hand, and held against every cell. r reviewer, v approver, o ops, d admin, a auditor; whoever has
/// no role stands for nobody.
enum AuthorisationTable {
    static let letters: [(Character, Role)] = [("r", .reviewer), ("v", .approver), ("o", .ops), ("d", .admin), ("a", .auditor)]

    static let states = [
        "draft", "submitted", "in_review", "changes_requested", "rejected", "sandbox", "certifying", "approved", "live", "suspended",
        "revoked",
        "withdrawn",
    ]

    private static let served = ["sandbox", "certifying", "approved", "live"]

    /// Each move: who may make it, and in which states it is one. Elsewhere it is 409 whoever asks, and 403 for whoever may not.
    static let moves: [(move: String, roles: String, states: [String])] = [
        ("submit", "ro", ["draft", "changes_requested"]),
        ("review", "rv", ["submitted"]),
        ("request-changes", "rv", ["in_review"]),
        ("reject", "rv", ["in_review"]),
        ("grant-sandbox", "rv", ["in_review", "certifying"]),
        ("certify", "rvo", ["sandbox"]),
        ("approve", "v", ["certifying"]),
        ("go-live", "v", ["approved"]),
        ("change-plan", "v", served),
        ("grant-scopes", "v", served),
        ("suspend", "vo", served + ["revoked"]),
        ("resume", "vo", ["suspended"]),
        ("break-glass", "v", ["suspended"]),
        ("review-break-glass", "v", []),
        ("withdraw", "vo", ["live"]),
        (
            "revoke", "v",
            ["draft", "submitted", "in_review", "changes_requested", "sandbox", "certifying", "approved", "live", "suspended", "withdrawn"]
        ),
    ]

    /// A call about an application: who may, in which states it does what it says, and what it answers them in the others.
    struct Call {
        let route: String
        var body = ""
        let roles: String
        let status: Int
        var states = AuthorisationTable.states
        var elsewhere = 409
    }

    /// All calls about one application but its moves.
    static let calls: [Call] = [
        Call(route: "GET /applications/:id", roles: "rvoda", status: 200),
        Call(route: "GET /applications/:id/moves", roles: "rvoda", status: 200),
        Call(route: "GET /applications/:id/checks", roles: "rvoda", status: 200),
        Call(route: "GET /applications/:id/notes", roles: "rvoda", status: 200),
        Call(route: "GET /applications/:id/evidence", roles: "rvoda", status: 200),
        Call(route: "GET /applications/:id/extra-quota", roles: "rvoda", status: 200),
        Call(route: "POST /applications/:id/notes", body: #"{"to":"team","text":"x"}"#, roles: "rvo", status: 201),
        Call(route: "PUT /applications/:id/assignment", body: #"{"to":"only-v"}"#, roles: "rvo", status: 200),
        Call(route: "POST /applications/:id/evidence?kind=named-officer&name=a.txt", body: "Meera", roles: "rvo", status: 201),
        Call(
            route: "POST /applications/:id/keys", body: #"{"environment":"sandbox","name":"x"}"#, roles: "rvo", status: 201, states: served),
        Call(
            route: "POST /applications/:id/keys", body: #"{"environment":"production","name":"x"}"#, roles: "rvo", status: 201,
            states: ["approved", "live"]),
        Call(
            route: "POST /applications/:id/extra-quota", body: #"{"percent":10,"until":"2023-11-20T00:00:00Z","reason":"x"}"#, roles: "o",
            status: 201, states: served, elsewhere: 422),
        // Nothing was given to these.
        Call(route: "POST /applications/:id/extra-quota/end", body: #"{"reason":"x"}"#, roles: "o", status: 422),
    ]

    /// All calls that are about no one application: who may, and what they then answer to what is sent here.
    static let others: [Call] = [
        Call(route: "GET /token", roles: "rvoda-", status: 200),
        Call(route: "GET /partners", roles: "rvoda", status: 200),
        Call(route: "GET /partners/:id", roles: "rvoda", status: 404),
        Call(route: "POST /partners/:id/erase", body: #"{"reason":"x"}"#, roles: "d", status: 404),
        Call(route: "POST /import", body: "[]", roles: "rv", status: 200),
        Call(route: "GET /export", roles: "rvoda", status: 200),
        Call(route: "GET /applications", roles: "rvoda", status: 200),
        Call(route: "GET /open-reviews", roles: "rvoda", status: 200),
        Call(route: "GET /evidence/:id", roles: "rvoda", status: 404),
        Call(route: "POST /evidence/:id/withdraw", body: #"{"reason":"x"}"#, roles: "rvo", status: 404),
        Call(route: "GET /keys", roles: "rvoda", status: 200),
        Call(route: "POST /keys/:id/rotate", body: "{}", roles: "rvo", status: 404),
        Call(route: "POST /keys/:id/revoke", body: #"{"reason":"x"}"#, roles: "rvo", status: 404),
        Call(route: "GET /delegations", roles: "rvoda", status: 200),
        // For oneself anybody of the team, which is not these here; for others an admin.
        Call(
            route: "POST /delegations", body: #"{"away":"only-r","to":"only-v","until":"2023-11-20T00:00:00Z","reason":"x"}"#, roles: "rd",
            status: 201),
        Call(route: "POST /delegations/:number/end", roles: "rvoda", status: 404),
        Call(route: "GET /accounts", roles: "da", status: 200),
        Call(route: "POST /accounts", body: #"{"name":"only-r","roles":[]}"#, roles: "d", status: 422),
        Call(route: "POST /accounts/:name/disable", body: #"{"reason":"x"}"#, roles: "d", status: 404),
        Call(route: "GET /policies", roles: "rvoda", status: 200),
        Call(route: "GET /policies/in-force", roles: "rvoda", status: 200),
        Call(route: "GET /lifecycle-rules", roles: "rvoda", status: 200),
        Call(route: "POST /policies/diff", body: #"{"plans":"","routes":""}"#, roles: "rvoda", status: 422),
        Call(route: "POST /policies", body: #"{"plans":"","routes":"","plannedOn":"00000000","reason":"x"}"#, roles: "o", status: 422),
        Call(route: "POST /policies/:version/cancel", body: #"{"reason":"x"}"#, roles: "o", status: 404),
        Call(route: "POST /policies/:version/rollback", body: #"{"reason":"x"}"#, roles: "o", status: 404),
        Call(route: "GET /audit", roles: "da", status: 200),
        Call(route: "GET /audit/export", roles: "da", status: 200),
        Call(route: "GET /audit/verify", roles: "da", status: 200),
        Call(route: "GET /audit/public-key", roles: "da", status: 200),
        Call(route: "GET /decisions", roles: "rvoda", status: 409),
        Call(route: "GET /decisions/:id", roles: "rvoda", status: 404),
        Call(route: "GET /usage", roles: "rvoda", status: 200),
        Call(route: "GET /inbox", roles: "rvoda", status: 200),
        Call(route: "GET /funnel", roles: "rvoda", status: 200),
    ]

    /// What a token must have been made for.
    static let scopes: [TokenScopeRow] = [
        TokenScopeRow(
            nil, ["GET /token", "DELETE /token"]),
        TokenScopeRow(
            "onboard",
            [
                "POST /import", "POST /partners/:id/erase", "POST /applications/:id/moves", "POST /applications/:id/notes",
                "PUT /applications/:id/assignment",
                "POST /applications/:id/evidence", "POST /evidence/:id/withdraw", "POST /applications/:id/extra-quota",
                "POST /applications/:id/extra-quota/end", "POST /delegations", "POST /delegations/:number/end",
            ]),
        TokenScopeRow("keys", ["POST /applications/:id/keys", "POST /keys/:id/rotate", "POST /keys/:id/revoke"]),
        TokenScopeRow("policies", ["POST /policies", "POST /policies/:version/cancel", "POST /policies/:version/rollback"]),
        TokenScopeRow("accounts", ["GET /accounts", "POST /accounts", "POST /accounts/:name/disable"]),
        TokenScopeRow("audit", ["GET /audit", "GET /audit/export", "GET /audit/verify", "GET /audit/public-key"]),
        TokenScopeRow(
            "read",
            [
                "GET /partners", "GET /partners/:id", "GET /export", "GET /applications", "GET /applications/:id",
                "GET /applications/:id/moves", "GET /applications/:id/checks", "GET /open-reviews", "GET /applications/:id/notes",
                "GET /applications/:id/evidence", "GET /evidence/:id", "GET /keys", "GET /applications/:id/extra-quota", "GET /delegations",
                "GET /policies", "GET /policies/in-force", "GET /lifecycle-rules", "POST /policies/diff", "GET /decisions",
                "GET /decisions/:id", "GET /usage", "GET /inbox", "GET /funnel",
            ]),
    ]

    /// A scope and its calls.
    struct TokenScopeRow {
        let scope: String?
        let routes: [String]

        init(_ scope: String?, _ routes: [String]) { (self.scope, self.routes) = (scope, routes) }
    }
}
