import Foundation
import Glibc
import Support
import Synchronization
import Testing

@testable import Transport

/// Lines to a reader who stalls.
struct LineWriterTests {
    /// A pipe's two ends; what is read from it is whole lines.
    private final class Reader: Sendable {
        private final class Taken: Sendable {
            let text = Mutex("")
        }

        private let pipe = Pipe()
        private let taken = Taken()

        var writingEnd: Int32 { pipe.fileHandleForWriting.fileDescriptor }
        var lines: [Substring] { taken.text.withLock { $0 }.split(separator: "\n", omittingEmptySubsequences: false) }

        /// Somebody wrote as much as the pipe holds, and nobody has read.
        var isFull: Bool {
            _ = fcntl(writingEnd, F_SETFL, fcntl(writingEnd, F_GETFL) | O_NONBLOCK)
            return (try? pipe.fileHandleForWriting.write(contentsOf: Data(count: 4_096))) == nil
        }

        func begin() {
            let (handle, taken) = (pipe.fileHandleForReading, taken)
            Thread.detachNewThread {
                while case let piece = handle.availableData, !piece.isEmpty {
                    taken.text.withLock { $0 += String(decoding: piece, as: UTF8.self) }
                }
            }
        }

        // The reading thread comes to its end.
        deinit { try? pipe.fileHandleForWriting.close() }
    }

    @Test func `who stalls holds up nobody; what did not fit is counted once there is room`() async throws {
        let reader = Reader()
        let writer = try LineWriter(to: reader.writingEnd) { "dropped \($0)" }
        // Far more than a pipe and what may wait hold: by a blocking write this would never end.
        let lines = (0..<100_000).map { "line \($0)" }
        for line in lines { writer.put(line) }
        reader.begin()
        let isTold = await eventually { reader.lines.contains { $0.hasPrefix("dropped ") } }
        #expect(isTold)
        writer.put("the last one")
        writer.finish()
        #expect(await eventually { reader.lines.contains("the last one") })
        let got = reader.lines.dropLast()
        let remarks = got.filter { $0.hasPrefix("dropped ") }.compactMap { Int($0.dropFirst(8)) }
        #expect(got.count - remarks.count + remarks.reduce(0, +) == lines.count + 1)
        #expect(Array(got.prefix(1_000)) == Array(lines.prefix(1_000))[...].map { $0[...] })
    }

    @Test func `an end waits a moment for its reader, and no longer`() async throws {
        let reader = Reader()
        let writer = try LineWriter(to: reader.writingEnd) { "dropped \($0)" }
        for count in 0..<20_000 { writer.put("line \(count)") }
        writer.finish()
        #expect(reader.isFull, "nobody has read, and this is over")
        // The pipe may not break under the thread that still writes.
        reader.begin()
        #expect(await eventually { reader.lines.contains("line 19999") })
    }
}
