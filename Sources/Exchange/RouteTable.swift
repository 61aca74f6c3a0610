import Admission
import Registry
import Wire

/// What a request line names.
enum RouteMatch {
    /// A route, by its index in the policy.
    case route(Int)
    /// An answer of the gateway's own.
    case own(OwnPage)
    /// The same, about the application that asks.
    case keyed(KeyedPage)
    /// The path exists, the method does not; the methods it has.
    case methodNotAllowed(MethodSet)
    /// Nothing of that name.
    case none
}

/// Answers the gateway gives itself, without a key.
enum OwnPage {
    case alive, ready, problems
}

/// Answers about an application, to whoever has its key.
enum KeyedPage {
    case limits, decision
}

/// Finds a route by the exact bytes of its path: one hash, one comparison; templates (`/{state_id}`) are few and looked at last.
struct RouteTable: Sendable {
    private struct Entry: Sendable {
        var before: [UInt8]
        var after: [UInt8]
        var isTemplate: Bool
        /// By `RouteMethod.rawValue`; −1 where the path has no such method.
        var routes: [Int]

        var allowed: MethodSet {
            var methods = MethodSet()
            for method in RouteMethod.allCases where routes[Int(method.rawValue)] >= 0 { methods.insert(method) }
            return methods
        }
    }

    private var entries: [Entry] = []
    private var slots: [Int32] = []
    private var templates: [Int] = []

    private static let alive = Array("/livez".utf8)
    private static let ready = Array("/readyz".utf8)
    private static let problems = Array("/problems/".utf8)
    private static let limits = Array("/limits".utf8)
    private static let decisions = Array(OwnText.decisionsPath.utf8)

    init(_ routes: [Route]) {
        var known: [String: Int] = [:]
        for (index, route) in routes.enumerated() {
            let position = known[route.path] ?? entries.count
            if position == entries.count {
                known[route.path] = position
                entries.append(RouteTable.entry(route.path))
            }
            entries[position].routes[Int(route.method.rawValue)] = index
        }
        var size = 64
        while size < entries.count * 4 { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
        for (index, entry) in entries.enumerated() {
            if entry.isTemplate {
                templates.append(index)
                continue
            }
            var slot = RouteTable.hash(entry.before.span) & (size - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = Int32(index)
        }
    }

    func match(_ method: Method, path: Span<UInt8>) -> RouteMatch {
        var slot = RouteTable.hash(path) & (slots.count - 1)
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            if RouteTable.equal(path, entries[index].before) { return match(method, in: index) }
            slot = (slot + 1) & (slots.count - 1)
        }
        for index in templates where matches(path, template: index) { return match(method, in: index) }
        return ownMatch(method, path: path)
    }

    private func match(_ method: Method, in index: Int) -> RouteMatch {
        guard let named = RouteTable.routeMethod(method) else { return .methodNotAllowed(entries[index].allowed) }
        let route = entries[index].routes[Int(named.rawValue)]
        return route >= 0 ? .route(route) : .methodNotAllowed(entries[index].allowed)
    }

    private func matches(_ path: Span<UInt8>, template index: Int) -> Bool {
        let (before, after) = (entries[index].before, entries[index].after)
        let digits = path.count - before.count - after.count
        guard (1...18).contains(digits) else { return false }
        for offset in 0..<before.count where path[offset] != before[offset] { return false }
        for offset in 0..<after.count where path[path.count - after.count + offset] != after[offset] { return false }
        for offset in before.count..<before.count + digits where !(0x30...0x39).contains(path[offset]) { return false }
        return true
    }

    private func ownMatch(_ method: Method, path: Span<UInt8>) -> RouteMatch {
        let page: RouteMatch
        if RouteTable.equal(path, RouteTable.alive) {
            page = .own(.alive)
        } else if RouteTable.equal(path, RouteTable.ready) {
            page = .own(.ready)
        } else if RouteTable.begins(path, with: RouteTable.problems) {
            page = .own(.problems)
        } else if RouteTable.equal(path, RouteTable.limits) {
            page = .keyed(.limits)
        } else if RouteTable.begins(path, with: RouteTable.decisions) {
            page = .keyed(.decision)
        } else {
            return .none
        }
        guard method == .get || method == .head else { return .methodNotAllowed(MethodSet(rawValue: 1 << RouteMethod.get.rawValue)) }
        return page
    }

    private static func entry(_ path: String) -> Entry {
        let none = [Int](repeating: -1, count: RouteMethod.allCases.count)
        guard let open = path.firstIndex(of: "{"), let close = path.firstIndex(of: "}"), open < close else {
            return Entry(before: Array(path.utf8), after: [], isTemplate: false, routes: none)
        }
        let after = path[path.index(after: close)...]
        return Entry(before: Array(path[..<open].utf8), after: Array(after.utf8), isTemplate: true, routes: none)
    }

    private static func routeMethod(_ method: Method) -> RouteMethod? {
        switch method {
        case .get, .head: .get
        case .post: .post
        case .put: .put
        case .delete: .delete
        case .patch: .patch
        case .options, .trace, .connect, .other: nil
        }
    }

    /// FNV-1a over the length and the last twelve bytes: where routes differ. The whole path is compared afterwards.
    private static func hash(_ path: Span<UInt8>) -> Int {
        var value = 0x811C_9DC5 ^ UInt32(truncatingIfNeeded: path.count)
        for index in max(0, path.count - 12)..<path.count { value = (value ^ UInt32(path[index])) &* 0x0100_0193 }
        return Int(value ^ value >> 15)
    }

    static func begins(_ bytes: Span<UInt8>, with prefix: [UInt8]) -> Bool {
        guard bytes.count >= prefix.count else { return false }
        for index in 0..<prefix.count where bytes[index] != prefix[index] { return false }
        return true
    }

    static func equal(_ bytes: Span<UInt8>, _ other: [UInt8]) -> Bool {
        bytes.count == other.count && begins(bytes, with: other)
    }
}
