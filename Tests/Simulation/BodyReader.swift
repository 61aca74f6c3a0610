/// Reads a body by its framing, a piece at a time; strict, and nothing to do with the gateway's own reader.
struct BodyReader {
    enum Framing { case none, length(Int), chunked, untilClose }

    private enum Place { case counted, size, sizeLineFeed, data, dataReturn, dataLineFeed, last, lastLineFeed, untilClose, done }

    private var place: Place
    private var left = 0
    private var digits = 0
    private(set) var payload = 0
    private(set) var isBroken = false

    init(_ framing: Framing) {
        switch framing {
        case .none: place = .done
        case .length(let length):
            place = length == 0 ? .done : .counted
            left = length
        case .chunked: place = .size
        case .untilClose: place = .untilClose
        }
    }

    var isDone: Bool { place == .done }
    var endsAtClose: Bool { place == .untilClose }

    /// The next run of payload from `index` on, which moves behind it; empty where there is none.
    mutating func next(_ bytes: [UInt8], _ index: inout Int) -> Range<Int> {
        while index < bytes.count, !isBroken {
            switch place {
            case .done: return index..<index
            case .counted, .data, .untilClose:
                let run = place == .untilClose ? bytes.count - index : min(left, bytes.count - index)
                let range = index..<index + run
                index += run
                payload += run
                left -= place == .untilClose ? 0 : run
                if left == 0, place != .untilClose { place = place == .counted ? .done : .dataReturn }
                return range
            case .size, .sizeLineFeed, .dataReturn, .dataLineFeed, .last, .lastLineFeed:
                step(bytes[index])
                index += 1
            }
        }
        return index..<index
    }

    private mutating func step(_ byte: UInt8) {
        switch (place, byte) {
        case (.size, 0x30...0x39): grow(Int(byte) - 0x30)
        case (.size, 0x61...0x66): grow(Int(byte) - 0x57)
        case (.size, 0x41...0x46): grow(Int(byte) - 0x37)
        case (.size, 0x0D) where digits > 0: place = .sizeLineFeed
        case (.sizeLineFeed, 0x0A):
            place = left == 0 ? .last : .data
            digits = 0
        case (.dataReturn, 0x0D): place = .dataLineFeed
        case (.dataLineFeed, 0x0A): place = .size
        case (.last, 0x0D): place = .lastLineFeed
        case (.lastLineFeed, 0x0A): place = .done
        default: isBroken = true
        }
    }

    private mutating func grow(_ digit: Int) {
        left = left * 16 + digit
        digits += 1
        if digits > 8 { isBroken = true }
    }
}
