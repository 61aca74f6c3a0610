/// The form of what people say of themselves and their reasons.
enum Person {
    /// A person's name as recorded: spaces collapsed and lower-case, so that one person typed twice is not two.
    static func name(_ text: String) throws(RegistryError) -> String {
        let name = collapsed(text).lowercased()
        guard (1...Limits.nameBytes).contains(name.utf8.count), isPrintable(name) else {
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

    private static func isPrintable(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(SafeText.isPrintable) }
}
