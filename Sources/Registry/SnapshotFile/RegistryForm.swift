// Applications and credentials in the snapshot file; applications in the decision log, too.

extension ByteFormWriter {
    /// An application's record, whole; in a version that has a place for all that it says.
    package mutating func write(application: ApplicationRecord) {
        write(application.id)
        write(application.partner)
        write(application.state.rawValue)
        write(application.ends.nanoseconds)
        write(application.scopes.rawValue)
        write(application.plan)
        write(application.allowedAddresses) { writer, range in
            writer.write(range.base.high)
            writer.write(range.base.low)
            writer.write(UInt8(range.prefixLength))
        }
        write(application.certificates) { $0.write(digest: $1) }
        guard version >= 4 else { return precondition(application.extra == nil, "extra quota takes the fourth version") }
        write(application.extra == nil ? UInt8(0) : 1)
        if let extra = application.extra {
            write(UInt64(extra.percent))
            write(extra.until.nanoseconds)
        }
    }

    private mutating func write(digest: Digest) {
        for word in [digest.first, digest.second, digest.third, digest.fourth] { write(word) }
    }

    mutating func write(credential: CredentialRecord) {
        write(digest: credential.digest)
        write(count: credential.application)
        write(credential.environment.rawValue)
        write(credential.state.rawValue)
        write(credential.until.nanoseconds)
    }
}

extension ApplicationRecord {
    /// The version of the forms that it is written in: the oldest that has a place for all it says, so that an older reader goes on hearing.
    package var formVersion: UInt8 { extra == nil ? SnapshotFile.withoutExtraQuota : SnapshotFile.formatVersion }
}

extension ByteFormReader {
    /// A one-byte enumeration.
    mutating func choice<Value: RawRepresentable<UInt8>>(_ type: Value.Type) throws(SnapshotFile.Damage) -> Value {
        guard let value = Value(rawValue: try byte()) else { throw .outOfForm("\(type)") }
        return value
    }

    /// An application's record.
    package mutating func application() throws(SnapshotFile.Damage) -> ApplicationRecord {
        ApplicationRecord(
            id: try identifier(), partner: try identifier(), state: try choice(ApplicationState.self),
            ends: WallTime(nanoseconds: try signed()), scopes: ScopeSet(rawValue: try byte()), plan: try identifier(),
            allowedAddresses: try list { (reader: inout ByteFormReader) throws(SnapshotFile.Damage) in
                let base = Address(high: try reader.unsigned(), low: try reader.unsigned())
                let prefix = Int(try reader.byte())
                guard prefix <= 128 else { throw .outOfForm("prefix") }
                return AddressRange(base: base, prefixLength: prefix)
            },
            certificates: version >= 2
                ? try list { (reader: inout ByteFormReader) throws(SnapshotFile.Damage) in try reader.digest() } : [],
            extra: version >= 4 ? try extra() : nil)
    }

    private mutating func extra() throws(SnapshotFile.Damage) -> ExtraQuota? {
        switch try byte() {
        case 0: return nil
        case 1:
            let (percent, until) = (try unsigned(), WallTime(nanoseconds: try signed()))
            guard (1...UInt64(ExtraQuota.mostPercent)).contains(percent) else { throw .outOfForm("extra quota") }
            return ExtraQuota(percent: UInt16(percent), until: until)
        default: throw .outOfForm("extra quota")
        }
    }

    private mutating func digest() throws(SnapshotFile.Damage) -> Digest {
        Digest(try unsigned(), try unsigned(), try unsigned(), try unsigned())
    }

    mutating func credential() throws(SnapshotFile.Damage) -> CredentialRecord {
        let digest = try digest()
        let application = try unsigned()
        guard application <= UInt64(Int32.max) else { throw .outOfForm("application") }
        return CredentialRecord(
            digest: digest, application: Int(application), environment: try choice(Environment.self),
            state: try choice(CredentialRecord.State.self), until: WallTime(nanoseconds: try signed()))
    }
}
