import Foundation
import Registry
import Support
import Testing

@testable import Transport

/// The real program with few descriptors: newcomers wait or idle connections give way, and all recovers.
@Suite(.serialized) struct DescriptorTests {
    /// A connection of a test that waits for its answers.
    private final class Connection {
        private let descriptor: Int32

        init(port: Int) throws {
            descriptor = try #require(Sockets.connect(try SocketAddress.resolve("127.0.0.1:\(port)")))
            _ = fcntl(descriptor, F_SETFL, 0)
        }

        deinit { Sockets.close(descriptor) }

        func send(_ text: String) { _ = Sockets.send(descriptor, Array(text.utf8).span) }

        /// The status of the next answer, read whole; 0 where the connection ends without one, as it does after its time if nothing comes.
        func status() -> Int {
            var head: [UInt8] = []
            while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
                guard let byte = read(1) else { return 0 }
                head += byte
            }
            let text = String(decoding: head, as: UTF8.self)
            let length = text.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length: ") }
            _ = read(length.flatMap { Int($0.dropFirst(16)) } ?? 0)
            return Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0
        }

        private func read(_ count: Int) -> [UInt8]? {
            guard count > 0 else { return [] }
            let data = try? FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).read(upToCount: count)
            return data?.count == count ? data.map { Array($0) } : nil
        }
    }

    private static let half = "GET /livez HTTP/1.1\r\nHost: a\r\n"

    /// Those that the limit counts: what the program was given from the tests' own process may bear higher numbers.
    private static func descriptors(of program: RunningProgram) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(program.pid)/fd")) ?? []
        return names.count { Int($0).map { $0 < 64 } ?? false }
    }

    private func serving(descriptors: Int) async throws -> (program: RunningProgram, port: Int, folder: TemporaryDirectory) {
        let folder = try TemporaryDirectory()
        try Data(try Sample.snapshot(revision: 1)).write(to: URL(fileURLWithPath: folder.path + "/snapshot"))
        let port = freePort()
        let command = ([try Repository.program("gateway-data-plane")] + Serving.arguments(folder, port)).joined(separator: " ")
        let program = try RunningProgram("/bin/sh", ["-c", "ulimit -n \(descriptors); exec \(command)"])
        #expect(await eventually(withinSeconds: 60) { program.errorsSoFar.contains("\"message\":\"serving\"") })
        return (program, port, folder)
    }

    @Test func `out of descriptors, busy connections are served, newcomers wait, and are served once others leave`() async throws {
        let (program, port, folder) = try await serving(descriptors: 64)
        #expect(program.errorsSoFar.contains("fewer descriptors are allowed"))
        #expect(program.errorsSoFar.contains("\"allowed\":\"64\",\"needed\":\"22112\""), "20,000 clients, 1,024 a core store, 64")
        var busy = try (0..<100).map { _ in try Connection(port: port) }
        for connection in busy { connection.send(DescriptorTests.half) }
        #expect(await eventually { DescriptorTests.descriptors(of: program) == 64 })
        let waiting = try Connection(port: port)
        waiting.send(DescriptorTests.half + "\r\n")
        // No descriptor is left for a core store but the one in reserve: said, not suffered.
        for connection in busy.prefix(5) {
            connection.send("\r\n")
            #expect(connection.status() == 200)
            connection.send("GET /find HTTP/1.1\r\nHost: a\r\nx-api-key: \(Sample.key)\r\n\r\n")
            #expect(connection.status() == 503)
        }
        busy.removeFirst(80)
        #expect(waiting.status() == 200)
        for connection in busy {
            connection.send("\r\n")
            #expect(connection.status() == 200)
        }
        program.send(SIGTERM)
        #expect(await program.status() == 0)
        withExtendedLifetime(folder) {}
    }

    @Test func `out of descriptors, the longest idle connections give way to newcomers`() async throws {
        let (program, port, folder) = try await serving(descriptors: 64)
        var idle: [Connection] = []
        for _ in 0..<150 {
            let connection = try Connection(port: port)
            connection.send(DescriptorTests.half + "\r\n")
            #expect(connection.status() == 200)
            idle.append(connection)
        }
        #expect(idle[0].status() == 0)
        idle[149].send(DescriptorTests.half + "\r\n")
        #expect(idle[149].status() == 200)
        program.send(SIGTERM)
        #expect(await program.status() == 0)
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: [
        (["--trusted-proxies", "10.0.0.0/33"], "--trusted-proxies has '10.0.0.0/33'"),
        (["--proxy-protocol", "required"], "need --trusted-proxies"),
        (["--client-address", "forwarded"], "need --trusted-proxies"),
        (["--client-address", "x-real-ip"], "--client-address is 'x-real-ip'"),
    ]) func `a setting that would believe nobody, or is out of form, is a usage error`(arguments: [String], said: String) async throws {
        let folder = try TemporaryDirectory()
        let program = try RunningProgram(
            try Repository.program("gateway-data-plane"), Serving.arguments(folder, freePort()) + arguments)
        #expect(await program.status() == 2)
        #expect(program.errorsSoFar.contains(said))
    }
}
