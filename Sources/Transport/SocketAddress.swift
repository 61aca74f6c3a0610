import CTransport
import Glibc
package import Registry

/// Where to listen or connect: a numeric address with its port, ready for the system.
package struct SocketAddress: Hashable, Sendable {
    /// The address in the registry's form.
    package let address: Address
    /// The port.
    package let port: UInt16
    private let isIPv4: Bool

    private init(address: Address, port: UInt16, isIPv4: Bool) {
        self.address = address
        self.port = port
        self.isIPv4 = isIPv4
    }

    /// Resolves `HOST:PORT` (`[::1]:8080` for IPv6; a name gives its first address).
    package static func resolve(_ text: String) throws -> SocketAddress {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw SystemFault("\(text) is not HOST:PORT", number: EINVAL)
        }
        let host = text[..<colon].trimmingBrackets()
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let outcome = unsafe getaddrinfo(host, nil, &hints, &list)
        guard outcome == 0, let first = unsafe list else {
            throw SystemFault("resolve \(host): \(unsafe String(cString: gai_strerror(outcome)))", number: ENOENT)
        }
        defer { unsafe freeaddrinfo(list) }
        let storage = unsafe first.pointee.ai_addr
        guard let storage = unsafe storage, let found = unsafe SocketAddress(reading: storage, port: port) else {
            throw SystemFault("resolve \(host)", number: EAFNOSUPPORT)
        }
        return found
    }

    /// An address with its port.
    package init(_ address: Address, port: UInt16) { self.init(address: address, port: port, isIPv4: address.ipv4 != nil) }

    /// The address that a text is, without asking anybody; nil for a name.
    package static func numeric(_ host: String) -> Address? { look(up: host, flags: AI_NUMERICHOST).first }

    /// All addresses of a name; nil where it has none or nobody can say. It may take as long as the system's resolver waits.
    package static func addresses(of host: String) -> [Address]? {
        let found = look(up: host, flags: AI_ADDRCONFIG)
        return found.isEmpty ? nil : found
    }

    private static func look(up host: String, flags: Int32) -> [Address] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = flags
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { unsafe freeaddrinfo(list) }
        var found: [Address] = []
        var item = unsafe list
        while let current = unsafe item {
            if let storage = unsafe current.pointee.ai_addr, let place = unsafe SocketAddress(reading: storage),
                !found.contains(place.address)
            {
                found.append(place.address)
            }
            unsafe item = current.pointee.ai_next
        }
        return found
    }

    /// Reads a socket's address; nil for families other than IP.
    init?(reading storage: UnsafePointer<sockaddr>, port given: UInt16? = nil) {
        switch Int32(unsafe storage.pointee.sa_family) {
        case AF_INET:
            let internet = unsafe UnsafeRawPointer(storage).loadUnaligned(as: sockaddr_in.self)
            self.init(
                address: Address(ipv4: UInt32(bigEndian: internet.sin_addr.s_addr)), port: given ?? UInt16(bigEndian: internet.sin_port),
                isIPv4: true)
        case AF_INET6:
            let internet = unsafe UnsafeRawPointer(storage).loadUnaligned(as: sockaddr_in6.self)
            let address = unsafe withUnsafeBytes(of: internet.sin6_addr) { bytes in
                unsafe Address(
                    high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                    low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
            }
            self.init(address: address, port: given ?? UInt16(bigEndian: internet.sin6_port), isIPv4: false)
        default: return nil
        }
    }

    /// Hands the system's form to `body`.
    func withSystemForm<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        if isIPv4 {
            var form = sockaddr_in()
            form.sin_family = sa_family_t(AF_INET)
            form.sin_port = port.bigEndian
            form.sin_addr.s_addr = (address.ipv4 ?? 0).bigEndian
            return unsafe withUnsafePointer(to: &form) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        var form = sockaddr_in6()
        form.sin6_family = sa_family_t(AF_INET6)
        form.sin6_port = port.bigEndian
        unsafe withUnsafeMutableBytes(of: &form.sin6_addr) { bytes in
            unsafe bytes.storeBytes(of: address.high.bigEndian, as: UInt64.self)
            unsafe bytes.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return unsafe withUnsafePointer(to: &form) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
    }

    /// Whether only this machine reaches it.
    package var isLoopback: Bool { address.ipv4.map { $0 >> 24 == 127 } ?? (address.high == 0 && address.low == 1) }

    var family: Int32 { isIPv4 ? AF_INET : AF_INET6 }

    /// The address without its port, as X-Forwarded-For spells it.
    package var hostText: [UInt8] { address.text }
}

extension Substring {
    fileprivate func trimmingBrackets() -> String {
        hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : String(self)
    }
}

extension SocketAddress {
    /// Throws where anything listens here already. Loops share their address, so without this look another gateway of the same user would
    /// get half of the connections and nobody would be told.
    package func checkIsFree() throws { Sockets.close(try Sockets.listen(self, sharing: false)) }
}
