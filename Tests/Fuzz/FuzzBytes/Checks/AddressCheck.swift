import Glibc
import Registry

/// What must hold for any bytes taken for an address.
enum AddressCheck {
    /// Read exactly where the C library reads it, as the same address; and as what it is spelt.
    static func address(_ bytes: Span<UInt8>) {
        let read = Address(reading: bytes)
        hold(read == independent(bytes.array), "another reading of the address")
        if let read {
            let text = read.text
            hold(Address(reading: text.span) == read, "an address is read again from how it is spelt")
        }
        guard bytes.count >= 16 else { return }
        let any = bytes.array.prefix(16).reduce(into: (UInt64(0), UInt64(0))) { $0 = ($0.0 << 8 | $0.1 >> 56, $0.1 << 8 | UInt64($1)) }
        let address = Address(high: any.0, low: any.1)
        let text = address.text
        hold(Address(reading: text.span) == address && independent(text) == address, "any address is read from how it is spelt")
    }

    static func independent(_ bytes: [UInt8]) -> Address? {
        guard !bytes.contains(0), bytes.count < 64 else { return nil }
        let text = bytes.map { CChar(bitPattern: $0) } + [0]
        var four: UInt32 = 0
        if unsafe inet_pton(AF_INET, text, &four) == 1 { return Address(ipv4: UInt32(bigEndian: four)) }
        var six: (UInt64, UInt64) = (0, 0)
        guard unsafe inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        return Address(high: UInt64(bigEndian: six.0), low: UInt64(bigEndian: six.1))
    }
}
