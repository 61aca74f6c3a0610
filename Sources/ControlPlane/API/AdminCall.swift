import Foundation
import HTTPTypes
import Registry

/// One call that was let in: who makes it, with what.
struct AdminCall: Sendable {
    let caller: TokenCaller
    /// Parts of the path that the route names.
    let parameters: [String: String]
    let query: [String: String]
    let fields: HTTPFields
    let body: [UInt8]
    let now: WallTime

    /// Who does it, for the history.
    var actor: Actor { caller.actor }

    /// An id in the path; one out of form names nothing.
    func identifier(_ name: String = "id", of sort: String) throws -> Identifier {
        let text = parameters[name] ?? ""
        guard let identifier = Identifier(text) else {
            throw ProblemAnswer(.notThere, "there is no \(sort) '\(SafeText.bounded(text, to: 80))'")
        }
        return identifier
    }

    /// A word in the path.
    func text(_ name: String) -> String { parameters[name] ?? "" }

    /// A parameter of the query as its form has it; nil where it is not given.
    func query<Value>(_ name: String, _ expected: String, _ read: (String) -> Value?) throws -> Value? {
        guard let text = query[name] else { return nil }
        guard let value = read(text) else { throw ProblemAnswer(.badParameter, "\(name) is out of form: expected \(expected)") }
        return value
    }

    func queryIdentifier(_ name: String) throws -> Identifier? {
        try query(name, "3 to 40 of a-z, 0-9 and -", Identifier.init)
    }

    /// What may be somebody's name.
    func queryName(_ name: String) throws -> String? {
        let form = 1...Limits.nameCharacters
        return try query(name, "\(form.lowerBound) to \(form.upperBound) characters") { form.contains($0.unicodeScalars.count) ? $0 : nil }
    }

    func queryTime(_ name: String) throws -> WallTime? { try query(name, AdminTime.expected, AdminTime.read) }

    func queryFlag(_ name: String) throws -> Bool { try query(name, "true or false") { ["true": true, "false": false][$0] } ?? false }

    /// How many are wanted at most.
    func queryLimit(_ standard: Int = Limits.adminPage) throws -> Int {
        try query("limit", "a number from 1 to \(Limits.adminPageAtMost)") { text in
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return Int(text).flatMap { (1...Limits.adminPageAtMost).contains($0) ? $0 : nil }
        } ?? standard
    }

    /// The body's members.
    func members(_ known: String...) throws -> BodyMembers { try BodyMembers(body, known: Set(known)) }
}

/// A JSON object of a body, read member by member: none that is not known, and each of its type.
struct BodyMembers {
    private let values: [String: JSONValue]

    init(_ bytes: [UInt8], known: Set<String>) throws {
        guard let values = try? JSONDecoder().decode([String: JSONValue].self, from: Data(bytes)) else {
            throw ProblemAnswer(.malformedRequest, "the body is no JSON object")
        }
        if let stranger = values.keys.sorted().first(where: { !known.contains($0) }) {
            let names = known.sorted().joined(separator: ", ")
            throw ProblemAnswer(
                .malformedRequest,
                "the body has a member '\(SafeText.bounded(stranger, to: 80))' that this call does not know: it has \(names)")
        }
        self.values = values
    }

    private func value<Value>(_ name: String, _ expected: String, _ read: (JSONValue) -> Value?) throws -> Value? {
        guard let value = values[name] else { return nil }
        guard let value = read(value) else {
            throw ProblemAnswer(.malformedRequest, "the member \(name) is out of form: expected \(expected)")
        }
        return value
    }

    private func needed<Value>(_ name: String, _ value: Value?) throws -> Value {
        guard let value else { throw ProblemAnswer(.malformedRequest, "the body lacks the member \(name)") }
        return value
    }

    func optionalText(_ name: String) throws -> String? { try value(name, "a text") { $0.text } }

    func text(_ name: String) throws -> String { try needed(name, optionalText(name)) }

    func optionalTexts(_ name: String) throws -> [String]? { try value(name, "a list of texts") { $0.texts } }

    /// A text, or null for nobody and nothing; which of them must be said.
    func nullableText(_ name: String) throws -> String? {
        if values[name] == .null { return nil }
        return try text(name)
    }

    func texts(_ name: String) throws -> [String] { try needed(name, optionalTexts(name)) }

    /// A whole number; a flag is none.
    func optionalNumber(_ name: String) throws -> Int64? { try value(name, "a whole number") { $0.number } }

    func number(_ name: String) throws -> Int64 { try needed(name, optionalNumber(name)) }

    func optionalTime(_ name: String) throws -> WallTime? {
        try value(name, AdminTime.expected) { $0.text.flatMap(AdminTime.read) }
    }

    func time(_ name: String) throws -> WallTime { try needed(name, optionalTime(name)) }

    /// One of several words.
    func optionalWord<Word>(_ name: String, _ words: [String], _ read: (String) -> Word?) throws -> Word? {
        try value(name, words.joined(separator: ", ")) { $0.text.flatMap(read) }
    }

    func word<Word>(_ name: String, _ words: [String], _ read: (String) -> Word?) throws -> Word {
        try needed(name, optionalWord(name, words, read))
    }
}

/// Any value of JSON, as far as bodies have any.
private enum JSONValue: Decodable, Equatable {
    case null
    case text(String)
    case number(Int64)
    case texts([String])
    case other

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if (try? value.decode(Bool.self)) != nil {
            self = .other
        } else if let number = try? value.decode(Int64.self) {
            self = .number(number)
        } else if let texts = try? value.decode([String].self) {
            self = .texts(texts)
        } else {
            self = .other
        }
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var texts: [String]? { if case .texts(let texts) = self { texts } else { nil } }
    var number: Int64? { if case .number(let number) = self { number } else { nil } }
}

/// Times as the API takes them: RFC 3339, to the second.
enum AdminTime {
    static let expected = "a time as 2026-03-01T00:00:00+05:30"

    static func read(_ text: String) -> WallTime? { WallTime(calendar: text) }
}
