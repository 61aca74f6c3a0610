import Admission
import Registry
import Wire

/// Reads which application a citizen's token names, without believing it: the claim `client_id` (RFC 9068 §2.2) of the token's payload.
/// A token that names another application is refused here; one that names the caller, or nobody, goes on to the core store, which
/// alone holds the key to verify it. So nothing is gained by forging the claim, and no signature is checked on this path.
struct CitizenTokenReader {
    private var payload: [UInt8] = []
    /// The token read last, whole: what stands for a citizen whose token names none.
    private var token: [UInt8] = []
    private static let scheme = Array("bearer".utf8)
    private static let claim = Array("\"client_id\"".utf8)
    private static let accountClaims = [Array("\"sub\"".utf8), Array("\"user_id\"".utf8)]

    init() {
        payload.reserveCapacity(Limits.tokenBytes)
        token.reserveCapacity(Limits.tokenBytes)
    }

    /// What the value of an Authorization field says.
    mutating func read(_ value: Span<UInt8>) -> CitizenToken {
        payload.removeAll(keepingCapacity: true)
        token.removeAll(keepingCapacity: true)
        let scheme = CitizenTokenReader.scheme
        guard value.count > scheme.count + 1, value.count <= Limits.tokenBytes, value[scheme.count] == 0x20 else { return .malformed }
        for index in 0..<scheme.count where value[index] | 0x20 != scheme[index] { return .malformed }
        let token = value.extracting((scheme.count + 1)...)
        guard CitizenTokenReader.isToken68(token) else { return .malformed }
        keep(token)
        guard let first = CitizenTokenReader.position(of: 0x2E, in: token, from: 0),
            let second = CitizenTokenReader.position(of: 0x2E, in: token, from: first + 1)
        else { return .opaque }
        decode(token.extracting(first + 1..<second))
        return application().map { .obtainedThrough($0) } ?? .opaque
    }

    /// RFC 6750 §2.1's b64token.
    private static func isToken68(_ token: Span<UInt8>) -> Bool {
        for index in 0..<token.count {
            switch token[index] {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x2B, 0x2F, 0x3D: continue
            default: return false
            }
        }
        return true
    }

    private static func position(of byte: UInt8, in text: Span<UInt8>, from start: Int) -> Int? {
        for index in start..<text.count where text[index] == byte { return index }
        return nil
    }

    /// Base64url (RFC 4648 §5) into `payload`; stops at the first character that is not of it.
    private mutating func decode(_ text: Span<UInt8>) {
        payload.removeAll(keepingCapacity: true)
        var bits: UInt32 = 0
        var count = 0
        for index in 0..<text.count {
            guard let value = CitizenTokenReader.sextet(text[index]) else { return }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                payload.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
    }

    private static func sextet(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5A: UInt32(byte - 0x41)
        case 0x61...0x7A: UInt32(byte - 0x61 + 26)
        case 0x30...0x39: UInt32(byte - 0x30 + 52)
        case 0x2D: 62
        case 0x5F: 63
        default: nil
        }
    }

    private func application() -> Identifier? {
        guard let found = string(of: CitizenTokenReader.claim) else { return nil }
        return Identifier(payload.span.extracting(found))
    }

    /// The citizen of the token read last: its account, where it says one (`sub` of RFC 7519 §4.1.2, CoWIN's `user_id`), else the token itself.
    func withCitizen<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        for claim in CitizenTokenReader.accountClaims {
            if let found = string(of: claim), !found.isEmpty { return body(payload.span.extracting(found)) }
        }
        return body(token.span)
    }

    private mutating func keep(_ text: Span<UInt8>) {
        token.removeAll(keepingCapacity: true)
        for index in 0..<text.count { token.append(text[index]) }
    }

    /// Where in the payload the string of a claim lies, given in its quotes.
    private func string(of claim: [UInt8]) -> Range<Int>? {
        let bytes = payload.span
        var start = 0
        while start + claim.count < bytes.count {
            if bytes[start] == claim[0], RouteTable.begins(bytes.extracting(start...), with: claim) {
                return CitizenTokenReader.string(bytes, after: start + claim.count)
            }
            start += 1
        }
        return nil
    }

    /// The string behind a colon.
    private static func string(_ bytes: Span<UInt8>, after end: Int) -> Range<Int>? {
        var index = end
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x3A { index += 1 }
        guard index < bytes.count, bytes[index] == 0x22, let close = position(of: 0x22, in: bytes, from: index + 1) else { return nil }
        return index + 1..<close
    }
}
