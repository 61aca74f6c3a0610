extension SafeText {
    /// The text without mail addresses and telephone numbers: what is on record for good names nobody's. It takes time in proportion to the
    /// text's length, whatever is in it.
    static func withoutContacts(_ text: String) -> String {
        // Both are looked for only where there can be one: most texts have neither, and an import has thousands.
        var text = text
        if text.contains("@") { text = replacingRuns(of: text, { !isDelimiter($0) }, by: withoutAddress) }
        guard text.count(where: \.isNumber) >= NumberRun.fewestDigits else { return text }
        return replacingRuns(of: text, { $0.isLetter || $0.isNumber || NumberRun.between.contains($0) }, by: NumberRun.replaced)
    }

    /// What stands in their place.
    fileprivate static let contact = "[contact]"

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

    private static func isDelimiter(_ character: Character) -> Bool { character.isWhitespace || "<>,;:()[]".contains(character) }

    /// A word that is an address is none; the end of its sentence stays.
    private static func withoutAddress(_ word: Substring) -> String {
        let dots = word.reversed().prefix { $0 == "." }.count
        let parts = word.dropLast(dots).split(separator: "@", omittingEmptySubsequences: false)
        let isAddress = parts.drop(while: \.isEmpty).dropFirst().contains { $0.dropFirst().contains(".") }
        return isAddress ? contact + String(repeating: ".", count: dots) : String(word)
    }
}

/// Words, digits and what people write between a number's groups: the telephone numbers in it are groups of digits that no letter touches. Dates,
/// addresses of machines, versions, amounts and numbers of tickets are none.
private struct NumberRun {
    /// What people write between a number's groups.
    static let between: Set<Character> = ["+", "-", ".", "(", ")", "/", " ", "\t", "\u{A0}", "‐", "‑", "–"]
    /// What stands between the groups of one that is whole already.
    private static let joining: Set<Substring> = ["-", " ", "\u{A0}", "‐", "‑", "–"]
    /// A telephone number has at least so many digits where it begins with its country's, and ten without.
    static let fewestDigits = 8

    /// Digits, and what stands before them.
    private struct Group {
        let lead: Substring
        let digits: Substring

        var count: Int { digits.count }
        /// Of any script's digits; `.max` where it is too long for a part of a date or of an address. Some letters are numbers far beyond nine.
        var value: Int { digits.count > 4 ? .max : digits.reduce(0) { $0 * 10 + min($1.wholeNumberValue ?? 0, 9) } }
        var text: Substring { lead.base[lead.startIndex..<digits.endIndex] }
        /// A country's number follows: nothing but a bracket stands between.
        var hasPlus: Bool { lead.hasSuffix("+") || lead.hasSuffix("+(") }
    }

    private var result = ""
    /// The groups that may be a number, or the beginning of one. No more than a number has digits, so few.
    private var number: [Group] = []
    /// Whether a number was replaced just before which had no end of its own.
    private var isCut = false

    static func replaced(_ run: Substring) -> String {
        var scan = NumberRun()
        var (groups, rest) = ([Group](), run)
        while !rest.isEmpty {
            let lead = rest.prefix { between.contains($0) }
            rest = rest[lead.endIndex...]
            let word = rest.prefix { !between.contains($0) }
            rest = rest[word.endIndex...]
            if !word.isEmpty, word.allSatisfy(\.isNumber) {
                groups.append(Group(lead: lead, digits: word))
            } else {
                scan.take(groups)
                groups = []
                scan.result += lead + word
            }
        }
        scan.take(groups)
        return scan.result
    }

    /// Groups that follow each other, and then something else.
    private mutating func take(_ groups: [Group]) {
        var place = 0
        while place < groups.count {
            // Within a country's number nothing is a date, nor a machine.
            let known = number.first?.hasPlus == true && !isNumber ? 0 : knownGroups(groups[place...])
            if known > 0 {
                end()
                for group in groups[place..<place + known] { result += group.text }
                place += known
            } else {
                take(groups[place])
                place += 1
            }
        }
        end()
    }

    private mutating func take(_ group: Group) {
        if isEnded(before: group) { end() }
        while !number.isEmpty, digits + group.count > mostDigits { cut() }
        number.append(group)
    }

