import Foundation

/// Where what tests leave is kept, for whoever looks through it afterwards (`Tests/Secrets/run`).
package enum Kept {
    /// `GATEWAY_KEEP` of the environment; nil where nothing is kept.
    package static let folder = ProcessInfo.processInfo.environment["GATEWAY_KEEP"]
}

/// A folder of its own for one test, removed with this value unless all are kept.
package final class TemporaryDirectory: Sendable {
    /// The folder's path.
    package let path: String

    /// Makes an empty folder.
    package init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "gateway-test-\(UUID().uuidString.lowercased())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        if let kept = Kept.folder {
            try? FileManager.default.moveItem(atPath: path, toPath: "\(kept)/\(UUID().uuidString)")
        } else {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// Writes a file in it and returns its path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path, withIntermediateDirectories: true)
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return file
    }
}
