import Foundation
import Support

/// A case of the corpus in Tests/Framing, whose form `corpus.py` there describes.
struct CorpusCase {
    enum Kind: String {
        case pass, refused, own, cut
    }

    /// One answer the client is to get.
    struct Step {
        var kind: Kind
        var status = 200
        var method = ""
        var target = ""
        var body: [UInt8] = []
        var has: [String] = []
        var lacks: [String] = []

        /// What a message has or lacks against the case.
        func faults(in message: Message) -> [String] {
            let spare = lacks.filter { message[$0] != nil }.map { "has \($0)" }
            return spare + has.filter { !isThere($0, message) }.map { "lacks \($0)" }
        }

        private func isThere(_ line: String, _ message: Message) -> Bool {
            let name = String(line.prefix { $0 != ":" })
            let value = line.dropFirst(name.count + 1).drop { $0 == " " }
            return message.values(name).contains { $0 == String(value) || value.unicodeScalars.contains { $0.value > 0x7F } }
        }
    }

    enum Act {
        case bytes([UInt8])
        case pause, close, reset
    }

    static let states = "/api/v2/admin/location/states"
    static let otp = "/api/v2/auth/public/generateOTP"

    var family: String
    var name: String
    var request = "GET"
    var source = ""
    var steps: [Step] = []

    var bytes: [UInt8] { CorpusText.unescape(source) }

    /// Methods of the requests, as far as they tell how an answer is read.
    var methods: [String] { source.hasPrefix("HEAD ") ? ["HEAD"] : [] }

    /// The bytes and acts of an answer.
    var acts: [Act] {
        var acts: [Act] = []
        var rest = source[...]
        while let match = rest.firstMatch(of: /\{(pause|close|reset)\}/) {
            acts.append(.bytes(CorpusText.unescape(String(rest[..<match.range.lowerBound]))))
            acts.append(match.1 == "pause" ? .pause : match.1 == "close" ? .close : .reset)
            rest = rest[match.range.upperBound...]
        }
        return acts + [.bytes(CorpusText.unescape(String(rest)))]
    }

    /// All cases of `requests` or `answers`.
    static func load(_ folder: String, key: String) throws -> [CorpusCase] {
        let path = Repository.root + "/Tests/Framing/" + folder
        var cases: [CorpusCase] = []
        for file in try FileManager.default.contentsOfDirectory(atPath: path).sorted() {
            let family = String(file.prefix { $0 != "." })
            for line in try String(contentsOfFile: path + "/" + file, encoding: .utf8).split(separator: "\n") {
                if line.hasPrefix("    ") {
                    cases[cases.count - 1].source += line.dropFirst(4)
                } else if line.hasPrefix("case: ") {
                    cases.append(CorpusCase(family: family, name: String(line.dropFirst(6))))
                } else if line.hasPrefix("request: ") {
                    cases[cases.count - 1].request = String(line.dropFirst(9))
                } else if line.hasPrefix("expect: ") {
                    cases[cases.count - 1].expect(String(line.dropFirst(8)), key)
                }
            }
        }
        for index in cases.indices { cases[index].source = CorpusText.expand(cases[index].source, key) }
        return cases
    }

    private mutating func expect(_ line: String, _ key: String) {
        let quoted = line.split(separator: "\"", maxSplits: 1, omittingEmptySubsequences: false)
        let words = quoted[0].split(separator: " ").map(String.init)
        let last = steps.count - 1
        switch words[0] {
        case "has": steps[last].has.append(CorpusText.text(String(line.dropFirst(4))))
        case "lacks": steps[last].lacks.append(words[1])
        default:
            guard let kind = Kind(rawValue: words[0]) else { preconditionFailure("no such expectation: \(line)") }
            var step = Step(kind: kind)
            if words.count > 1 { step.status = Int(words[1]) ?? 200 }
            if words.count > 1 { step.method = words[1] }
            if words.count > 2 { step.target = CorpusText.expand(words[2], key) }
            if quoted.count > 1 { step.body = CorpusText.unescape(CorpusText.expand(String(quoted[1].dropLast()), key)) }
            steps.append(step)
        }
    }
}

/// The spelling of bytes in the corpus.
enum CorpusText {
    private static let common = "Host: gateway\\r\\nx-api-key: {key}\\r\\n"
    private static let macros = [
        "states": CorpusCase.states, "otp": CorpusCase.otp, "stolen": "/api/v2/admin/location/districts/666",
        "find": "/api/v2/appointment/sessions/public/findByPin", "get": "GET {states} HTTP/1.1\\r\\n" + common,
        "head": "HEAD {states} HTTP/1.1\\r\\n" + common, "post": "POST {otp} HTTP/1.1\\r\\n" + common,
        "smuggled": "GET {stolen} HTTP/1.1\\r\\n" + common + "\\r\\n",
    ]

    /// Macros spelt out, then repetitions.
    static func expand(_ text: String, _ key: String) -> String {
        var text = text
        while let match = text.firstMatch(of: /\{(key|smuggled length|smuggled size|states|otp|stolen|find|get|head|post|smuggled)\}/) {
            text.replaceSubrange(match.range, with: meaning(String(match.1), key))
        }
        return text.replacing(/\{([^{}*]*)\*(\d+)\}/) { String(repeating: String($0.1), count: Int($0.2) ?? 0) }
    }

    private static func meaning(_ name: String, _ key: String) -> String {
        let smuggled = { unescape(expand("{smuggled}", key)).count }
        return switch name {
        case "key": key
        case "smuggled length": String(smuggled())
        case "smuggled size": String(smuggled(), radix: 16)
        default: macros[name] ?? ""
        }
    }

    /// The bytes that the text spells.
    static func unescape(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            switch Character(Unicode.Scalar(escape)) {
            case "r": bytes.append(0x0D)
            case "n": bytes.append(0x0A)
            case "t": bytes.append(0x09)
            case "0": bytes.append(0)
            case "x":
                bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            default: bytes.append(escape)
            }
        }
        return bytes
    }

    /// The text with its escapes as characters.
    static func text(_ text: String) -> String { String(String.UnicodeScalarView(unescape(text).map { Unicode.Scalar($0) })) }
}
