/// A file of the repository: its path from the root, its lines and, where it is Swift, its tokens.
struct SourceFile: Sendable {
    let path: String
    let lines: [Substring]
    let tokens: [Token]

    init(_ path: String, _ text: String) {
        self.path = path
        lines = (text.hasSuffix("\n") ? text.dropLast() : text[...]).split(separator: "\n", omittingEmptySubsequences: false)
        tokens = path.hasSuffix(".swift") ? Lexer.tokens(of: text) : []
    }

    func isIn(_ folders: String...) -> Bool {
        folders.contains { path.hasPrefix($0 + "/") }
    }

    /// The target that the file belongs to: `Registry` for `Sources/Registry/Plan.swift`.
    var target: String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
    }
}

/// One place that breaks a rule, as an editor can jump to it.
struct Finding: Equatable, CustomStringConvertible {
    let path: String
    let line: Int
    let problem: String

    init(_ file: SourceFile, _ line: Int, _ problem: String) {
        path = file.path
        self.line = line
        self.problem = problem
    }

    var description: String { "\(path):\(line): \(problem)" }
}

/// A rule of the house: a pure function, so that a test can show that it catches what it is for.
typealias Rule = (SourceFile) -> [Finding]
