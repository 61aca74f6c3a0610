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

    /// Settings in form that would not count beside the others: whoever gives them relies on what will not be.
    var needless: [ConfigurationFault] {
        let mayBeSecure = [Setting.coreStore, .sandboxStore].contains { store in
            switch StoreLocation(text(of: store)) {
            case .remote(_, let isSecure): isSecure
            case .embedded: false
            case nil: true
            }
        }
        guard !mayBeSecure else { return [] }
        let files = Setting.passed.filter { $0.key.hasPrefix("core-store-") && $0.kind.isFile && !text(of: $0).isEmpty }
        return files.map { setting in
            let (file, line, column) = place(of: setting)
            return ConfigurationFault(
                file: file, line: line, column: column, problem: "'\(setting.key)' means nothing where no core store is called by https",
                expected: "https:// URLs for 'core-store' or 'sandbox-store', or nothing here")
        }
    }

    /// A sentence of the data plane's as a fault of the first setting it names, or quotes at its beginning, that was given by somebody.
    func fault(saying sentence: String) -> ConfigurationFault {
        let words = sentence.split { !$0.isLetter && $0 != "-" }
        let named = words.compactMap { word in Setting.all.first { "--" + $0.key == word } }
        let quoted = Setting.all.filter { sentence.hasPrefix(text(of: $0) + " ") }
        let given = (named + quoted).map { place(of: $0) }.first { $0.file != "default" } ?? (file?.path ?? "settings", 1, 1)
        return ConfigurationFault(file: given.file, line: given.line, column: given.column, problem: sentence)
    }

    /// Where the text that counts for a setting was given.
    private func place(of setting: Setting) -> (file: String, line: Int, column: Int) {
        if flags[setting.key] != nil { return ("--" + setting.key, 1, 1) }
        if environment[setting.variable] != nil { return (setting.variable, 1, 1) }
        guard let file, let entry = file.entries[setting.key] else { return ("default", 1, 1) }
        return (file.path, entry.line, entry.column)
    }

    private func misspelt(_ setting: Setting, _ text: String, in file: String, _ line: Int, _ column: Int) -> ConfigurationFault {
        ConfigurationFault(
            file: file, line: line, column: column, problem: "'\(setting.key)' is '\(text)'", expected: setting.kind.form)
    }
}
