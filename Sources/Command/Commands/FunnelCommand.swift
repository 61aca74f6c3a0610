import ArgumentParser
import ControlPlane
import Registry

/// How applications come through: the console's funnel page, as rows.
struct FunnelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "funnel", abstract: "Count applications by state, kind and week of receipt, with their ages.",
        discussion: """
            A row counts the applications of one state, kind or week (ISO 8601, by the clocks of the policy's day-offset), the first row all. Of \
            ages stand the median and the ninetieth percentile: each is the least that half, or nine tenths, have at most. Stuck is what \
            lies in its state past the first of its clocks in policies/lifecycle.yaml, escalated what lies past the second.
            """)

    @OptionGroup var options: StateOptions

    func run() throws {
        let funnel = try options.registry().funnel(at: .now())
        var rows = [FunnelRow("all", "all", funnel.all)]
        rows += ApplicationState.allCases.compactMap { state in funnel.states[state].map { FunnelRow("state", state.name, $0) } }
        rows += PartnerKind.allCases.compactMap { kind in funnel.kinds[kind].map { FunnelRow("kind", kind.name, $0) } }
        rows += funnel.weeks.map { FunnelRow("week", $0.week.text, $0.group) }
        try options.format.write(rows)
        if funnel.undated > 0 { Message.write("Of \(funnel.undated) applications nobody recorded when they were received.") }
    }
}

/// Several applications together.
struct FunnelRow: Listed {
    /// Seconds; ages are told no finer.
    struct Ages: Encodable {
        let median: Int64
        let ninetieth: Int64

        init(_ ages: Funnel.Ages) {
            median = ages.medianNanoseconds / 1_000_000_000
            ninetieth = ages.ninetiethNanoseconds / 1_000_000_000
        }

        /// In days, with tenths.
        var text: String { "\(FunnelRow.days(median)) / \(FunnelRow.days(ninetieth))" }
    }

    let by: String
    let id: String
    let count: Int
    let states: [String: Int]
    let reached: [String: Int]
    let secondsInState: Ages?
    let secondsSinceReceived: Ages?
    let stuck: Int
    let escalated: Int

    init(_ by: String, _ id: String, _ group: Funnel.Group) {
        (self.by, self.id, count) = (by, id, group.count)
        states = Dictionary(uniqueKeysWithValues: group.states.map { ($0.key.name, $0.value) })
        reached = Dictionary(uniqueKeysWithValues: group.reached.map { ($0.key.name, $0.value) })
        (secondsInState, secondsSinceReceived) = (group.inState.map(Ages.init), group.sinceReceived.map(Ages.init))
        (stuck, escalated) = (group.stuck, group.escalated)
    }

    static let headings = [
        "BY", "ID", "COUNT", "EVER APPROVED", "EVER LIVE", "DAYS IN STATE: MEDIAN / 90 %", "DAYS SINCE RECEIVED: MEDIAN / 90 %", "STUCK",
        "ESCALATED",
    ]
    var cells: [String] {
        let ever = [ApplicationState.approved, .live].map { String(reached[$0.name] ?? 0) }
        return [by, id, String(count)] + ever + [secondsInState?.text ?? "-", secondsSinceReceived?.text ?? "-"]
            + [String(stuck), String(escalated)]
    }

    private static func days(_ seconds: Int64) -> String {
        let tenths = seconds * 10 / DayClock.daySeconds
        return "\(tenths / 10).\(tenths % 10)"
    }
}
