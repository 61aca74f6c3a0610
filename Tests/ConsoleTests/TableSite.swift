import GRDB
import HTTPTypes
import Registry
import Support
import Testing

@testable import Console
@testable import ControlPlane

/// A console with a visitor of each sort, and applications in one state.
final class TableSite {
    /// Who is signed in: each role alone, - without any, and s with all of them, whose password and code are some minutes old.
    static let signedIn = Set<Character>("rvoda-s")

    let site: Site
    /// By letter; n is nobody, x disabled, e in a session that is over, h at half of a sign-in.
    private(set) var visitors: [(Character, WebBrowser)] = []
    /// What forms carry that were shown to somebody else.
    private(set) var foreignToken = ""
    private var members: [Character: Member] = [:]
    private var evidence = ""
    private let link: SecretToken
    private let state: String

    var registry: RegistryStore { site.registry }

    init(applications: [String], in state: String) async throws {
        (site, self.state) = (try Site(), state)
        link = try site.registry.invite(Invitation(name: "invited", roles: []), by: "owner", at: site.now)
        try TableSite.fill(site, applications, in: state)
        members["e"] = try await site.enrolled("expired-one", Set(Role.allCases))
        site.wait(seconds: 1_800)
        members["s"] = try await site.enrolled("stale-one", Set(Role.allCases))
        site.wait(seconds: 301)
        _ = try await site.enrolled("target", [.reviewer])
        for (letter, roles) in ConsoleTable.letters { members[letter] = try await site.enrolled(TableSite.name(letter), roles) }
        for (letter, name) in [("x", "disabled-one"), ("h", "half-one")] as [(Character, String)] {
            members[letter] = try await site.enrolled(name, Set(Role.allCases))
        }
        _ = try registry.disable("disabled-one", reason: "left", by: "owner", at: site.now)
        try await open()
        let paper = EvidenceSubmission(kind: .dataUseAgreement, name: "paper.txt", bytes: Array("Seen.".utf8))
        evidence = try registry.addEvidence(paper, to: site.id("shared"), by: "only-r", at: site.now).id
    }

    /// A browser for each, with what its forms carry.
    private func open() async throws {
        let half = try await site.desk.signIn(
            "half-one", password: Site.password, from: Visitor(address: "192.0.2.1", agent: ""), at: site.now)
        for letter in "rvoda-snxeh" {
            let browser = WebBrowser(site)
            let session = letter == "h" ? half : members[letter]?.session
            browser.cookies[Console.sessionCookie] = session?.text
            let page = try await browser.get(TableSite.signedIn.contains(letter) ? "/" : "/sign-in")
            try #require(page.status == .ok && page.token != nil, "\(letter)")
            visitors.append((letter, browser))
        }
        let other = WebBrowser(site)
        try await other.get("/sign-in")
        foreignToken = other.token
    }

    static func name(_ letter: Character) -> String { letter == "-" ? "no-role" : "only-\(letter)" }

    /// Applications with all evidence that rules can ask for, and a key each.
    private static func fill(_ site: Site, _ applications: [String], in state: String) throws {
        _ = try applyPolicy(from: Repository.root + "/policies", to: site.registry, by: "owner", at: site.now)
        let partners = try stride(from: 0, to: applications.count, by: 50).map { start in
            let declared = try applications[start..<min(start + 50, applications.count)].map { name in
                ApplicationDeclaration(
                    id: try site.id(name), name: name, purpose: "Is tested.", scopes: ScopeSet([.metadata, .search]),
                    state: ApplicationState(name: state))
            }
            return PartnerDeclaration(
                id: try site.id("partner-\(start)"), kind: .app, name: "Partner \(start)",
                registration: "U72200MH2015PTC\(100_000 + start)",
                site: "https://partner-\(start).example", contacts: [.technical: "desk@partner-\(start).example"], applications: declared)
        }
        _ = try site.registry.importPartners(partners, at: site.now)
        let (now, later) = (site.now.nanoseconds, site.now.nanoseconds + 100 * 86_400_000_000_000)
        try site.registry.write(.note) { database in
            for kind in EvidenceKind.allCases {
                try database.execute(
                    sql: """
                        INSERT INTO evidence (id, application, kind, digest, name, media_type, bytes, expires, added, added_by)
                        SELECT 'ev-' || ?1 || '-' || id, id, ?1, zeroblob(32), 'x.txt', 'text/plain', 1, ?2, ?3, 'owner' FROM application
                        """, arguments: [kind.name, later, now])
            }
            try database.execute(
                sql: """
                    INSERT INTO credential (id, digest, application, environment, name, state, created, created_by)
                    SELECT 'key-' || id, randomblob(32), id, 'sandbox', 'x', 'active', ?1, 'owner' FROM application
                    """, arguments: [now])
        }
    }

