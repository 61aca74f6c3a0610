import ArgumentParser
import Foundation
import Glibc

/// Puts a new data plane in the place of the running one.
struct Upgrade: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replace the running data plane by the program beside 'gateway' now, without a refused or broken request.",
        discussion: """
            The successor takes the listening sockets and the levels over; once it serves, the old one stops accepting, finishes its \
            requests and ends. Where the successor fails, the old one serves on. SIGUSR2 to 'gateway serve' does the same.
            """)

    @OptionGroup var options: StateOptions

    /// Longer than the supervisor waits for a successor.
    private static let patienceSeconds = 30

    func run() async throws {
        let folder = try options.settings().stateDirectory
        let supervisor = try StateLock.holder(of: folder)
        let report = UpgradeReport(stateDirectory: folder)
        try report.clear()
        guard kill(supervisor, SIGUSR2) == 0 else { throw Failure("cannot ask 'gateway serve' (pid \(supervisor)): is it another user's?") }
        let deadline = ContinuousClock.now + .seconds(Upgrade.patienceSeconds)
        while ContinuousClock.now < deadline {
            if let outcome = report.read() {
                guard outcome.isDone else { throw Failure(outcome.text) }
                return Message.write(outcome.text)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Failure("'gateway serve' (pid \(supervisor)) has not answered in \(Upgrade.patienceSeconds) s: see its messages")
    }
}
