import Glibc

/// The levels file's first form, "PGWLEVL1": the same header, then slots of 192 bytes without daily counts. Its levels are kept.
enum FirstLevelFile {
    static let magic: UInt64 = 0x314C_5645_4C57_4750
    static let slotBytes = 192

    /// Writes a file of the first form anew in today's, beside it and renamed over it, so that a crash leaves one or the other whole.
    static func carryOver(_ path: String) throws {
        guard isFirst(path) else { return }
        let bytes = try FileReading.read(path, limitBytes: TransportLimits.levelFileBytes)
        let beside = path + ".new"
        let descriptor = unsafe open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFault("open \(beside)") }
        defer { Glibc.close(descriptor) }
        try write(converted(bytes), to: descriptor, beside)
        guard fsync(descriptor) == 0, unsafe rename(beside, path) == 0 else { throw SystemFault("replace \(path)") }
    }

    /// The bytes of today's form: header and slots with the new word in front and room behind each application's levels.
    static func converted(_ old: [UInt8]) -> [UInt8] {
        let header = LevelLayout.pageBytes
        let slots = max(0, old.count - header) / slotBytes
        var new = [UInt8](repeating: 0, count: LevelLayout.bytes(slots: slots))
        // The old header ends with the boot's id.
        for index in 0..<min(LevelLayout.seedOffset - 4, old.count) { new[index] = old[index] }
        for index in 0..<8 { new[index] = UInt8(truncatingIfNeeded: LevelLayout.magic >> UInt64(index * 8)) }
        for slot in 0..<slots {
            let (from, to) = (header + slot * slotBytes, LevelLayout.offset(ofSlot: slot))
            // Five words of the id, eight arrivals, eight capacities.
            for offset in 0..<(LevelLayout.levelsOffset + 128) { new[to + offset] = old[from + offset] }
        }
        return new
    }

    private static func isFirst(_ path: String) -> Bool {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        var first: UInt64 = 0
        return unsafe pread(descriptor, &first, MemoryLayout<UInt64>.size, 0) == 8 && first == magic
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            guard count > 0 else { throw SystemFault("write \(path)") }
            written += count
        }
    }
}
