import CTransport
import Glibc

/// Wakes a thread that waits: an eventfd, which counts the rings that nobody has heard.
final class Bell: Sendable {
    /// To be watched, or waited at.
    let descriptor: Int32

    /// A bell that one thread waits at, or one that an event queue watches.
    init(isWatched: Bool) throws {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC) | (isWatched ? Int32(EFD_NONBLOCK) : 0))
        guard descriptor >= 0 else { throw SystemFault("eventfd") }
    }

    deinit { Glibc.close(descriptor) }

    /// Rings.
    func ring() { _ = eventfd_write(descriptor, 1) }

    /// Takes the rings so far; where there are none, waits for one, unless the bell is watched.
    func hear() {
        var rings: eventfd_t = 0
        _ = unsafe eventfd_read(descriptor, &rings)
    }
}
