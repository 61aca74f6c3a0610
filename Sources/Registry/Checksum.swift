/// CRC-32 as in ISO 3309 and zlib (polynomial 0xEDB88320): tells a typo or a torn file, never a forgery.
package enum Checksum {
    private static let table: [UInt32] = (0..<256).map { index in
        var value = UInt32(index)
        for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
        return value
    }

    /// The CRC-32 of these bytes; 0xCBF43926 for "123456789".
    package static func crc32(_ bytes: Span<UInt8>) -> UInt32 {
        let table = Checksum.table
        var value: UInt32 = 0xFFFF_FFFF
        for index in 0..<bytes.count {
            value = table[Int((value ^ UInt32(bytes[index])) & 0xFF)] ^ (value >> 8)
        }
        return ~value
    }
}
