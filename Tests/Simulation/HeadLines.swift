/// The lines of a head, found in bytes by the plain rule: each ends with CR LF, an empty one ends the head.
struct HeadLines {
    let bytes: [UInt8]
    /// By line, without its end.
    private(set) var ranges: [Range<Int>] = []
    /// Behind the empty line.
    private(set) var end = 0

    /// The head that begins at `start`; nil if it is not all there, or has a bare CR or LF in it.
    init?(_ bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        ranges.reserveCapacity(20)
        var line = start
        var index = start
        while index < bytes.count {
            if bytes[index] == 0x0A { return nil }
            guard bytes[index] == 0x0D else {
                index += 1
                continue
            }
            guard index + 1 < bytes.count, bytes[index + 1] == 0x0A else { return nil }
            if index == line {
                end = index + 2
                return
            }
            ranges.append(line..<index)
            index += 2
            line = index
        }
        return nil
    }

    /// Whether the line begins so.
    func begins(_ line: Range<Int>, _ text: [UInt8]) -> Bool {
        guard line.count >= text.count else { return false }
        for index in 0..<text.count where bytes[line.lowerBound + index] != text[index] { return false }
        return true
    }

    /// Whether the line is exactly this.
    func equals(_ line: Range<Int>, _ text: [UInt8]) -> Bool { line.count == text.count && begins(line, text) }

    /// What follows the name in the one line that begins with it; nil where there is none or more than one.
    func value(_ name: [UInt8]) -> Range<Int>? {
        var found: Range<Int>?
        for line in ranges.dropFirst() where begins(line, name) {
            if found != nil { return nil }
            found = line.lowerBound + name.count..<line.upperBound
        }
        return found
    }

    func has(_ name: [UInt8]) -> Bool { ranges.contains { begins($0, name) } }

    func number(_ range: Range<Int>) -> Int? {
        guard !range.isEmpty, range.count < 18 else { return nil }
        var number = 0
        for index in range {
            guard (0x30...0x39).contains(bytes[index]) else { return nil }
            number = number * 10 + Int(bytes[index] - 0x30)
        }
        return number
    }

    /// Whether the bytes are lower-case hexadecimal digits.
    func isHexadecimal(_ range: Range<Int>) -> Bool {
        range.allSatisfy { (0x30...0x39).contains(bytes[$0]) || (0x61...0x66).contains(bytes[$0]) }
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

/// Names of fields as they are compared.
enum Name {
    static let mark = Array("X-Mark: ".utf8)
    static let requestID = Array("X-Request-Id: ".utf8)
    static let trace = Array("traceparent: 00-".utf8)
    static let contentLength = Array("Content-Length: ".utf8)
    static let chunked = Array("Transfer-Encoding: chunked".utf8)
    static let check = Array("GET /livez HTTP/1.1".utf8)
    static let host = Array("Host: ".utf8)
    static let secure = Array("Strict-Transport-Security: ".utf8)
    static let close = Array("Connection: close".utf8)
    static let policy = Array("RateLimit-Policy: ".utf8)
    static let rate = Array("RateLimit: ".utf8)
    static let retryAfter = Array("Retry-After: ".utf8)
    static let via = Array("Via: ".utf8)
    static let unkept = Array("Cache-Control: no-store".utf8)
    static let date = Array("Date: ".utf8)
    static let server = Array("Server: ".utf8)
    static let problem = Array("Content-Type: application/problem+json".utf8)
    static let errorCode = Array("\"errorCode\":\"".utf8)
    static let wait = Array("\"retryAfterMilliseconds\":".utf8)
}
