import ControlPlane
import Registry
import Testing

@testable import Console

/// The funnel as people see it.
struct FunnelPageTests {
    private static let now = WallTime(seconds: 1_795_350_600)
    private static let day = DayClock.dayNanoseconds

    private static func entry(
        _ kind: PartnerKind, _ state: ApplicationState, days: Int64, received: Int64?, reached: Set<ApplicationState> = []
    ) -> Funnel.Entry {
        func before(_ days: Int64) -> WallTime { WallTime(nanoseconds: now.nanoseconds - days * day) }
        return Funnel.Entry(kind: kind, state: state, since: before(days), received: received.map(before), reached: reached)
    }

    private static func funnel(_ entries: [Funnel.Entry]) -> Funnel {
        Funnel(
            entries, clocks: [.inReview: StateClock(reminderDays: 5, escalationDays: 10)], days: DayClock(offsetMinutes: 330), at: now)
    }

    private static let some = funnel([
        entry(.app, .inReview, days: 6, received: 8), entry(.app, .inReview, days: 11, received: 12),
        entry(.hospital, .live, days: 0, received: 30, reached: [.approved]), entry(.pharmacy, .draft, days: 1, received: nil),
    ])

    private func html(_ funnel: Funnel, _ language: Language = .english) throws -> String {
        let texts = Texts(language)
        let page = FunnelPage(funnel, texts)
        let frame = Frame(
            title: page.title, language: language.rawValue, places: [], languages: [], person: "Asha", account: "asha",
            token: "token", stylesheet: "/s.css",
            script: "/s.js", icon: "/i.svg", path: "/funnel")
        return try Templates().render(page, in: frame, texts: texts)
    }

    @Test func `figures, bars and tables say the same`() throws {
        let html = try html(FunnelPageTests.some)
        #expect(html.contains("<div><dt>Received</dt><dd>4</dd></div>"))
        #expect(html.contains("<div><dt>Ever approved</dt><dd>1</dd></div>") && html.contains("<dt>Ever live</dt><dd>1</dd>"))
        #expect(html.contains("<dt>Stuck</dt><dd>2, 1 escalated</dd>"))
        #expect(html.contains("<desc id=\"chart-of-states-what\">A bar for each: draft 1; in review 2, 2 stuck; live 1. The table"))
        #expect(html.contains("<rect class=\"bar\" x=\"0\" y=\"70\" width=\"100.0%\""))
        #expect(html.contains("<rect class=\"bar\" x=\"0\" y=\"26\" width=\"50.0%\""))
        let row = #"<th scope="row">in review</th><td data-label="Now">2</td><td data-label="Ever">2</td><td data-label="Stuck">2</td>"#
        #expect(html.contains(row))
        #expect(html.contains("<td data-label=\"In this state, median\">6 days</td><td data-label=\"In this state, 90 %\">11 days</td>"))
        #expect(html.contains("<td data-label=\"App firm\">2</td><td data-label=\"All\">2</td>"))
        #expect(html.contains("Of 1 nobody recorded when they were received"))
    }

    @Test func `nothing received is said in words`() throws {
        let html = try html(FunnelPageTests.funnel([]))
        #expect(
            html.contains("No application has been received yet.") && !html.contains("<svg class=\"bars\"") && !html.contains("<table>"))
    }

    @Test func `it is all in Hindi, too`() throws {
        let html = try html(FunnelPageTests.some, .hindi)
        #expect(html.contains("<h1>\(Texts(.hindi)[.funnel])</h1>") && html.contains("समीक्षा में 2, 2 रुके हुए") && html.contains("6 दिन"))
    }

    @Test func `of a hundred weeks the last 26 have a line, and what came before is one together`() throws {
        let entries = (0..<100).map { FunnelPageTests.entry(.app, .draft, days: 0, received: $0 * 7) }
        let page = FunnelPage(FunnelPageTests.funnel(entries), Texts(.english))
        #expect(page.weekRows.count == 27 && page.weekRows[0].name == "Earlier weeks" && page.weekRows[0].cells[0].value == "74")
        #expect(page.weekRows.last?.name == "2026-W47, from 16 November 2026")
        #expect(page.weekChart.bars.count == 27)
    }

    @Test(
        arguments: [
            (nil, "–"), (0, "under 1 hour"), (3_599, "under 1 hour"), (3_600, "1 hour"), (7_199, "1 hour"), (7_200, "2 hours"),
            (172_799, "47 hours"), (172_800, "2 days"), (86_400 * 1_986, "1,986 days"),
        ] as [(Int64?, String)])
    func `an age is never said older than it is`(seconds: Int64?, expected: String) {
        #expect(Texts(.english).age(seconds.map { $0 * 1_000_000_000 }) == expected)
    }
}
