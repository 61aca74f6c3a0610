import Admission
import Exchange
import Registry
import Synchronization

/// What must hold for any bytes taken for a snapshot file.
enum SnapshotCheck {
    /// Read as they came, and behind a header with their true length and checksum, so that what lies behind it is reached.
    static func file(_ bytes: Span<UInt8>) {
        read(bytes.array)
        read(sealed(bytes.array))
    }

    private static func sealed(_ payload: [UInt8]) -> [UInt8] {
        func word(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) } }
        let header = Array("PGWSNAP".utf8) + [SnapshotFile.formatVersion]
        return header + word(UInt64(payload.count)) + word(UInt64(Checksum.crc32(payload.span))) + payload
    }

    private static func read(_ file: [UInt8]) {
        guard let snapshot = try? SnapshotFile.decode(file) else { return }
        let written = SnapshotFile.encode(snapshot)
        guard let again = try? SnapshotFile.decode(written) else { fatalError("what was read cannot be written and read") }
        hold(
            again.revision == snapshot.revision && again.policy == snapshot.policy && again.applications == snapshot.applications
                && again.credentials == snapshot.credentials && again.shadow == snapshot.shadow && again.announced == snapshot.announced
                && again.shadowPlanIndexes == snapshot.shadowPlanIndexes, "what was written reads as something else")
        hold(SnapshotFile.encode(again) == written, "the written form is not one form")
        serve(snapshot)
    }

    /// Whatever numbers are in it, no request's arithmetic overflows.
    private static func serve(_ snapshot: Snapshot) {
        let levels = OneApplicationsLevels()
        let inFlight = InFlightTable().counts(of: snapshot.applications)
        _ = Ruleset(snapshot, levels: levels)
        let tables = (AddressLevels(entries: 512, seed: 1), AddressLevels(entries: 512, seed: 2))
        let moments: [Int64] = [0, 1, 1_700_000_000_000_000_000, Int64.max / 2]
        for credential in snapshot.credentials.prefix(2) {
            let index = snapshot.credential(credential.digest)
            hold(index.map { snapshot.credentials[$0].digest == credential.digest } ?? false, "a key that is there is found")
        }
        let keys = [PresentedKey.none] + snapshot.credentials.prefix(2).map { .digest($0.digest, $0.environment) }
        for (key, time) in keys.flatMap({ key in moments.map { (key, $0) } }) {
            for route in snapshot.policy.routes.indices.prefix(4) {
                let facts = RequestFacts(key: key, route: route, address: Address(ipv4: 0xC000_0201), citizen: .opaque)
                let now = Moment(wall: WallTime(nanoseconds: time), monotonic: MonotonicTime(nanoseconds: time))
                for _ in 0..<2 {
                    _ = try? admit(
                        facts, under: snapshot, spending: levels, counting: inFlight, anonymous: tables.0, failures: tables.1, at: now)
                }
            }
        }
    }
}

/// The same levels for whichever application asks.
final class OneApplicationsLevels: LevelStore {
    private let levels = Mutex(Levels())

    func withLevels(of application: Int, _ body: (inout Levels) -> Void) { levels.withLock { body(&$0) } }
}
