import CTransport

/// Which clients' certificates are good: signed by an authority of ours, in their time, and not on a revocation list.
enum ClientVerification {
    static func set(_ files: TLSFiles, _ revocations: RevocationLists?, on context: TLSContext) throws {
        guard files.clientCertificates != .none else { return }
        guard let authorities = files.authorities else {
            throw TLSFault("client certificates are \(files.clientCertificates.rawValue), and no file says who may have signed them")
        }
        guard unsafe SSL_CTX_load_verify_file(context.pointer, authorities) == 1, let names = unsafe SSL_load_client_CA_file(authorities)
        else {
            throw TLSFault(doing: "read the clients' authorities \(authorities)")
        }
        // Told to clients, which choose their certificate by it; the context's from here on.
        unsafe SSL_CTX_set_client_CA_list(context.pointer, names)
        try revocations?.use(in: context)
        unsafe SSL_CTX_set_verify_depth(context.pointer, TransportLimits.clientChainDepth)
        let must = files.clientCertificates == .required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0
        unsafe SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER | must, nil)
    }
}
