/// Whether clients show a certificate.
package enum ClientCertificates: String, Sendable, CaseIterable {
    /// Never asked for.
    case none
    /// Asked for; one that is shown must be good.
    case optional
    /// Without a good one there is no connection.
    case required
}

/// The files that make TLS: a listener's, or those for core stores.
package struct TLSFiles: Sendable, Equatable {
    /// A certificate with its chain, and its key, as PEM.
    package struct Pair: Sendable, Equatable {
        /// The certificate first, then those between it and the root.
        package var certificate: String
        /// Its key, without a passphrase.
        package var key: String

        /// A pair of paths.
        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// The first pair is shown to clients that name nobody, or somebody unknown; core stores are shown the first one, if there is any.
    package var pairs: [Pair]
    /// Who may have signed the other side's certificates.
    package var authorities: String?
    /// Revocation lists: with them, a client's certificate whose authority has none here is refused.
    package var clientRevocations: String?
    /// Whether clients show a certificate.
    package var clientCertificates: ClientCertificates

    /// The files from their parts.
    package init(
        pairs: [Pair], authorities: String? = nil, clientRevocations: String? = nil, clientCertificates: ClientCertificates = .none
    ) {
        self.pairs = pairs
        self.authorities = authorities
        self.clientRevocations = clientRevocations
        self.clientCertificates = clientCertificates
    }

    /// The files that say which clients are trusted.
    var clientFiles: [String] { [authorities, clientRevocations].compactMap(\.self) }

    /// All of them.
    var all: [String] { pairs.flatMap { [$0.certificate, $0.key] } + clientFiles }
}