    /// Where a row leads, about an application.
    func path(of row: ConsoleTable.Row, about application: String) -> String {
        let isPartner = row.path.hasPrefix("/partners")
        let paper = row.isForm ? "ev-functional-test-" + application : evidence
        return row.path.replacing(":id", with: isPartner ? "partner-0" : application).replacing(":evidence", with: paper)
            .replacing(":key", with: "key-" + application).replacing(":name", with: "target").replacing(":token", with: link.text)
    }

    /// Whether somebody who is signed in gets past the door of a place.
    func isLetIn(_ letter: Character, _ row: ConsoleTable.Row) -> Bool {
        row.isAboutApplication ? letter != "-" : isOne(letter, of: row)
    }

    private func isOne(_ letter: Character, of row: ConsoleTable.Row) -> Bool { letter == "s" || row.roles.contains(letter) }

    /// What the table says.
    private func expected(_ row: ConsoleTable.Row, _ letter: Character) -> (status: Int, place: String?) {
        guard TableSite.signedIn.contains(letter) else {
            if let status = row.others[letter] { return (status, nil) }
            return row.isForm ? (401, nil) : (303, "/sign-in")
        }
        if letter == "s", row.isDangerous { return row.isForm ? (401, nil) : (303, "/reauthenticate") }
        guard isLetIn(letter, row) else { return (403, nil) }
        guard row.isAboutApplication else { return (row.status, nil) }
        guard isOne(letter, of: row), row.states.contains(state) else { return (422, nil) }
        return (row.status, row.status == 303 ? "/applications/" : nil)
    }

    /// Tries a row; what is otherwise than the table says, or nil.
    func ask(_ row: ConsoleTable.Row, about application: String, _ letter: Character, _ browser: WebBrowser) async throws -> String? {
        let revision = try registry.revision()
        let page = try await send(row, about: application, letter, browser)
        let (status, place) = expected(row, letter)
        guard page.status.code == status else { return "\(page.status.code) and not \(status)" }
        if let place, page.location?.hasPrefix(place) != true { return "leads to \(page.location ?? "nowhere")" }
        if letter == "s", status == 401, row.isDangerous, !page.html.contains("action=\"/reauthenticate\"") {
            return "does not ask for password and code"
        }
        guard row.isForm, row.isAboutApplication else { return nil }
        let move = row.route.split(separator: "/moves/").dropFirst().first.map(String.init)
        if status == 303, let move, page.location?.contains("?done=" + move) != true { return "did not \(move)" }
        let isDone = status < 400
        return try (registry.revision() != revision) == isDone ? nil : isDone ? "changed nothing" : "changed something"
    }

    private func send(
        _ row: ConsoleTable.Row, about application: String, _ letter: Character, _ browser: WebBrowser
    ) async throws -> Page {
        let path = path(of: row, about: application)
        guard row.isForm else { return try await browser.get(path) }
        if row.isUpload {
            let form = Dictionary(row.form) { first, _ in first }
            return try await browser.upload(path, form, files: [(field: "file", name: "a.txt", text: "Seen.")])
        }
        // What forms carry changes with the session.
        if !row.isAboutApplication { try await browser.get(TableSite.signedIn.contains(letter) ? "/" : "/sign-in") }
        let pairs: [(String, String)] = row.form.map { name, value in
            switch (name, value) {
            case ("password", "right"): (name, Site.password)
            case ("code", "right"): (name, members[letter]?.code(at: site.now) ?? "")
            // Tries at one name are counted together.
            case ("name", "nobody-here"): (name, "nobody-\(letter)")
            default: (name, value)
            }
        }
        return try await browser.post(path, pairs: pairs)
    }
}

extension ConsoleTable.Row {
    var isAboutApplication: Bool { path.hasPrefix("/applications/") }

    /// The application that one visitor tries this on.
    func name(for letter: Character) -> String {
        let words = path.split(separator: "/").dropFirst(2).map { $0.filter { $0 != ":" } }.joined(separator: "-")
        return "\(words)-\(letter == "-" ? "0" : String(letter))"
    }
}
