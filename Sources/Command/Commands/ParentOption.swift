import ArgumentParser
import Foundation
import Glibc
import Logging

/// How a process that the supervisor started learns that the supervisor is gone, however it ended.
struct ParentOption: ParsableArguments {
    @Option(help: ArgumentHelp("End when this process is no longer the parent.", valueName: "PID", visibility: .hidden))
    var parent: Int32?

    /// Watches the parent, where one is named. A parent that dies leaves its children to another, so their parent's id changes.
    func endWithParent() -> Task<Void, Never>? {
        parent.map { parent in
            Task {
                while getppid() == parent {
                    do { try await Task.sleep(for: .milliseconds(200)) } catch { return }
                }
                Message.write("The supervisor (pid \(parent)) is gone: ending.")
                kill(getpid(), SIGTERM)
                try? await Task.sleep(for: .seconds(Supervisor.graceSeconds))
                Foundation.exit(1)
            }
        }
    }
}

/// A child's log: what an operator should know.
func processLogger(_ label: String) -> Logger { Logger(label: label) { JSONLogHandler(part: $0) } }
