import Foundation

/// A JSON value that keeps apart what JSON keeps apart, so that a number is never taken for a string.
indirect enum JSON: Decodable, Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case decimal(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let integer = try? value.decode(Int.self) {
            self = .integer(integer)
        } else if let decimal = try? value.decode(Double.self) {
            self = .decimal(decimal)
        } else if let string = try? value.decode(String.self) {
            self = .string(string)
        } else if let array = try? value.decode([JSON].self) {
            self = .array(array)
        } else {
            self = .object(try value.decode([String: JSON].self))
        }
    }

    init(_ bytes: [UInt8]) throws { self = try JSONDecoder().decode(JSON.self, from: Data(bytes)) }

    subscript(name: String) -> JSON? {
        guard case .object(let fields) = self else { return nil }
        return fields[name]
    }

    var string: String? {
        guard case .string(let string) = self else { return nil }
        return string
    }

    var integer: Int? {
        guard case .integer(let integer) = self else { return nil }
        return integer
    }

    var number: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .decimal(let decimal): decimal
        default: nil
        }
    }

    var array: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}

/// What a value must look like; an object has its required fields, perhaps its optional ones, and no others.
indirect enum Shape: Sendable {
    case integer
    case number
    case string
    case matching(String)
    case array(Shape)
    case object([String: Shape], optional: [String: Shape] = [:])

    static let uuid = matching("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
    static let date = matching("^[0-9]{2}-[0-9]{2}-[0-9]{4}$")
    static let time = matching("^[0-9]{2}:[0-9]{2}:[0-9]{2}$")
    static let rupees = matching("^[0-9]+$")
    static let slot = matching("^[0-9]{2}:00(AM|PM)-[0-9]{2}:00(AM|PM)$")

    /// Every way a value differs from this shape, by path.
    func faults(in value: JSON?, at path: String = "$") -> [String] {
        switch (self, value) {
        case (_, nil): ["\(path) is missing"]
        case (.integer, .integer), (.number, .integer), (.number, .decimal), (.string, .string): []
        case (.matching(let pattern), .string(let text)):
            text.range(of: pattern, options: .regularExpression) == nil ? ["\(path) is \(text)"] : []
        case (.array(let element), .array(let values)):
            values.enumerated().flatMap { element.faults(in: $0.element, at: "\(path)[\($0.offset)]") }
        case (.object(let required, let optional), .object(let fields)):
            required.flatMap { $0.value.faults(in: fields[$0.key], at: "\(path).\($0.key)") }
                + optional.flatMap { fields[$0.key] == nil ? [] : $0.value.faults(in: fields[$0.key], at: "\(path).\($0.key)") }
                + fields.keys.filter { required[$0] == nil && optional[$0] == nil }.map { "\(path).\($0) is not in the contract" }
        default: ["\(path) has another type"]
        }
    }
}
