/// Cuts Swift code into tokens, well enough for rules about words, braces and lines.
struct Lexer {
    private let bytes: [UInt8]
    private var place = 0
    private var line = 1
    private var hasSpace = true
    private var tokens: [Token] = []

    static func tokens(of text: String) -> [Token] {
        var lexer = Lexer(bytes: Array(text.utf8))
        lexer.readCode(endingWithParenthesis: false)
        return lexer.tokens
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var current: UInt8 { peek(0) }

    private func peek(_ distance: Int) -> UInt8 {
        place + distance < bytes.count ? bytes[place + distance] : 0
    }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where place < bytes.count {
            if bytes[place] == Sign.newline { line += 1 }
            place += 1
        }
    }

    private mutating func add(_ text: String, startingOn startLine: Int? = nil) {
        tokens.append(Token(text: text, line: startLine ?? line, hasSpaceBefore: hasSpace))
        hasSpace = false
    }

    /// Reads to the end, or to the parenthesis that ends a string's interpolation.
    private mutating func readCode(endingWithParenthesis: Bool) {
        var depth = 0
        while place < bytes.count {
            if endingWithParenthesis {
                if current == Sign.open { depth += 1 }
                if current == Sign.close { depth -= 1 }
                if depth < 0 { return }
            }
            readNext()
        }
    }

    private mutating func readNext() {
        switch current {
        case Sign.space, Sign.tab, Sign.newline, Sign.carriageReturn:
            advance()
            hasSpace = true
        case Sign.slash where peek(1) == Sign.slash:
            while place < bytes.count, current != Sign.newline { advance() }
        case Sign.slash where peek(1) == Sign.star: skipBlockComment()
        case Sign.slash where beginsRegex(): skipRegex()
        case Sign.quote: readString(poundCount: 0)
        case Sign.pound where poundCount() > 0: readString(poundCount: poundCount())
        case Sign.backtick: readQuotedName()
        case let byte where Sign.isWord(byte) || byte == Sign.at || byte == Sign.pound: readWord()
        default:
            add(String(decoding: [current], as: UTF8.self))
            advance()
        }
    }

    private mutating func readWord() {
        let start = place
        place += 1
        while place < bytes.count, Sign.isWord(bytes[place]) { place += 1 }
        add(String(decoding: bytes[start..<place], as: UTF8.self))
    }

    private mutating func readQuotedName() {
        let start = place
        advance()
        while place < bytes.count, current != Sign.backtick { advance() }
        advance()
        add(String(decoding: bytes[start..<place], as: UTF8.self))
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if current == Sign.slash, peek(1) == Sign.star {
                depth += 1
                advance(2)
            } else if current == Sign.star, peek(1) == Sign.slash {
                depth -= 1
                advance(2)
            } else {
                advance()
            }
        } while depth > 0 && place < bytes.count
        hasSpace = true
    }

    /// The signs before a raw string's quote; 0 where no string begins.
    private func poundCount() -> Int {
        var count = 0
        while peek(count) == Sign.pound { count += 1 }
        return peek(count) == Sign.quote ? count : 0
    }

    private mutating func readString(poundCount pounds: Int) {
        let startLine = line
        advance(pounds)
        let isLong = current == Sign.quote && peek(1) == Sign.quote && peek(2) == Sign.quote
        let quotes = isLong ? 3 : 1
        advance(quotes)
        add("\"\"", startingOn: startLine)
        while place < bytes.count {
            if endsString(quotes: quotes, pounds: pounds) { return advance(quotes + pounds) }
            if current == Sign.backslash, (0..<pounds).allSatisfy({ peek(1 + $0) == Sign.pound }) {
                advance(1 + pounds)
                guard current == Sign.open else {
                    advance()
                    continue
                }
                advance()
                readCode(endingWithParenthesis: true)
            }
            advance()
        }
    }

    private func endsString(quotes: Int, pounds: Int) -> Bool {
        (0..<quotes).allSatisfy { peek($0) == Sign.quote } && (0..<pounds).allSatisfy { peek(quotes + $0) == Sign.pound }
    }

    /// A slash begins a regex where no operand can stand before it and the line has a second one.
    private func beginsRegex() -> Bool {
        guard let before = tokens.last, peek(1) != Sign.space else { return false }
        guard ["(", ",", "=", ":", "[", "{", "return"].contains(before.text) else { return false }
        return bytes[(place + 1)...].prefix { $0 != Sign.newline }.contains(Sign.slash)
    }

    private mutating func skipRegex() {
        add("//")
        advance()
        while place < bytes.count, current != Sign.slash { advance(current == Sign.backslash ? 2 : 1) }
        advance()
    }
}

/// The bytes that mean something to the lexer.
private enum Sign {
    static let space = UInt8(ascii: " "), tab = UInt8(ascii: "\t"), newline = UInt8(ascii: "\n"), carriageReturn = UInt8(ascii: "\r")
    static let slash = UInt8(ascii: "/"), star = UInt8(ascii: "*"), quote = UInt8(ascii: "\""), pound = UInt8(ascii: "#")
    static let backtick = UInt8(ascii: "`"), at = UInt8(ascii: "@"), backslash = UInt8(ascii: "\\")
    static let open = UInt8(ascii: "("), close = UInt8(ascii: ")")

    /// A letter, digit, underscore, or any part of a character outside ASCII.
    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), 0x80...0xFF: true
        default: false
        }
    }
}
