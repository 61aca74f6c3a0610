/// What llhttp refuses or reads otherwise and we let pass.
enum Leniency {
    /// How the other parser's account of an accepted head differs from its bytes, and how to undo that.
    struct Spelling: Sendable {
        let name: String
        let reason: String
        let undo: @Sendable (inout ParsedHead) -> Void
    }

    static let unknownMethod = Disagreement.Kind(
        name: "invalid HTTP method",
        reason: "llhttp knows registered methods only; to us another token is a method no route has (RFC 9110 §9.1), which is a 404 or 405"
    ) { head, _ in !isKnownMethod(head.method) }

    static let refusals: [Disagreement.Kind] = [
        unknownMethod,
        Disagreement.Kind(
            name: "invalid character in content-length header",
            reason: "llhttp allows no tab behind the number; a tab is optional white space (RFC 9110 §5.6.3)"
        ) { head, text in head.values("content-length").count == 1 && text.lowercased().unicodeScalars.contains("\t") },
    ]

    static let spellings: [Spelling] = [
        Spelling(name: "method without its dash", reason: "NIO writes M-SEARCH as MSEARCH") { head in
            if head.method == "MSEARCH" { head.method = "M-SEARCH" }
        },
        Spelling(name: "Proxy-Connection", reason: "llhttp takes it for Connection; it is in no standard (RFC 9112 appendix C.2.2)") {
            head in
            let closes = head.values("connection").contains { $0.lowercased().contains(/(^|[, \t])close($|[, \t])/) }
            if head.values("proxy-connection").contains("close") { head.keepAlive = head.minorVersion > 0 && !closes }
        },
        Spelling(name: "blanks behind a value", reason: "llhttp leaves them; they are no part of the value (RFC 9112 §5.1)") { head in
            head.fields = head.fields.map { field in
                let isEmpty = field.allSatisfy { $0 != ":" } || field.drop { $0 != ":" }.dropFirst().allSatisfy { " \t".contains($0) }
                let trimmed = String(field.reversed().drop { " \t".contains($0) }.reversed())
                return isEmpty ? trimmed + " " : trimmed
            }
        },
    ]

    static func isKnownMethod(_ method: String) -> Bool {
        ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "M-SEARCH"].contains(method)
    }
}
