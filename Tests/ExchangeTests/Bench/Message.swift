/// A request or an answer as its receiver reads it: a plain reader of HTTP/1.1 that shares nothing with the gateway's.
struct Message {
    var startLine: String
    /// In the order they came, names in lower case.
    var fields: [(name: String, value: String)]
    var body: [UInt8]

    var status: Int { Int(startLine.split(separator: " ").dropFirst().first ?? "") ?? 0 }
    var text: String { String(decoding: body, as: UTF8.self) }

    func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
    subscript(name: String) -> String? { values(name).first }

    /// Reads one whole message from the front; nil if it is not all there.
    static func read(_ bytes: inout ArraySlice<UInt8>, isAnswerToHead: Bool = false, atEnd: Bool = false) -> Message? {
        guard let end = position(of: "\r\n\r\n", in: bytes) else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        var rest = bytes[(end + 4)...]
        let fields = lines.dropFirst().map { line in
            let name = line.prefix { $0 != ":" }
            return (name: name.lowercased(), value: String(line.dropFirst(name.count + 1).drop { $0 == " " }))
        }
        var message = Message(startLine: String(lines[0]), fields: fields, body: [])
        let isAnswer = message.startLine.hasPrefix("HTTP/")
        let hasNoBody = isAnswer && (isAnswerToHead || message.status < 200 || message.status == 204 || message.status == 304)
        if hasNoBody {
            bytes = rest
            return message
        }
        if message["transfer-encoding"] == "chunked" {
            guard let body = readChunks(&rest) else { return nil }
            message.body = body
        } else if let length = message["content-length"].flatMap({ Int($0) }) {
            guard rest.count >= length else { return nil }
            message.body = Array(rest.prefix(length))
            rest = rest.dropFirst(length)
        } else if isAnswer {
            guard atEnd else { return nil }
            message.body = Array(rest)
            rest = []
        }
        bytes = rest
        return message
    }

    /// All messages in the bytes; nil where something is left over.
    static func readAll(_ bytes: [UInt8], isAnswerToHead: Bool = false, atEnd: Bool = false) -> [Message]? {
        var rest = bytes[...]
        var messages: [Message] = []
        while !rest.isEmpty {
            guard let message = read(&rest, isAnswerToHead: isAnswerToHead, atEnd: atEnd) else { return nil }
            messages.append(message)
        }
        return messages
    }

    /// Whether not even one message in the bytes is whole.
    static func holdsNoWhole(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        return read(&rest).map(\.status) == nil
    }

    private static func readChunks(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        var body: [UInt8] = []
        while true {
            guard let line = position(of: "\r\n", in: rest), let size = Int(String(decoding: rest[..<line], as: UTF8.self), radix: 16)
            else {
                return nil
            }
            let start = line + 2
            guard rest.endIndex - start >= size + 2 else { return nil }
            body += rest[start..<start + size]
            rest = rest[(start + size + 2)...]
            if size == 0 { return body }
        }
    }

    private static func position(of text: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let wanted = Array(text.utf8)
        guard bytes.count >= wanted.count else { return nil }
        var start = bytes.startIndex
        while start + wanted.count <= bytes.endIndex {
            if bytes[start] == wanted[0], wanted.indices.allSatisfy({ bytes[start + $0] == wanted[$0] }) { return start }
            start += 1
        }
        return nil
    }
}
