/// What crosses a target's boundary says why it is there: a `///` line directly above, attributes apart.
func packageDeclarationsAreDocumented(_ file: SourceFile) -> [Finding] {
    var findings: [Finding] = []
    var lineStart = 0
    for place in file.tokens.indices {
        let token = file.tokens[place]
        if place > 0, file.tokens[place - 1].line < token.line { lineStart = place }
        guard token.text == "package", place + 1 < file.tokens.count else { continue }
        let next = file.tokens[place + 1]
        let standsFirst = file.tokens[lineStart..<place].allSatisfy { mayPrecedeAccess($0.text) }
        guard standsFirst, !["import", "extension", "(", ".", "=", ":", ","].contains(next.text), !hasDocumentation(file, above: token.line)
        else { continue }
        findings.append(Finding(file, token.line, "`package \(next.text)` needs one /// line above it: what its name cannot say"))
    }
    return findings
}

private func mayPrecedeAccess(_ word: String) -> Bool {
    word.hasPrefix("@")
        || ["static", "final", "nonisolated", "override", "indirect", "mutating", "consuming", "unowned", "weak", "lazy"].contains(word)
}

private func hasDocumentation(_ file: SourceFile, above line: Int) -> Bool {
    var index = line - 2
    while index >= 0 {
        let text = file.lines[index].drop { $0 == " " }
        guard text.hasPrefix("@") else { return text.hasPrefix("///") }
        index -= 1
    }
    return false
}
