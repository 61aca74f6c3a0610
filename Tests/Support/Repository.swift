import Foundation

/// Where the tree and the programs built from it are.
package enum Repository {
    /// The top folder, links resolved.
    package static let root: String = {
        let here = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        return here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    }()

    /// A program built beside the running tests; throws where it was not.
    package static func program(_ name: String) throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = URL(fileURLWithPath: tests).deletingLastPathComponent().appending(path: name).path
        guard FileManager.default.isExecutableFile(atPath: program) else { throw MissingProgram(path: program) }
        return program
    }

    /// The tests were built without a program they start.
    package struct MissingProgram: Error, CustomStringConvertible {
        let path: String

        /// What is missing and what makes it.
        package var description: String { "\(path) is missing: build the tests with 'swift build --build-tests'" }
    }
}
