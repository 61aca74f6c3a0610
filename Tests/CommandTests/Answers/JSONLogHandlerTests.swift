import Foundation
import Logging
import Synchronization
import Testing

@testable import Command

@Suite struct JSONLogHandlerTests {
    private final class Lines: Sendable {
        let kept = Mutex<[String]>([])
    }

    private func lines(_ body: (inout Logger) -> Void) throws -> [[String: String]] {
        let lines = Lines()
        var logger = Logger(label: "control-plane") { part in
            JSONLogHandler(part: part) { line in lines.kept.withLock { $0.append(line) } }
        }
        body(&logger)
        let written = lines.kept.withLock { $0 }
        return try written.map { try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: String]) }
    }

    @Test func `a line is one object with time, level, part and message, and all that belongs to it`() throws {
        let seen = try lines { logger in
            logger[metadataKey: "hb.request.id"] = "8f2e"
            logger.error("policies not taken", metadata: ["reason": "line \"2\"\nis out of form", "level": "3"])
        }
        let line = try #require(seen.first)
        #expect(seen.count == 1)
        #expect(line["time"]?.range(of: #"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"#, options: .regularExpression) != nil)
        #expect(line["level"] == "error" && line["part"] == "control-plane" && line["message"] == "policies not taken")
        #expect(line["reason"] == "line \"2\"\nis out of form" && line["levelValue"] == "3" && line["request"] == "8f2e")
    }

    @Test func `what nobody asked for is not written`() throws {
        let seen = try lines { logger in
            logger.info("published")
            logger.notice("control plane listening", metadata: ["address": "127.0.0.1:8081"])
        }
        #expect(seen.map { $0["address"] } == ["127.0.0.1:8081"])
    }
}
