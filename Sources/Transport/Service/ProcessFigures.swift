import CTransport
import Glibc

/// The memory of this process.
package enum ProcessMemory {
    /// Gives large blocks back as soon as they are free. The C library would keep those of the size that was freed last (mallopt(3)): what was
    /// read of a segment to seal it, 33 MiB, would stay until the end. Told, it no longer guesses how much else to keep, and has to be told that.
    package static func giveBackLargeBlocks() {
        mallopt(M_MMAP_THRESHOLD, TransportLimits.largeBlockBytes)
        mallopt(M_TRIM_THRESHOLD, TransportLimits.keptFreeBytes)
    }
}

/// What the system says of this process.
package struct ProcessFigures: Sendable {
    /// CPU time of all its threads, in microseconds.
    package var cpuMicroseconds: UInt64 = 0
    /// Memory that is resident, in bytes.
    package var residentBytes: UInt64 = 0
    /// Descriptors open.
    package var descriptors: UInt64 = 0
    /// Descriptors it may have open.
    package var descriptorLimit: UInt64 = 0

    /// The figures now; 0 where the system does not say.
    package static func now() -> ProcessFigures {
        var figures = ProcessFigures()
        var usage = rusage()
        if unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            for time in [usage.ru_utime, usage.ru_stime] { figures.cpuMicroseconds += UInt64(time.tv_sec * 1_000_000 + Int(time.tv_usec)) }
        }
        if let bytes = try? FileReading.read("/proc/self/statm", limitBytes: 4_096) {
            let pages = String(decoding: bytes, as: UTF8.self).split(separator: " ").dropFirst().first.flatMap { UInt64($0) }
            figures.residentBytes = (pages ?? 0) * UInt64(sysconf(Int32(_SC_PAGESIZE)))
        }
        var limit = rlimit()
        if unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 { figures.descriptorLimit = UInt64(limit.rlim_cur) }
        if let folder = unsafe opendir("/proc/self/fd") {
            defer { unsafe closedir(folder) }
            while unsafe readdir(folder) != nil { figures.descriptors += 1 }
            // Its own, and the two names for the folder and the one above.
            figures.descriptors -= min(figures.descriptors, 3)
        }
        return figures
    }
}
