import Foundation
import Yams

/// Reads one file into a tree, or adds the one fault that kept it from parsing.
func loadFileTree(_ path: String, into faults: inout FaultList) -> FileTree? {
    readText(path, into: &faults).flatMap { parseFileTree($0, file: path, into: &faults) }
}

/// The text of one file, or nil and the one fault that kept it from being read.
func readText(_ path: String, into faults: inout FaultList) -> String? {
    let start = FilePosition(file: path, line: 1, column: 1)
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path), let size = attributes[.size] as? NSNumber else {
        faults.add(at: start, "the file cannot be read", expected: "a file of that name")
        return nil
    }
    guard size.intValue <= Limits.fileBytes, let bytes = FileManager.default.contents(atPath: path) else {
        let problem = size.intValue > Limits.fileBytes ? "the file has \(size.intValue) bytes" : "the file cannot be read"
        faults.add(at: start, problem, expected: "a readable file of at most 1 MiB")
        return nil
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
        faults.add(at: start, "the file is not UTF-8", expected: "UTF-8 text")
        return nil
    }
    return text
}

/// Parses a text into a tree, or adds the one fault that kept it from parsing.
func parseFileTree(_ text: String, file: String, into faults: inout FaultList) -> FileTree? {
    let start = FilePosition(file: file, line: 1, column: 1)
    if let refusal = dangerousForm(in: text, file: file) {
        faults.add(at: refusal.position, refusal.problem, expected: refusal.expected)
        return nil
    }
    do {
        guard let root = try Yams.compose(yaml: text) else {
            faults.add(at: start, "the file is empty", expected: "a mapping")
            return nil
        }
        return tree(root, file: file, depth: 0, at: start, into: &faults)
    } catch let error as YamlError {
        let fault = parseFault(error, file: file)
        faults.add(at: fault.position, fault.problem)
        return nil
    } catch {
        faults.add(at: start, "the file cannot be parsed: \(error)")
        return nil
    }
}

/// Anchors, aliases and deep nesting, found before the parser sees them: an alias can grow a file without bound, depth can exhaust the stack.
private func dangerousForm(in text: String, file: String) -> (position: FilePosition, problem: String, expected: String)? {
    func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F || byte == 0x2D
    }
    var openings = 0
    for (index, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
        let bytes = Array(line)
        let indicators = bytes.prefix { [0x20, 0x09, 0x2D, 0x3F, 0x3A].contains($0) }.count { $0 != 0x20 && $0 != 0x09 }
        if indicators > Limits.lineIndicators && bytes.prefix(3) != [0x2D, 0x2D, 0x2D] {
            return (FilePosition(file: file, line: index + 1, column: 1), "nested too deep on one line", "at most 4 levels")
        }
        for (column, byte) in bytes.enumerated() {
            if byte == 0x5B || byte == 0x7B { openings += 1 }
            let isMark = byte == 0x26 || byte == 0x2A
            guard isMark || openings > Limits.fileOpenings else { continue }
            let scalars = String(decoding: bytes[..<column], as: UTF8.self).unicodeScalars.count
            let position = FilePosition(file: file, line: index + 1, column: scalars + 1)
            if openings > Limits.fileOpenings { return (position, "too many '[' and '{'", "at most \(Limits.fileOpenings)") }
            guard column + 1 < bytes.count, isWord(bytes[column + 1]) else { continue }
            guard column == 0 || !isWord(bytes[column - 1]) else { continue }
            let name = byte == 0x26 ? "anchor" : "alias"
            let sign = Character(Unicode.Scalar(byte))
            return (position, "an \(name) ('\(sign)' before a word)", "values written out, without anchors and aliases")
        }
    }
    return nil
}

private func parseFault(_ error: YamlError, file: String) -> (position: FilePosition, problem: String) {
    func place(_ mark: Mark) -> FilePosition { FilePosition(file: file, line: max(mark.line, 1), column: max(mark.column, 1)) }
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
        .composer(let context, let problem, let mark, _):
        let surrounding = context.map { " (\($0.text.trimmingCharacters(in: .whitespacesAndNewlines)))" } ?? ""
        return (place(mark), "not YAML: \(problem)\(surrounding)")
    case .duplicatedKeysInMapping(let duplicates, let context):
        return (place(context.mark), "the key '\(duplicates.first ?? "?")' is given more than once in this mapping")
    case .reader(let problem, _, _, _):
        return (FilePosition(file: file, line: 1, column: 1), "not YAML: \(problem)")
    default:
        return (FilePosition(file: file, line: 1, column: 1), "not YAML")
    }
}

private func tree(_ node: Node, file: String, depth: Int, at parent: FilePosition, into faults: inout FaultList) -> FileTree? {
    let position = node.mark.map { FilePosition(file: file, line: $0.line, column: $0.column) } ?? parent
    guard depth < Limits.fileDepthLevels else {
        faults.add(at: position, "nested too deep", expected: "at most \(Limits.fileDepthLevels) levels")
        return nil
    }
    switch node {
    case .scalar(let scalar):
        return FileTree(position: position, content: .scalar(scalar.string))
    case .sequence(let sequence):
        let items = sequence.compactMap { tree($0, file: file, depth: depth + 1, at: position, into: &faults) }
        return FileTree(position: position, content: .list(items))
    case .mapping(let mapping):
        var entries: [FileTree.Entry] = []
        for (key, value) in mapping {
            guard case .scalar(let name) = key else {
                faults.add(at: position, "a key that is not a word", expected: "a plain key")
                continue
            }
            let place = key.mark.map { FilePosition(file: file, line: $0.line, column: $0.column) } ?? position
            guard let value = tree(value, file: file, depth: depth + 1, at: place, into: &faults) else { continue }
            entries.append(FileTree.Entry(key: name.string, position: place, value: value))
        }
        return FileTree(position: position, content: .mapping(entries))
    case .alias:
        faults.add(at: position, "an alias", expected: "values written out, without anchors and aliases")
        return nil
    }
}
