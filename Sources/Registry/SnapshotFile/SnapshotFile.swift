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

    /// The version this code writes. The one before, without quotas, concurrency and certificates, is read as having none.
    package static let formatVersion: UInt8 = 2
    /// The oldest version this code reads.
    package static let oldestVersion: UInt8 = 1

    private static let magic = Array("PGWSNAP".utf8)
    private static let headerBytes = 24

    /// The file's bytes.
    package static func encode(_ snapshot: Snapshot) -> [UInt8] {
        var payload = ByteFormWriter()
        payload.write(snapshot.revision)
        payload.write(policy: snapshot.policy)
        payload.write(snapshot.applications) { $0.write(application: $1) }
        payload.write(snapshot.credentials) { $0.write(credential: $1) }
        var header = ByteFormWriter()
        magic.forEach { header.write($0) }
        header.write(formatVersion)
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
        let revision = try reader.unsigned()
        let policy = try reader.policy()
        let applications = try reader.list { (reader: inout ByteFormReader) throws(Damage) in try reader.application() }
        let credentials = try reader.list { (reader: inout ByteFormReader) throws(Damage) in try reader.credential() }
        guard reader.isAtEnd else { throw .cutShort }
        do {
            return try Snapshot(revision: revision, policy: policy, applications: applications, credentials: credentials)
        } catch {
            throw .outOfForm("a reference")
        }
    }
}
