import CTransport
import Glibc

/// Tells when a file of a folder was replaced or written, by inotify: what the control plane publishes acts on the next call, not on the next poll.
@safe package struct FileNews: ~Copyable {
    private let descriptor: Int32

    /// Watches the folder of this file. Where the system has no watch to give, waiting still ends after its time.
    package init(folderOf path: String) {
        descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        _ = unsafe inotify_add_watch(descriptor, folder, UInt32(IN_MOVED_TO | IN_CLOSE_WRITE))
    }

    deinit { Glibc.close(descriptor) }

    /// Waits for news of any file in the folder, at most so long.
    package func wait(milliseconds: Int32) {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&watched, 1, milliseconds) > 0 else { return }
        var events = [UInt8](repeating: 0, count: TransportLimits.fileNewsBytes)
        _ = unsafe events.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
    }
}
