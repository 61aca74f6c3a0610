/// What may be logged of a core store's error body: its words, without what may be a citizen's or a secret. It may quote what was sent to it.
enum ErrorText {
    /// Members of a JSON object whose text says what went wrong; the others may carry anything.
    private static let telling: Set<String> = ["error", "errorCode", "message", "title", "detail", "code"]
    /// Longer than any word of a sentence: a token, a digest, an address.
    private static let wordScalars = 32
    /// Digits in a row from which on they may be a mobile number, a one-time code or a date of birth.
    private static let runDigits = 4
    /// Stands for what is left out.
    private static let omission: Unicode.Scalar = "…"
    private static let quotes: [Unicode.Scalar: Unicode.Scalar] = ["'": "'", "\"": "\"", "`": "`", "‘": "’", "“": "”"]

    /// The text for the log; empty where nothing may be said. The body may be cut off anywhere.
    static func loggable(_ body: [UInt8]) -> String {
        let first = body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return masked(String(decoding: body, as: UTF8.self)) }
        // Each by itself: a quote that one leaves open must not hide the next.
        return JSONMembers(body).texts().filter { telling.contains($0.name) }
            .map { "\($0.name): \(masked($0.text))" }.joined(separator: "; ")
    }

    /// A text without quoted pieces, numbers, tokens, overlong words and control characters.
    static func masked(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        result.append(contentsOf: withoutNumbers(withoutSecrets(withoutQuoted(text.unicodeScalars.map(printable)))))
        return String(result)
    }

    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator: " "
        default: scalar
        }
    }

    // MARK: Quoted pieces

    /// A piece that nothing closes ends with the text.
    private static func withoutQuoted(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var index = 0
        while index < scalars.count {
            if let closing = quotes[scalars[index]], !isApostrophe(scalars, index) {
                result += ["'", omission, "'"]
                index = end(ofPieceAt: index, closedBy: closing, scalars)
            } else {
                result.append(scalars[index])
                index += 1
            }
        }
        return result
    }

    /// Of `can't`, `firm's` or `firms' `: anything else after a letter may be a quote, as in Python's `u'…'`.
    private static func isApostrophe(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
        guard scalars[index] == "'", index > 0, isWordlike(scalars[index - 1]) else { return false }
        var ending = String.UnicodeScalarView()
        ending.append(contentsOf: scalars[(index + 1)...].prefix(3).prefix(while: isWordlike))
        return ["", "t", "s", "d", "m", "re", "ve", "ll"].contains(String(ending))
            && (!ending.isEmpty || index + 1 == scalars.count || scalars[index + 1] == " ")
    }

    /// Behind the closing quote; one followed by a letter (`'O'Brien'`), or after a backslash, closes nothing.
    private static func end(ofPieceAt start: Int, closedBy closing: Unicode.Scalar, _ scalars: [Unicode.Scalar]) -> Int {
        var index = start + 1
        while index < scalars.count {
            if scalars[index] == "\\" {
                index += 2
                continue
            }
            if scalars[index] == closing, index + 1 == scalars.count || !isWordlike(scalars[index + 1]) { return index + 1 }
            index += 1
        }
        return scalars.count
    }

    // MARK: Words

    private static func withoutSecrets(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var followsBearer = false
        for piece in words(scalars) {
            guard piece.contains(where: isWordlike) else {
                result += piece
                continue
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: piece)
            let word = String(text)
            let small = word.lowercased()
            let isSecret =
                followsBearer || piece.count > wordScalars || has(word, "eyJ") || has(small, "pgw_") || piece.contains("@")
                || (has(small, "bearer") && !endsWithBearer(small))
            followsBearer = has(small, "bearer") || (followsBearer && small.hasPrefix("token"))
            if isSecret { result.append(omission) } else { result += piece }
        }
        return result
    }

    /// The pieces between blanks and brackets, and those between them, in order.
    private static func words(_ scalars: [Unicode.Scalar]) -> [ArraySlice<Unicode.Scalar>] {
        var pieces: [ArraySlice<Unicode.Scalar>] = []
        var start = 0
        for index in scalars.indices.dropFirst() where isDelimiter(scalars[index]) != isDelimiter(scalars[index - 1]) {
            pieces.append(scalars[start..<index])
            start = index
        }
        return pieces + [scalars[start...]]
    }

    private static func isDelimiter(_ scalar: Unicode.Scalar) -> Bool { " <>()[]{},;".unicodeScalars.contains(scalar) }

    private static func has(_ word: String, _ part: String) -> Bool { word.indices.contains { word[$0...].hasPrefix(part) } }

    private static func endsWithBearer(_ word: String) -> Bool {
        word.hasSuffix("bearer") || word.hasSuffix("bearer:") || word.hasSuffix("bearer=")
    }

    // MARK: Numbers

    /// Digits with up to two blanks, hyphens and the like between them are one number, as people write their mobile's.
    private static func withoutNumbers(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var index = 0
        while index < scalars.count {
            let (end, digits) = number(at: index, scalars)
            if digits >= runDigits { result.append("#") } else { result += scalars[index..<max(end, index + 1)] }
            index = max(end, index + 1)
        }
        return result
    }

    private static func number(at start: Int, _ scalars: [Unicode.Scalar]) -> (end: Int, digits: Int) {
        var (end, digits, index) = (start, 0, start)
        while index < scalars.count, index - end <= 2 {
            if isDigit(scalars[index]) {
                digits += 1
                end = index + 1
            } else if digits == 0 || !" -./()".unicodeScalars.contains(scalars[index]) {
                break
            }
            index += 1
        }
        return (end, digits)
    }

    /// Of any script: citizens write in many.
    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.numericType == .decimal }

    private static func isWordlike(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isAlphabetic || isDigit(scalar) }
}
