import Admission
import Glibc
import Registry

/// The levels file as this process sees it in memory. Unchecked because it is a pointer; the locks inside guard what it points to.
@safe struct LevelMapping: @unchecked Sendable {
    private let base: UnsafeMutableRawPointer
    let byteCount: Int

    init(base: UnsafeMutableRawPointer, byteCount: Int) {
        unsafe self.base = base
        self.byteCount = byteCount
    }

    func lock(_ index: Int) -> SharedLock { unsafe SharedLock(at: base + LevelLayout.offset(ofLock: index)) }

    func withLevels(ofSlot slot: Int, _ body: (inout Levels) -> Void) {
        let place = unsafe base + LevelLayout.offset(ofSlot: slot) + LevelLayout.levelsOffset
        unsafe body(&place.assumingMemoryBound(to: Levels.self).pointee)
    }

    func withSet(_ index: Int, of table: LevelLayout.Table, _ body: (inout AddressSet) -> Void) {
        let place = unsafe base + table.offset + index * LevelLayout.Table.setBytes
        unsafe body(&place.assumingMemoryBound(to: AddressSet.self).pointee)
    }

    /// What keeps strangers from choosing their neighbours in the address tables; the same for all who share the file.
    var seed: UInt64 { unsafe base.load(fromByteOffset: LevelLayout.seedOffset, as: UInt64.self) }

    /// The last use of it.
    func end() { unsafe munmap(base, byteCount) }

    // MARK: Slots

    /// Slots given out, as the file says.
    var usedSlots: Int {
        get { Int(clamping: unsafe base.load(fromByteOffset: LevelLayout.usedOffset, as: UInt64.self)) }
        nonmutating set { unsafe base.storeBytes(of: UInt64(newValue), toByteOffset: LevelLayout.usedOffset, as: UInt64.self) }
    }

    /// Whose slot it is; nil where the id is out of form.
    func identifier(ofSlot slot: Int) -> Identifier? {
        let offset = LevelLayout.offset(ofSlot: slot)
        return Identifier(packedWords: (0..<5).map { unsafe base.load(fromByteOffset: offset + $0 * 8, as: UInt64.self) })
    }

    /// Makes a slot an application's, with full buckets, whatever lay there.
    func claim(slot: Int, for application: Identifier) {
        withLevels(ofSlot: slot) { $0 = Levels() }
        let offset = LevelLayout.offset(ofSlot: slot)
        for (word, value) in application.packedWords.enumerated() {
            unsafe base.storeBytes(of: value, toByteOffset: offset + word * 8, as: UInt64.self)
        }
    }

    // MARK: Beginnings

    /// Makes a file that nobody uses ready: locks anew, levels that can be reckoned with, in this boot's time.
    func begin(at now: Moment, boot: String) {
        unsafe SharedLock.prepare(LevelLayout.lockCount, from: base + LevelLayout.locksOffset)
        let isOld = unsafe base.load(as: UInt64.self) == LevelLayout.magic
        let elapsed = isOld && isOfAnotherBoot(boot, now) ? Elapsed(since: self, now) : nil
        let room = (byteCount - LevelLayout.slotsOffset) / LevelLayout.slotBytes
        usedSlots = isOld ? min(usedSlots, room) : 0
        for slot in 0..<usedSlots {
            withLevels(ofSlot: slot) { levels in
                for scope in Scope.allCases { levels[scope] = LevelMapping.mended(levels[scope], elapsed, at: now) }
                for index in levels.dayUsed.indices where !(0...LevelMapping.most).contains(levels.dayUsed[index]) {
                    levels.dayUsed[index] = LevelMapping.most
                }
            }
        }
        for table in [LevelLayout.anonymous, LevelLayout.failures] where isOld { mend(table, elapsed, at: now) }
        if seed == 0 {
            unsafe base.storeBytes(of: SystemClock.seed().0 | 1, toByteOffset: LevelLayout.seedOffset, as: UInt64.self)
        }
        writeBoot(boot)
        stamp(now)
        unsafe base.storeBytes(of: LevelLayout.magic, as: UInt64.self)
    }

