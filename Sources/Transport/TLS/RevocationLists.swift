import CTransport

/// The revocation lists of a file, each whole. Never changed once read, hence Sendable.
@safe final class RevocationLists: @unchecked Sendable {
    let path: String
    private var lists: [OpaquePointer] = unsafe []

    init(_ path: String) throws {
        self.path = path
        guard let file = unsafe BIO_new_file(path, "r") else { throw TLSFault(doing: "read the revocation list \(path)") }
        defer { unsafe BIO_free(file) }
        while let list = unsafe PEM_read_bio_X509_CRL(file, nil, nil, nil) { unsafe lists.append(list) }
        // The file's end is told as an error too; any other means that a list is not whole, and that what it revokes would be forgotten.
        let isAtEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE
        let reasons = TLSFault.reasons()
        guard unsafe !lists.isEmpty, isAtEnd else {
            throw TLSFault("read the revocation list \(path): \(reasons ?? "there is none in it")")
        }
    }

    deinit { unsafe lists.forEach { unsafe X509_CRL_free($0) } }

    /// Seconds until the first of them is to be replaced by a newer one, negative where that time is over: from then on nobody is trusted whom
    /// it could name.
    var secondsLeft: Int {
        let seconds = unsafe lists.map { unsafe X509_CRL_get0_nextUpdate($0).map { unsafe CertificatePair.secondsUntil($0) } ?? .max }
        return seconds.min() ?? .max
    }

    /// Has a context ask them of every certificate between the client's and its root: an authority may be revoked by the one above it.
    func use(in context: TLSContext) throws {
        let store = unsafe SSL_CTX_get_cert_store(context.pointer)
        guard unsafe lists.allSatisfy({ unsafe X509_STORE_add_crl(store, $0) == 1 }) else {
            throw TLSFault(doing: "use the revocation list \(path)")
        }
        unsafe X509_STORE_set_flags(store, UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL))
    }
}
