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
        try options.format.write(FunnelRow.all(of: funnel))
        if funnel.undated > 0 { Message.write("Of \(funnel.undated) applications nobody recorded when they were received.") }
    }
}

extension FunnelRow: Listed {
    static let headings = [
        "BY", "ID", "COUNT", "EVER APPROVED", "EVER LIVE", "DAYS IN STATE: MEDIAN / 90 %", "DAYS SINCE RECEIVED: MEDIAN / 90 %", "STUCK",
        "ESCALATED",
    ]
    var cells: [String] {
        let ever = [ApplicationState.approved, .live].map { String(reached[$0.name] ?? 0) }
        return [by, id, String(count)] + ever + [FunnelRow.text(secondsInState), FunnelRow.text(secondsSinceReceived)]
            + [String(stuck), String(escalated)]
    }

    /// In days, with tenths.
    private static func text(_ ages: Ages?) -> String { ages.map { "\(days($0.median)) / \(days($0.ninetieth))" } ?? "-" }

    private static func days(_ seconds: Int64) -> String {
        let tenths = seconds * 10 / DayClock.daySeconds
        return "\(tenths / 10).\(tenths % 10)"
    }
}
