import Admission

/// Where things lie in the levels file. Little-endian.
///
/// A header of a page: "PGWLEVL2", slots in use, wall and monotonic nanoseconds when last stamped (8 bytes each), the boot's id (36 bytes), the
/// seed of the address tables (at 72). Then the locks, the entries of the two address tables, and slots of 256 bytes: an application's id
/// in five words, then its `Levels` (eight arrivals, eight capacities, eight daily counts, their day), then two words of nothing.
enum LevelLayout {
    static let magic: UInt64 = 0x324C_5645_4C57_4750
    static let pageBytes = 4_096

    static let usedOffset = 8
    static let wallOffset = 16
    static let monotonicOffset = 24
    static let bootOffset = 32
    static let bootBytes = 36
    static let seedOffset = 72

    /// Applications share locks by slot, either address table's sets as many; one is for giving out slots.
    static let locksOfKind = TransportLimits.levelLocksOfKind
    static let allocationLock = 3 * locksOfKind
    static let lockCount = allocationLock + 1
    static let locksOffset = pageBytes
    private static let locksBytes = (lockCount * SharedLock.strideBytes + pageBytes - 1) / pageBytes * pageBytes

    /// One of the two tables: its first lock, where its entries begin, how many sets it has.
    struct Table {
        let firstLock: Int
        let offset: Int
        let setCount: Int

        static let setBytes = AdmissionLimits.bucketsPerSet * entryBytes
        /// Two words of name, two of level.
        static let entryBytes = 32
        var byteCount: Int { setCount * Table.setBytes }
    }

    static let anonymous = Table(
        firstLock: locksOfKind, offset: locksOffset + locksBytes, setCount: AdmissionLimits.anonymousBuckets / AdmissionLimits.bucketsPerSet
    )
    static let failures = Table(
        firstLock: 2 * locksOfKind, offset: anonymous.offset + anonymous.byteCount,
        setCount: AdmissionLimits.failureBuckets / AdmissionLimits.bucketsPerSet)

    static let slotsOffset = failures.offset + failures.byteCount
    static let slotBytes = 256
    static let levelsOffset = 40

    static func offset(ofSlot slot: Int) -> Int { slotsOffset + slot * slotBytes }
    static func bytes(slots: Int) -> Int { offset(ofSlot: slots) }
    static func offset(ofLock lock: Int) -> Int { locksOffset + lock * SharedLock.strideBytes }
}
