import Registry
import Wire

/// What must hold for any bytes before a connection's first, where a balancer puts a PROXY header there.
enum ProxyHeaderCheck {
    private static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    /// As they came, and behind the signature, so that what lies behind it is reached.
    static func header(_ bytes: Span<UInt8>) {
        check(bytes.array)
        check(signature + bytes.array)
    }

    /// The verdict is one an obvious reading comes to, and no verdict is ever taken back as more bytes come.
    private static func check(_ bytes: [UInt8]) {
        let verdict = ProxyHeader.read(bytes.span)
        hold(verdict == reading(bytes), "another reading of the PROXY header")
        var verdicts = (0...min(bytes.count, 600)).map { ProxyHeader.read(Array(bytes[..<$0]).span) }
        verdicts.removeAll { $0 == .incomplete }
        hold(verdicts.allSatisfy { $0 == verdict }, "a verdict that changes as bytes come")
        switch verdict {
        case .own(let byteCount), .client(_, let byteCount):
            hold(byteCount <= bytes.count && byteCount <= Limits.proxyHeaderBytes, "only what is there is taken")
            hold(verdicts.count == min(bytes.count, 600) - byteCount + 1 || bytes.count > 600, "it is read once it is whole")
        case .incomplete: hold(bytes.count < Limits.proxyHeaderBytes, "waiting has an end")
        case .refused: break
        }
    }

    private static func reading(_ bytes: [UInt8]) -> ProxyHeader {
        guard bytes.prefix(12) == signature.prefix(bytes.count) else { return .refused }
        guard bytes.count > 12 else { return .incomplete }
        guard bytes[12] >> 4 == 2, bytes[12] & 15 <= 1 else { return .refused }
        guard bytes.count >= 16 else { return .incomplete }
        let length = Int(bytes[14]) * 256 + Int(bytes[15])
        let needed = bytes[12] & 15 == 0 ? 0 : [0x00: 0, 0x11: 12, 0x21: 36, 0x31: 216][bytes[13]] ?? 65_536
        guard 16 + length <= Limits.proxyHeaderBytes, length >= needed else { return .refused }
        guard bytes.count >= 16 + length else { return .incomplete }
        guard bytes[12] & 15 == 1 else { return .own(byteCount: 16 + length) }
        func number(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        switch bytes[13] {
        case 0x11: return .client(Address(ipv4: UInt32(number(16..<20))), byteCount: 16 + length)
        case 0x21: return .client(Address(high: number(16..<24), low: number(24..<32)), byteCount: 16 + length)
        default: return .own(byteCount: 16 + length)
        }
    }
}
