import CTransport

/// Which clients' certificates are good: signed by an authority of ours, in their time, and not on a revocation list.
enum ClientVerification {
    static func set(_ files: TLSFiles, on context: TLSContext) throws {
        guard files.clientCertificates != .none else { return }
        guard let authorities = files.clientAuthorities else {
            throw TLSFault("client certificates are \(files.clientCertificates.rawValue), and no file says who may have signed them")
        }
        guard unsafe SSL_CTX_load_verify_file(context.pointer, authorities) == 1, let names = unsafe SSL_load_client_CA_file(authorities)
        else {
            throw TLSFault(doing: "read the clients' authorities \(authorities)")
        }
        // Told to clients, which choose their certificate by it; the context's from here on.
        unsafe SSL_CTX_set_client_CA_list(context.pointer, names)
        if let revocations = files.clientRevocations { unsafe try read(revocations, into: SSL_CTX_get_cert_store(context.pointer)) }
        unsafe SSL_CTX_set_verify_depth(context.pointer, TransportLimits.clientChainDepth)
        let must = files.clientCertificates == .required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0
        unsafe SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER | must, nil)
    }

    /// Every revocation list of a file.
    private static func read(_ path: String, into store: OpaquePointer?) throws {
        guard let file = unsafe BIO_new_file(path, "r") else { throw TLSFault(doing: "read the revocation list \(path)") }
        defer { unsafe BIO_free(file) }
        var count = 0
        while let list = unsafe PEM_read_bio_X509_CRL(file, nil, nil, nil) {
            defer { unsafe X509_CRL_free(list) }
            guard unsafe X509_STORE_add_crl(store, list) == 1 else { throw TLSFault(doing: "use the revocation list \(path)") }
            count += 1
        }
        // The file's end is told as an error too; any other means that a list is not whole, and that what it revokes would be forgotten.
        let isAtEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE
        let reasons = TLSFault.reasons()
        guard count > 0, isAtEnd else { throw TLSFault("read the revocation list \(path): \(reasons ?? "there is none in it")") }
        // Of every certificate between the client's and its root: an authority may be revoked by the one above it.
        unsafe X509_STORE_set_flags(store, UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL))
    }
}