    /// An entry of an address table is two words of name, then a level.
    private func mend(_ table: LevelLayout.Table, _ elapsed: Elapsed?, at now: Moment) {
        for offset in stride(from: table.offset + 16, to: table.offset + table.byteCount, by: LevelLayout.Table.entryBytes) {
            let level = unsafe base.load(fromByteOffset: offset, as: Level.self)
            guard level != Level() else { continue }
            unsafe base.storeBytes(of: LevelMapping.mended(level, elapsed, at: now), toByteOffset: offset, as: Level.self)
        }
    }

    /// Writes down both clocks.
    func stamp(_ now: Moment) {
        unsafe base.storeBytes(of: now.wall.nanoseconds, toByteOffset: LevelLayout.wallOffset, as: Int64.self)
        unsafe base.storeBytes(of: now.monotonic.nanoseconds, toByteOffset: LevelLayout.monotonicOffset, as: Int64.self)
        unsafe msync(base, byteCount, Int32(MS_ASYNC))
    }

    /// How long the machine was away, and when it left by its monotonic clock of then. A wall clock that went back credits nothing.
    struct Elapsed {
        let nanoseconds: Int64
        let stamped: Int64

        fileprivate init(since mapping: LevelMapping, _ now: Moment) {
            let wall = unsafe mapping.base.load(fromByteOffset: LevelLayout.wallOffset, as: Int64.self)
            let (difference, overflow) = now.wall.nanoseconds.subtractingReportingOverflow(wall)
            nanoseconds = overflow ? 0 : max(0, difference)
            stamped = unsafe mapping.base.load(fromByteOffset: LevelLayout.monotonicOffset, as: Int64.self)
        }
    }

    private static let most = TransportLimits.mostLevelNanoseconds

    /// A level in this boot's time, and in the range of levels: what is owed is a whole bucket at most, and a capacity that is none is damage,
    /// which counts as an empty bucket: nobody gains by it. The first rule it is settled under scales that to its own capacity.
    static func mended(_ level: Level, _ elapsed: Elapsed?, at now: Moment) -> Level {
        guard level != Level() else { return level }
        guard (1...most).contains(level.capacity) else { return Level(arrival: now.monotonic.nanoseconds + most, capacity: most) }
        let (owedThen, overflow) = level.arrival.subtractingReportingOverflow(elapsed?.stamped ?? now.monotonic.nanoseconds)
        let skew = elapsed == nil ? AdmissionLimits.clockSkewNanoseconds : 0
        let owed = min(overflow ? (level.arrival > 0 ? .max : 0) : max(0, owedThen), level.capacity + skew) - (elapsed?.nanoseconds ?? 0)
        guard owed > 0 else { return elapsed == nil ? Level(arrival: max(0, level.arrival), capacity: level.capacity) : full(level, now) }
        return Level(arrival: now.monotonic.nanoseconds + owed, capacity: level.capacity)
    }

    private static func full(_ level: Level, _ now: Moment) -> Level { Level(arrival: now.monotonic.nanoseconds, capacity: level.capacity) }

    private func isOfAnotherBoot(_ boot: String, _ now: Moment) -> Bool {
        let kept = unsafe Array(UnsafeRawBufferPointer(start: base + LevelLayout.bootOffset, count: LevelLayout.bootBytes))
        let stamped = unsafe base.load(fromByteOffset: LevelLayout.monotonicOffset, as: Int64.self)
        return kept != LevelMapping.bootField(boot) || stamped > now.monotonic.nanoseconds
    }

    private static func bootField(_ boot: String) -> [UInt8] {
        Array((Array(boot.utf8) + [UInt8](repeating: 0, count: LevelLayout.bootBytes)).prefix(LevelLayout.bootBytes))
    }

    private func writeBoot(_ boot: String) {
        for (index, byte) in LevelMapping.bootField(boot).enumerated() {
            unsafe base.storeBytes(of: byte, toByteOffset: LevelLayout.bootOffset + index, as: UInt8.self)
        }
    }
}
