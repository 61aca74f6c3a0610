package import Registry
import Wire

/// Where a request's client address comes from.
package enum ClientAddressSource: Sendable {
    /// The connection's other end.
    case peer
    /// `X-Forwarded-For`, where the other end is a trusted proxy.
    case xForwardedFor
    /// `Forwarded` (RFC 7239), where the other end is a trusted proxy.
    case forwarded
}

/// Whose word counts on where a client is.
package struct ProxyTrust: Sendable {
    /// Proxies that are believed.
    package var proxies: [AddressRange]
    /// How they tell of their clients in a request.
    package var source: ClientAddressSource

    /// Trust from its parts; none unless said otherwise.
    package init(proxies: [AddressRange] = [], source: ClientAddressSource = .peer) {
        self.proxies = proxies
        self.source = source
    }

    /// Whether this is a proxy that is believed.
    package func trusts(_ address: Address) -> Bool { proxies.contains { $0.contains(address) } }
}

// A proxy's connection carries many clients: each request says whose it is.
extension Exchange {
    /// Notes whose a connection is, and whether its requests will say otherwise.
    mutating func settle(client: Int, at address: Address, spelt text: [UInt8]) {
        clients[client].address = address
        clients[client].addressText = text
        guard setting.trust.source != .peer, setting.trust.trusts(address) else { return }
        clients[client].isTrustedProxy = true
        proxies[client] = Peer(address: address, addressText: text)
    }

    /// Reads the request's client from what the trusted proxies wrote, from the right over all lines: the first that is no trusted proxy. An
    /// entry that names nobody ends the walk, for what is left of it was written by whoever is not known: the last good address counts.
    mutating func readClientAddress(of client: Int, from bytes: Span<UInt8>) {
        guard let proxy = proxies[client] else { return }
        var address = proxy.address
        var left = Limits.forwardedEntries
        walk: for index in stride(from: head.fieldCount - 1, through: 0, by: -1) {
            let field = head.field(index)
            guard let form = form(of: field, bytes) else { continue }
            var entries = ForwardedEntries(form, in: field.value)
            while true {
                switch entries.next(bytes) {
                case .end: continue walk
                case .unusable: break walk
                case .address(let found):
                    address = found
                    left -= 1
                    guard left > 0, setting.trust.trusts(found) else { break walk }
                }
            }
        }
        clients[client].address = address
        clients[client].addressText = address == proxy.address ? proxy.addressText : address.text
    }

    private func form(of field: Field, _ bytes: Span<UInt8>) -> ForwardedEntries.Form? {
        switch (setting.trust.source, field.known) {
        case (.forwarded, .forwarded): .forwarded
        case (.xForwardedFor, .forwardedFamily): field.isForwardedFor(bytes) ? .xForwardedFor : nil
        default: nil
        }
    }

    mutating func forgetProxy(_ client: Int) {
        proxies[client] = nil
        clients[client].isTrustedProxy = false
    }
}
