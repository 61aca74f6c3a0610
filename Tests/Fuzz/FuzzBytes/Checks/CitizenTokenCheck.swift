import Admission
import Registry

@testable import Exchange

/// What must hold for any bytes of an Authorization field.
enum CitizenTokenCheck {
    /// Read as they came, and as the payload of a token; each time as an independent reading says, and nothing is left of the one before.
    static func authorization(_ bytes: Span<UInt8>) {
        var reader = CitizenTokenReader()
        let presented = bytes.array
        let first = reader.read(bytes)
        hold(same(first, reading(of: presented)), "another reading of the token")
        let wrapped = Array("bearer e30.".utf8) + encoded(presented) + Array(".c2ln".utf8)
        hold(same(reader.read(wrapped.span), reading(of: wrapped)), "another reading of the payload")
        hold(same(reader.read(bytes), first), "a token read before changes what the next one says")
    }

    private static func same(_ left: CitizenToken, _ right: CitizenToken) -> Bool {
        switch (left, right) {
        case (.none, .none), (.malformed, .malformed), (.opaque, .opaque): true
        case (.obtainedThrough(let left), .obtainedThrough(let right)): left == right
        default: false
        }
    }

    private static func reading(of bytes: [UInt8]) -> CitizenToken {
        let characters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=".utf8)
        let token = bytes.dropFirst(7)
        guard bytes.count <= Limits.tokenBytes, !token.isEmpty, bytes[6] == UInt8(ascii: " "),
            bytes[..<6].map({ $0 | 0x20 }) == Array("bearer".utf8), token.allSatisfy(characters.contains)
        else { return .malformed }
        let parts = token.split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let named = named(in: decoded(parts[1])) else { return .opaque }
        return .obtainedThrough(named)
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        bits(of: bytes, each: 8).chunks(of: 6).map { alphabet[number($0 + [Bool](repeating: false, count: 6 - $0.count))] }
    }

    private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        let values = text.prefix { alphabet.contains($0) }.map { UInt8(alphabet.firstIndex(of: $0) ?? 0) }
        return bits(of: values, each: 6).chunks(of: 8).filter { $0.count == 8 }.map { UInt8(number($0)) }
    }

    private static func bits(of values: [UInt8], each width: Int) -> [Bool] {
        values.flatMap { value in (0..<width).reversed().map { value >> $0 & 1 == 1 } }
    }

    private static func number(_ bits: [Bool]) -> Int { bits.reduce(0) { $0 << 1 | ($1 ? 1 : 0) } }

    /// The string behind the first `"client_id"` that has anything behind it.
    private static func named(in payload: [UInt8]) -> Identifier? {
        let claim = Array("\"client_id\"".utf8)
        guard let place = payload.indices.first(where: { payload[$0...].starts(with: claim) }) else { return nil }
        let value = payload[(place + claim.count)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ":") }
        guard value.first == UInt8(ascii: "\""), let end = value.dropFirst().firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        return Identifier(String(decoding: value[(value.startIndex + 1)..<end], as: UTF8.self))
    }
}

extension [Bool] {
    fileprivate func chunks(of size: Int) -> [[Bool]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
