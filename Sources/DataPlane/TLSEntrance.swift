import Registry
import Transport

/// The files of TLS as the settings name them; throws a sentence where they do not fit each other.
enum TLSEntrance {
    /// The files that the settings name; nil where nothing listens by TLS.
    static func files(_ settings: Settings) throws -> TLSFiles? {
        let (certificates, keys) = (settings.texts(.tlsCertificate), settings.texts(.tlsKey))
        guard settings.isSet(.listenTLS) else {
            let files = [Flag.tlsCertificate, .tlsKey, .clientAuthorities, .clientRevocations].filter { settings.isSet($0) }
            let asks = settings.text(.clientCertificate) == ClientCertificates.none.rawValue ? [] : [Flag.clientCertificate]
            let needless = (files + asks).first
            if let needless { throw Settings.Fault(description: "\(needless.name) means nothing without \(Flag.listenTLS.name)") }
            return nil
        }
        guard !certificates.isEmpty, certificates.count == keys.count else {
            throw Settings.Fault(
                description: "\(Flag.listenTLS.name) needs pairs of \(Flag.tlsCertificate.name) and \(Flag.tlsKey.name): there are "
                    + "\(certificates.count) and \(keys.count)")
        }
        let clients = ClientCertificates(rawValue: settings.text(.clientCertificate)) ?? .none
        let authorities = settings.isSet(.clientAuthorities) ? settings.text(.clientAuthorities) : nil
        guard (clients == .none) == (authorities == nil) else {
            throw Settings.Fault(
                description:
                    "\(Flag.clientCertificate.name) is \(clients.rawValue): optional and required need \(Flag.clientAuthorities.name), "
                    + "and it means nothing without them")
        }
        guard authorities != nil || !settings.isSet(.clientRevocations) else {
            throw Settings.Fault(description: "\(Flag.clientRevocations.name) means nothing without \(Flag.clientAuthorities.name)")
        }
        return TLSFiles(
            pairs: zip(certificates, keys).map { TLSFiles.Pair(certificate: $0, key: $1) }, authorities: authorities,
            clientRevocations: settings.isSet(.clientRevocations) ? settings.text(.clientRevocations) : nil, clientCertificates: clients)
    }

    /// What core stores that are called by https are shown and asked for.
    static func storeFiles(_ settings: Settings) throws -> TLSFiles {
        let (certificate, key) = (settings.text(.storeCertificate), settings.text(.storeKey))
        guard certificate.isEmpty == key.isEmpty else {
            throw Settings.Fault(description: "\(Flag.storeCertificate.name) and \(Flag.storeKey.name) go together")
        }
        let needless = [Flag.storeAuthorities, .storeCertificate, .storeKey].first { settings.isSet($0) }
        if let needless, try !hasSecureStore(settings) {
            throw Settings.Fault(description: "\(needless.name) means nothing where no core store is called by https://")
        }
        return TLSFiles(
            pairs: certificate.isEmpty ? [] : [TLSFiles.Pair(certificate: certificate, key: key)],
            authorities: settings.isSet(.storeAuthorities) ? settings.text(.storeAuthorities) : nil)
    }

    /// Whether a core store is called by TLS; a check need not be told where they are, and then says nothing of it.
    private static func hasSecureStore(_ settings: Settings) throws -> Bool {
        let stores = [Flag.productionStore, .sandboxStore].filter { settings.isSet($0) }
        return try stores.isEmpty || stores.contains { try StoreList(settings.text($0)).isSecure }
    }
}
