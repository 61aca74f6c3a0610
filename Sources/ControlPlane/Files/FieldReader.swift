import Registry

/// Reads one mapping strictly: every key must be known, and what is missing or misspelt is said.
struct FieldReader {
    let position: FilePosition
    private let entries: [FileTree.Entry]

    /// A reader of a mapping with these keys and no others, or nil (and a fault) if it is no mapping.
    init?(_ tree: FileTree, of subject: String, keys: [String], into faults: inout FaultList) {
        guard case .mapping(let entries) = tree.content else {
            faults.add(at: tree.position, "\(tree.sort) where \(subject) belongs", expected: "a mapping of \(keys.joined(separator: ", "))")
            return nil
        }
        for entry in entries where !keys.contains(entry.key) {
            let guess = nearest(to: entry.key, among: keys).map { " (did you mean '\($0)'?)" } ?? ""
            faults.add(
                at: entry.position, "unknown key '\(entry.key)' in \(subject)\(guess)", expected: "one of \(keys.joined(separator: ", "))")
        }
        position = tree.position
        self.entries = entries
    }

    /// The value of a key, or nil where it is not given.
    func optional(_ key: String) -> FileTree? { entries.first { $0.key == key }?.value }

    /// The value of a key; a fault where it is not given.
    func required(_ key: String, into faults: inout FaultList) -> FileTree? {
        let value = optional(key)
        if value == nil { faults.add(at: position, "the key '\(key)' is missing") }
        return value
    }
}

/// The word of a list that a misspelt one most likely means: at most two letters off.
func nearest(to word: String, among words: [String]) -> String? {
    words.map { (word: $0, distance: editDistance(word, $0)) }.filter { $0.distance <= 2 }.min { $0.distance < $1.distance }?.word
}

private func editDistance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left.unicodeScalars.prefix(60)), Array(right.unicodeScalars.prefix(60)))
    var row = Array(0...right.count)
    for (index, scalar) in left.enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for column in 0..<right.count {
            let substituted = diagonal + (scalar == right[column] ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(substituted, row[column] + 1, row[column + 1] + 1)
        }
    }
    return row[right.count]
}
