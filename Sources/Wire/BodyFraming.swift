/// How the end of a message's body is known (RFC 9112 §6.3).
package enum BodyFraming: Equatable, Sendable {
    /// There is no body.
    case none
    /// This many bytes follow the head.
    case length(UInt64)
    /// Chunks follow, the last one of size zero.
    case chunked
    /// Everything up to the end of the connection; responses only.
    case untilClose
}
