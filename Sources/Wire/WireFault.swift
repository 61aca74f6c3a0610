/// Why a message is refused; the connection it came on is closed after the answer, for nothing behind it can be trusted to be a message.
package enum WireFault: Error {
    /// Against the grammar of RFC 9110 or 9112, or against our narrower reading of it; the text is for the log.
    case malformed(StaticString)
    /// Over `Limits.targetBytes`.
    case targetTooLong
    /// Over `Limits.headBytes`, or a trailer section over `Limits.trailerBytes`.
    case headTooLarge
    /// Over `Limits.fields`, or `Limits.trailerFields` in a trailer section.
    case tooManyFields
    /// A version other than HTTP/1.1 and HTTP/1.0.
    case versionNotSupported
    /// A transfer coding other than `chunked`.
    case codingNotImplemented
    /// An expectation other than `100-continue` (RFC 9110 §10.1.1).
    case unknownExpectation
    /// Over the limit the decoder was given.
    case bodyTooLarge
}

extension WireFault: Equatable {
    /// Equal by case: the text of `malformed` is a remark.
    package static func == (left: WireFault, right: WireFault) -> Bool {
        switch (left, right) {
        case (.malformed, .malformed), (.targetTooLong, .targetTooLong), (.headTooLarge, .headTooLarge),
            (.tooManyFields, .tooManyFields), (.versionNotSupported, .versionNotSupported),
            (.codingNotImplemented, .codingNotImplemented), (.unknownExpectation, .unknownExpectation),
            (.bodyTooLarge, .bodyTooLarge):
            true
        case (.malformed, _), (.targetTooLong, _), (.headTooLarge, _), (.tooManyFields, _), (.versionNotSupported, _),
            (.codingNotImplemented, _), (.unknownExpectation, _), (.bodyTooLarge, _):
            false
        }
    }
}
