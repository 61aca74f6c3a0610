import GRDB
import Registry
import Testing

@testable import ControlPlane

@Suite struct InboxTests {
    private let scratch: Scratch
    private let now = Scratch.now

    init() throws { scratch = try Scratch() }

    /// Six applications of three partners, a day apart, oldest first: a to f.
    private func registry() throws -> RegistryStore {
        let registry = try scratch.onboarding(.all)
        let states: [(String, ApplicationState, PartnerKind)] = [
            ("a", .submitted, .app), ("b", .inReview, .hospital), ("c", .certifying, .app), ("d", .approved, .government),
            ("e", .live, .app), ("f", .draft, .pharmacy),
        ]
        for (place, (name, state, kind)) in states.enumerated() {
            var partner = partner("partner-\(name)", application: "app-\(name)")
            partner.kind = kind
            partner.name = "Partner \(name.uppercased())"
            let time = after(Int64(place) * 86_400)
            _ = try registry.importPartners([partner], by: "reva", at: time)
            // Only the first import may set a state: this puts it there as the first would have.
            try registry.write { database in
                let id = id("app-\(name)")
                let lifecycle = Lifecycle(importedIn: state, at: time)
                let terms = GrantTerms(scopes: ScopeSet([.metadata, .search]), plan: ControlPlaneTests.id("standard-app"))
                try RegistryStore.save(lifecycle, terms: state == .draft ? nil : terms, of: id, at: time, database)
                try RegistryStore.audit(AuditEvent(.importApplication, of: .application(id)), by: "reva", at: time, database)
            }
        }
        return registry
    }

    private func ids(_ query: InboxQuery, _ registry: RegistryStore, at now: WallTime? = nil) throws -> String {
        try registry.inbox(query, at: now ?? after(6 * 86_400)).rows.map { $0.id.text.replacing("app-", with: "") }.filter { $0.count == 1 }
            .joined()
    }

    @Test func `what was received first comes first, and a clock's order is its own`() throws {
        let registry = try registry()
        #expect(try ids(InboxQuery(), registry) == "abcdef")
        // Due: a on day 2, d on day 6, b on day 6 (1 + 5), c on day 7 (2 + 5).
        #expect(try ids(InboxQuery(states: InboxQuery.waiting, order: .clock), registry) == "abdc")
        let page = try registry.inbox(InboxQuery(states: [.submitted]), at: now)
        #expect(page.total == 1 && page.pages == 1 && page.rows.first?.received == now)
        #expect(page.counts[.live] == 1 && page.counts[.submitted] == 1, "counts are of all states")
    }

