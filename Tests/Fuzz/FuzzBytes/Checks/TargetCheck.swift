import Registry
import Wire

@testable import Exchange

/// What must hold for any bytes taken for a request's target.
enum TargetCheck {
    private static let routes = PlainRules.routes
    private static let table = RouteTable(routes)
    private static let parameters = routes.map { $0.parameters.map(CompiledParameter.init) }

    /// A route is found where its path stands byte for byte; what passes its query is what an obvious reading passes, in one spelling,
    /// which is its own.
    static func target(_ bytes: Span<UInt8>) {
        guard let found = find(bytes.array) else { return }
        let (route, canonical) = found
        let expected = QueryOracle.canonical(query(of: bytes.array), for: routes[route].parameters)
        hold(canonical == expected, "the query passes as the obvious reading has it")
        guard let canonical else { return }
        let path = Array(bytes.array.prefix { $0 != UInt8(ascii: "?") })
        guard path.first == UInt8(ascii: "/") else { return }
        let again = find(path + canonical)
        hold(again?.route == route && again?.canonical == canonical, "the canonical form is its own canonical form")
        let pairs = canonical.dropFirst().split(separator: UInt8(ascii: "&"))
        let reversed = Array(canonical.prefix(1)) + Array(pairs.reversed().joined(separator: [UInt8(ascii: "&")]))
        hold(find(path + reversed)?.canonical == canonical, "equal questions are equal bytes")
    }

    /// The route of the target, and its query in canonical form where it passes.
    private static func find(_ target: [UInt8]) -> (route: Int, canonical: [UInt8]?)? {
        let bytes = Array("GET ".utf8) + target + Array(" HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        var head = RequestHead()
        guard case .complete = head.parse(bytes.span) else { return nil }
        let path = Array(bytes[head.path.range])
        let match = table.match(.get, path: path.span)
        checkMatch(match, path)
        guard case .route(let route) = match else { return nil }
        var query = CanonicalQuery()
        if let flaw = query.read(bytes.span, head.query, for: parameters[route]) {
            hold(parameters[route].indices.contains(flaw.parameter), "a flaw names a parameter of the route")
            return (route, nil)
        }
        var written = ByteQueue()
        query.write(to: &written, from: bytes.span, for: parameters[route])
        return (route, written.withReadable { $0.array })
    }

    private static func checkMatch(_ match: RouteMatch, _ path: [UInt8]) {
        let named = routes.indices.filter { routes[$0].method == .get && spells(path, routes[$0].path) }
        switch match {
        case .route(let index): hold(named.contains(index), "the route's path stands there byte for byte")
        case .own, .keyed: hold(named.isEmpty && path.first == UInt8(ascii: "/"), "an answer of our own hides no route")
        case .methodNotAllowed, .none: hold(named.isEmpty, "a route that stands there is found")
        }
    }

    static func spells(_ path: [UInt8], _ pattern: String) -> Bool {
        let (theirs, ours) = (
            path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false),
            pattern.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        )
        return theirs.count == ours.count
            && zip(theirs, ours).allSatisfy { segment, wanted in
                guard wanted.first == UInt8(ascii: "{") else { return segment.elementsEqual(wanted) }
                return (1...18).contains(segment.count) && segment.allSatisfy { (0x30...0x39).contains($0) }
            }
    }

    /// As the target has it: behind the first question mark.
    private static func query(of target: [UInt8]) -> [UInt8] {
        let head = target.prefix { $0 != UInt8(ascii: " ") }
        return head.firstIndex(of: UInt8(ascii: "?")).map { Array(head[($0 + 1)...]) } ?? []
    }
}

/// The canonical form of a query, the slow way.
enum QueryOracle {
    /// `?name=value&…` sorted by name, or nil where something is wrong.
    static func canonical(_ query: [UInt8], for parameters: [Parameter]) -> [UInt8]? {
        var values: [String: String] = [:]
        for pair in query.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(decoding: pair[..<equals], as: UTF8.self)
            guard let parameter = parameters.first(where: { $0.name == name }) else { continue }
            let value = String(decoding: pair[(equals + 1)...], as: UTF8.self)
            guard values[name] == nil, let form = form(value, parameter.form) else { return nil }
            values[name] = form
        }
        guard parameters.allSatisfy({ !$0.isRequired || values[$0.name] != nil }) else { return nil }
        let pairs = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return pairs.isEmpty ? [] : Array(("?" + pairs.joined(separator: "&")).utf8)
    }

    private static func form(_ text: String, _ form: ParameterForm) -> String? {
        let digits = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        switch form {
        case .date: return isDay(text) ? text : nil
        case .digits(let least, let most): return digits && (least...most).contains(text.utf8.count) ? text : nil
        case .degrees:
            let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            let lengths = [1...3, 1...15]
            let isGood =
                text.utf8.prefix { $0 == UInt8(ascii: "-") }.count <= 1 && (1...2).contains(parts.count)
                && zip(parts, lengths).allSatisfy { part, length in
                    length.contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
                }
            return isGood ? text : nil
        case .oneOf(let words):
            let plain = decoded(text)
            return words.first { Array($0.utf8) == plain }.map { $0.replacing(" ", with: "%20") }
        }
    }

    private static func isDay(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [2, 2, 4], parts.joined().utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        let numbers = parts.compactMap { Int($0) }
        let isLeap = numbers[2].isMultiple(of: 4) && !numbers[2].isMultiple(of: 100) || numbers[2].isMultiple(of: 400)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...12).contains(numbers[1]) && (1...lengths[numbers[1] - 1]).contains(numbers[0])
    }

    private static func decoded(_ text: String) -> [UInt8] {
        var plain: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2 {
                plain.append(value)
                rest = rest.dropFirst(2)
            } else {
                plain.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return plain
    }
}
