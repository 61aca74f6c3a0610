import Hummingbird
package import Registry

/// Who may read `/metrics`, which tells applications' names and rates: this machine, and whoever was named besides.
package struct MetricsReaders: Sendable {
    private let ranges: [AddressRange]
    private let isBehindTLSProxy: Bool
    private let trustedProxies: [AddressRange]

    /// Readers at these addresses; the others say, as everywhere, whose word counts on where somebody is.
    package init(from ranges: [AddressRange] = [], isBehindTLSProxy: Bool = false, trustedProxies: [AddressRange] = []) {
        (self.ranges, self.isBehindTLSProxy, self.trustedProxies) = (ranges, isBehindTLSProxy, trustedProxies)
    }

    /// Whether who asks is one of them.
    func include(_ request: Request, _ context: ControlPlaneContext) -> Bool {
        let visitor = ClientAddress.of(request, context, isBehindTLSProxy: isBehindTLSProxy, trusting: trustedProxies)
        // Whoever is named by a proxy that is not believed, or in words that nobody can read, may be anywhere: the proxy asks for them.
        if let named = ClientAddress.named(in: request), named != visitor { return false }
        guard !AddressText.isLoopback(visitor) else { return true }
        return AddressText.address(visitor).map { address in ranges.contains { $0.contains(address) } } ?? false
    }
}
