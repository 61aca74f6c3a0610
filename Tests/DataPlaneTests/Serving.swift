import Foundation
import FoundationNetworking
import Support

/// The real program before no core store at all: a call that is admitted is answered with 503.
final class Serving {
    let port = freePort()
    let folder: TemporaryDirectory
    private(set) var program: RunningProgram

    /// The core store's port; 1 has nobody.
    private let store: Int

    init(revision: UInt64 = 5, burst: Int64 = 1_000, store: Int = 1, _ more: [String] = []) async throws {
        folder = try TemporaryDirectory()
        self.store = store
        try Data(try Sample.snapshot(revision: revision, burst: burst)).write(to: URL(fileURLWithPath: folder.path + "/snapshot"))
        program = try Serving.start(folder, port, store, more)
        guard await isReady() else { throw Stuck(errors: program.errorsSoFar) }
    }

    struct Stuck: Error {
        var errors: String
    }

    static func arguments(_ folder: TemporaryDirectory, _ port: Int, store: Int = 1) -> [String] {
        [
            "--snapshot", folder.path + "/snapshot", "--levels", folder.path + "/levels", "--listen", "127.0.0.1:\(port)",
            "--production-store", "127.0.0.1:\(store)", "--sandbox-store", "127.0.0.1:\(store)", "--handover", folder.path + "/handover",
        ]
    }

    private static func start(_ folder: TemporaryDirectory, _ port: Int, _ store: Int, _ more: [String]) throws -> RunningProgram {
        try RunningProgram(try Repository.program("gateway-data-plane"), arguments(folder, port, store: store) + more)
    }

    /// Starts another with the same arguments and these; what it does with the one before is the tests' subject.
    func startAnother(_ more: [String] = []) throws -> RunningProgram { try Serving.start(folder, port, store, more) }

    /// Replaces the program by a successor and waits for the end of the one before; gives its status.
    func upgrade(_ more: [String] = []) async throws -> Int32? {
        let (old, new) = (program, try startAnother(more))
        guard await eventually(withinSeconds: 60, { new.errorsSoFar.contains("\"message\":\"serving\"") }) else {
            throw Stuck(errors: new.errorsSoFar)
        }
        program = new
        return await old.status()
    }

    func restart(_ more: [String] = []) async throws {
        program = try startAnother(more)
        guard await isReady() else { throw Stuck(errors: program.errorsSoFar) }
    }

    func isReady() async -> Bool {
        await eventually(withinSeconds: 60) { (try? await self.status("/readyz")) == 200 }
    }

    /// Replaces the snapshot file as the control plane does, in one step.
    func publish(_ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: folder.path + "/snapshot"), options: .atomic)
    }

    /// The status of a GET with the application's key.
    func status(_ path: String = "/find") async throws -> Int {
        var request = URLRequest(url: try Serving.url("http://127.0.0.1:\(port)\(path)"))
        request.setValue(Sample.key, forHTTPHeaderField: "x-api-key")
        let (_, response) = try await Serving.session.data(for: request)
        return (response as? HTTPURLResponse)?.statusCode ?? 0
    }

    /// Keeps its connections open and idle between calls.
    private static let session = URLSession(configuration: .ephemeral)

    private static func url(_ text: String) throws -> URL {
        guard let url = URL(string: text) else { throw URLError(.badURL) }
        return url
    }
}
