import Exchange
import Registry
import Transport

/// What the settings say of clients' connections: whom to believe about where they come from, and how many there may be.
struct ClientSettings {
    let trust: ProxyTrust
    let connections: ConnectionCounts
    let requiresProxyHeader: Bool

    init(_ settings: Settings) throws {
        let source: ClientAddressSource =
            switch settings.text(.clientAddress) {
            case "x-forwarded-for": .xForwardedFor
            case "forwarded": .forwarded
            default: .peer
            }
        trust = ProxyTrust(proxies: try ClientSettings.ranges(settings.texts(.trustedProxies)), source: source)
        requiresProxyHeader = settings.text(.proxyProtocol) == "required"
        if trust.proxies.isEmpty, requiresProxyHeader || source != .peer {
            throw Settings.Fault(description: "--proxy-protocol and --client-address need --trusted-proxies: nobody else is believed")
        }
        connections = ConnectionCounts(
            maximum: settings.number(.maximumConnections), maximumPerAddress: settings.number(.maximumConnectionsPerAddress))
    }

    /// As many descriptors as the system allows, and a word where that is fewer than the connections allowed.
    func prepareDescriptors(loops: Int) {
        let allowed = Descriptors.raiseLimit()
        let needed = descriptors(loops: loops)
        guard allowed < needed else { return }
        Log.note(
            "warning", "fewer descriptors are allowed than connections; idle ones give way early",
            [("allowed", String(allowed)), ("needed", String(needed))])
    }

    /// As many as may be needed: a loop takes no more clients than it has room for, whatever is allowed in all.
    func descriptors(loops: Int) -> Int {
        min(connections.maximum, loops * Limits.clientConnections) + loops * ClientSettings.descriptorsOfLoop
            + ClientSettings.otherDescriptors
    }

    /// Its connections to both core stores.
    private static let descriptorsOfLoop = 2 * Limits.upstreamConnectionsPerStore
    /// Listeners, files, and what the process has for itself.
    private static let otherDescriptors = 64

    /// A line about connections closed for want of room since the last, at most once a second.
    static func tell(of connections: ConnectionCounts, since told: inout Int) {
        let refused = connections.refused
        guard refused > told else { return }
        Log.note(
            "warning", "connections were closed: too many, in all or from one address",
            [("closed", String(refused - told)), ("open", String(connections.current))])
        told = refused
    }

    private static func ranges(_ texts: [String]) throws -> [AddressRange] {
        try texts.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }.map { text in
            guard let range = AddressRange(reading: Array(text.utf8).span) else {
                throw Settings.Fault(description: "--trusted-proxies has '\(text)', expected an address or a block such as 10.0.0.0/8")
            }
            return range
        }
    }
}
