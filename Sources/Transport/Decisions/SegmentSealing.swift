import CTransport
import Decisions
import Glibc

/// Seals segments that nobody writes any more, a segment after the other, on a thread of the lowest priority: each is written anew in columns,
/// a tenth of the size, beside its name; only when it is whole it takes its place, and the live one goes.
struct SegmentSealing: Sendable {
    let folder: SegmentFolder
    let reporter: @Sendable (DecisionLog.News) -> Void

    /// Seals what there is to seal; gives how many segments were.
    @discardableResult
    func turn() -> Int {
        guard let entries = try? folder.entries() else { return 0 }
        return entries.count { $0.isLive && seal($0) }
    }

    /// Whether it could be sealed. A segment whose header is not whole holds nothing; one that is damaged is put aside, for people to look at.
    private func seal(_ entry: SegmentFolder.Entry) -> Bool {
        let path = "\(folder.path)/\(entry.name)"
        let stem = "\(folder.path)/\(entry.name.dropLast(".live".count))"
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        // Not while it is written, and not beside another process that seals it.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_nlink > 0 else { return false }
        guard status.st_size > LiveSegmentReader.headerBytes else {
            unsafe unlink(path)
            return false
        }
        do {
            let live = try SegmentReader(SegmentSealing.source(descriptor), byteCount: status.st_size)
            try write(live, to: stem)
            // A frame cut short is a writer's that was killed; anything else hides what may lie behind it, and stays for people to look at.
            if let damage = live.damage, damage.kind != .cutShort { throw damage }
            unsafe unlink(path)
            return true
        } catch let damage as SegmentDamage {
            unsafe rename(path, stem + ".damaged")
            reporter(.damaged(segment: entry.name, why: "\(damage.kind) at byte \(damage.offset)"))
        } catch {
            reporter(.unsealed(segment: entry.name, why: "\(error)"))
        }
        return false
    }

    private func write(_ live: SegmentReader, to stem: String) throws {
        let beside = stem + ".sealing"
        let file = try SegmentFile(at: beside)
        do {
            var sealer = SegmentSealer(live)
            while let words = try sealer.words() { try file.append(words) }
            // Before the live one goes: a machine may lose its power now.
            try file.settle()
            guard unsafe rename(beside, stem + ".sealed") == 0 else { throw SystemFault("rename \(beside)") }
            try folder.settle()
        } catch {
            file.remove()
            throw error
        }
    }

    /// A file's bytes by their offset.
    static func source(_ descriptor: Int32) -> SegmentSource {
        { offset, count in
            // Not filled with zeros first: of a MiB that is a tenth of what sealing it takes.
            try unsafe [UInt8](unsafeUninitializedCapacity: count) { room, read in
                while read < count {
                    let got = unsafe pread(descriptor, room.baseAddress.map { unsafe $0 + read }, count - read, off_t(offset + read))
                    if got < 0, errno == EINTR { continue }
                    guard got >= 0 else { throw SystemFault("read a segment") }
                    guard got > 0 else { break }
                    read += got
                }
            }
        }
    }
}
