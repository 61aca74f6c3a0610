/// Words that may stand only where the house allows them.
func codeAvoidsForbiddenWords(_ file: SourceFile) -> [Finding] {
    forbidden.flatMap { entry in
        entry.isAllowed(file)
            ? []
            : file.tokens.places(of: entry.words).filter { !entry.isTight || !file.tokens[$0 + 1].hasSpaceBefore }.map {
                Finding(file, file.tokens[$0].line, "`\(entry.words.joined())`: \(entry.reason)")
            }
    }
}

/// A fixed pause hides a race and costs everyone its length; only the one polling function may wait between looks.
func testsDoNotPause(_ file: SourceFile) -> [Finding] {
    guard file.isIn("Tests") else { return [] }
    let polling = file.isIn("Tests/Support") ? functions(in: file.tokens).filter { $0.name == "eventually" } : []
    let pauses = [["Task", ".", "sleep"], ["Thread", ".", "sleep"], ["usleep"], ["nanosleep"], ["clock_nanosleep"]]
    let calls =
        pauses.flatMap { file.tokens.places(of: $0) } + file.tokens.places(of: ["sleep", "("]).filter { isFreeFunction(file.tokens, $0) }
    return calls.map { file.tokens[$0].line }.filter { line in !polling.contains { ($0.firstLine...$0.lastLine).contains(line) } }
        .map { Finding(file, $0, "a fixed pause: poll with `eventually`, or move a clock") }
}

private func isFreeFunction(_ tokens: [Token], _ place: Int) -> Bool {
    place == 0 || ![".", "func"].contains(tokens[place - 1].text)
}

private struct ForbiddenWords {
    let words: [String]
    let reason: String
    /// The second word counts only where no space stands before it.
    var isTight = false
    var isAllowed: @Sendable (SourceFile) -> Bool = { _ in false }
}

private let forbidden: [ForbiddenWords] = [
    ForbiddenWords(
        words: ["@unchecked", "Sendable"], reason: "only Transport may vouch for what the compiler cannot see", isAllowed: mayBeUnsafe),
    ForbiddenWords(words: ["unsafe"], reason: "memory is handled by hand in Transport alone", isAllowed: mayBeUnsafe),
    ForbiddenWords(words: ["Task", ".", "detached"], reason: "a task belongs to whoever waits for it"),
    ForbiddenWords(words: ["try", "!"], reason: "say what happens when it fails", isTight: true),
    ForbiddenWords(words: ["as", "!"], reason: "say what happens when it is something else", isTight: true),
    ForbiddenWords(words: ["public"], reason: "boundaries are `package`", isAllowed: { $0.isIn("Tests/Fuzz") }),
    ForbiddenWords(
        words: ["print", "("], reason: "a library logs or returns; executables alone talk to people",
        isAllowed: { !$0.isIn("Sources") || $0.isIn("Sources/Command", "Sources/DataPlane") }),
]

@Sendable private func mayBeUnsafe(_ file: SourceFile) -> Bool { file.isIn("Sources/Transport", "Tests/Fuzz") }
