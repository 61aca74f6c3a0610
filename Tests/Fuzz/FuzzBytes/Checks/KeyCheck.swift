import Registry

/// What must hold for any bytes presented as a key.
enum KeyCheck {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// Exactly what an independent reading accepts is accepted; a key made from these bytes is, and no neighbour of it.
    static func key(_ bytes: Span<UInt8>) {
        let presented = bytes.array
        hold(KeyForm.read(bytes) == reading(of: presented), "another reading of the key")
        made(from: presented)
    }

    /// The bytes are the randomness of a key, and say where it is then misspelt, and how.
    private static func made(from bytes: [UInt8]) {
        var source = Draw(bytes)
        let environment = Environment.allCases[source.next(below: 2)]
        let key = Array(KeyForm.make(environment, using: &source).utf8)
        hold(KeyForm.read(key.span) == .wellFormed(environment) && reading(of: key) == .wellFormed(environment), "a key of ours")
        var mistyped = key
        let place = source.next(below: key.count)
        switch source.next(below: 4) {
        case 0: mistyped[place] = UInt8(source.next(below: 256))
        case 1: mistyped.remove(at: place)
        case 2: mistyped.insert(alphabet[source.next(below: 62)], at: place)
        default: if place + 1 < key.count { mistyped.swapAt(place, place + 1) }
        }
        guard mistyped != key else { return }
        let verdict = KeyForm.read(mistyped.span)
        hold(verdict == .mistyped || verdict == .foreign, "a slip of one character is seen")
    }

    /// The form spelt out: prefix, base62 digits, and a CRC-32 reckoned bit by bit.
    private static func reading(of key: [UInt8]) -> KeyForm.Reading {
        guard key.starts(with: Array("pgw_".utf8)) else { return .foreign }
        for environment in Environment.allCases {
            let prefix = Array("pgw_\(environment.name)_".utf8)
            guard key.starts(with: prefix), key.count == prefix.count + 49 else { continue }
            let digits = key.dropFirst(prefix.count).map { alphabet.firstIndex(of: $0) }
            guard !digits.contains(nil) else { continue }
            let stated = digits.suffix(6).reduce(UInt64(0)) { $0 * 62 + UInt64($1 ?? 0) }
            if stated == UInt64(checksum(key.dropLast(6))) { return .wellFormed(environment) }
        }
        return .mistyped
    }

    private static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var register = UInt32.max
        for byte in bytes {
            register ^= UInt32(byte)
            for _ in 0..<8 { register = register & 1 == 1 ? register >> 1 ^ 0xEDB8_8320 : register >> 1 }
        }
        return ~register
    }
}

/// Choices taken from an input, and from a counter once it is used up: `Int.random` asks a source that repeats itself for ever.
struct Draw: RandomNumberGenerator {
    private var rest: ArraySlice<UInt8>
    private var counter: UInt64 = 0

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func next() -> UInt64 {
        defer { rest = rest.dropFirst(8) }
        counter &+= 0x9E37_79B9_7F4A_7C15
        return rest.prefix(8).reduce(counter) { $0 &* 0x0000_0100_0000_01B3 ^ UInt64($1) }
    }

    mutating func next(below bound: Int) -> Int {
        defer { rest = rest.dropFirst() }
        return Int(rest.first ?? 0) % bound
    }
}
