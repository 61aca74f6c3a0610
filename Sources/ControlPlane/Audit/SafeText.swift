import Registry

/// Texts fit to be kept for good: printable, short, without keys.
enum SafeText {
    /// The text without keys and unprintable characters, cut at a character to so many bytes; `-` where nothing is left of something.
    static func bounded(_ text: String, to bytes: Int) -> String {
        let clean = withoutKeys(String(String.UnicodeScalarView(text.unicodeScalars.filter(isPrintable))))
        guard !clean.isEmpty || text.isEmpty else { return "-" }
        guard clean.utf8.count > bytes else { return clean }
        var cut = ""
        for character in clean {
            guard cut.utf8.count + character.utf8.count + 3 <= bytes else { break }
            cut.append(character)
        }
        return cut + "…"
    }

    /// The text with one blank for any space between words, line ends too.
    static func collapsed(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

    /// The text with whatever may be a key cut off after its prefix: people paste what they were asked to name.
    static func withoutKeys(_ text: String) -> String {
        var text = text
        for prefix in Environment.allCases.map({ "pgw_\($0.name)_" }) + [AccessTokenForm.prefix] {
            let parts = text.split(separator: prefix, omittingEmptySubsequences: false)
            let rests = parts.dropFirst().map { part in
                let rest = part.drop { $0.isASCII && ($0.isLetter || $0.isNumber) }
                return rest.count == part.count ? String(rest) : "…" + rest
            }
            text = ([String(parts.first ?? "")] + rests).joined(separator: prefix)
        }
        return text
    }

    /// Whether a character is one that can be seen, or a blank.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