    @Test func `each filter lets through what it says`() throws {
        let registry = try registry()
        try registry.assign(id("app-b"), to: "reva", by: "reva", at: now)
        try registry.write(.note) { database in
            let pending = Lifecycle.PendingMove(move: .goLive, actor: "asha", time: after(5 * 86_400))
            let lifecycle = Lifecycle(state: .approved, returnsTo: nil, submitters: [], pending: pending, withdrawnUntil: nil)
            try RegistryStore.save(lifecycle, terms: nil, of: id("app-d"), at: now, database)
        }
        let cases: [(InboxQuery, String)] = [
            (InboxQuery(kind: .app), "ace"), (InboxQuery(kind: .government), "d"), (InboxQuery(assignee: .person("Reva")), "b"),
            (InboxQuery(assignee: .nobody), "acdef"), (InboxQuery(missing: .functionalTest), "cde"),
            (InboxQuery(missing: .namedOfficer), "abcdef"), (InboxQuery(missing: .dataUseAgreement), "e"),
            (InboxQuery(isOverdue: true), "abd"), (InboxQuery(awaitsSecond: true), "d"), (InboxQuery(text: "partner b"), "b"),
            (InboxQuery(text: "PARTNER-C"), "c"), (InboxQuery(text: "app-e"), "e"), (InboxQuery(text: "X1"), "abcdef"),
            (InboxQuery(text: "%"), ""), (InboxQuery(text: "nobody"), ""), (InboxQuery(text: "_"), ""),
            (InboxQuery(states: [.live, .draft], text: "partner"), "ef"), (InboxQuery(states: []), ""),
        ]
        for (query, expected) in cases { #expect(try ids(query, registry) == expected, "\(query)") }
    }

    @Test func `evidence that counts is missing no more, and what has expired is`() throws {
        let registry = try scratch.onboarding(in: .certifying)
        #expect(try registry.inbox(InboxQuery(missing: .functionalTest), at: now).total == 1)
        try registry.hand(in: [.functionalTest], expires: after(60))
        #expect(try registry.inbox(InboxQuery(missing: .functionalTest), at: now).total == 0)
        let page = try registry.inbox(InboxQuery(missing: .functionalTest), at: after(60))
        #expect(page.rows.first?.missing.map(\.kind) == [.functionalTest, .namedOfficer])
    }

    @Test func `fifty come at a time, and the rest on pages behind`() throws {
        let registry = try scratch.onboarding()
        let applications = (0..<49).map {
            ApplicationDeclaration(id: id("many-\($0 + 100)"), name: "M", purpose: "P", scopes: ScopeSet([.metadata]))
        }
        for name in ["one", "two", "three"] {
            var partner = partner("many-\(name)", application: "unused")
            partner.applications = applications.map { application in
                var application = application
                application.id = id("\(name)-\(application.id.text)")
                return application
            }
            _ = try registry.importPartners([partner], at: now)
        }
        var seen: [Identifier] = []
        for number in 1...3 {
            let page = try registry.inbox(InboxQuery(page: number), at: now)
            #expect(page.total == 148 && page.pages == 3 && page.rows.count == (number == 3 ? 48 : 50))
            seen += page.rows.map(\.id)
        }
        #expect(Set(seen).count == 148)
        #expect(try registry.inbox(InboxQuery(page: .max), at: now).rows.isEmpty)
        #expect(try registry.inbox(InboxQuery(page: -3), at: now).rows.count == 50)
    }

    /// A full look at 20,000 wide rows is what the indexes are there against: a time would say it only on a quiet machine.
    @Test func `no query looks through all applications without an index`() throws {
        let registry = try registry()
        let rules = try registry.lifecycleRules()
        let queries = [
            InboxQuery(), InboxQuery(states: InboxQuery.waiting), InboxQuery(states: [.submitted], order: .clock),
            InboxQuery(states: InboxQuery.waiting, assignee: .person("reva"), order: .clock), InboxQuery(assignee: .nobody),
            InboxQuery(states: InboxQuery.waiting, kind: .app), InboxQuery(states: InboxQuery.waiting, missing: .securityAudit),
            InboxQuery(isOverdue: true), InboxQuery(awaitsSecond: true), InboxQuery(states: InboxQuery.waiting, text: "a b c"),
        ]
        func plan(_ request: SQLRequest<some Any>, _ database: Database) throws -> [String] {
            let explained: SQLRequest<Row> = "EXPLAIN QUERY PLAN \(request)"
            return try explained.fetchAll(database).map { $0["detail"] }
        }
        for query in queries {
            try registry.read { database in
                let lines =
                    try plan(RegistryStore.inboxNumbers(query, under: rules, at: now), database)
                    + plan(RegistryStore.inboxCountRequest(query, under: rules, at: now), database)
                #expect(!lines.isEmpty)
                for line in lines {
                    #expect(!line.hasPrefix("SCAN application") || line.contains("USING"), "\(query): \(line)")
                    #expect(!line.hasPrefix("SCAN evidence"), "\(query): \(line)")
                }
            }
        }
    }

    @Test func `after one comes the next of its state, oldest first and round again, without others' and one's own decided ones`() throws {
        let registry = try scratch.onboarding(in: .submitted)
        for name in ["b", "c", "d"] {
            _ = try registry.importPartners([partner("more-\(name)", application: "app-\(name)")], at: after(60))
            _ = try registry.move(id("app-\(name)"), .submit, by: "omar", reason: "x", at: after(120))
        }
        func next(_ name: String, _ person: String = "reva") throws -> String? {
            try registry.next(after: id(name), in: .submitted, for: person)?.text
        }
        #expect(try next("acme-app") == "app-b" && next("app-b") == "app-c")
        #expect(try next("app-d") == "acme-app")
        try registry.assign(id("app-c"), to: "asha", by: "reva", at: after(180))
        #expect(try next("app-b") == "app-d" && next("app-b", "asha") == "app-c")
        #expect(try registry.next(after: id("app-b"), in: .live, for: "reva") == nil)
    }

    @Test func `checks are counted against whoever shares something, however many partners there are`() throws {
        let registry = try registry()
        let row = try #require(registry.inbox(InboxQuery(text: "app-a"), at: now).rows.first)
        let checks = try registry.read { database in
            let application = try RegistryStore.application(id("app-a"), database)
            let partner = try RegistryStore.checkedPartner(application.partner, database)
            let rules = try RegistryStore.lifecycleRules(database)
            let all = try String.fetchAll(database, sql: "SELECT id FROM partner").map {
                try RegistryStore.checkedPartner(id($0), database)
            }
            return try RegistryStore.checked(application, of: partner, under: rules, database).checks(
                against: all, under: rules.checks, at: now)
        }
        #expect(row.passed == checks.filter { $0.result == .passed }.count && row.failed == checks.filter { $0.result == .failed }.count)
        #expect(checks.first { $0.subject == .duplicateNumber }?.result == .failed, "all have the number X1")
    }
}
