import Registry

/// Who may go where in the console, in which state of an application: written by hand, and held against every cell. r reviewer, v approver,
/// o ops, d admin, a auditor, each that alone; - is signed in without a role.
enum ConsoleTable {
    static let letters: [(Character, Set<Role>)] = [
        ("r", [.reviewer]), ("v", [.approver]), ("o", [.ops]), ("d", [.admin]), ("a", [.auditor]), ("-", []),
    ]

    static let states = [
        "draft", "submitted", "in_review", "changes_requested", "rejected", "sandbox", "certifying", "approved", "live", "suspended",
        "revoked", "withdrawn",
    ]

    private static let served = ["sandbox", "certifying", "approved", "live"]

    /// A place, and what it answers to whom.
    struct Row {
        let route: String
        var form: [(String, String)] = []
        /// Whom it answers so, to a form with its token; whoever else is signed in is forbidden, or told so where there is `refused`.
        let roles: String
        let status: Int
        /// Where it is about an application: the states in which it does what it says. In the others, and for roles that may not, it says why not.
        var states = ConsoleTable.states
        /// Whether it asks for password and code once they are old.
        var isDangerous = false
        /// Whether it takes a file.
        var isUpload = false
        /// What it answers who is not signed in, where that is not the way to the sign-in: n nobody, x disabled, e a session that is over,
        /// h half a sign-in.
        var others: [Character: Int] = [:]

        var isForm: Bool { route.hasPrefix("POST") }
        var path: String { String(route.drop { $0 != " " }.dropFirst()) }
    }

    /// Each move: who may make it, and in which states it is one; ! asks for password and code.
    private static let moves: [(move: String, roles: String, states: [String])] = [
        ("submit", "ro", ["draft", "changes_requested"]),
        ("review", "rv", ["submitted"]),
        ("request-changes", "rv", ["in_review"]),
        ("reject", "rv", ["in_review"]),
        ("grant-sandbox", "rv", ["in_review", "certifying"]),
        ("certify", "rvo", ["sandbox"]),
        ("approve", "v", ["certifying"]),
        ("go-live", "v!", ["approved"]),
        ("change-plan", "v!", served),
        ("grant-scopes", "v!", served),
        ("suspend", "vo", served + ["revoked"]),
        ("resume", "vo", ["suspended"]),
        ("break-glass", "v!", ["suspended"]),
        ("review-break-glass", "v", []),
        ("withdraw", "vo", ["live"]),
        (
            "revoke", "v!",
            ["draft", "submitted", "in_review", "changes_requested", "sandbox", "certifying", "approved", "live", "suspended", "withdrawn"]
        ),
    ]

    private static func form(of move: String) -> [(String, String)] {
        let common = [("reason", "tested"), ("version", "9223372036854775807")]
        switch move {
        case "grant-sandbox", "grant-scopes": return common + [("scope", "metadata")]
        case "change-plan": return common + [("plan", "starter-app")]
        default: return common
        }
    }

    /// All places about one application. Whoever has a role may look; what the registry does not let them do, it says (422).
    static let applications: [Row] =
        [
            Row(route: "GET /applications/:id", roles: "rvoda", status: 200),
            Row(route: "GET /applications/:id/print", roles: "rvoda", status: 200),
            Row(route: "GET /applications/:id/evidence/:evidence", roles: "rvoda", status: 200),
            Row(route: "POST /applications/:id/notes", form: [("audience", "team"), ("text", "x")], roles: "rvo", status: 303),
            Row(route: "POST /applications/:id/assignment", form: [("person", "only-v")], roles: "rvo", status: 303),
            Row(route: "POST /applications/:id/evidence", form: [("kind", "named-officer")], roles: "rvo", status: 303, isUpload: true),
            Row(route: "POST /applications/:id/evidence/:evidence/withdraw", form: [("reason", "x")], roles: "rvo", status: 303),
            Row(route: "POST /applications/:id/keys/sandbox", form: [("name", "x")], roles: "rvo", status: 200, states: served),
            Row(
                route: "POST /applications/:id/keys/production", form: [("name", "x")], roles: "rvo", status: 200,
                states: ["approved", "live"], isDangerous: true),
            Row(
                route: "POST /applications/:id/keys/:key/rotate", form: [("days", "1")], roles: "rvo", status: 200, states: served,
                isDangerous: true),
            Row(route: "POST /applications/:id/keys/:key/revoke", form: [("reason", "x")], roles: "rvo", status: 303, isDangerous: true),
        ]
        + moves.map { move, roles, states in
            Row(
                route: "POST /applications/:id/moves/" + move, form: form(of: move), roles: roles.filter { $0 != "!" }, status: 303,
                states: states, isDangerous: roles.hasSuffix("!"))
        }

