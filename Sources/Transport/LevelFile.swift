package import Admission
import Glibc
package import Registry
import Synchronization

/// Applications' levels in a file mapped into memory: whatever ends the process, nothing refills.
///
/// Little-endian. A header of 4,096 bytes: "PGWLEVL2", slots in use (8 bytes), wall and monotonic nanoseconds when last stamped (8 each),
/// the boot's id (36 bytes). Then slots of 256 bytes: the application's id in five words, then `Levels` (eight arrivals, eight capacities,
/// eight daily counts, their day), then two words of nothing. `FirstLevelFile` carries over the form before. Slots are never given to another application. Unchecked because the mapping is a pointer; `locks` and `slots` guard what it points to.
package final class LevelFile: @unchecked Sendable {
    private let path: String
    private let descriptor: Int32
    private let slots: Mutex<[Identifier: Int]>
    fileprivate let locks: [LevelLock]
    /// All mappings made so far, the newest last: earlier ones stay valid for the stores that use them.
    private let mappings: Mutex<[Mapping]>

    @safe fileprivate struct Mapping: @unchecked Sendable {
        var base: UnsafeMutableRawPointer
        var byteCount: Int
    }

    static let magic: UInt64 = 0x324C_5645_4C57_4750
    static let headerBytes = 4_096
    static let slotBytes = 256
    static let levelsOffset = 40
    private static let bootOffset = 32
    private static let bootBytes = 36

    /// Opens or makes the file, and carries its levels over a reboot: what was owed then, less the time since, never less than nothing.
    package init(_ path: String, at now: Moment, boot: String) throws {
        self.path = path
        try FirstLevelFile.carryOver(path)
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFault("open \(path)") }
        locks = (0..<64).map { _ in LevelLock() }
        slots = Mutex([:])
        mappings = Mutex([])
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw SystemFault("stat \(path)") }
        // No first word: a new file, or one whose making was cut off.
        var first: UInt64 = 0
        _ = unsafe pread(descriptor, &first, MemoryLayout<UInt64>.size, 0)
        guard first == 0 || first == LevelFile.magic && status.st_size >= LevelFile.headerBytes else {
            throw SystemFault("\(path) is not a levels file; move it away to begin with full buckets", number: EINVAL)
        }
        let mapping = try map(byteCount: max(LevelFile.bytes(slots: 1_024), Int(status.st_size)))
        if first == 0 {
            unsafe mapping.base.storeBytes(of: LevelFile.magic, as: UInt64.self)
        } else {
            readSlots(mapping)
            if isOfAnotherBoot(mapping, boot, now) { carryOver(mapping, to: now) }
        }
        writeBoot(boot, to: mapping)
        stamp(now)
    }

    /// A store for one snapshot: its applications' slots looked up once.
    package func store(for applications: [ApplicationRecord]) throws -> SnapshotLevels {
        let indexes = slots.withLock { slots in
            applications.map { application in
                if let slot = slots[application.id] { return slot }
                let slot = slots.count
                slots[application.id] = slot
                return slot
            }
        }
        let used = slots.withLock { $0.count }
        let mapping = try mapping(holding: used)
        unsafe mapping.base.storeBytes(of: UInt64(used), toByteOffset: 8, as: UInt64.self)
        for (application, slot) in zip(applications, indexes) {
            for (word, value) in application.id.packedWords.enumerated() {
                unsafe mapping.base.storeBytes(of: value, toByteOffset: LevelFile.offset(slot) + word * 8, as: UInt64.self)
            }
        }
        return unsafe SnapshotLevels(file: self, base: mapping.base, slots: indexes)
    }

    /// Writes down both clocks, so that a reboot can tell how long it took; called about once a second.
    package func stamp(_ now: Moment) {
        mappings.withLock { mappings in
            guard let mapping = mappings.last else { return }
            unsafe mapping.base.storeBytes(of: now.wall.nanoseconds, toByteOffset: 16, as: Int64.self)
            unsafe mapping.base.storeBytes(of: now.monotonic.nanoseconds, toByteOffset: 24, as: Int64.self)
            unsafe msync(mapping.base, mapping.byteCount, Int32(MS_ASYNC))
        }
    }

    fileprivate static func offset(_ slot: Int) -> Int { headerBytes + slot * slotBytes }
    private static func bytes(slots: Int) -> Int { headerBytes + slots * slotBytes }

    private func mapping(holding count: Int) throws -> Mapping {
        if let last = mappings.withLock({ $0.last }), last.byteCount >= LevelFile.bytes(slots: count) { return last }
        return try map(byteCount: LevelFile.bytes(slots: count * 2))
    }

    private func map(byteCount: Int) throws -> Mapping {
        guard ftruncate(descriptor, byteCount) == 0, posix_fallocate(descriptor, 0, byteCount) == 0 else {
            throw SystemFault("make room in \(path)")
        }
        let base = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let base = unsafe base, unsafe base != MAP_FAILED else { throw SystemFault("map \(path)") }
        let mapping = unsafe Mapping(base: base, byteCount: byteCount)
        mappings.withLock { $0.append(mapping) }
        return mapping
    }

    private func readSlots(_ mapping: Mapping) {
        let room = (mapping.byteCount - LevelFile.headerBytes) / LevelFile.slotBytes
        let used = min(Int(clamping: unsafe mapping.base.load(fromByteOffset: 8, as: UInt64.self)), room)
        slots.withLock { slots in
            for slot in 0..<used {
                let words = (0..<5).map { word in
                    unsafe mapping.base.load(fromByteOffset: LevelFile.offset(slot) + word * 8, as: UInt64.self)
                }
                // A slot whose id is out of form keeps its place, so that the others keep theirs.
                slots[Identifier(packedWords: words) ?? LevelFile.placeholder(slot)] = slot
            }
        }
    }

    private static func placeholder(_ slot: Int) -> Identifier {
        guard let identifier = Identifier("---\(slot)") else { preconditionFailure("a number of dashes and digits is an id") }
        return identifier
    }

    private func isOfAnotherBoot(_ mapping: Mapping, _ boot: String, _ now: Moment) -> Bool {
        let kept = unsafe Array(UnsafeRawBufferPointer(start: mapping.base + LevelFile.bootOffset, count: LevelFile.bootBytes))
        let stamped = unsafe mapping.base.load(fromByteOffset: 24, as: Int64.self)
        return kept != LevelFile.bootField(boot) || stamped > now.monotonic.nanoseconds
    }

    private static func bootField(_ boot: String) -> [UInt8] {
        Array((Array(boot.utf8) + [UInt8](repeating: 0, count: bootBytes)).prefix(bootBytes))
    }

    private func writeBoot(_ boot: String, to mapping: Mapping) {
        for (index, byte) in LevelFile.bootField(boot).enumerated() {
            unsafe mapping.base.storeBytes(of: byte, toByteOffset: LevelFile.bootOffset + index, as: UInt8.self)
        }
    }

    /// Monotonic times of another boot become times of this one, by the wall clock between; one that went back credits nothing.
    private func carryOver(_ mapping: Mapping, to now: Moment) {
        let wall = unsafe mapping.base.load(fromByteOffset: 16, as: Int64.self)
        let monotonic = unsafe mapping.base.load(fromByteOffset: 24, as: Int64.self)
        let elapsed = max(0, now.wall.nanoseconds &- wall)
        for slot in slots.withLock({ $0.values.sorted() }) {
            let place = LevelFile.offset(slot) + LevelFile.levelsOffset
            var levels = unsafe mapping.base.loadUnaligned(fromByteOffset: place, as: Levels.self)
            for index in 0..<8 where levels.capacity[index] > 0 {
                let (owedThen, overflow) = levels.arrival[index].subtractingReportingOverflow(monotonic)
                let owed = max(0, min(max(0, overflow ? .max : owedThen), levels.capacity[index]) - elapsed)
                levels.arrival[index] = now.monotonic.nanoseconds + min(owed, .max - now.monotonic.nanoseconds)
            }
            unsafe mapping.base.storeBytes(of: levels, toByteOffset: place, as: Levels.self)
        }
    }
}

/// One of the locks that applications share by slot; a class because `Mutex` does not move.
private final class LevelLock: Sendable {
    let mutex = Mutex<Void>(())
}

/// The levels of one snapshot's applications, by their indexes in it.
@safe package final class SnapshotLevels: LevelStore, @unchecked Sendable {
    private let file: LevelFile
    private let base: UnsafeMutableRawPointer
    private let slots: [Int]

    fileprivate init(file: LevelFile, base: UnsafeMutableRawPointer, slots: [Int]) {
        self.file = file
        unsafe self.base = base
        self.slots = slots
    }

    /// Runs `body` on the application's levels under its lock.
    package func withLevels(of application: Int, _ body: (inout Levels) -> Void) {
        let slot = slots[application]
        let place = LevelFile.offset(slot) + LevelFile.levelsOffset
        file.locks[slot & 63].mutex.withLock { _ in
            unsafe body(&(base + place).assumingMemoryBound(to: Levels.self).pointee)
        }
    }
}
