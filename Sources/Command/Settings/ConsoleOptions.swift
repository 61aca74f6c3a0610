import ArgumentParser

/// Where the console is and how people reach it, for every command that takes all of it.
struct ConsoleOptions: ParsableArguments {
    @Option(help: Setting.console.help) var console: String?
    @Option(name: .customLong("console-url"), help: Setting.consoleURL.help) var consoleURL: String?
    @Flag(name: .customLong("behind-tls-proxy"), help: Setting.behindTLSProxy.help) var isBehindTLSProxy = false
    @Option(name: .customLong("console-tls-certificate"), help: Setting.consoleCertificate.help) var consoleCertificate: String?
    @Option(name: .customLong("console-tls-key"), help: Setting.consoleKey.help) var consoleKey: String?
    @Option(name: .customLong("metrics-from"), help: Setting.metricsFrom.help) var metricsFrom: [String] = []

    /// What was given, beside a command's own.
    func joined(with others: [Setting: String?]) -> [Setting: String?] {
        let own: [Setting: String?] = [
            .console: console, .consoleURL: consoleURL, .behindTLSProxy: isBehindTLSProxy ? "yes" : nil,
            .consoleCertificate: consoleCertificate, .consoleKey: consoleKey,
            .metricsFrom: metricsFrom.isEmpty ? nil : metricsFrom.joined(separator: ","),
        ]
        return own.merging(others) { $1 }
    }
}
