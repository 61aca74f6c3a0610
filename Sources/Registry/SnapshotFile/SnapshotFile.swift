/// The snapshot's form in a file: the one seam from the control plane to the data plane.
///
/// Eight bytes "PGWSNAP" and the format's version, eight bytes of the payload's length, eight of its CRC-32, then the payload.
/// All integers are little-endian and 64 bits wide unless said otherwise. The file is written beside its name and renamed over it.
package enum SnapshotFile {
    /// Why bytes are not a snapshot.
    package enum Damage: Error, Equatable, Sendable {
        /// Not a snapshot file at all.
        case notASnapshot
        /// Written by a newer (or far older) gateway.
        case unknownVersion(UInt8)
        /// The bytes end before the snapshot does, or go on after it.
        case cutShort
        /// The checksum does not match the payload.
        case checksum
        /// A value that cannot be.
        case outOfForm(String)
    }

    /// The newest version this code writes: with extra quota. The first, without quotas, concurrency and certificates, the second, without stated capacity,
    /// shadow and announced policies, and the third, without extra quota, are read as having none.
    package static let formatVersion: UInt8 = 4
    /// What this code writes where no application has extra quota: a data plane not upgraded yet reads it, and so goes on hearing of revocations.
    package static let withoutExtraQuota: UInt8 = 3
    /// The oldest version this code reads.
    package static let oldestVersion: UInt8 = 1

    private static let magic = Array("PGWSNAP".utf8)
    private static let headerBytes = 24

    /// The file's bytes.
    package static func encode(_ snapshot: Snapshot) -> [UInt8] {
        let version = snapshot.applications.map(\.formVersion).max() ?? withoutExtraQuota
        var payload = ByteFormWriter(version: version)
        payload.write(snapshot.revision)
        payload.write(policy: snapshot.policy)
        payload.write(snapshot.applications) { $0.write(application: $1) }
        payload.write(snapshot.credentials) { $0.write(credential: $1) }
        payload.write(snapshot.shadow.map { [$0] } ?? []) { $0.write(policy: $1) }
        payload.write(snapshot.announced) { $0.write(announced: $1) }
        var header = ByteFormWriter()
        magic.forEach { header.write($0) }
        header.write(version)
        header.write(count: payload.bytes.count)
        header.write(UInt64(Checksum.crc32(payload.bytes.span)))
        return header.bytes + payload.bytes
    }

    /// The snapshot in the bytes, or what is wrong with them.
    package static func decode(_ bytes: [UInt8]) throws(Damage) -> Snapshot {
        guard bytes.count >= headerBytes, Array(bytes[0..<magic.count]) == magic else { throw .notASnapshot }
        let version = bytes[magic.count]
        guard (oldestVersion...formatVersion).contains(version) else { throw .unknownVersion(version) }
        var header = ByteFormReader(Array(bytes[8..<headerBytes]))
        let (length, checksum) = (try header.unsigned(), try header.unsigned())
        guard length == UInt64(bytes.count - headerBytes) else { throw .cutShort }
        let payload = Array(bytes[headerBytes...])
        guard checksum == UInt64(Checksum.crc32(payload.span)) else { throw .checksum }
        var reader = ByteFormReader(payload, version: version)
        return try reader.snapshot()
    }
}

extension ByteFormReader {
    fileprivate mutating func snapshot() throws(SnapshotFile.Damage) -> Snapshot {
        let revision = try unsigned()
        let policy = try policy()
        let applications = try list { (reader: inout ByteFormReader) throws(SnapshotFile.Damage) in try reader.application() }
        let credentials = try list { (reader: inout ByteFormReader) throws(SnapshotFile.Damage) in try reader.credential() }
        var shadow: Policy?
        var announced: [AnnouncedPolicy] = []
        if version >= 3 {
            let beside = try list { (reader: inout ByteFormReader) throws(SnapshotFile.Damage) in try reader.policy() }
            guard beside.count <= 1 else { throw .outOfForm("shadow") }
            shadow = beside.first
            announced = try list { (reader: inout ByteFormReader) throws(SnapshotFile.Damage) in try reader.announced() }
            guard announced.count <= AnnouncedPolicy.most, zip(announced, announced.dropFirst()).allSatisfy({ $0.from < $1.from }) else {
                throw .outOfForm("announced policies")
            }
        }
        guard isAtEnd else { throw .cutShort }
        do {
            return try Snapshot(
                revision: revision, policy: policy, applications: applications, credentials: credentials, shadow: shadow,
                announced: announced)
        } catch {
            throw .outOfForm("a reference")
        }
    }
}
