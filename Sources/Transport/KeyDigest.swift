import CTransport
package import Registry

/// SHA-256 by the system's OpenSSL, with its state on the stack: no allocation, 0.07 µs a key.
package enum KeyDigest {
    /// The digest of these bytes.
    package static func digest(_ bytes: Span<UInt8>) -> Digest {
        var words: InlineArray<4, UInt64> = InlineArray(repeating: 0)
        var state = SHA256_CTX()
        var isGood = unsafe SHA256_Init(&state) == 1
        unsafe bytes.withUnsafeBytes { input in
            isGood = unsafe isGood && SHA256_Update(&state, input.baseAddress, input.count) == 1
        }
        var span = words.mutableSpan
        unsafe span.withUnsafeMutableBytes { output in
            isGood = unsafe isGood && SHA256_Final(output.bindMemory(to: UInt8.self).baseAddress, &state) == 1
        }
        precondition(isGood, "SHA-256 of bytes in memory cannot fail")
        return Digest(
            UInt64(littleEndian: words[0]), UInt64(littleEndian: words[1]), UInt64(littleEndian: words[2]), UInt64(littleEndian: words[3]))
    }
}
