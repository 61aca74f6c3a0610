/// Scalars written so that any YAML reader reads back the same text.
enum YamlText {
    /// The text plain where it is safe to, else in double quotes.
    static func scalar(_ text: String) -> String {
        let words: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        let isPlain =
            text.first.map { ("a"..."z").contains($0) || ("A"..."Z").contains($0) } ?? false && text.last != " "
            && text.utf8.allSatisfy(isSafe) && !words.contains(text.lowercased())
        return isPlain ? text : quoted(text)
    }

    /// A flow list of plain words.
    static func list(_ words: [String]) -> String { "[" + words.map(scalar).joined(separator: ", ") + "]" }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            // An '&' or '*' before a word is refused as an anchor or alias, in quotes too: escaped, it is neither.
            case "&": quoted += "\\x26"
            case "*": quoted += "\\x2A"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    private static func isSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x20, 0x2B, 0x2D, 0x2E, 0x2F, 0x40, 0x5F: true
        default: false
        }
    }
}
