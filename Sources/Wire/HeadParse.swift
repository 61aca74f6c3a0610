/// What parsing the front of some bytes as a head came to.
package enum HeadParse: Equatable {
    /// The head is whole and takes this many bytes, the empty line included; a body or the next message begins there.
    case complete(byteCount: Int)
    /// No fault so far, more bytes are needed.
    case incomplete
    /// No bytes to come could mend it.
    case refused(WireFault)
}

/// How a parser stops before the end of a head.
enum Halt: Error {
    case incomplete
    case refused(WireFault)

    /// The verdict on `count` bytes of which only the first `Limits.headBytes` were looked at.
    func verdict(havingRead count: Int) -> HeadParse {
        switch self {
        case .incomplete: count < Limits.headBytes ? .incomplete : .refused(.headTooLarge)
        case .refused(let fault): .refused(fault)
        }
    }

    static func malformed(_ reason: StaticString) -> Halt {
        .refused(.malformed(reason))
    }
}
