/// Every limit of the codec, with its unit in its name.
package enum Limits {
    /// A whole head, from its first byte to the empty line: what common proxies take, and a bound on what an unknown caller may make us hold.
    package static let headBytes = 16_384

    /// The request target: RFC 9112 §3 recommends at least 8,000; our longest route with its query is under 300.
    package static let targetBytes = 8_192

    /// The first word of a head, a method: the longest registered one has 17 letters.
    package static let methodBytes = 32

    /// Field lines in a head: partners send 10 to 30; each costs 20 bytes of a loop's table.
    package static let fields = 100

    /// The host and port of a request: a DNS name has at most 253 bytes, a port 5, with room for a colon and a dot.
    package static let authorityBytes = 260

    /// Extensions of one chunk: nothing we serve gives them a meaning, and unbounded they are a way to send bytes that no body limit counts.
    package static let chunkExtensionBytes = 256

    /// Digits of a chunk size: 16 hold every 64-bit number, more could only be zeros in front.
    package static let chunkSizeDigits = 16

    /// A trailer section: dropped after it was checked, so a bound on work, not on memory.
    package static let trailerBytes = 4_096

    /// Fields in a trailer section, for the same reason.
    package static let trailerFields = 20

    /// A PROXY header with all its extras: the specification has senders keep it within a minimal TCP segment.
    package static let proxyHeaderBytes = 536
}
