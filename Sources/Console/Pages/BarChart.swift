/// Bars with their names and numbers, drawn by ourselves: as wide as there is room, and in the page's own letters.
struct BarChart: Sendable {
    /// One of them.
    struct Bar: Sendable {
        let name: String
        /// The number, in words where it needs them.
        let value: String
        let labelTop: Int
        let top: Int
        /// Of the longest there may be, and how much of that stands out.
        let percent: String
        let markedPercent: String
        let isMarked: Bool
    }

    /// Unique on its page.
    let id: String
    let title: String
    /// All it shows, in a sentence.
    let what: String
    let height: Int
    let bars: [Bar]

    private static let rowHeight = 44

    /// A chart of counts, some of each marked.
    init(id: String, title: String, counts: [(name: String, count: Int, marked: Int, value: String)], what: (String) -> String) {
        self.id = id
        self.title = title
        self.what = what(counts.map { "\($0.name) \($0.value)" }.joined(separator: "; "))
        let most = max(counts.map(\.count).max() ?? 0, 1)
        func percent(_ count: Int) -> String { String(Double(count * 1_000 / most) / 10) }
        height = counts.count * BarChart.rowHeight
        bars = counts.enumerated().map { row, entry in
            Bar(
                name: entry.name, value: entry.value, labelTop: row * BarChart.rowHeight + 18, top: row * BarChart.rowHeight + 26,
                percent: percent(entry.count), markedPercent: percent(entry.marked), isMarked: entry.marked > 0)
        }
    }

    static let template = "bars"
    static let text = """
        <svg class="bars" role="img" aria-labelledby="{{id}}-title {{id}}-what" width="100%" height="{{height}}">
        <title id="{{id}}-title">{{title}}</title>
        <desc id="{{id}}-what">{{what}}</desc>
        {{#bars}}
        <text x="0" y="{{labelTop}}">{{name}}</text>
        <text class="count" x="100%" y="{{labelTop}}" text-anchor="end">{{value}}</text>
        <rect class="track" x="0" y="{{top}}" width="100%" height="8" rx="4"/>
        <rect class="bar" x="0" y="{{top}}" width="{{percent}}%" height="8" rx="4"/>
        {{#isMarked}}
        <rect class="marked" x="0" y="{{top}}" width="{{markedPercent}}%" height="8" rx="4"/>
        {{/isMarked}}
        {{/bars}}
        </svg>
        """
}
