/// Finds an object's members whose values are text, in JSON that may be cut off or broken anywhere: it looks, and validates nothing.
struct JSONMembers {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Of the outermost object, or of each object in the outermost list, in order.
    func texts() -> [(name: String, text: String)] {
        var scanner = self
        return scanner.scan()
    }

    private mutating func scan() -> [(name: String, text: String)] {
        var found: [(name: String, text: String)] = []
        var (depth, outermost) = (0, 1)
        while let byte = next() {
            switch byte {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "["):
                if depth == 0 { outermost = 2 }
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""):
                let name = text()
                guard depth == outermost, skipBlanks() == UInt8(ascii: ":") else { continue }
                place += 1
                guard skipBlanks() == UInt8(ascii: "\"") else { continue }
                place += 1
                found.append((name, text()))
            default: continue
            }
        }
        return found
    }

    private mutating func next() -> UInt8? {
        guard place < bytes.count else { return nil }
        defer { place += 1 }
        return bytes[place]
    }

    /// The byte after blanks, which is not taken.
    private mutating func skipBlanks() -> UInt8? {
        while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
        return place < bytes.count ? bytes[place] : nil
    }

    /// What stands before the closing quote, which is taken, or before the end.
    private mutating func text() -> String {
        var decoded: [UInt8] = []
        while let byte = next(), byte != UInt8(ascii: "\"") {
            guard byte == UInt8(ascii: "\\") else {
                decoded.append(byte)
                continue
            }
            guard let escaped = next() else { break }
            switch escaped {
            case UInt8(ascii: "u"): decoded += Array(String(escapedScalar()).utf8)
            case UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): decoded.append(0x20)
            default: decoded.append(escaped)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// Of four hexadecimal digits; half of a pair, or fewer digits, are a sign that stands for what cannot be read.
    private mutating func escapedScalar() -> Unicode.Scalar {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard place < bytes.count, let digit = Character(Unicode.Scalar(bytes[place])).hexDigitValue else { return "\u{FFFD}" }
            value = value << 4 | UInt32(digit)
            place += 1
        }
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }
}
