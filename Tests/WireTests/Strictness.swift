/// What we refuse and llhttp lets pass. Each name is our fault's text, each reason why the gateway is the stricter.
enum Strictness {
    typealias Kind = Disagreement.Kind

    static let kinds = targets + hosts + framing + fields + lines

    static let targets: [Kind] = [
        Kind(
            name: "percent-encoding",
            reason: "llhttp does not look into a target; a broken encoding is read differently by whoever decodes it"
        ) { head, _ in
            head.target.ranges(of: /%(?![0-9A-Fa-f]{2})/).isEmpty == false
        },
        Kind(name: "byte not allowed in a target", reason: "RFC 3986 knows no such byte; servers differ in what they make of it") {
            head, text in
            head.target.contains { "\"#<>\\^`{|}\u{7f}\u{fffd}\t".contains($0) } || firstLine(text).contains("  ")
                || firstLine(text).contains("\t")
        },
        Kind(name: "dot segment in the path", reason: "must not mean one thing to us and another behind us") { head, _ in
            head.path.split(separator: "/").contains { [".", ".."].contains($0.lowercased().replacing("%2e", with: ".")) }
        },
        Kind(name: "empty segment in the path", reason: "some servers merge the slashes") { head, _ in head.path.contains("//") },
        Kind(name: "encoded slash in the path", reason: "some servers decode before they match") { head, _ in
            head.path.lowercased().contains(/%2f|%5c/)
        },
        Kind(name: "encoded control in the path", reason: "NUL ends a string in other languages") { head, _ in
            head.path.lowercased().contains(/%[01][0-9a-f]|%7f/)
        },
        Kind(name: "form of the target", reason: "we are no proxy for other schemes") { head, _ in
            !head.target.hasPrefix("/") && !head.target.lowercased().contains(/^https?:\/\/./)
        },
        Kind(name: "* for a method other than OPTIONS", reason: "RFC 9112 §3.2.4") { head, _ in
            head.target == "*" && head.method != "OPTIONS"
        },
        Kind(name: "CONNECT", reason: "we open no tunnels") { head, _ in head.method == "CONNECT" },
    ]

    static let hosts: [Kind] = [
        Kind(name: "no Host", reason: "RFC 9112 §3.2 asks for 400") { head, _ in head.minorVersion == 1 && head.values("host").isEmpty },
        Kind(name: "two Host fields", reason: "RFC 9112 §3.2 asks for 400") { head, _ in head.values("host").count > 1 },
        Kind(name: "host", reason: "not host[:port]: RFC 9112 §3.2 asks for 400", isBorneOut: hasBadHost),
        Kind(name: "port", reason: "not host[:port]: RFC 9112 §3.2 asks for 400", isBorneOut: hasBadHost),
        Kind(name: "address", reason: "not host[:port]: RFC 9112 §3.2 asks for 400", isBorneOut: hasBadHost),
    ]

    static let framing: [Kind] = [
        Kind(
            name: "codingNotImplemented", reason: "we undo no coding but chunked; llhttp leaves it to its user", isBorneOut: hasOtherCoding),
        Kind(name: "several transfer codings, or a parameter", reason: "we undo no coding but chunked", isBorneOut: hasOtherCoding),
        Kind(name: "empty Transfer-Encoding", reason: "a field that frames must say how", isBorneOut: hasOtherCoding),
        Kind(name: "two Transfer-Encoding fields", reason: "a list of codings in disguise") { head, _ in
            head.values("transfer-encoding").count > 1
        },
        Kind(name: "Transfer-Encoding in HTTP/1.0", reason: "RFC 9112 §6.1: treat the framing as faulty") { head, _ in
            head.minorVersion == 0 && !head.values("transfer-encoding").isEmpty
        },
        Kind(
            name: "Content-Length over 63 bits", reason: "signed arithmetic behind us would see a negative number",
            isBorneOut: hasVastLength),
        Kind(name: "Content-Length is no number", reason: "we read 19 digits, which hold 63 bits", isBorneOut: hasVastLength),
    ]

    static let fields: [Kind] = [
        Kind(name: "unknownExpectation", reason: "RFC 9110 §10.1.1 lets us answer 417") { head, _ in
            head.values("expect").contains { $0.lowercased() != "100-continue" }
        },
        Kind(name: "two x-api-key fields", reason: "who calls must not hang on which one is read") { head, _ in
            head.values("x-api-key").count > 1
        },
        Kind(name: "two Authorization fields", reason: "who calls must not hang on which one is read") { head, _ in
            head.values("authorization").count > 1
        },
        Kind(
            name: "Connection names a field that is not the connection's",
            reason: "what a request is judged by must not be dropped behind us (RFC 9110 §7.6.1)"
        ) { head, _ in
            let options = head.values("connection").flatMap { $0.lowercased().split { ", \t".contains($0) } }
            return ["host", "content-length", "transfer-encoding", "x-api-key", "authorization"].contains { name in
                options.contains { $0 == name } && !head.values(name).isEmpty
            }
        },
        Kind(name: "list of tokens", reason: "Connection decides which fields are dropped, so it must be readable") { head, _ in
            head.values("connection").contains { !$0.contains(/^[\s,]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+[ \t]*(,[ \t,]*|$))*$/) }
        },
    ]

    static let lines: [Kind] = [
        Kind(name: "HTTP version", reason: "two blanks where the grammar has one") { _, text in
            firstLine(text).contains("  ") || firstLine(text).contains(" \t")
        },
        Kind(name: "method", reason: "more than one empty line, or something that is none, before the request") { _, text in
            !["", "\r\n"].contains { text.unicodeScalars.prefix { $0 == "\r" || $0 == "\n" }.elementsEqual($0.unicodeScalars) }
        },
        Kind(name: "bare CR", reason: "an empty line that is none") { _, text in text.unicodeScalars.first == "\r" },
    ]

    private static let hasBadHost: @Sendable (ParsedHead, String) -> Bool = { head, _ in
        let authority =
            head.target.hasPrefix("/") ? nil : head.target.split(separator: /:\/\//, maxSplits: 1, omittingEmptySubsequences: false).last
        let hosts = head.values("host") + (authority.map { [String($0.prefix { $0 != "/" && $0 != "?" })] } ?? [])
        return hosts.contains { host in
            guard let match = host.wholeMatch(of: /(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._~!$&'()*+,;=]+)(:([0-9]{1,5}))?/) else { return true }
            if match.1.hasPrefix("["), match.1.filter({ $0 == ":" }).count < 2 { return true }
            return match.3.map { !(1...65_535).contains(Int($0) ?? 0) } ?? false
        }
    }

    private static let hasOtherCoding: @Sendable (ParsedHead, String) -> Bool = { head, _ in
        head.values("transfer-encoding").contains { $0.lowercased() != "chunked" }
    }

    private static let hasVastLength: @Sendable (ParsedHead, String) -> Bool = { head, _ in
        head.values("content-length").contains { UInt64($0).map { number in number > UInt64(Int64.max) } ?? false || $0.count > 19 }
    }

    /// The request line, after what may stand before it.
    private static func firstLine(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.drop(while: { $0 == "\r" || $0 == "\n" }) {
            if scalar == "\r" || scalar == "\n" { break }
            line.append(scalar)
        }
        return String(line)
    }
}
