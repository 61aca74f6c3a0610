package import Registry

// A fact in a segment: its bytes, and the words they fill.

extension Fact {
    /// The fact's bytes: the version of the snapshot file's forms, the kind, then the fact in those forms.
    package var form: [UInt8] {
        let version = formVersion
        var writer = ByteFormWriter(version: version)
        writer.write(version)
        switch self {
        case .application(let application):
            writer.write(UInt8(0))
            writer.write(application: application)
        case .rules(let policy, let shadow):
            writer.write(UInt8(1))
            writer.write(policy: policy)
            writer.write(shadow == nil ? UInt8(0) : 1)
            if let shadow { writer.write(policy: shadow) }
        case .endpoint(let text):
            writer.write(UInt8(2))
            writer.write(text)
        case .stream(let first, let second):
            writer.write(UInt8(3))
            writer.write(first)
            writer.write(second)
        }
        return writer.bytes
    }

    /// The oldest version that has a place for all that the fact says.
    private var formVersion: UInt8 { application?.formVersion ?? SnapshotFile.withoutExtraQuota }

    /// The fact's frame: its number, how many bytes it has, these.
    func words(_ number: UInt32) -> [UInt64] {
        let form = form
        return [UInt64(number), UInt64(form.count)] + [UInt64](littleEndian: form)
    }

    /// The fact of a frame, and its number.
    static func numbered(_ payload: ArraySlice<UInt64>) throws(SnapshotFile.Damage) -> (number: UInt32, fact: Fact) {
        let words = Array(payload)
        guard words.count >= 2, words[0] >= 1, words[0] <= UInt64(FactTable.capacity) else { throw .outOfForm("fact") }
        let form = Array(words[2...]).littleEndianBytes
        guard words[1] <= UInt64(form.count), form.count - Int(words[1]) < 8 else { throw .cutShort }
        guard form[Int(words[1])...].allSatisfy({ $0 == 0 }) else { throw .outOfForm("padding") }
        return (UInt32(words[0]), try Fact(form: Array(form[..<Int(words[1])])))
    }

    /// The fact of these bytes, or what is wrong with them.
    package init(form: [UInt8]) throws(SnapshotFile.Damage) {
        guard let version = form.first else { throw .cutShort }
        guard (SnapshotFile.oldestVersion...SnapshotFile.formatVersion).contains(version) else { throw .unknownVersion(version) }
        var reader = ByteFormReader(form, version: version)
        _ = try reader.byte()
        switch try reader.byte() {
        case 0: self = .application(try reader.application())
        case 1:
            let policy = try reader.policy()
            switch try reader.byte() {
            case 0: self = .rules(policy, shadow: nil)
            case 1: self = .rules(policy, shadow: try reader.policy())
            default: throw .outOfForm("shadow")
            }
        case 2: self = .endpoint(try reader.text())
        case 3: self = .stream(try reader.unsigned(), try reader.unsigned())
        default: throw .outOfForm("kind of fact")
        }
        guard reader.isAtEnd else { throw .cutShort }
    }
}
