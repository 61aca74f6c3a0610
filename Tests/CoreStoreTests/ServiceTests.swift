import Foundation
import GRDB
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import CoreStore

@Suite struct ServiceTests {
    @Test func `a store stops by itself with connections open, one of them in the middle of a request`() async throws {
        try await RunningStore.run(centres: 3) { running in
            try await StoreClient.connected(to: running.port) { idle in
                #expect(try await idle.get("/livez").status == 200)
                try await StoreClient.connected(to: running.port) { stuck in
                    try await stuck.send("POST /api/v2/auth/public/generateOTP HTTP/1.1\r\nHost: s\r\nContent-Length: 100\r\n\r\n{")
                    await running.group.triggerGracefulShutdown()
                    await #expect(throws: (any Error).self) { while true { _ = try await idle.get("/livez") } }
                    await #expect(throws: (any Error).self) { _ = try await stuck.answer() }
                }
            }
        }
    }

    @Test func `until it is seeded a store is alive and not ready, and says so to every call`() async throws {
        let state = try RunningStore.temporaryFolder()
        let folder = try Fixture.folder()
        defer { for path in [state, folder] { try? FileManager.default.removeItem(atPath: path) } }
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let settings = CoreStoreSettings(stateDirectory: state, countryDirectory: folder, port: 0, centreCount: 3)
        let built = try await buildCoreStore(settings, logger: RunningStore.quiet) { found.yield($0) }
        let group = serviceGroup(of: built, stoppedBy: [], logger: RunningStore.quiet)
        // Another connection holds the writer's lock, so seeding waits.
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let holder = try DatabaseQueue(path: StoreEnvironment.sandbox.databasePath(in: state), configuration: configuration)
        try await holder.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            try await StoreClient.connected(to: port) { client in
                #expect(try await client.get("/livez").status == 200)
                for path in ["/readyz", "/api/v2/admin/location/states"] {
                    let answer = try await client.get(path)
                    #expect(answer.status == 503 && answer.errorCode == "USRRES9503" && answer.fields["retry-after"] == "1")
                }
                try await holder.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
                while try await client.get("/readyz").status != 200 {}
                #expect(try await client.get("/api/v2/admin/location/states").status == 200)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func `HEAD has a GET's fields and no body, and one connection serves many calls`() async throws {
        try await RunningStore.run(centres: 3) { running in
            try await StoreClient.connected(to: running.port) { client in
                let got = try await client.get("/api/v2/admin/location/states")
                try await client.send(
                    "HEAD /api/v2/admin/location/states HTTP/1.1\r\nHost: s\r\n\r\nGET /livez HTTP/1.1\r\nHost: s\r\n\r\n")
                let head = try await client.headAnswer()
                #expect(head.status == 200 && head.fields["content-length"] == got.fields["content-length"])
                #expect(try await client.answer().json()["status"] == .string("live"))
            }
        }
    }

    @Test func `the log names methods, templates and codes, never a citizen`() async throws {
        let lines = LogLines()
        var logger = Logger(label: "core-store-tests") { _ in lines }
        logger.logLevel = .trace
        try await RunningStore.run(logger: logger) { running in
            try await StoreClient.connected(to: running.port) { client in
                let login = try await running.logIn("9876543210", client)
                let person = try await running.register("Kamala", login, client)
                var fields = login.fields
                fields["X-Request-Id"] = "abc123"
                _ = try await client.get("/api/v2/appointment/beneficiaries?mobile=9876543210", fields)
                _ = try await client.post("/api/v2/registration/beneficiary/new", RunningStore.person("Kamala"), fields)
                try await running.store().database.write { try $0.execute(sql: "DROP TABLE vaccination") }
                _ = try await running.schedule([person], running.openSessions()[0], login, client)
                _ = try await client.get("/api/v2/registration/9876543210", fields)
                let text = lines.text
                #expect(text.contains("method=POST path=/api/v2/registration/beneficiary/new request_id=abc123 status=400"))
                #expect(text.contains("status=500"))
                for secret in ["9876543210", "Kamala", "KAMALA", login.token, String(login.token.suffix(40)), person] {
                    #expect(!text.contains(secret), "\(secret)")
                }
            }
        }
    }

    @Test func `a store that cannot be started says why`() async throws {
        let state = try RunningStore.temporaryFolder()
        let folder = try Fixture.folder(genders: "id\n")
        defer { for path in [state, folder] { try? FileManager.default.removeItem(atPath: path) } }
        let settings = CoreStoreSettings(stateDirectory: state, countryDirectory: folder, port: 0)
        await #expect(throws: CountryFaults.self) { _ = try await buildCoreStore(settings, logger: RunningStore.quiet) }
        let many = CoreStoreSettings(stateDirectory: state, countryDirectory: folder, port: 0, centreCount: 20_001)
        await #expect(throws: CoreStoreSettingsFault.self) { _ = try await buildCoreStore(many, logger: RunningStore.quiet) }
        #expect(throws: (any Error).self) { try lastCode(mobile: "9876543210", environment: .sandbox, stateDirectory: state) }
    }
}

/// Keeps every line it is given.
private final class LogLines: LogHandler, Sendable {
    private let lines = Mutex<[String]>([])
    var text: String { lines.withLock { $0.joined(separator: "\n") } }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        let fields = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        lines.withLock { $0.append("\(event.level) \(event.message) \(fields)") }
    }
}