    /// What is done to several applications at once: whose it does something to, and in which states. Going live is not among it.
    static let bulk: [(action: String, roles: String, states: [String])] = [
        ("ask", "rv", ["in_review"]), ("approve", "v", ["certifying"]), ("assign", "rvo", states), ("remind", "rvo", states),
    ]

    /// All places that are about no one application, in the order in which they may be tried.
    static let places: [Row] =
        [
            Row(route: "GET /", roles: "rvoda-", status: 200),
            Row(route: "GET /inbox", roles: "rvoda", status: 200),
            Row(route: "POST /inbox/bulk", form: [("action", "remind"), ("application", "none")], roles: "rvoda", status: 200),
            Row(route: "GET /partners", roles: "rvoda", status: 200),
            Row(route: "GET /partners/:id", roles: "rvoda", status: 200),
            // Its application lives, which whoever may erase is told; whoever may not is told that.
            Row(route: "POST /partners/:id/erase", form: [("reason", "x")], roles: "rvoda", status: 422, isDangerous: true),
            Row(route: "GET /funnel", roles: "rvoda", status: 200),
            Row(route: "GET /audit", roles: "da", status: 200),
            Row(route: "POST /audit/verify", roles: "da", status: 200),
            Row(route: "POST /audit/export", roles: "da", status: 200),
        ] + accounts + own + doors

    private static let accounts: [Row] = [
        Row(route: "GET /accounts", roles: "da", status: 200),
        Row(route: "GET /accounts/invite", roles: "d", status: 200, isDangerous: true),
        Row(
            route: "POST /accounts/invite", form: [("name", "newcomer"), ("language", "en")], roles: "d", status: 200, isDangerous: true),
        Row(route: "GET /accounts/:name", roles: "d", status: 200, isDangerous: true),
        Row(route: "POST /accounts/:name/roles", form: [("role", "ops")], roles: "d", status: 303, isDangerous: true),
        Row(route: "POST /accounts/:name/disable", form: [("reason", "x")], roles: "d", status: 303, isDangerous: true),
        Row(route: "POST /accounts/:name/enable", form: [("reason", "x")], roles: "d", status: 303, isDangerous: true),
        Row(route: "POST /accounts/:name/recover", roles: "d", status: 200, isDangerous: true),
    ]

    /// Whoever is signed in has these of their own.
    private static let own: [Row] = [
        Row(route: "GET /tokens", roles: "rvoda-", status: 200),
        Row(route: "GET /tokens/new", roles: "rvoda-", status: 200, isDangerous: true),
        Row(
            route: "POST /tokens/new", form: [("name", "x"), ("scope", "read"), ("days", "30")], roles: "rvoda-", status: 200,
            isDangerous: true),
        Row(route: "POST /tokens/revoke", form: [("id", "tok-none")], roles: "rvoda-", status: 404),
        Row(route: "GET /sessions", roles: "rvoda-", status: 200),
        Row(route: "POST /sessions/end", form: [("session", "none")], roles: "rvoda-", status: 303),
        Row(route: "POST /sessions/end-others", roles: "rvoda-", status: 303),
        Row(route: "GET /reauthenticate", roles: "rvoda-", status: 200),
    ]

    /// Where anybody may go; leaving comes last.
    private static let doors: [Row] = [
        Row(route: "GET /sign-in", roles: "rvoda-", status: 303, others: ["n": 200, "x": 200, "e": 200, "h": 200]),
        Row(
            route: "POST /sign-in", form: [("name", "nobody-here"), ("password", "no")], roles: "rvoda-", status: 401,
            others: ["n": 401, "x": 401, "e": 401, "h": 401]),
        Row(route: "GET /sign-in/code", roles: "rvoda-", status: 303, others: ["n": 303, "x": 303, "e": 303, "h": 200]),
        Row(
            route: "POST /sign-in/code", form: [("code", "000000")], roles: "rvoda-", status: 401,
            others: ["n": 401, "x": 401, "e": 401, "h": 401]),
        Row(route: "GET /link/:token", roles: "rvoda-", status: 200, others: ["n": 200, "x": 200, "e": 200, "h": 200]),
        Row(
            route: "POST /link/:token", form: [("again", "yes")], roles: "rvoda-", status: 200,
            others: ["n": 200, "x": 200, "e": 200, "h": 200]),
        Row(
            route: "POST /language", form: [("language", "en")], roles: "rvoda-", status: 303,
            others: ["n": 303, "x": 303, "e": 303, "h": 303]),
        Row(route: "POST /reauthenticate", form: [("password", "right"), ("code", "right")], roles: "rvoda-", status: 303),
        Row(route: "POST /sign-out", roles: "rvoda-", status: 303, others: ["n": 303, "x": 303, "e": 303, "h": 303]),
    ]
}
