/// Request methods we tell apart; they are case-sensitive (RFC 9110 §9.1).
package enum Method: UInt8, Sendable {
    case get, head, post, put, delete, options, patch, trace, connect
    /// Any other token.
    case other

    /// Reads the method that stands in `slice`, already known to be a token.
    @inline(__always)
    init(_ bytes: Span<UInt8>, _ slice: Slice) {
        guard slice.count <= 8 else {
            self = .other
            return
        }
        switch Word.load(bytes, at: Int(slice.start), count: slice.count) {
        case 0x54_4547: self = .get
        case 0x4441_4548: self = .head
        case 0x5453_4f50: self = .post
        case 0x54_5550: self = .put
        case 0x4554_454c_4544: self = .delete
        case 0x53_4e4f_4954_504f: self = .options
        case 0x48_4354_4150: self = .patch
        case 0x45_4341_5254: self = .trace
        case 0x54_4345_4e4e_4f43: self = .connect
        default: self = .other
        }
    }
}
