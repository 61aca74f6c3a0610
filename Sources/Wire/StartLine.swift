/// The parts that request lines and status lines share.
enum StartLine {
    /// Reads `HTTP/1.1` or `HTTP/1.0` at `index`, then one of the bytes that may follow, and gives the minor version and that byte's offset.
    /// Another version is told from garbage only once it stands there whole, so that the verdict does not hang on how the bytes arrive.
    @inline(__always)
    static func readVersion(_ bytes: Span<UInt8>, at index: Int, followedBy follower: UInt8) throws(Halt) -> UInt8 {
        if index &+ 8 < bytes.count, bytes[index &+ 8] == follower {
            switch Word.load(bytes, at: index) {
            case 0x312e_312f_5054_5448: return 1
            case 0x302e_312f_5054_5448: return 0
            default: break
            }
        }
        return try readOddVersion(bytes, at: index, followedBy: follower)
    }

    @inline(never)
    private static func readOddVersion(_ bytes: Span<UInt8>, at index: Int, followedBy follower: UInt8) throws(Halt) -> UInt8 {
        let pattern: InlineArray<9, UInt8> = [0x48, 0x54, 0x54, 0x50, 0x2f, Byte.zero, Byte.dot, Byte.zero, follower]
        for offset in 0..<9 {
            guard index + offset < bytes.count else { throw .incomplete }
            let byte = bytes[index + offset]
            let isDigit = byte >= Byte.zero && byte <= Byte.nine
            guard byte == pattern[offset] || ((offset == 5 || offset == 7) && isDigit) else { throw .malformed("HTTP version") }
        }
        throw .refused(.versionNotSupported)
    }
}
