import ControlPlane

/// An address and a port to listen on or to reach.
struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// An IPv4 or IPv6 address without brackets, or a host's name where one is allowed.
    let host: String
    let port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// `127.0.0.1:8080` or `[::1]:8080`; nil if out of form.
    init?(_ text: String) {
        guard let endpoint = Endpoint(text, allowingNames: false) else { return nil }
        self = endpoint
    }

    /// The same, and `store.example:8080` where names are allowed.
    init?(_ text: String, allowingNames: Bool) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard let port = Int(digits), (1...65_535).contains(port), String(port) == digits else { return nil }
        var host = String(text[..<colon])
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = String(host.dropFirst().dropLast()) }
        let isAddress = AddressText.address(host) != nil && isBracketed == host.contains(":")
        guard isAddress || (allowingNames && !isBracketed && Endpoint.isName(host)) else { return nil }
        self.init(host: host, port: port)
    }

    /// As it was written.
    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Where this machine reaches it: a wildcard address is for listening only.
    var reachable: Endpoint {
        switch host {
        case "0.0.0.0": Endpoint(host: "127.0.0.1", port: port)
        case "::": Endpoint(host: "::1", port: port)
        default: self
        }
    }

    /// Letters, digits, hyphens and dots, beginning with a letter (RFC 1123 §2.1, without those that look like addresses).
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 253 else { return false }
        func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
        return isLetter(first) && text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E }
    }
}
