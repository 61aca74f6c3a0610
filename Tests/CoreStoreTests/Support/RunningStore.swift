import Crypto
import Foundation
import GRDB
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import CoreStore

/// A clock that stands still until it is moved.
final class MovableClock: Sendable {
    /// Noon in India on 21 June 2021.
    static let start = 1_624_257_000
    private let seconds = Mutex(MovableClock.start)

    var clock: StoreClock { StoreClock { self.seconds.withLock { $0 } } }
    var now: Int { seconds.withLock { $0 } }

    func move(by change: Int) { seconds.withLock { $0 += change } }
}

/// A whole core store on a port of its own, in a folder of its own, with a clock that is moved by hand.
struct RunningStore: Sendable {
    let built: BuiltCoreStore
    let port: Int
    let clock: MovableClock
    let state: String
    let group: ServiceGroup

    var today: Day { Day(at: clock.now, utcOffsetSeconds: 19_800) }

    func store(_ environment: StoreEnvironment = .production) throws -> Store { try #require(built.stores[environment]) }

    /// Seeds, serves, runs the body, stops.
    static func run(
        centres: Int = 40, seed: UInt64 = 7, logger: Logger = quiet, _ body: (RunningStore) async throws -> Void
    ) async throws {
        let state = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: state) }
        let clock = MovableClock()
        let source = Mutex(SplitMix64(seed: seed))
        let (ports, portFound) = AsyncStream.makeStream(of: Int.self)
        let settings = CoreStoreSettings(stateDirectory: state, countryDirectory: try Fixture.folder(), port: 0, centreCount: centres)
        let chance = Chance { source.withLock { $0.next() } }
        let built = try await buildCoreStore(settings, logger: logger, clock: clock.clock, chance: chance) { portFound.yield($0) }
        for store in built.stores.values { try await store.keepHouse() }
        let group = serviceGroup(of: built, stoppedBy: [], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { portFound.finish() }
                try await group.run()
            }
            var found = ports.makeAsyncIterator()
            guard let port = await found.next() else { return try await tasks.waitForAll() }
            let running = RunningStore(built: built, port: port, clock: clock, state: state, group: group)
            do {
                try await running.awaitReady()
                try await body(running)
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        try FileManager.default.removeItem(atPath: settings.countryDirectory)
    }

    private func awaitReady() async throws {
        try await StoreClient.connected(to: port) { client in
            while try await client.get("/readyz").status != 200 {}
        }
    }

    static let quiet = Logger(label: "core-store-tests") { _ in SwiftLogNoOpLogHandler() }

    static func temporaryFolder() throws -> String {
        let path = "\(NSTemporaryDirectory())/core-store-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }
}

/// A citizen logged in through an application.
struct Login: Sendable {
    let application: String
    let token: String

    var fields: [String: String] { ["X-Application-Id": application, "Authorization": "Bearer \(token)"] }
}

extension RunningStore {
    /// Asks for a code through an application, reads it from the outbox, confirms it.
    func logIn(
        _ mobile: String, through application: String = "app-one", environment: StoreEnvironment = .production, _ client: StoreClient
    ) async throws -> Login {
        let fields = ["X-Application-Id": application, "X-Environment": environment.rawValue]
        let sent = try await client.post("/api/v2/auth/generateOTP", #"{"mobile":"\#(mobile)"}"#, fields)
        let transaction = try #require(try sent.json()["txnId"]?.string)
        let code = try #require(try code(for: mobile, environment))
        let confirmed = try await client.post("/api/v2/auth/confirmOTP", confirmation(code, transaction), fields)
        return Login(application: application, token: try #require(try confirmed.json()["token"]?.string))
    }

    func code(for mobile: String, _ environment: StoreEnvironment = .production) throws -> String? {
        try lastCode(mobile: mobile, environment: environment, stateDirectory: state, clock: clock.clock)
    }

    func confirmation(_ code: String, _ transaction: String) -> String {
        let digest = SHA256.hash(data: Data(code.utf8)).map { String(format: "%02x", $0) }.joined()
        return #"{"otp":"\#(digest)","txnId":"\#(transaction)"}"#
    }

    /// Registers someone and returns the reference id.
    func register(_ name: String, born: Int = 1980, _ login: Login, _ client: StoreClient) async throws -> String {
        let answer = try await client.post("/api/v2/registration/beneficiary/new", Self.person(name, born: born), login.fields)
        return try #require(try answer.json()["beneficiary_reference_id"]?.string)
    }

    /// A body for beneficiary/new whose photo id is made of the name.
    static func person(_ name: String, born: Int = 1980) -> String {
        """
        {"name":"\(name)","birth_year":"\(born)","gender_id":2,"photo_id_type":6,"photo_id_number":"ID \(name)",\
        "comorbidity_ind":"N","consent_version":"1"}
        """
    }
}
