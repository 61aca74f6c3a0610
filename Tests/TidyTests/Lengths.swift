/// Small: files of at most 300 lines.
func filesAreShort(_ file: SourceFile) -> [Finding] {
    guard file.path.hasSuffix(".swift"), file.lines.count > 300 else { return [] }
    return [Finding(file, 301, "the file has \(file.lines.count) lines, 300 are the most: one type or one idea each")]
}

/// Small: functions of at most 70 lines, from the signature's first line to the closing brace.
func functionsAreShort(_ file: SourceFile) -> [Finding] {
    functions(in: file.tokens).filter { $0.lineCount > 70 }.map {
        Finding(file, $0.firstLine, "\($0.name) has \($0.lineCount) lines, 70 are the most: name its steps")
    }
}

/// A function, initializer, subscript or computed property with a body.
struct FunctionSpan {
    let name: String
    let firstLine: Int
    let lastLine: Int

    var lineCount: Int { lastLine - firstLine + 1 }
}

func functions(in tokens: [Token]) -> [FunctionSpan] {
    tokens.indices.compactMap { start in
        guard beginsFunction(tokens, at: start), let open = bodyStart(tokens, of: start), let close = matchingBrace(tokens, of: open) else {
            return nil
        }
        let name = tokens[start].text == "func" || tokens[start].text == "var" ? tokens[start + 1].text : tokens[start].text
        return FunctionSpan(name: name, firstLine: tokens[start].line, lastLine: tokens[close].line)
    }
}

private func beginsFunction(_ tokens: [Token], at place: Int) -> Bool {
    guard place + 1 < tokens.count, place == 0 || tokens[place - 1].text != "." else { return false }
    return switch tokens[place].text {
    case "func", "var": true
    case "init", "subscript": ["(", "<", "?", "!"].contains(tokens[place + 1].text)
    case "deinit": tokens[place + 1].text == "{"
    default: false
    }
}

/// The brace that opens the body; nil for a protocol's requirement and a stored property.
private func bodyStart(_ tokens: [Token], of start: Int) -> Int? {
    let isProperty = tokens[start].text == "var"
    var depth = 0
    for place in (start + 1)..<tokens.count {
        let token = tokens[place]
        switch token.text {
        case "(", "[": depth += 1
        case ")", "]": depth -= 1
        case "{" where depth == 0: return place
        case "}", ";": if depth <= 0 { return nil }
        case "=" where depth == 0 && isProperty: return nil
        case let word where depth == 0 && token.line > tokens[place - 1].line && endsHeader(word): return nil
        default: break
        }
        if depth < 0 { return nil }
    }
    return nil
}

/// A line that begins with one of these begins another declaration or statement.
private func endsHeader(_ word: String) -> Bool {
    switch word {
    case "func", "var", "let", "init", "subscript", "static", "mutating", "package", "private", "case", "struct", "enum", "class",
        "extension",
        "associatedtype", "typealias", "return", "if", "for", "guard", "while", "switch", "self":
        true
    default: word.hasPrefix("@") || word.hasPrefix("#")
    }
}

private func matchingBrace(_ tokens: [Token], of open: Int) -> Int? {
    var depth = 0
    for place in open..<tokens.count {
        if tokens[place].text == "{" { depth += 1 }
        if tokens[place].text == "}" { depth -= 1 }
        if depth == 0 { return place }
    }
    return nil
}
