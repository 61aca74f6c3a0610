import ArgumentParser
import ControlPlane

extension PolicyCommand {
    /// What is valid and surely not meant.
    struct Lint: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find what is valid in policy files and surely not meant.",
            discussion: """
                Each finding is one line, file:line:column: what is so and why, what to do. The applications are those of the registry \
                where --state names one, else those that partner files declare. Exits 1 where there is an error, 0 with warnings only.
                """)

        @OptionGroup var options: StateOptions
        @Option(help: Setting.policies.help) var policies: String?
        @Option(help: Setting.partners.help) var partners: String?

        func run() throws {
            let settings = try options.settings([.policies: policies, .partners: partners])
            let applications: LintedApplications
            if options.state == nil {
                applications = .partners(directory: settings.partnersDirectory)
            } else {
                let registry = try options.registry()
                applications = .registry(try registry.applications(), extra: try registry.extraQuotas(at: .now()))
            }
            let findings = lintPolicy(policiesDirectory: settings.policiesDirectory, for: applications)
            switch options.format {
            case .json: try options.format.write(findings.map(LintRow.init))
            case .table: for finding in findings { Output.write(finding.description) }
            }
            let errors = findings.count { $0.severity == .error }
            let counted = "\(counted(errors, "error")), \(counted(findings.count - errors, "warning"))"
            guard errors == 0 else { throw Failure(counted) }
            Message.write("\(counted) in \(settings.policiesDirectory).")
        }

        private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    }
}

/// One finding.
private struct LintRow: Listed {
    let id: String
    let file: String
    let line: Int
    let column: Int
    let severity: String
    let rule: String
    let problem: String
    let advice: String

    init(_ finding: LintFinding) {
        id = "\(finding.file):\(finding.line):\(finding.column)"
        (file, line, column) = (finding.file, finding.line, finding.column)
        severity = finding.severity.rawValue
        rule = finding.rule.rawValue
        problem = finding.problem
        advice = finding.advice
    }

    static let headings = ["FINDING"]
    var cells: [String] { ["\(id): \(severity): \(problem); \(advice) [\(rule)]"] }
}
