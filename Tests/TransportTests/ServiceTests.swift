import Foundation
import Testing

@testable import Transport

@Suite struct ServiceTests {
    private let own = "\(ProcessInfo.processInfo.processIdentifier)"

    @Test func `sockets of systemd have the kinds they are named`() throws {
        #expect(try ActivatedSockets.kinds(pid: own, count: "3", names: "plain:tls:plain") == [.plain, .tls, .plain])
        #expect(try ActivatedSockets.kinds(pid: own, count: "2", names: nil) == [.plain, .plain])
        #expect(try ActivatedSockets.kinds(pid: own, count: "0", names: nil).isEmpty)
    }

    @Test func `sockets for another process are none of ours`() throws {
        #expect(try ActivatedSockets.kinds(pid: "1", count: "1", names: "plain").isEmpty)
        #expect(try ActivatedSockets.kinds(pid: nil, count: "1", names: nil).isEmpty)
    }

    @Test(arguments: [("x", nil), ("-1", nil), ("1000", nil), ("2", "plain"), ("1", "http"), ("1", "Plain")] as [(String, String?)])
    func `what systemd would not say is refused in words`(count: String, names: String?) {
        #expect(throws: SystemFault.self) { try ActivatedSockets.kinds(pid: own, count: count, names: names) }
    }

    @Test func `the watchdog counts for the process it names`() {
        #expect(ServiceNotice(path: nil, watchdog: "2000000", watchdogProcess: own).watchdogMilliseconds == 2_000)
        #expect(ServiceNotice(path: nil, watchdog: "2000000", watchdogProcess: nil).watchdogMilliseconds == 2_000)
        #expect(ServiceNotice(path: nil, watchdog: "2000000", watchdogProcess: "1").watchdogMilliseconds == nil)
        #expect(ServiceNotice(path: nil, watchdog: nil, watchdogProcess: nil).watchdogMilliseconds == nil)
    }

    @Test func `a path that no socket can have is told`() {
        let fault = #expect(throws: SystemFault.self) { try LocalAddress(String(repeating: "a", count: 200)) }
        #expect(fault?.description.contains("a socket's path has 1 to 107 bytes") == true)
    }
}
