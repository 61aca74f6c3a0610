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

    /// Seconds until the first authority's newest list is to be replaced, negative where that time is over: from then on nobody is trusted
    /// whom it could name. A list that has ended does no harm beside its successor.
    var secondsLeft: Int {
        var newest: [(list: OpaquePointer, seconds: Int)] = unsafe []
        for index in unsafe lists.indices {
            let list = unsafe lists[index]
            let seconds = unsafe X509_CRL_get0_nextUpdate(list).map { unsafe CertificatePair.secondsUntil($0) } ?? .max
            let issuer = unsafe X509_CRL_get_issuer(list)
            if let place = unsafe newest.firstIndex(where: { unsafe X509_NAME_cmp(X509_CRL_get_issuer($0.list), issuer) == 0 }) {
                unsafe newest[place].seconds = max(newest[place].seconds, seconds)
            } else {
                unsafe newest.append((list, seconds))
            }
        }
        return unsafe newest.map { unsafe $0.seconds }.min() ?? .max
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
