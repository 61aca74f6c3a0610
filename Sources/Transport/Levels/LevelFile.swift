package import Admission
import CTransport
import Glibc
package import Registry
import Synchronization

/// Applications' and addresses' levels in a file mapped into memory: whatever ends the process, nothing refills. Two processes may share it, so
/// that a data plane and its successor spend from the same buckets; each holds a shared flock(2), and who finds nobody holding one makes the
/// locks inside anew and looks everything over. `LevelLayout` says what lies where; slots are never given to another application.
///
/// Unchecked because the mapping is a pointer; the locks in the file guard what it points to.
package final class LevelFile: @unchecked Sendable {
    private let path: String
    private let descriptor: Int32
    private let known: Mutex<Known>

    /// What this process knows of the file.
    private struct Known {
        /// All mappings made so far, the newest last: earlier ones stay valid for the stores that use them.
        var mappings: [LevelMapping] = []
        var slots: [Identifier: Int] = [:]
        /// Slots looked at so far.
        var count = 0
    }

    /// Opens or makes the file, and carries its levels over a reboot: what was owed then, less the time since, never less than nothing.
    package init(_ path: String, at now: Moment, boot: String) throws {
        self.path = path
        try FirstLevelFile.carryOver(path)
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFault("open \(path)") }
        known = Mutex(Known())
        let isAlone = try enter()
        let mapping = try map(byteCount: max(LevelLayout.bytes(slots: TransportLimits.firstLevelSlots), fileBytes()))
        known.withLock { $0.mappings = [mapping] }
        if isAlone { mapping.begin(at: now, boot: boot) }
        // Others may come in now; those who wait for this find everything prepared.
        guard flock(descriptor, LOCK_SH) == 0 else { throw SystemFault("lock \(path)") }
    }

    deinit {
        known.withLock { known in
            for mapping in known.mappings { mapping.end() }
        }
        Glibc.close(descriptor)
    }

    /// A store for one snapshot: its applications' slots looked up once, new ones given out to those who had none.
    package func store(for applications: [ApplicationRecord]) throws -> SnapshotLevels {
        try known.withLock { known in
            guard let first = known.mappings.first else { preconditionFailure("an open levels file is mapped") }
            let lock = first.lock(LevelLayout.allocationLock)
            lock.lock()
            defer { lock.unlock() }
            // The other process may have given out slots, and made the file longer for them.
            let room = (try fileBytes() - LevelLayout.slotsOffset) / LevelLayout.slotBytes
            let used = max(known.count, min(first.usedSlots, room))
            learn(to: used, in: try mapping(holding: used, of: &known), &known)
            let new = applications.filter { known.slots[$0.id] == nil }
            let mapping = try mapping(holding: used + new.count, of: &known)
            for application in new where known.slots[application.id] == nil {
                mapping.claim(slot: known.count, for: application.id)
                known.slots[application.id] = known.count
                known.count += 1
            }
            first.usedSlots = known.count
            return SnapshotLevels(file: self, mapping: mapping, slots: applications.compactMap { known.slots[$0.id] })
        }
    }

    /// Buckets of callers without a key.
    package var anonymous: AddressLevels { table(LevelLayout.anonymous) }

    /// Buckets of failed authentication.
    package var failures: AddressLevels { table(LevelLayout.failures) }

    private func table(_ table: LevelLayout.Table) -> AddressLevels {
        guard let mapping = known.withLock({ $0.mappings.first }) else { preconditionFailure("an open levels file is mapped") }
        return AddressLevels(in: MappedAddressLevels(file: self, mapping: mapping, table: table), seed: mapping.seed)
    }

    /// Writes down both clocks, so that a reboot can tell how long it took; called about once a second.
    package func stamp(_ now: Moment) { known.withLock { $0.mappings.last?.stamp(now) } }

    /// Reads the slots given out since the last look. Of two with one id, which only damage makes, the first counts; one whose id is out of form
    /// is nobody's.
    private func learn(to used: Int, in mapping: LevelMapping, _ known: inout Known) {
        for slot in known.count..<used {
            if let identifier = mapping.identifier(ofSlot: slot), known.slots[identifier] == nil { known.slots[identifier] = slot }
        }
        known.count = used
    }

    /// Takes the file's lock: all of it where nobody uses the file, which says so, else a share beside the others.
    private func enter() throws -> Bool {
        while true {
            let isAlone = flock(descriptor, LOCK_EX | LOCK_NB) == 0
            guard isAlone || flock(descriptor, LOCK_SH) == 0 else { throw SystemFault("lock \(path)") }
            let first = try firstWord()
            guard first == 0 || first == LevelLayout.magic else {
                throw SystemFault("\(path) is not a levels file; move it away to begin with full buckets", number: EINVAL)
            }
            // Whoever was to prepare it died before it did: from the start.
            if isAlone || first == LevelLayout.magic { return isAlone }
            flock(descriptor, LOCK_UN)
        }
    }

    /// No first word: a new file, or one whose making was cut off.
    private func firstWord() throws -> UInt64 {
        var first: UInt64 = 0
        _ = unsafe pread(descriptor, &first, MemoryLayout<UInt64>.size, 0)
        guard try first == 0 || fileBytes() >= LevelLayout.pageBytes else { return .max }
        return first
    }

    private func fileBytes() throws -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw SystemFault("stat \(path)") }
        return status.st_size
    }

    private func mapping(holding count: Int, of known: inout Known) throws -> LevelMapping {
        if let last = known.mappings.last, last.byteCount >= LevelLayout.bytes(slots: count) { return last }
        let mapping = try map(byteCount: max(LevelLayout.bytes(slots: count * 2), fileBytes()))
        known.mappings.append(mapping)
        return mapping
    }

    /// Maps so many bytes of the file, which never gets shorter: another process may have made it longer.
    private func map(byteCount: Int) throws -> LevelMapping {
        let isTooShort = try fileBytes() < byteCount
        guard !isTooShort || ftruncate(descriptor, byteCount) == 0, posix_fallocate(descriptor, 0, byteCount) == 0 else {
            throw SystemFault("make room in \(path)")
        }
        let base = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let base = unsafe base, unsafe base != MAP_FAILED else { throw SystemFault("map \(path)") }
        return unsafe LevelMapping(base: base, byteCount: byteCount)
    }
}

