import ControlPlane
import Foundation
import Yams

/// The configuration file: a flat mapping of settings, each with its place.
struct SettingsFile {
    /// One entry as written.
    struct Entry {
        let text: String
        let line: Int
        let column: Int
    }

    let path: String
    private(set) var entries: [String: Entry] = [:]
    private(set) var faults: [ConfigurationFault] = []

    /// More than a hundred times what all settings need.
    private static let maximumBytes = 65_536

    /// Reads the file; whatever is wrong with it is in `faults`.
    init(path: String) {
        self.path = path
        guard let contents = FileManager.default.contents(atPath: path), contents.count <= SettingsFile.maximumBytes,
            let text = String(validating: contents, as: UTF8.self)
        else {
            fault(1, 1, "the file cannot be read", expected: "a readable file of UTF-8 text of at most 64 KiB")
            return
        }
        read(text)
    }

    /// Reads a text as if it stood in the file.
    init(path: String, text: String) {
        self.path = path
        read(text)
    }

    private mutating func read(_ text: String) {
        do {
            // A file of comments alone says nothing, and that is in order.
            guard let root = try Yams.compose(yaml: text), root.null == nil || root.mapping != nil else { return }
            guard case .mapping(let mapping) = root else {
                fault(root.mark?.line ?? 1, root.mark?.column ?? 1, "not a mapping", expected: "lines of 'setting: value'")
                return
            }
            for (key, value) in mapping { read(key, value) }
        } catch let error as YamlError {
            report(error)
        } catch {
            fault(1, 1, "not YAML: \(error)")
        }
    }

    private mutating func read(_ key: Node, _ value: Node) {
        let (line, column) = (key.mark?.line ?? 1, key.mark?.column ?? 1)
        let keys = Setting.all.map(\.key)
        guard let name = key.string, keys.contains(name) else {
            fault(line, column, "unknown setting '\(key.string ?? "?")'", expected: "one of \(keys.joined(separator: ", "))")
            return
        }
        guard let text = SettingsFile.text(of: value, for: name) else {
            fault(value.mark?.line ?? line, value.mark?.column ?? column, "'\(name)' is not a single value")
            return
        }
        entries[name] = Entry(text: text, line: value.mark?.line ?? line, column: value.mark?.column ?? column)
    }

    /// A single value, or for a setting that takes several a list of them.
    private static func text(of value: Node, for key: String) -> String? {
        switch value {
        case .scalar(let scalar): return scalar.string
        case .sequence(let items):
            guard case .list = Setting.all.first(where: { $0.key == key })?.kind else { return nil }
            let texts = items.compactMap { $0.scalar?.string }
            return texts.count == items.count ? texts.joined(separator: ",") : nil
        default: return nil
        }
    }

    private mutating func report(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            fault(mark.line, mark.column, "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            fault(context.mark.line, context.mark.column, "the setting '\(duplicates.first ?? "?")' is given more than once")
        default: fault(1, 1, "not YAML")
        }
    }

    private mutating func fault(_ line: Int, _ column: Int, _ problem: String, expected: String? = nil) {
        faults.append(ConfigurationFault(file: path, line: max(line, 1), column: max(column, 1), problem: problem, expected: expected))
    }
}
