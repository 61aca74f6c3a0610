import CTransport
import Glibc

/// A lock in memory that several processes map: a POSIX mutex, shared and robust, so that whoever dies holding it hangs nobody. The next one
/// finds every word of what it guards written or not written, which is all that levels need.
@safe struct SharedLock {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    /// From one lock to the next: a cache line each, so that loops do not slow each other down.
    static let strideBytes = 64

    /// The lock at this place, which `prepare` was called for since the machine started.
    init(at place: UnsafeMutableRawPointer) { unsafe mutex = place.assumingMemoryBound(to: pthread_mutex_t.self) }

    /// Makes locks anew, whatever lay there; nobody may use one of them meanwhile.
    static func prepare(_ count: Int, from place: UnsafeMutableRawPointer) {
        var attributes = pthread_mutexattr_t()
        unsafe pthread_mutexattr_init(&attributes)
        unsafe pthread_mutexattr_setpshared(&attributes, Int32(PTHREAD_PROCESS_SHARED))
        unsafe pthread_mutexattr_setrobust(&attributes, Int32(PTHREAD_MUTEX_ROBUST))
        for index in 0..<count {
            let lock = unsafe place + index * strideBytes
            unsafe memset(lock, 0, strideBytes)
            unsafe pthread_mutex_init(lock.assumingMemoryBound(to: pthread_mutex_t.self), &attributes)
        }
        unsafe pthread_mutexattr_destroy(&attributes)
    }

    func lock() {
        guard unsafe pthread_mutex_lock(mutex) == EOWNERDEAD else { return }
        unsafe pthread_mutex_consistent(mutex)
    }

    func unlock() { unsafe pthread_mutex_unlock(mutex) }
}
