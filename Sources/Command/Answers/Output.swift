import Foundation

/// What a script reads: stdout, at once.
enum Output {
    static func write(_ line: String) { writeWhole(line + "\n") }

    /// Writes a text as it is: several lines, ends of lines included.
    static func writeWhole(_ text: String) {
        // Whoever reads may have gone: that is no reason to fail what was done.
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}

/// What a person reads: stderr.
enum Message {
    static func write(_ line: String) {
        try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
    }
}
