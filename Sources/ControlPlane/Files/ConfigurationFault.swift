/// One thing wrong in a partner or policy file: where, what, and what was expected instead.
package struct ConfigurationFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file's path as it was given.
    package var file: String
    /// From 1; 1 where the whole file is meant.
    package var line: Int
    /// From 1, counted in Unicode scalars.
    package var column: Int
    /// What is wrong.
    package var problem: String
    /// What was expected, or nil where the problem says it all.
    package var expected: String?

    /// A fault from its parts.
    package init(file: String, line: Int, column: Int, problem: String, expected: String? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.problem = problem
        self.expected = expected
    }

    /// `file:line:column: what is wrong, expected what`.
    package var description: String {
        "\(file):\(line):\(column): \(problem)" + (expected.map { ", expected \($0)" } ?? "")
    }
}

extension ConfigurationFault: Comparable {
    /// By file, then by place, then by text: the order they are printed in.
    package static func < (left: ConfigurationFault, right: ConfigurationFault) -> Bool {
        (left.file, left.line, left.column, left.problem) < (right.file, right.line, right.column, right.problem)
    }
}

/// Faults found in files, thrown together: nothing of the files is taken.
package struct ConfigurationFaults: Error, Sendable, CustomStringConvertible {
    /// At least one, sorted.
    package var faults: [ConfigurationFault]

    /// Faults, sorted here.
    package init(_ faults: [ConfigurationFault]) { self.faults = faults.sorted() }

    /// One fault a line.
    package var description: String { faults.map(\.description).joined(separator: "\n") }
}

/// A place in a file.
struct FilePosition: Hashable, Sendable {
    var file: String
    var line: Int
    var column: Int
}

/// Collects what readers find wrong, so that one run reports everything.
struct FaultList {
    private(set) var faults: [ConfigurationFault] = []

    mutating func add(at position: FilePosition, _ problem: String, expected: String? = nil) {
        faults.append(
            ConfigurationFault(
                file: position.file, line: position.line, column: position.column, problem: problem, expected: expected))
    }
}
