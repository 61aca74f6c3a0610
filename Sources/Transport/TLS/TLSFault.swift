import CTransport
import Glibc

/// What OpenSSL would not do, in a sentence.
package struct TLSFault: Error, CustomStringConvertible {
    /// The sentence for people.
    package var description: String

    init(_ description: String) { self.description = description }

    /// What was being done, and why it failed by this thread's error queue, which is empty after it.
    init(doing: String) { description = "\(doing): \(TLSFault.reasons() ?? "OpenSSL gives no reason")" }

    /// The reasons in this thread's error queue, the first one first, and empties it; nil where there are none.
    static func reasons() -> String? {
        var reasons: [String] = []
        while case let code = ERR_get_error(), code != 0 {
            let reason = reason(code)
            if reasons.last != reason { reasons.append(reason) }
        }
        return reasons.isEmpty ? nil : reasons.joined(separator: ", ")
    }

    /// OpenSSL's word for one of its own, the system's for one of the system's, which bit 31 tells.
    private static func reason(_ code: UInt) -> String {
        if code & 1 << 31 != 0 { return unsafe String(cString: strerror(Int32(truncatingIfNeeded: code & 0x7FFF_FFFF))) }
        return unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) } ?? "error \(String(code, radix: 16))"
    }
}
