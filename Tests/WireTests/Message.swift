import Testing
import Wire

/// One row of the tables: bytes on a connection and what must come of them.
struct Message: CustomTestStringConvertible, Sendable {
    enum Expected: Equatable, Sendable {
        /// These messages, and nothing left.
        case accepted([String])
        /// These messages, and then a refusal.
        case refused([String], WireFault)
        /// These messages, and more bytes wanted.
        case unfinished([String])
    }

    let name: String
    let bytes: [UInt8]
    let answering: Wire.Method?
    let expected: Expected

    var testDescription: String { name }

    /// Requests that are accepted.
    static func good(_ name: String, _ text: String, _ messages: String...) -> Message {
        Message(name: name, bytes: Array(text.utf8), answering: nil, expected: .accepted(messages))
    }

    /// Requests of which the last is refused.
    static func bad(_ name: String, _ text: String, _ fault: WireFault = .malformed(""), after messages: String...) -> Message {
        Message(name: name, bytes: Array(text.utf8), answering: nil, expected: .refused(messages, fault))
    }

    /// Requests of which the last is not over.
    static func open(_ name: String, _ text: String, _ messages: String...) -> Message {
        Message(name: name, bytes: Array(text.utf8), answering: nil, expected: .unfinished(messages))
    }

    /// A GET of `/` with one more field line.
    static func head(_ line: String, method: String = "GET", version: String = "1.1") -> String {
        "\(method) / HTTP/\(version)\r\nHost: h\r\n\(line)\r\n\r\n"
    }

    /// A GET of this target.
    static func target(_ target: String) -> String {
        "GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n"
    }

    /// A POST with this chunked body.
    static func chunked(_ body: String) -> String {
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    }

    /// A 200 to a GET that is accepted.
    static func goodAnswer(_ name: String, _ text: String, to method: Wire.Method = .get, _ messages: String...) -> Message {
        Message(name: name, bytes: Array(text.utf8), answering: method, expected: .accepted(messages))
    }

    /// A response that is refused.
    static func badAnswer(
        _ name: String, _ text: String, _ fault: WireFault = .malformed(""), to method: Wire.Method = .get, after messages: String...
    ) -> Message {
        Message(name: name, bytes: Array(text.utf8), answering: method, expected: .refused(messages, fault))
    }
}
