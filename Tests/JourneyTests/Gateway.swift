import Foundation
import Support

/// A real `gateway serve`, everything embedded, on ports and a state directory of its own.
final class Gateway: Sendable {
    let program: RunningProgram
    let state: String
    let listen: Int
    let console: Int
    private let folder: TemporaryDirectory

    struct DidNotStart: Error, CustomStringConvertible {
        var description: String
    }

    struct CommandFailed: Error, CustomStringConvertible {
        var description: String
    }

    private init(_ folder: TemporaryDirectory, _ program: RunningProgram, listen: Int, console: Int) {
        (self.folder, self.program, self.listen, self.console) = (folder, program, listen, console)
        state = folder.path + "/state"
    }

    /// Starts it and waits until the line with the first key is there: then a search has worked.
    static func started() async throws -> Gateway {
        let gateway = try serving(TemporaryDirectory(), policies: Repository.root + "/policies")
        guard await eventually(withinSeconds: 180, { gateway.program.outputSoFar.hasSuffix("'\n") }) else {
            throw DidNotStart(description: gateway.program.outputSoFar + gateway.program.errorsSoFar)
        }
        return gateway
    }

    /// Puts a backup back on an empty place, with its policies, starts a gateway from it and waits until it is ready.
    static func started(fromBackup backup: String, policies: String) async throws -> Gateway {
        let folder = try TemporaryDirectory()
        let restore = try RunningProgram(
            try Repository.program("gateway"), ["state", "restore", backup, "--state", folder.path + "/state", "--policies", policies])
        guard await restore.status(withinSeconds: 60) == 0 else { throw DidNotStart(description: restore.errorsSoFar) }
        let gateway = try serving(folder, policies: policies)
        let page = HTTPClient(gateway.base)
        guard await eventually(withinSeconds: 180, { (try? await page.get("/readyz"))?.status == 200 }) else {
            throw DidNotStart(description: gateway.program.outputSoFar + gateway.program.errorsSoFar)
        }
        return gateway
    }

    private static func serving(_ folder: TemporaryDirectory, policies: String) throws -> Gateway {
        let (listen, console, store) = (freePort(), freePort(), freePort())
        let program = try RunningProgram(
            try Repository.program("gateway"),
            [
                "serve", "--state", folder.path + "/state", "--partners", Repository.root + "/partners", "--policies", policies,
                "--listen", "127.0.0.1:\(listen)", "--console", "127.0.0.1:\(console)", "--core-store-listen", "127.0.0.1:\(store)",
                "--loops", "2",
            ])
        return Gateway(folder, program, listen: listen, console: console)
    }

    var base: String { "http://127.0.0.1:\(listen)" }

    /// Runs a `gateway` command on this state and gives what it printed.
    @discardableResult
    func command(_ arguments: String...) async throws -> String {
        let run = try RunningProgram(try Repository.program("gateway"), arguments + ["--state", state])
        guard await run.status(withinSeconds: 60) == 0 else {
            throw CommandFailed(description: "gateway \(arguments.joined(separator: " ")): \(run.errorsSoFar)")
        }
        return run.outputSoFar.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func key(of application: String, _ environment: String = "sandbox") async throws -> String {
        try await command("key", "issue", "--application", application, "--environment", environment)
    }

    func client(_ key: String) -> HTTPClient { HTTPClient(base, fields: ["x-api-key": key]) }

    func move(_ application: String, _ move: String, by actor: String = "reviewer") async throws {
        try await command("application", move, application, "--by", actor, "--reason", "journey test")
    }

    /// The process of this gateway whose command line has the word, as the kernel lists it.
    func child(_ word: String) -> Int32? {
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap(Int32.init) ?? []
        return numbers.first { pid in
            guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return false }
            let words = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            return words.contains { $0.hasPrefix(state) } && words.contains { $0.hasSuffix(word) } && !words.contains("serve")
        }
    }

    func stop() async -> Int32? {
        program.send(SIGTERM)
        return await program.status(withinSeconds: 15)
    }

    /// A search that costs one token.
    static func search(_ date: String = day(1)) -> String {
        "/api/v2/appointment/sessions/public/findByDistrict?district_id=363&date=\(date)"
    }

    /// DD-MM-YYYY, so many days from today in the core store's zone.
    static func day(_ offset: Int) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 19_800)
        formatter.dateFormat = "dd-MM-yyyy"
        return formatter.string(from: Date(timeIntervalSinceNow: Double(offset) * 86_400))
    }
}
