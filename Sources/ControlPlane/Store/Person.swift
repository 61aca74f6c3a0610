import Foundation

/// The form of what people say of themselves and their reasons.
enum Person {
    /// A person's name as recorded: spaces collapsed, lower-case, and letters that print alike by Unicode's own word (NFKC) made one, so that
    /// one person typed twice is not two. Letters of other scripts that merely look alike stay others.
    static func name(_ text: String) throws(RegistryError) -> String {
        let folded = text.precomposedStringWithCompatibilityMapping.lowercased().precomposedStringWithCompatibilityMapping
        guard let name = line(folded, of: Limits.nameCharacters), name.unicodeScalars.allSatisfy(isShown) else {
            throw .outOfForm("who does it must be named in 1 to \(Limits.nameCharacters) characters")
        }
        guard GatewayPart(rawValue: name) == nil else { throw .outOfForm("'\(name)' is no person") }
        return name
    }

    /// Whoever asks, under the name as recorded.
    static func actor(_ actor: Actor) throws(RegistryError) -> Actor { Actor(try name(actor.name), from: actor.origin) }

    /// A reason as recorded; a key pasted into it is not, and neither is one pasted into what follows here; nor is whom to write to
    /// or to call, since a reason cannot be erased.
    static func reason(_ text: String) throws(RegistryError) -> String {
        // What is far too long is not looked through: the registry waits. One line first: a number is one over two lines, too.
        guard text.utf8.count <= 4 * Limits.reasonCharacters * Limits.characterBytes,
            let reason = line(SafeText.withoutContacts(SafeText.collapsed(SafeText.withoutKeys(text))), of: Limits.reasonCharacters)
        else {
            throw .outOfForm("a reason of 1 to \(Limits.reasonCharacters) characters is needed")
        }
        return reason
    }

    /// A key's name as recorded.
    static func keyName(_ text: String) throws(RegistryError) -> String {
        guard let name = line(SafeText.withoutKeys(text), of: Limits.nameCharacters) else {
            throw .outOfForm("a key's name has 1 to \(Limits.nameCharacters) characters")
        }
        return name
    }

    /// A note's text as recorded.
    static func note(_ text: String) throws(RegistryError) -> String {
        guard let note = line(SafeText.withoutKeys(text), of: Limits.noteCharacters) else {
            throw .outOfForm("a note has 1 to \(Limits.noteCharacters) characters")
        }
        return note
    }

    /// A file's name as recorded: what is shown and offered, never where anything is kept.
    static func fileName(_ text: String) throws(RegistryError) -> String {
        guard let name = line(SafeText.withoutKeys(text), of: Limits.fileNameCharacters), !name.contains("/"), !name.hasPrefix(".") else {
            throw .outOfForm("a file's name has 1 to \(Limits.fileNameCharacters) characters, no '/' and no '.' at its beginning")
        }
        return name
    }

    /// One printable line of at most so many characters, spaces collapsed. Counted as forms in browsers count them, not in bytes, of which a letter of
    /// Devanagari has three.
    private static func line(_ text: String, of most: Int) -> String? {
        let line = SafeText.collapsed(text)
        return (1...most).contains(line.unicodeScalars.count) && isPrintable(line) ? line : nil
    }

    /// Not one that shows nothing, such as a variation selector or a filler.
    private static func isShown(_ scalar: Unicode.Scalar) -> Bool { !scalar.properties.isDefaultIgnorableCodePoint }

    private static func isPrintable(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(SafeText.isPrintable) }
}
