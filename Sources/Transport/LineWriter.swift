import Glibc
import Synchronization

/// Lines on their way to a descriptor, written by a thread of their own: a reader that stalls holds up nobody who has something to say. What
/// there is no room for is dropped and counted, and the count is a line once there is room again.
package final class LineWriter: Sendable {
    private struct State {
        var waiting: [[UInt8]] = []
        var waitingBytes = 0
        var dropped = 0
        /// Lines were taken from those waiting and are not all out.
        var isWriting = false

        /// Nothing is to be taken.
        var isQuiet: Bool { waiting.isEmpty && dropped == 0 }
    }

    private let state = Mutex(State())
    private let descriptor: Int32
    private let bell: Bell
    private let remark: @Sendable (_ dropped: Int) -> String

    /// Writes to this descriptor, which stays the caller's; `remark` makes the line that tells how many were dropped.
    package init(to descriptor: Int32, remark: @escaping @Sendable (_ dropped: Int) -> String) throws {
        self.descriptor = descriptor
        self.remark = remark
        bell = try Bell(isWatched: false)
        _ = try Threads.start { self.run() }
    }

    /// Takes a line, without waiting for anybody.
    package func put(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        let wasQuiet = state.withLock { state in
            let wasQuiet = state.isQuiet
            if state.waitingBytes + bytes.count <= TransportLimits.waitingLineBytes {
                state.waiting.append(bytes)
                state.waitingBytes += bytes.count
            } else {
                state.dropped += 1
            }
            return wasQuiet
        }
        if wasQuiet { bell.ring() }
    }

    /// Waits until everything is out, or as long as a process's end may take for it.
    package func finish() {
        for _ in 0..<TransportLimits.lastLinesMilliseconds {
            if state.withLock({ $0.isQuiet && !$0.isWriting }) { return }
            Threads.pause(milliseconds: 1)
        }
    }

    private func run() {
        while true {
            bell.hear()
            while let lines = take() { for line in lines { write(line) } }
        }
    }

    private func take() -> [[UInt8]]? {
        let taken = state.withLock { state in
            defer { (state.waiting, state.waitingBytes, state.dropped) = ([], 0, 0) }
            state.isWriting = !state.isQuiet
            return state.isQuiet ? nil : (lines: state.waiting, dropped: state.dropped)
        }
        guard let taken else { return nil }
        return taken.dropped == 0 ? taken.lines : taken.lines + [Array((remark(taken.dropped) + "\n").utf8)]
    }

    /// One call a line, so that those of several processes on one pipe stay whole.
    private func write(_ line: [UInt8]) {
        var rest = line[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            switch count {
            case 0...: rest = rest.dropFirst(count)
            case _ where errno == EINTR: continue
            case _ where errno == EAGAIN:
                // Somebody who shares the descriptor set it so.
                var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                unsafe poll(&watched, 1, -1)
            default: return
            }
        }
    }
}
