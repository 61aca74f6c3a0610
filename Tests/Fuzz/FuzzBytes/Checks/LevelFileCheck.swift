import Admission
import Glibc
import Registry
import Synchronization

@testable import Transport

/// What must hold for any bytes in a levels file.
enum LevelFileCheck {
    /// Header fields in use; what else is in the file up to the slots is zeros, which no input should have to spell.
    private static let headerBytes = 72
    /// Files made so far, each under a name of its own: tests run side by side.
    private static let files = Atomic<Int>(0)

    /// The bytes as they are where they begin like such a file, else as the header's fields, the first entries of the address tables and the
    /// slots of one form of the file or the other.
    static func file(_ bytes: Span<UInt8>) {
        let bytes = bytes.array
        guard !bytes.starts(with: Array("PGWLEVL".utf8)) else { return open([(0, bytes)], names(in: [])) }
        let slots = Array(bytes.dropFirst(headerBytes))
        let header = Array(bytes.prefix(headerBytes))
        if (bytes.last ?? 0).isMultiple(of: 2) {
            let table = Array(slots.prefix(256))
            open(
                [
                    (0, Array("PGWLEVL2".utf8) + header), (LevelLayout.anonymous.offset, table), (LevelLayout.failures.offset, table),
                    (LevelLayout.slotsOffset, slots),
                ], names(in: slots))
        } else {
            open([(0, Array("PGWLEVL1".utf8) + header), (LevelLayout.pageBytes, slots)], names(in: slots))
        }
    }

    /// Applications that the file may have slots of, and some that it has not.
    private static func names(in slots: [UInt8]) -> [ApplicationRecord] {
        var identifiers = ["app-one", "app-two", "app-three"].map(PlainRules.identifier)
        for start in stride(from: 0, to: min(slots.count - 40, 8 * LevelLayout.slotBytes), by: LevelLayout.slotBytes) {
            let text = Array(slots[start..<start + 40].prefix { $0 != 0 })
            if let identifier = Identifier(text.span), !identifiers.contains(identifier) { identifiers.append(identifier) }
        }
        return identifiers.map(PlainRules.application)
    }

    private static func open(_ pieces: [(place: Int, bytes: [UInt8])], _ applications: [ApplicationRecord]) {
        let path = "/dev/shm/gateway-fuzz-\(getpid())-\(files.add(1, ordering: .relaxed).newValue)"
        write(pieces, to: path)
        defer { unsafe unlink(path) }
        let now = Moment(wall: WallTime(seconds: 1_700_000_000), monotonic: MonotonicTime(nanoseconds: 1_000_000_000_000))
        let marks = applications.indices.map { Int64($0) + 7_000_000_000_000 }
        do {
            let file = try LevelFile(path, at: now, boot: "boot")
            let levels = try file.store(for: applications)
            spend(from: levels, file, of: applications, at: now)
            for (index, mark) in marks.enumerated() {
                levels.withLevels(of: index) { ($0.arrival[0], $0.capacity[0]) = (mark, 10_000_000_000_000) }
            }
            hold(marks == applications.indices.map { arrival(levels, $0) }, "two applications share a slot")
        } catch let fault as SystemFault {
            hold(!fault.description.isEmpty, "a fault says what it is")
            return
        } catch {
            fatalError("another sort of error: \(error)")
        }
        guard let again = try? LevelFile(path, at: now, boot: "boot").store(for: applications.reversed()) else {
            fatalError("a file that was opened cannot be opened again")
        }
        hold(marks.reversed() == applications.indices.map { arrival(again, $0) }, "an application's levels are lost")
    }

    /// Whatever the levels say, no request's arithmetic overflows.
    private static func spend(from levels: SnapshotLevels, _ file: LevelFile, of applications: [ApplicationRecord], at now: Moment) {
        let snapshot = PlainRules.snapshot(applications)
        let inFlight = InFlightTable().counts(of: applications)
        let keys =
            [PresentedKey.none]
            + zip(Environment.allCases, PlainRules.keys).map { environment, key in
                .digest(PlainRules.digest(key.span), environment)
            }
        for (route, key) in snapshot.policy.routes.indices.flatMap({ route in keys.map { (route, $0) } }) {
            let facts = RequestFacts(key: key, route: route, address: Address(ipv4: 0xC000_0201), citizen: .opaque)
            _ = try? admit(
                facts, under: snapshot, spending: levels, counting: inFlight, anonymous: file.anonymous, failures: file.failures, at: now)
        }
    }

    private static func arrival(_ levels: SnapshotLevels, _ application: Int) -> Int64 {
        var arrival: Int64 = 0
        levels.withLevels(of: application) { arrival = $0.arrival[0] }
        return arrival
    }

    private static func write(_ pieces: [(place: Int, bytes: [UInt8])], to path: String) {
        let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        hold(descriptor >= 0, "\(path) cannot be made")
        for (place, bytes) in pieces {
            let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.pwrite(descriptor, $0.baseAddress, $0.count, place) }
            hold(count == bytes.count, "\(path) cannot be written")
        }
        close(descriptor)
    }
}
