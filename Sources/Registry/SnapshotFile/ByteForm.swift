/// Writes the snapshot file's primitives: little-endian integers, strings with their length before them. The decision log's facts have the
/// same form, so that an application or a policy is spelt one way wherever it is kept.
package struct ByteFormWriter {
    /// What was written so far.
    package private(set) var bytes: [UInt8] = []
    /// For which version of the format: what a later one added is not written.
    let version: UInt8

    /// Nothing written.
    package init(version: UInt8 = SnapshotFile.formatVersion) { self.version = version }

    /// One byte as it is.
    package mutating func write(_ value: UInt8) { bytes.append(value) }

    /// Eight bytes, the lowest first.
    package mutating func write(_ value: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    /// The same eight bytes, in two's complement.
    package mutating func write(_ value: Int64) { write(UInt64(bitPattern: value)) }
    mutating func write(count: Int) { write(UInt64(count)) }

    /// The length in eight bytes, then UTF-8.
    package mutating func write(_ text: String) {
        let utf8 = Array(text.utf8)
        write(count: utf8.count)
        bytes.append(contentsOf: utf8)
    }

    mutating func write(_ identifier: Identifier) { write(identifier.text) }

    mutating func write<Element>(_ elements: [Element], _ body: (inout ByteFormWriter, Element) -> Void) {
        write(count: elements.count)
        for element in elements { body(&self, element) }
    }
}

/// Reads the same, never beyond the end.
package struct ByteFormReader {
    private let bytes: [UInt8]
    private var position = 0
    /// The format's version, for forms that have grown since the first.
    let version: UInt8

    /// Reads these bytes as what a gateway of that version wrote.
    package init(_ bytes: [UInt8], version: UInt8 = SnapshotFile.formatVersion) {
        self.bytes = bytes
        self.version = version
    }

    /// Everything was read.
    package var isAtEnd: Bool { position == bytes.count }

    /// The next byte.
    package mutating func byte() throws(SnapshotFile.Damage) -> UInt8 {
        guard position < bytes.count else { throw .cutShort }
        defer { position += 1 }
        return bytes[position]
    }

    /// The next eight, the lowest first.
    package mutating func unsigned() throws(SnapshotFile.Damage) -> UInt64 {
        guard bytes.count - position >= 8 else { throw .cutShort }
        defer { position += 8 }
        return (0..<8).reduce(0) { $0 | UInt64(bytes[position + $1]) << UInt64($1 * 8) }
    }

    mutating func signed() throws(SnapshotFile.Damage) -> Int64 { Int64(bitPattern: try unsigned()) }

    /// A count of things that take at least one byte each, so a wrong one cannot ask for more memory than the file has bytes.
    mutating func count() throws(SnapshotFile.Damage) -> Int {
        let value = try unsigned()
        guard value <= UInt64(bytes.count - position) else { throw .cutShort }
        return Int(value)
    }

    /// The next string.
    package mutating func text() throws(SnapshotFile.Damage) -> String {
        let length = try count()
        defer { position += length }
        guard let text = String(validating: bytes[position..<position + length], as: UTF8.self) else { throw .outOfForm("text") }
        return text
    }

    mutating func identifier() throws(SnapshotFile.Damage) -> Identifier {
        guard let identifier = Identifier(try text()) else { throw .outOfForm("id") }
        return identifier
    }

    mutating func list<Element>(
        _ body: (inout ByteFormReader) throws(SnapshotFile.Damage) -> Element
    ) throws(SnapshotFile.Damage) -> [Element] {
        var elements: [Element] = []
        for _ in 0..<(try count()) { elements.append(try body(&self)) }
        return elements
    }
}
