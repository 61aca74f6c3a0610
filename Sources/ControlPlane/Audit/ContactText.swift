extension SafeText {
    /// The text without mail addresses and telephone numbers: what is on record for good names nobody's. It takes time in proportion to the
    /// text's length, whatever is in it.
    static func withoutContacts(_ text: String) -> String {
        // Both are looked for only where there can be one: most texts have neither, and an import has thousands.
        var text = text
        if text.contains("@") { text = replacingRuns(of: text, { !isDelimiter($0) }, by: withoutAddress) }
        guard text.count(where: \.isNumber) >= fewestDigits else { return text }
        return replacingRuns(of: text, { $0.isLetter || $0.isNumber || between.contains($0) }, by: withoutNumbers)
    }

    /// What stands in their place.
    private static let contact = "[contact]"
    /// A telephone number has at least so many digits where it begins with its country's, and ten without.
    private static let fewestDigits = 8
    /// What people write between a number's groups.
    private static let between: Set<Character> = ["+", "-", ".", "(", ")", "/", " ", "\t", "\u{A0}", "‐", "‑", "–"]

    /// The text with each longest run of such characters replaced.
    private static func replacingRuns(of text: String, _ isOfRun: (Character) -> Bool, by replacement: (Substring) -> String) -> String {
        var (result, rest) = ("", text[...])
        while !rest.isEmpty {
            let run = rest.prefix(while: isOfRun)
            result += run.isEmpty ? "" : replacement(run)
            rest = rest[run.endIndex...]
            let others = rest.prefix { !isOfRun($0) }
            result += others
            rest = rest[others.endIndex...]
        }
        return result
    }

    private static func isDelimiter(_ character: Character) -> Bool { character.isWhitespace || "<>,;:()[]\"".contains(character) }

    /// A word that is an address is none; the end of its sentence stays.
    private static func withoutAddress(_ word: Substring) -> String {
        let dots = word.reversed().prefix { $0 == "." }.count
        let parts = word.dropLast(dots).split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count > 1, parts.dropLast().contains(where: { !$0.isEmpty }), let host = parts.last,
            host.dropFirst().contains(".")
        else { return String(word) }
        return contact + String(repeating: ".", count: dots)
    }

    /// A run of words and digits without the telephone numbers in it: groups of digits that no letter touches.
    private static func withoutNumbers(_ run: Substring) -> String {
        var (result, groups, rest) = ("", [Group](), run)
        func end() {
            result += told(groups)
            groups = []
        }
        while !rest.isEmpty {
            let lead = rest.prefix { between.contains($0) }
            rest = rest[lead.endIndex...]
            let word = rest.prefix { !between.contains($0) }
            rest = rest[word.endIndex...]
            if !word.isEmpty, word.allSatisfy(\.isNumber) {
                // A new number begins behind a plus, and no more than four signs stand between a number's groups.
                if lead.contains("+") || lead.count > 4 { end() }
                groups.append(Group(lead: lead, digits: word))
            } else {
                end()
                result += lead + word
            }
        }
        end()
        return result
    }

    /// Digits, and what stands before them.
    private struct Group {
        let lead: Substring
        let digits: Substring
        var value: Int { Int(digits) ?? .max }
    }

    /// Groups that follow each other, with the telephone numbers among them replaced: what is between a date and the next is judged by itself.
    private static func told(_ groups: [Group]) -> String {
        var (result, number, place) = ("", groups[..<0], 0)
        func end(_ upTo: Int) {
            result += isNumber(number) ? leading(number) + contact : number.map { $0.lead + $0.digits }.joined()
            number = groups[upTo..<upTo]
        }
        while place < groups.count {
            guard !isDate(groups[place...].prefix(3)) else {
                end(place)
                result += groups[place..<place + 3].map { $0.lead + $0.digits }.joined()
                place += 3
                number = groups[place..<place]
                continue
            }
            place += 1
            number = groups[number.startIndex..<place]
        }
        end(place)
        return result
    }

    /// What stood before a number, without what belongs to it.
    private static func leading(_ groups: ArraySlice<Group>) -> Substring {
        let isInBrackets = groups.dropFirst().contains { $0.lead.contains(")") }
        return groups.first?.lead.prefix { $0 != "+" && !(isInBrackets && $0 == "(") } ?? ""
    }

    private static func isDate(_ groups: ArraySlice<Group>) -> Bool {
        guard groups.count == 3, case let lengths = groups.map(\.digits.count), case let values = groups.map(\.value) else { return false }
        let (days, months, years) = (1...31, 1...12, 1900...2199)
        if lengths[0] == 4 { return years.contains(values[0]) && months.contains(values[1]) && days.contains(values[2]) }
        return lengths[2] == 4 && lengths[0] <= 2 && lengths[1] <= 2 && years.contains(values[2]) && days.contains(values[0])
            && days.contains(values[1])
    }

    /// Whether digits in groups are a telephone number: no number of a ticket, and no address of a machine.
    private static func isNumber(_ groups: ArraySlice<Group>) -> Bool {
        guard let first = groups.first else { return false }
        let digits = groups.reduce(0) { $0 + $1.digits.count }
        if first.lead.contains("+") { return (fewestDigits...15).contains(digits) }
        if first.digits.hasPrefix("00") { return (fewestDigits + 2...17).contains(digits) }
        let isMachine = groups.count == 4 && groups.dropFirst().allSatisfy { $0.lead == "." } && groups.allSatisfy { $0.value <= 255 }
        return (10...13).contains(digits) && groups.count <= 5 && !isMachine
    }
}
