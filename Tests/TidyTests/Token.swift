/// One word or sign of Swift code. Comments are not among them, and a string is one token whatever it says.
struct Token: Equatable {
    let text: String
    let line: Int
    /// Whether space stands before it, which tells `try !ready` from a forced try.
    let hasSpaceBefore: Bool
}

extension [Token] {
    /// Where `words` stand one after the other.
    func places(of words: [String]) -> [Int] {
        guard count >= words.count, let first = words.first else { return [] }
        return (0...(count - words.count)).filter { start in
            self[start].text == first && words.indices.allSatisfy { self[start + $0].text == words[$0] }
        }
    }
}
