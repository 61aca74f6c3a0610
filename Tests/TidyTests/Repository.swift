import Foundation

/// The tree that these tests stand in, read once.
struct Repository: Sendable {
    let root: URL
    let files: [SourceFile]

    static let here = Repository()

    private init() {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().resolvingSymlinksInPath()
        root = folder.deletingLastPathComponent().deletingLastPathComponent()
        let root = root
        files = Repository.paths(under: root).compactMap { path in
            // Bytes that are no UTF-8 (a corpus, an image) are nobody's prose.
            guard let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8) else { return nil }
            return SourceFile(path, text)
        }
    }

    func text(of path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// What git keeps or would keep; without git (a source archive), every file that no dot hides.
    private static func paths(under root: URL) -> [String] {
        let listed = try? Command.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], in: root)
        if let listed, listed.status == 0, !listed.output.isEmpty {
            return listed.output.split(separator: "\n").map(String.init)
        }
        let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil, options: .skipsHiddenFiles)
        return (found?.allObjects as? [URL] ?? []).map { String($0.path.dropFirst(root.path.count + 1)) }
    }
}

/// A program run to its end.
enum Command {
    struct Result {
        let status: Int32
        let output: String
    }

    static func run(_ words: [String], in folder: URL) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.currentDirectoryURL = folder
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }

    static func isInstalled(_ name: String) -> Bool {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }
}
