import Wire

/// What a parser made of the front of some bytes.
enum Reading {
    case incomplete
    case refused(String)
    case accepted(ParsedHead)

    /// Ours.
    init(_ bytes: [UInt8], with head: inout RequestHead) {
        switch head.parse(bytes.span) {
        case .incomplete: self = .incomplete
        case .refused(.malformed(let reason)): self = .refused("\(reason)")
        case .refused(let fault): self = .refused("\(fault)")
        case .complete: self = .accepted(ParsedHead(head, bytes))
        }
    }

    /// The same verdict, and if it is acceptance, the same head. Why something is refused is each parser's own affair.
    func agrees(with other: Reading) -> Bool {
        switch (self, other) {
        case (.incomplete, .incomplete), (.refused, .refused): true
        case (.accepted(let left), .accepted(let right)): left == right
        case (.incomplete, _), (.refused, _), (.accepted, _): false
        }
    }
}

/// What a head says, whoever parsed it.
struct ParsedHead: Equatable {
    var method: String
    var target: String
    var minorVersion: Int
    var keepAlive: Bool
    var fields: [String]

    init(method: String, target: String, minorVersion: Int, keepAlive: Bool, fields: [String]) {
        self.method = method
        self.target = target
        self.minorVersion = minorVersion
        self.keepAlive = keepAlive
        self.fields = fields
    }

    init(_ head: RequestHead, _ bytes: [UInt8]) {
        let end = head.hasQuery ? head.query.end : head.path.end
        // An absolute target begins at its scheme, which stands right behind the method.
        let start = bytes[Int(head.methodSlice.end) + 1] == bytes[Int(head.path.start)] ? head.path.start : head.methodSlice.end + 1
        let space = bytes[Int(end)...].firstIndex(of: 0x20) ?? bytes.endIndex
        self.init(
            method: text(bytes[head.methodSlice.range]), target: ParsedHead.fold(text(bytes[Int(start)..<space])),
            minorVersion: Int(head.minorVersion), keepAlive: head.keepAlive,
            fields: (0..<head.fieldCount).map {
                let field = head.field($0)
                return ParsedHead.fold(text(bytes[field.name.range]) + ": " + text(bytes[field.value.range]))
            })
    }

    /// Text in which each run of bytes beyond ASCII is one replacement character: the parsers differ in how they spell bytes that are no UTF-8.
    static func fold(_ text: String) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let shown = scalar.isASCII ? scalar : "\u{fffd}"
            if shown != "\u{fffd}" || folded.last != "\u{fffd}" { folded.append(shown) }
        }
        return String(folded)
    }
}
