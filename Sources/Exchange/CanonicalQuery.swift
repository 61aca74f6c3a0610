import Admission
import Registry
import Wire

/// A route's parameters as asked for, each checked: written in the order of their names, so that equal questions are equal bytes
/// whatever their spelling. Parameters the route does not have are left out.
struct CanonicalQuery {
    /// Where each parameter's value stands; empty where it was not given.
    private var values = InlineArray<8, Slice>(repeating: Slice())
    /// For a word out of a list: which one, else −1.
    private var words = InlineArray<8, Int8>(repeating: -1)

    /// Which parameter is wrong, and how.
    struct Flaw {
        var parameter: Int
        var fault: ParameterFault
    }

    /// Reads the query between the slice's ends.
    mutating func read(_ bytes: Span<UInt8>, _ query: Slice, for parameters: [CompiledParameter]) -> Flaw? {
        for index in 0..<parameters.count {
            values[index] = Slice()
            words[index] = -1
        }
        var start = Int(query.start)
        while start < Int(query.end) {
            var end = start
            var equals = -1
            while end < Int(query.end), bytes[end] != 0x26 {
                if bytes[end] == 0x3D, equals < 0 { equals = end }
                end += 1
            }
            if equals >= 0, let flaw = take(bytes, name: start..<equals, value: equals + 1..<end, for: parameters) { return flaw }
            start = end + 1
        }
        for index in 0..<parameters.count where parameters[index].isRequired && values[index].isEmpty {
            return Flaw(parameter: index, fault: .missing)
        }
        return nil
    }

    /// Takes one pair if it is one of the route's.
    private mutating func take(
        _ bytes: Span<UInt8>, name: Range<Int>, value: Range<Int>, for parameters: [CompiledParameter]
    ) -> Flaw? {
        for index in 0..<parameters.count where RouteTable.equal(bytes.extracting(name), parameters[index].name) {
            guard values[index].isEmpty else { return Flaw(parameter: index, fault: .repeated) }
            values[index] = Slice(start: Int32(value.lowerBound), end: Int32(value.upperBound))
            let isGood = accepts(bytes.extracting(value), for: parameters[index], at: index)
            return isGood ? nil : Flaw(parameter: index, fault: .outOfForm)
        }
        return nil
    }

    private mutating func accepts(_ value: Span<UInt8>, for parameter: CompiledParameter, at index: Int) -> Bool {
        switch parameter.form {
        case .date: return ParameterCheck.isDate(value)
        case .digits(let least, let most): return (least...most).contains(value.count) && ParameterCheck.isDigits(value)
        case .degrees: return ParameterCheck.isDegrees(value)
        case .oneOf:
            let word = ParameterCheck.word(value, among: parameter.plainWords)
            words[index] = Int8(word)
            return word >= 0
        }
    }

    /// Writes `?name=value&…`, or nothing where no parameter was given.
    func write(to queue: inout ByteQueue, from bytes: Span<UInt8>, for parameters: [CompiledParameter]) {
        var separator: UInt8 = 0x3F
        for index in 0..<parameters.count where !values[index].isEmpty {
            queue.append(separator)
            separator = 0x26
            queue.append(parameters[index].name)
            queue.append(0x3D as UInt8)
            if words[index] >= 0 {
                queue.append(parameters[index].encodedWords[Int(words[index])])
            } else {
                queue.append(bytes, values[index])
            }
        }
    }
}

/// A parameter with its words made ready for comparing and writing.
struct CompiledParameter: Sendable {
    var name: [UInt8]
    var form: ParameterForm
    var isRequired: Bool
    var plainWords: [[UInt8]] = []
    var encodedWords: [[UInt8]] = []

    init(_ parameter: Parameter) {
        name = Array(parameter.name.utf8)
        form = parameter.form
        isRequired = parameter.isRequired
        if case .oneOf(let words) = parameter.form {
            plainWords = words.map { Array($0.utf8) }
            encodedWords = plainWords.map { $0.flatMap { ParameterCheck.percentEncoded($0) } }
        }
    }
}

/// The strict forms of parameter values.
enum ParameterCheck {
    static func isDigits(_ text: Span<UInt8>) -> Bool {
        for index in 0..<text.count where !(0x30...0x39).contains(text[index]) { return false }
        return !text.isEmpty
    }

    /// DD-MM-YYYY and a day that exists.
    static func isDate(_ text: Span<UInt8>) -> Bool {
        guard text.count == 10, text[2] == 0x2D, text[5] == 0x2D, isDigits(text.extracting(0..<2)), isDigits(text.extracting(3..<5)),
            isDigits(text.extracting(6..<10))
        else { return false }
        func number(_ range: Range<Int>) -> Int {
            var value = 0
            for index in range { value = value * 10 + Int(text[index] - 0x30) }
            return value
        }
        let (day, month, year) = (number(0..<2), number(3..<5), number(6..<10))
        guard (1...12).contains(month), day >= 1 else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = month == 2 ? (isLeap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
        return day <= days
    }

    /// An optional minus, 1 to 3 digits, optionally a point and 1 to 15 digits.
    static func isDegrees(_ text: Span<UInt8>) -> Bool {
        var index = 0
        if !text.isEmpty, text[0] == 0x2D { index = 1 }
        let whole = digits(text, from: index)
        guard (1...3).contains(whole) else { return false }
        index += whole
        guard index < text.count else { return true }
        guard text[index] == 0x2E else { return false }
        let fraction = digits(text, from: index + 1)
        return (1...15).contains(fraction) && index + 1 + fraction == text.count
    }

    private static func digits(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < text.count, (0x30...0x39).contains(text[index]) { index += 1 }
        return index - start
    }

    /// Which of the words the percent-encoded text spells ("+" is a blank, as forms write it), or −1.
    static func word(_ text: Span<UInt8>, among words: [[UInt8]]) -> Int {
        for (position, word) in words.enumerated() where spells(text, word) { return position }
        return -1
    }

    private static func spells(_ text: Span<UInt8>, _ word: [UInt8]) -> Bool {
        var (read, matched) = (0, 0)
        while read < text.count {
            var byte = text[read]
            var width = 1
            if byte == 0x25, read + 2 < text.count, let high = hex(text[read + 1]), let low = hex(text[read + 2]) {
                byte = high << 4 | low
                width = 3
            } else if byte == 0x2B {
                byte = 0x20
            }
            guard matched < word.count, word[matched] == byte else { return false }
            matched += 1
            read += width
        }
        return matched == word.count
    }

    static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// Unreserved characters as they are, the rest as %XX (RFC 3986 §2).
    static func percentEncoded(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: [byte]
        default: [0x25, digit(byte >> 4), digit(byte & 15)]
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x41 + value - 10 }
}
