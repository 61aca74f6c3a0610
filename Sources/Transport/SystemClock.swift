import CTransport
import Glibc
package import Registry

/// The machine's two clocks, read by the edge alone.
package enum SystemClock {
    /// Both clocks now.
    package static func now() -> Moment {
        Moment(wall: WallTime(nanoseconds: read(CLOCK_REALTIME)), monotonic: MonotonicTime(nanoseconds: read(CLOCK_MONOTONIC)))
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Names this run of the machine: monotonic times of another run mean nothing in it.
    package static func bootIdentifier() -> String {
        guard let bytes = try? FileReading.read("/proc/sys/kernel/random/boot_id", limitBytes: TransportLimits.bootIdentifierBytes) else {
            return ""
        }
        return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
    }

    /// 256 bits from the system's random device, to seed a loop's generator.
    package static func seed() -> (UInt64, UInt64, UInt64, UInt64) {
        var generator = SystemRandomNumberGenerator()
        return (generator.next(), generator.next(), generator.next(), generator.next())
    }
}
