import CTransport

/// What a listener's callbacks need. The SSL_CTX owns it and lets go of it at its own end, which is after its last connection's.
final class TLSMaterial: Sendable {
    let pairs: [CertificatePair]
    let tickets: TicketKeys

    init(pairs: [CertificatePair], tickets: TicketKeys) {
        self.pairs = pairs
        self.tickets = tickets
    }

    /// The pairs for this host, one of each sort of key, the first ones; the first pair's own where nobody is named, or nobody known.
    func selection(_ host: UnsafePointer<CChar>?) -> [CertificatePair] {
        let named = unsafe host.map { host in pairs.filter { unsafe $0.names(host) } } ?? []
        var selected: [CertificatePair] = []
        for pair in named.isEmpty ? Array(pairs.prefix(1)) : named where !selected.contains(where: { $0.keyType == pair.keyType }) {
            selected.append(pair)
        }
        return selected
    }

    /// Gives itself to the context, with the callback that chooses the certificate by the name a client asks for.
    func attach(to context: TLSContext) {
        unsafe SSL_CTX_set_ex_data(context.pointer, TLSMaterial.place, Unmanaged.passRetained(self).toOpaque())
        guard pairs.count > 1 else { return }
        unsafe SSL_CTX_set_cert_cb(
            context.pointer,
            { session, _ in
                guard let session = unsafe session, let material = unsafe TLSMaterial.of(session) else { return 0 }
                return unsafe material.choose(for: session) ? 1 : 0
            }, nil)
    }

    private func choose(for session: OpaquePointer) -> Bool {
        guard let host = unsafe SSL_get_servername(session, TLSEXT_NAMETYPE_host_name) else { return true }
        let selection = unsafe selection(host)
        unsafe SSL_certs_clear(session)
        return selection.allSatisfy { unsafe $0.use(on: session) }
    }

    /// The material of the context that a connection was made by.
    static func of(_ session: OpaquePointer) -> TLSMaterial? {
        guard let held = unsafe SSL_CTX_get_ex_data(SSL_get_SSL_CTX(session), place) else { return nil }
        return unsafe Unmanaged<TLSMaterial>.fromOpaque(held).takeUnretainedValue()
    }

    /// Where a context keeps it.
    private static let place: Int32 = unsafe CRYPTO_get_ex_new_index(
        CRYPTO_EX_INDEX_SSL_CTX, 0, nil, nil, nil,
        { _, held, _, _, _, _ in
            if let held = unsafe held { unsafe Unmanaged<TLSMaterial>.fromOpaque(held).release() }
        })
}
