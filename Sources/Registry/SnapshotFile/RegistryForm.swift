// Applications and credentials in the snapshot file.

extension ByteFormWriter {
    mutating func write(application: ApplicationRecord) {
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
    }

    mutating func write(credential: CredentialRecord) {
        write(credential.digest.first)
        write(credential.digest.second)
        write(credential.digest.third)
        write(credential.digest.fourth)
        write(count: credential.application)
        write(credential.environment.rawValue)
        write(credential.state.rawValue)
        write(credential.until.nanoseconds)
    }
}

extension ByteFormReader {
    /// A one-byte enumeration.
    mutating func choice<Value: RawRepresentable<UInt8>>(_ type: Value.Type) throws(SnapshotFile.Damage) -> Value {
        guard let value = Value(rawValue: try byte()) else { throw .outOfForm("\(type)") }
        return value
    }

    mutating func application() throws(SnapshotFile.Damage) -> ApplicationRecord {
        ApplicationRecord(
            id: try identifier(), partner: try identifier(), state: try choice(ApplicationState.self),
            ends: WallTime(nanoseconds: try signed()), scopes: ScopeSet(rawValue: try byte()), plan: try identifier(),
            allowedAddresses: try list { (reader: inout ByteFormReader) throws(SnapshotFile.Damage) in
                let base = Address(high: try reader.unsigned(), low: try reader.unsigned())
                let prefix = Int(try reader.byte())
                guard prefix <= 128 else { throw .outOfForm("prefix") }
                return AddressRange(base: base, prefixLength: prefix)
            })
    }

    mutating func credential() throws(SnapshotFile.Damage) -> CredentialRecord {
        let digest = Digest(try unsigned(), try unsigned(), try unsigned(), try unsigned())
        let application = try unsigned()
        guard application <= UInt64(Int32.max) else { throw .outOfForm("application") }
        return CredentialRecord(
            digest: digest, application: Int(application), environment: try choice(Environment.self),
            state: try choice(CredentialRecord.State.self), until: WallTime(nanoseconds: try signed()))
    }
}
