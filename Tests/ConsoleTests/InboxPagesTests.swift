import ControlPlane
import HTTPTypes
import Registry
import Testing

@testable import Console

/// The inbox, and what is done from there to several at once.
struct InboxPagesTests {
    private let site: Site

    init() throws { site = try Site() }

    @Test func `the inbox lists what waits, and filters narrow it`() async throws {
        try site.fill([("aaa", .submitted), ("bbb", .inReview), ("ccc", .live)])
        let browser = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        let page = try await browser.get("/inbox")
        #expect(page.status == .ok && page.words.contains("Application aaa") && page.words.contains("Application bbb"))
        #expect(!page.words.contains("Application ccc") && page.words.contains("Applications: 2") && page.words.contains("Named officer"))
        #expect(page.words.contains("Partner of aaa · App") && page.words.contains("due in 47 hours"))
        #expect(try await browser.get("/inbox?state=live").words.contains("Application ccc"))
        #expect(try await browser.get("/inbox?state=all&q=BBB").words.contains("Applications: 1"))
        site.wait(seconds: 3 * 86_400)
        let later = try await site.browser(of: site.enrolled("second", [.reviewer]))
        let overdue = try await later.get("/inbox?overdue=yes")
        #expect(overdue.words.contains("overdue by 24 hours") && !overdue.words.contains("Application bbb"))
    }

    @Test func `an empty inbox says so, and a search without success something else`() async throws {
        try site.fill([("ccc", .live)])
        let browser = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        #expect(try await browser.get("/inbox").words.contains("Nothing waits here."))
        #expect(try await browser.get("/inbox?q=nobody").words.contains("No application fits these filters."))
        #expect(try await browser.get("/inbox?state=nonsense&kind=x&page=-4&order=y").status == .ok)
    }

    @Test func `each of several has its own outcome, and none keeps another from it`() async throws {
        try site.fill([("aaa", .inReview), ("bbb", .inReview), ("ccc", .submitted)])
        let browser = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        let version = try #require(await browser.get("/inbox").version)
        let chosen = ["aaa", "ccc", "bbb", "aaa", "nope"].map { ("application", $0) }
        let page = try await browser.post(
            "/inbox/bulk", pairs: chosen + [("action", "ask"), ("version", version), ("canned", "scopes-unusual"), ("reason", " ")])
        #expect(page.status == .ok && page.words.contains("Done: 2") && page.words.contains("Refused: 2"))
        #expect(page.words.contains("Application ccc is submitted: request-changes is not allowed"))
        #expect(page.words.contains("There is no application &#39;nope&#39;"))
        for (name, state) in [("aaa", ApplicationState.changesRequested), ("bbb", .changesRequested), ("ccc", .submitted)] {
            #expect(try site.state(of: name) == state)
        }
        let move = try site.registry.moves(of: site.id("aaa")).last
        #expect(move?.reason == "Please say what each scope is needed for, or ask for fewer." && move?.actor == "reva")
    }

    @Test func `what has changed since the list was shown is left alone`() async throws {
        try site.fill([("aaa", .inReview), ("bbb", .inReview)])
        let browser = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        let version = try #require(await browser.get("/inbox").version)
        try site.handIn([.namedOfficer], to: "aaa", by: "reva")
        let page = try await browser.post(
            "/inbox/bulk",
            pairs: [("application", "aaa"), ("application", "bbb"), ("action", "ask"), ("version", version), ("reason", "More, please.")])
        #expect(page.words.contains("Application aaa has changed since it was shown: evidence.add by reva."))
        #expect(try site.state(of: "aaa") == .inReview && site.state(of: "bbb") == .changesRequested)
    }

    @Test func `several are assigned, reminded and approved, and never let live`() async throws {
        try site.fill([("aaa", .certifying), ("bbb", .approved)])
        let browser = try await site.browser(of: site.enrolled("asha", [.approver]))
        try site.handIn([.functionalTest, .namedOfficer], to: "aaa", by: "asha")
        try await browser.get("/inbox")
        func bulk(_ fields: [(String, String)]) async throws -> Page {
            let version = try #require(await browser.get("/inbox?state=all").version)
            return try await browser.post("/inbox/bulk", pairs: fields + [("version", version)])
        }
        let both = [("application", "aaa"), ("application", "bbb")]
        #expect(try await bulk(both + [("action", "assign"), ("person", "asha")]).words.contains("Done: 2"))
        #expect(try site.registry.application(site.id("bbb")).assignee == "asha")
        #expect(try await bulk(both + [("action", "remind"), ("reason", "We wait for you.")]).words.contains("Done: 2"))
        #expect(try site.registry.notes(on: site.id("aaa"), to: .partner).map(\.text) == ["We wait for you."])
        let approved = try await bulk(both + [("action", "approve"), ("canned", "all-in-order")])
        #expect(approved.words.contains("Done: 1") && approved.words.contains("Refused: 1"))
        #expect(try site.state(of: "aaa") == .approved)
        for action in ["go-live", "goLive", "revoke", ""] {
            #expect(try await bulk(both + [("action", action), ("reason", "x")]).status == .unprocessableContent)
        }
        #expect(try await bulk([("action", "approve"), ("reason", "x")]).words.contains("Nothing was selected."))
        #expect(try site.state(of: "bbb") == .approved)
    }

    @Test func `an auditor looks, and has nothing to tick`() async throws {
        try site.fill([("aaa", .inReview)])
        let browser = try await site.browser(of: site.enrolled("anu", [.auditor]))
        let page = try await browser.get("/inbox")
        #expect(page.words.contains("Application aaa") && !page.html.contains("name=\"application\"") && !page.html.contains("/inbox/bulk"))
        try await browser.get("/")
        let refused = try await browser.post(
            "/inbox/bulk", pairs: [("application", "aaa"), ("action", "ask"), ("version", "0"), ("reason", "x")])
        #expect(refused.words.contains("Refused: 1"))
        #expect(try site.state(of: "aaa") == .inReview)
    }

    @Test func `a filter's address reads back as the same filter`() {
        var filter = InboxFilter()
        (filter.text, filter.state, filter.kind, filter.assignee) = ("a & b=ß", "in_review", "hospital", "-")
        (filter.missing, filter.order, filter.isOverdue, filter.awaitsSecond) = ("security-audit", .clock, true, true)
        let path = filter.path { $0.page = 3 }
        filter.page = 3
        #expect(InboxFilter(FormFields(path.split(separator: "?")[1]) ?? FormFields()) == filter)
        #expect(InboxFilter().path { _ in } == "/inbox")
        #expect(InboxFilter().query.states == InboxQuery.waiting)
    }

    @Test func `the home page says what waits for whom`() async throws {
        try site.fill([("aaa", .inReview), ("bbb", .submitted)])
        let browser = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        try site.registry.assign(site.id("aaa"), to: "reva", by: "reva", at: site.now)
        let words = try await browser.get("/").words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("With me 1") && words.contains("Waiting for somebody 2"))
        let stranger = try await site.browser(of: site.enrolled("temp", []))
        #expect(try await !stranger.get("/").html.contains("/inbox"), "nor is the inbox in the header of who may not go there")
    }
}
