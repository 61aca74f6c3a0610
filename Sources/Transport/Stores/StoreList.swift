/// Where a core store is, as it was told: one or more hosts with their ports, all reached in the same way.
package struct StoreList: Sendable, Equatable {
    /// One host of the list.
    package struct Member: Sendable, Hashable {
        /// An address, or a name that may have several; without brackets.
        package let host: String
        /// The port.
        package let port: UInt16

        /// As a URL has it: `[::1]:8080`.
        package var text: String { host.utf8.contains(0x3A) ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    /// Over TLS.
    package let isSecure: Bool
    /// At least one.
    package let members: [Member]

    /// What `Host` says where nobody says otherwise: the first member.
    package var authority: String { members[0].text }

    /// Reads `host:port`, `http://host:port` or `https://host:port`, or several of one kind with commas between them.
    package init(_ text: String) throws {
        var members: [Member] = []
        var schemes: Set<Bool> = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let (member, isSecure) = try StoreList.read(item.trimmingPrefix(" "))
            guard !members.contains(member) else { throw Fault(text: item, expected: "each address once") }
            members.append(member)
            schemes.insert(isSecure)
        }
        guard schemes.count == 1 else { throw Fault(text: text[...], expected: "either http or https for all addresses of a core store") }
        isSecure = schemes.contains(true)
        self.members = members
    }

    private static func read(_ item: Substring) throws -> (Member, isSecure: Bool) {
        let expected = "HOST:PORT, http://HOST:PORT or https://HOST:PORT"
        let isSecure = item.hasPrefix("https://")
        let hasScheme = isSecure || item.hasPrefix("http://")
        var rest = hasScheme ? item.dropFirst(isSecure ? 8 : 7) : item
        if hasScheme, rest.hasSuffix("/") { rest.removeLast() }
        var port: UInt16? = hasScheme ? (isSecure ? 443 : 80) : nil
        var host = rest
        if let colon = rest.lastIndex(of: ":"), !rest.hasSuffix("]") {
            port = UInt16(rest[rest.index(after: colon)...])
            host = rest[..<colon]
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        let isHost = !host.isEmpty && host.utf8.allSatisfy { isHostByte($0, isBracketed: isBracketed) }
        guard let port, port > 0, isHost else { throw Fault(text: item, expected: expected) }
        return (Member(host: String(host), port: port), isSecure)
    }

    private static func isHostByte(_ byte: UInt8, isBracketed: Bool) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        case 0x3A: isBracketed
        default: false
        }
    }

    /// Why a text names no core store.
    package struct Fault: Error, CustomStringConvertible {
        let text: Substring
        let expected: String

        /// In words.
        package var description: String { "'\(text)' is no place of a core store: expected \(expected)" }
    }
}
