import Exchange
import Registry
import Synchronization
import Testing
import Transport

/// Names and their addresses, with a resolver of the test's.
@Suite struct StoreDirectoryTests {
    /// Answers as it is told to.
    private final class Names: Sendable {
        private let answers = Mutex<[String: [Address]]>([:])
        private let told = Mutex<[StoreNews]>([])

        func set(_ host: String, _ last: UInt32...) { answers.withLock { $0[host] = last.map { Address(ipv4: 0x0A00_0000 + $0) } } }
        func fail(_ host: String) { answers.withLock { $0[host] = nil } }
        func find(_ host: String) -> [Address]? { answers.withLock { $0[host] } }
        func note(_ news: StoreNews) { told.withLock { $0.append(news) } }

        func news() -> [StoreNews] {
            told.withLock { told in
                defer { told = [] }
                return told
            }
        }
    }

    private let names = Names()
    private let now = MonotonicTime(nanoseconds: 0)

    private func directory(_ production: String) throws -> StoreDirectory {
        let names = names
        return StoreDirectory(
            [try StoreList("127.0.0.1:1"), try StoreList(production)], resolver: { names.find($0) }, reporter: { names.note($0) })
    }

    private func active(_ directory: StoreDirectory) -> [String] {
        (0..<64).map { EndpointName(environment: .production, slot: $0) }.filter { directory.table.isActive($0) }
            .map { directory.spelling(of: $0) }
    }

    @Test func `addresses as numbers are there at once, and nobody is asked for them`() throws {
        let directory = try directory("10.0.0.1:80,[::1]:81")
        directory.adoptNumbers(at: now)
        #expect(active(directory) == ["10.0.0.1:80", "[::1]:81"] && !directory.hasNames)
        #expect(names.news().count == 2)
        directory.resolve(at: now)
        #expect(names.news().isEmpty)
    }

    @Test func `all addresses of a name are endpoints, and follow it`() throws {
        let directory = try directory("http://store.example:8082,10.0.0.9:8082")
        directory.adoptNumbers(at: now)
        #expect(active(directory) == ["10.0.0.9:8082"] && directory.hasNames)
        names.set("store.example", 1, 2)
        directory.resolve(at: now)
        #expect(Set(active(directory)) == ["10.0.0.9:8082", "store.example:8082 at 10.0.0.1", "store.example:8082 at 10.0.0.2"])
        _ = names.news()
        names.set("store.example", 2, 3)
        directory.resolve(at: now)
        directory.resolve(at: now)
        #expect(
            names.news() == [
                .resolved(.production, added: ["store.example:8082 at 10.0.0.3"], gone: ["store.example:8082 at 10.0.0.1"])
            ])
        let reached = EndpointName(environment: .production, slot: 1)
        #expect(directory.target(of: reached)?.serverName == "store.example" && directory.target(of: reached)?.address.port == 8_082)
    }

    @Test func `a name that fails keeps its last addresses and is told once, until it resolves again`() throws {
        let directory = try directory("store.example:80")
        for _ in 0..<3 { directory.resolve(at: now) }
        #expect(active(directory).isEmpty)
        #expect(names.news().filter { $0 == .unresolved(.production, host: "store.example") }.count == 1)
        names.set("store.example", 1)
        directory.resolve(at: now)
        #expect(active(directory) == ["store.example:80 at 10.0.0.1"])
        _ = names.news()
        names.fail("store.example")
        for _ in 0..<3 { directory.resolve(at: now) }
        #expect(active(directory) == ["store.example:80 at 10.0.0.1"])
        #expect(names.news() == [.unresolved(.production, host: "store.example")])
    }

    @Test func `the system's resolver knows this machine, and no name that cannot be`() {
        #expect(SocketAddress.addresses(of: "127.0.0.1") == [Address(ipv4: 0x7F00_0001)])
        #expect(SocketAddress.addresses(of: "no such host") == nil)
        #expect(SocketAddress.numeric("localhost") == nil && SocketAddress.numeric("10.0.0.1") == Address(ipv4: 0x0A00_0001))
    }
}
