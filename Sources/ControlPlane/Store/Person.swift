import Foundation

/// The form of what people say of themselves and their reasons.
enum Person {
    /// A person's name as recorded: spaces collapsed, lower-case, and letters that print alike by Unicode's own word (NFKC) made one, so that
    /// one person typed twice is not two. Letters of other scripts that merely look alike stay others.
    static func name(_ text: String) throws(RegistryError) -> String {
        let folded = text.precomposedStringWithCompatibilityMapping.lowercased().precomposedStringWithCompatibilityMapping
        let name = collapsed(folded)
        guard (1...Limits.nameBytes).contains(name.utf8.count), isPrintable(name), name.unicodeScalars.allSatisfy(isShown) else {
            throw .outOfForm("who does it must be named in 1 to \(Limits.nameBytes) bytes")
        }
        guard GatewayPart(rawValue: name) == nil else { throw .outOfForm("'\(name)' is no person") }
        return name
    }

    /// Whoever asks, under the name as recorded.
    static func actor(_ actor: Actor) throws(RegistryError) -> Actor { Actor(try name(actor.name), from: actor.origin) }

    /// A reason as recorded; a key pasted into it is not.
    static func reason(_ text: String) throws(RegistryError) -> String {
        let reason = SafeText.withoutKeys(collapsed(text))
        guard (1...Limits.reasonBytes).contains(reason.utf8.count), isPrintable(reason) else {
            throw .outOfForm("a reason of 1 to \(Limits.reasonBytes) bytes is needed")
        }
        return reason
    }

    /// A key's name as recorded.
    static func keyName(_ text: String) throws(RegistryError) -> String {
        let name = collapsed(text)
        guard (1...Limits.nameBytes).contains(name.utf8.count), isPrintable(name) else {
            throw .outOfForm("a key's name has 1 to \(Limits.nameBytes) bytes")
        }
        return name
    }

    /// A note's text as recorded.
    static func note(_ text: String) throws(RegistryError) -> String {
        let note = collapsed(text)
        guard (1...Limits.noteBytes).contains(note.utf8.count), isPrintable(note) else {
            throw .outOfForm("a note has 1 to \(Limits.noteBytes) bytes")
        }
        return note
    }

    /// A file's name as recorded: what is shown and offered, never where anything is kept.
    static func fileName(_ text: String) throws(RegistryError) -> String {
        let name = collapsed(text)
        guard (1...Limits.fileNameBytes).contains(name.utf8.count), isPrintable(name), !name.contains("/"), !name.hasPrefix(".") else {
            throw .outOfForm("a file's name has 1 to \(Limits.fileNameBytes) bytes, no '/' and no '.' at its beginning")
        }
        return name
    }

    private static func collapsed(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// Not one that shows nothing, such as a variation selector or a filler.
    private static func isShown(_ scalar: Unicode.Scalar) -> Bool { !scalar.properties.isDefaultIgnorableCodePoint }

    private static func isPrintable(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(SafeText.isPrintable) }
}