    private var digits: Int { number.reduce(0) { $0 + $1.count } }

    private var mostDigits: Int {
        guard let first = number.first else { return 13 }
        return first.hasPlus ? 15 : first.digits.hasPrefix("00") ? 17 : 13
    }

    /// Whether a number cannot go on with a group: behind a plus, the end of a sentence, a stroke without an area's number, or much of anything;
    /// one that is whole goes on with a blank or a hyphen only.
    private func isEnded(before group: Group) -> Bool {
        guard let first = number.first else { return false }
        let hasStroke = group.lead.contains("/") && !(number.count == 1 && first.digits.hasPrefix("0"))
        let isFar = group.lead.contains("+") || group.lead.contains(". ") || group.lead.count > 4
        guard !isFar && !hasStroke else { return true }
        let isWhole = isNumber && digits >= (first.digits.hasPrefix("00") ? 12 : 10)
        // An area's number begins with a zero, and with it the next.
        return isWhole && (!NumberRun.joining.contains(group.lead) || (group.digits.hasPrefix("0") && group.count > 2))
    }

    private var isNumber: Bool {
        guard let first = number.first else { return false }
        if first.hasPlus { return (NumberRun.fewestDigits...15).contains(digits) }
        let dotted = number.dropFirst().filter { $0.lead == "." }
        let isVersion = !dotted.isEmpty && number.contains { $0.count == 1 }
        let isAmount = number.count == 2 && dotted.first?.count == 2
        if isVersion || isAmount { return false }
        if first.digits.hasPrefix("00") { return (NumberRun.fewestDigits + 2...17).contains(digits) }
        let isTicket = number.count == 2 && first.count == 4 && (2000...2049).contains(first.value) && number[1].lead == "-"
        return (10...13).contains(digits) && number.count <= 6 && !isTicket
    }

    /// There are more digits than one number has: what is one ends here, and what follows may be the rest of it.
    private mutating func cut() {
        guard isNumber else { return leaveFirst() }
        end()
        isCut = true
    }

    /// No number begins with the first group.
    private mutating func leaveFirst() { result += number.removeFirst().text }

    /// What is a number by now, whole or behind other groups, is one.
    private mutating func end() {
        defer { (number, isCut) = ([], false) }
        if isCut, !isNumber, let first = number.first, NumberRun.joining.contains(first.lead) { return }
        while !number.isEmpty && !isNumber { leaveFirst() }
        guard let first = number.first else { return }
        let isInBrackets = number.dropFirst().contains { $0.lead.contains(")") }
        result += first.lead.prefix { $0 != "+" && !(isInBrackets && $0 == "(") } + SafeText.contact
    }

    /// How many groups here are a date or a machine's address.
    private func knownGroups(_ groups: ArraySlice<Group>) -> Int {
        let inner = groups.dropFirst().prefix(3).map(\.lead)
        guard inner.count >= 2, inner[0] == inner[1], ["-", "/", "."].contains(inner[0]), let first = groups.first, !first.hasPlus,
            first.lead != inner[0]
        else { return 0 }
        let (values, lengths) = (groups.prefix(4).map(\.value), groups.prefix(4).map(\.count))
        let isAddress =
            values.count == 4 && !groups.prefix(4).contains { $0.count > 1 && $0.digits.hasPrefix("0") } && inner.allSatisfy { $0 == "." }
            && groups.dropFirst(4).first?.lead != "."
        if isAddress, values.allSatisfy({ $0 <= 255 }) { return 4 }
        let (days, months, years) = (1...31, 1...12, 1900...2199)
        let isISO = lengths[0] == 4 && years.contains(values[0]) && months.contains(values[1]) && days.contains(values[2])
        let isShort = lengths[2] == 2 && (inner.count < 3 || inner[2] != inner[0])
        let isDayFirst = (lengths[2] == 4 && years.contains(values[2]) || isShort) && max(lengths[0], lengths[1]) <= 2
        return isISO || (isDayFirst && days.contains(values[0]) && days.contains(values[1])) ? 3 : 0
    }
}