/// The levels of one snapshot's applications, by their indexes in it.
package final class SnapshotLevels: LevelStore, Sendable {
    /// Kept open, and the mapping with it.
    private let file: LevelFile
    let mapping: LevelMapping
    private let slots: [Int]

    fileprivate init(file: LevelFile, mapping: LevelMapping, slots: [Int]) {
        self.file = file
        self.mapping = mapping
        self.slots = slots
    }

    /// Runs `body` on the application's levels under its lock.
    package func withLevels(of application: Int, _ body: (inout Levels) -> Void) {
        let slot = slots[application]
        let lock = mapping.lock(slot & (LevelLayout.locksOfKind - 1))
        lock.lock()
        mapping.withLevels(ofSlot: slot, body)
        lock.unlock()
    }
}

/// The entries of one address table in the levels file.
final class MappedAddressLevels: AddressLevelStore, Sendable {
    /// Kept open, and the mapping with it.
    private let file: LevelFile
    private let mapping: LevelMapping
    private let table: LevelLayout.Table

    fileprivate init(file: LevelFile, mapping: LevelMapping, table: LevelLayout.Table) {
        self.file = file
        self.mapping = mapping
        self.table = table
    }

    var setCount: Int { table.setCount }

    func withSet(_ index: Int, _ body: (inout AddressSet) -> Void) {
        let lock = mapping.lock(table.firstLock + index & (LevelLayout.locksOfKind - 1))
        lock.lock()
        mapping.withSet(index, of: table, body)
        lock.unlock()
    }
}
