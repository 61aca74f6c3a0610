import ControlPlane
import Registry

extension ConsoleRoute {
    static let funnel: [ConsoleRoute] = [
        .get("/funnel", .signedIn(as: Set(Role.allCases))) { console, visit in
            .page(FunnelPage(try console.registry.funnel(at: visit.now), visit.texts))
        }
    ]
}

extension FunnelPage {
    /// Weeks that have a bar and a line of their own; what came before is one together.
    private static let weeksShown = 26

    init(_ funnel: Funnel, _ texts: Texts) {
        title = texts[.funnel]
        asOf = texts[.funnelAsOf, ["time": texts.time(funnel.time)]]
        hasAny = funnel.all.count > 0
        let states = ApplicationState.allCases.filter { funnel.states[$0] != nil }
        figures = FunnelPage.figures(funnel.all, texts)
        stateChart = BarChart(
            id: "chart-of-states", title: texts[.chartOfStates],
            counts: states.map { state in
                let group = funnel.states[state]
                return (texts.name(state), group?.count ?? 0, group?.stuck ?? 0, FunnelPage.stuck(group, texts))
            }, what: { texts[.chartWhat, ["bars": $0]] })
        stateHeadings = FunnelPage.stateHeadings.map { texts[$0] }
        stateRows = FunnelPage.stateRows(funnel, states, texts)
        let kinds = PartnerKind.allCases.filter { funnel.kinds[$0] != nil }
        kindHeadings = kinds.map { texts.name($0) } + [texts[.allTogether]]
        kindRows = FunnelPage.kindRows(funnel, states, kinds, texts)
        let weeks = FunnelPage.weeks(funnel, texts)
        weekChart = BarChart(
            id: "chart-of-weeks", title: texts[.chartOfWeeks],
            counts: weeks.map { ($0.name, $0.count, 0, texts.number($0.count)) }, what: { texts[.chartWhat, ["bars": $0]] })
        let headings = [texts[.received]] + states.map { texts.name($0) }
        weekHeadings = headings
        weekRows = weeks.map { week in
            FunnelPage.row(week.name, headings, [week.count] + states.map { week.states[$0] ?? 0 }, texts)
        }
        undated = funnel.undated > 0 ? texts[.undated, ["count": texts.number(funnel.undated)]] : nil
    }

    private static func figures(_ all: Funnel.Group, _ texts: Texts) -> [Figure] {
        [
            Figure(name: texts[.received], value: texts.number(all.count)),
            Figure(name: texts[.everApproved], value: texts.number(all.reached[.approved] ?? 0)),
            Figure(name: texts[.everLive], value: texts.number(all.reached[.live] ?? 0)),
            Figure(
                name: texts[.stuck],
                value: all.escalated > 0
                    ? texts[.escalatedOf, ["count": texts.number(all.stuck), "escalated": texts.number(all.escalated)]]
                    : texts.number(all.stuck)),
            Figure(name: texts[.receivedMedian], value: texts.age(all.sinceReceived?.medianNanoseconds)),
            Figure(name: texts[.receivedNinetieth], value: texts.age(all.sinceReceived?.ninetiethNanoseconds)),
        ]
    }

    private static func stuck(_ group: Funnel.Group?, _ texts: Texts) -> String {
        guard let group, group.stuck > 0 else { return texts.number(group?.count ?? 0) }
        return texts[.stuckOf, ["count": texts.number(group.count), "stuck": texts.number(group.stuck)]]
    }

    private static let stateHeadings: [Phrase] = [
        .now, .ever, .stuck, .inStateMedian, .inStateNinetieth, .receivedMedian, .receivedNinetieth,
    ]

    /// A line for every state that anybody is in or was in, and one for all.
    private static func stateRows(_ funnel: Funnel, _ states: [ApplicationState], _ texts: Texts) -> [Row] {
        func row(_ name: String, _ group: Funnel.Group?, ever: Int) -> Row {
            let values = [
                texts.number(group?.count ?? 0), texts.number(ever), texts.number(group?.stuck ?? 0),
                texts.age(group?.inState?.medianNanoseconds), texts.age(group?.inState?.ninetiethNanoseconds),
                texts.age(group?.sinceReceived?.medianNanoseconds), texts.age(group?.sinceReceived?.ninetiethNanoseconds),
            ]
            return Row(name: name, cells: zip(stateHeadings, values).map { Cell(name: texts[$0], value: $1) })
        }
        let reached = ApplicationState.allCases.filter { funnel.all.reached[$0] != nil }
        let rows = reached.map { row(texts.name($0), funnel.states[$0], ever: funnel.all.reached[$0] ?? 0) }
        return rows + [row(texts[.allTogether], funnel.all, ever: funnel.all.count)]
    }

    private static func kindRows(_ funnel: Funnel, _ states: [ApplicationState], _ kinds: [PartnerKind], _ texts: Texts) -> [Row] {
        let headings = kinds.map { texts.name($0) } + [texts[.allTogether]]
        let all = row(texts[.received], headings, kinds.map { funnel.kinds[$0]?.count ?? 0 } + [funnel.all.count], texts)
        let stuck = row(texts[.stuck], headings, kinds.map { funnel.kinds[$0]?.stuck ?? 0 } + [funnel.all.stuck], texts)
        let byState = states.map { state in
            row(
                texts.name(state), headings, kinds.map { funnel.kinds[$0]?.states[state] ?? 0 } + [funnel.all.states[state] ?? 0], texts)
        }
        return [all] + byState + [stuck]
    }

    private static func row(_ name: String, _ headings: [String], _ numbers: [Int], _ texts: Texts) -> Row {
        Row(name: name, cells: zip(headings, numbers).map { Cell(name: $0, value: texts.number($1)) })
    }

    /// Weeks by name, the earliest first.
    private static func weeks(_ funnel: Funnel, _ texts: Texts) -> [(name: String, count: Int, states: [ApplicationState: Int])] {
        let shown = funnel.weeks.suffix(weeksShown).map { week in
            let day = texts.day(WallTime(seconds: week.week.firstDay * DayClock.daySeconds - texts.offsetMinutes * 60))
            return (name: texts[.weekFrom, ["week": week.week.text, "day": day]], count: week.group.count, states: week.group.states)
        }
        let earlier = funnel.weeks.dropLast(weeksShown)
        guard !earlier.isEmpty else { return shown }
        let states = earlier.reduce(into: [ApplicationState: Int]()) { sum, week in sum.merge(week.group.states, uniquingKeysWith: +) }
        return [(name: texts[.earlierWeeks], count: earlier.map(\.group.count).reduce(0, +), states: states)] + shown
    }
}
