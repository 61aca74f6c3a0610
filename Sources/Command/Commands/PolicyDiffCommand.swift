import ArgumentParser
import ControlPlane
import Registry

extension PolicyCommand {
    /// What policy files would change for whom.
    struct Diff: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what the policy files would change, and for whom, against what is in force.",
            discussion: """
                A row a number: by plan and scope, or by route, what it is and would be, whether that is more or less, and which \
                applications it touches. The first row has both versions: 'gateway policy apply --planned-on' with the old one refuses \
                the change if something else is in force by then.
                """)

        @OptionGroup var options: StateOptions
        @Option(help: Setting.policies.help) var policies: String?

        func run() throws {
            let folder = try options.settings([.policies: policies]).policiesDirectory
            let registry = try options.registry()
            let (inForce, files) = (try registry.policyInForce(), try loadPolicy(from: folder))
            guard inForce.version != files.version else {
                try options.format.write([PolicyChangeRow]())
                return Message.write("Nothing would change: \(files.version.prefix(16)) is in force.")
            }
            let changes = comparePolicies(inForce, to: files, among: try registry.applications())
            try options.format.write([PolicyChangeRow(from: inForce.version, to: files.version)] + changes.map(PolicyChangeRow.init))
            let touched = Set(changes.flatMap(\.applications)).count
            let strangers = changes.contains(where: \.touchesAnonymous) ? " and callers without a key" : ""
            Message.write("\(touched) application\(touched == 1 ? "" : "s")\(strangers) touched. In force: \(inForce.version)")
            for misfit in try registry.misfits(of: files) { Message.write("It would be refused: \(misfit).") }
        }
    }
}

extension PolicyChangeRow: Listed {
    static let headings = ["WHAT", "NAME", "PART", "OLD", "NEW", "GIVES", "TOUCHES"]
    var cells: [String] {
        func short(_ text: String?) -> String { text.map { isVersion ? String($0.prefix(16)) : $0 } ?? "-" }
        return [sort, name.isEmpty ? "-" : name, part, short(old), short(new), generosity, touched]
    }

    private var touched: String {
        let strangers = anonymous ? ["callers without a key"] : []
        guard applicationCount > 0 else { return strangers.first ?? "-" }
        let shown = applications.prefix(4).joined(separator: ", ") + (applicationCount > 4 ? ", …" : "")
        return ([String(applicationCount) + ": " + shown] + strangers).joined(separator: "; ")
    }
}
