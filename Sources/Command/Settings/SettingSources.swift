import ControlPlane

/// Everything that can say what a setting is: flags before environment before file before default.
struct SettingSources {
    /// By key, as given on the command line.
    var flags: [String: String] = [:]
    /// The environment's variables, all of them.
    var environment: [String: String] = [:]
    /// The configuration file, where one is named.
    var file: SettingsFile?

    /// The text that counts for a setting.
    func text(of setting: Setting) -> String {
        flags[setting.key] ?? environment[setting.variable] ?? file?.entries[setting.key]?.text ?? setting.standard
    }

    /// Flags out of form, a sentence each: wrong usage.
    var flagFaults: [String] {
        Setting.all.compactMap { setting in
            flags[setting.key].flatMap { setting.kind.allows($0) ? nil : "--\(setting.key) is '\($0)', expected \(setting.kind.form)" }
        }
    }

    /// What is wrong with environment and file, whether or not something else overrides it. Variables of other names are not ours to judge:
    /// an orchestrator may set some that begin alike.
    var faults: [ConfigurationFault] {
        let variables = Setting.all.compactMap { setting in
            environment[setting.variable].flatMap { setting.kind.allows($0) ? nil : misspelt(setting, $0, in: setting.variable, 1, 1) }
        }
        let entries = Setting.all.compactMap { setting in
            file?.entries[setting.key].flatMap {
                setting.kind.allows($0.text) ? nil : misspelt(setting, $0.text, in: file?.path ?? "", $0.line, $0.column)
            }
        }
        return (variables + entries + (file?.faults ?? [])).sorted()
    }

    private func misspelt(_ setting: Setting, _ text: String, in file: String, _ line: Int, _ column: Int) -> ConfigurationFault {
        ConfigurationFault(
            file: file, line: line, column: column, problem: "'\(setting.key)' is '\(text)'", expected: setting.kind.form)
    }
}
