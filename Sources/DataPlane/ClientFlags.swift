// What the command line says of clients' connections.
extension Flag {
    static let clients = [trustedProxies, proxyProtocol, clientAddress, maximumConnections, maximumConnectionsPerAddress]

    static let trustedProxies = Flag(
        "--trusted-proxies", .text("CIDR,..."), .repeatable, "proxies that are believed about where clients are")
    static let proxyProtocol = Flag(
        "--proxy-protocol", .choice(["off", "required"]), .standard("off"),
        "whether connections come from trusted proxies only, each with a PROXY header of version 2")
    static let clientAddress = Flag(
        "--client-address", .choice(["peer", "x-forwarded-for", "forwarded"]), .standard("peer"),
        "where a request of a trusted proxy names its client")
    static let maximumConnections = Flag(
        "--maximum-connections", .number(1...1_000_000), .standard("20000"), "clients' connections of all loops, at most 20000 a loop")
    static let maximumConnectionsPerAddress = Flag(
        "--maximum-connections-per-address", .number(1...1_000_000), .standard("2000"),
        "clients' connections from one address or IPv6 /64; trusted proxies are exempt")
}
