import CTransport

/// A certificate with its chain and key, read and known to match. They live in an SSL_CTX of their own that no connection uses: OpenSSL reads,
/// checks and holds all three there. Never changed once read, hence Sendable.
@safe final class CertificatePair: @unchecked Sendable {
    private let holder: OpaquePointer
    let path: String

    init(_ files: TLSFiles.Pair) throws {
        path = files.certificate
        unsafe holder = try TLSContext.make(TLS_server_method())
        unsafe SSL_CTX_set_default_passwd_cb(holder) { _, _, _, _ in 0 }
        guard unsafe SSL_CTX_use_certificate_chain_file(holder, files.certificate) == 1 else {
            throw TLSFault(doing: "read the certificate \(files.certificate)")
        }
        guard unsafe SSL_CTX_use_PrivateKey_file(holder, files.key, SSL_FILETYPE_PEM) == 1 else {
            throw TLSFault(doing: "read \(files.key), the key of \(files.certificate), without a passphrase")
        }
        guard unsafe SSL_CTX_check_private_key(holder) == 1 else {
            throw TLSFault(doing: "\(files.key) is not the key of \(files.certificate)")
        }
    }

    deinit { unsafe SSL_CTX_free(holder) }

    /// Seconds until it ends, negative where it has ended.
    var secondsLeft: Int { unsafe CertificatePair.secondsUntil(X509_get0_notAfter(certificate)) }

    /// Whether its validity has not begun.
    var isEarly: Bool { unsafe CertificatePair.secondsUntil(X509_get0_notBefore(certificate)) > 0 }

    /// Whether it names this host: by its alternative names, wildcards included; by its common name where it has none.
    func names(_ host: UnsafePointer<CChar>) -> Bool { unsafe X509_check_host(certificate, host, 0, 0, nil) == 1 }

    /// RSA, EC or another: a client may be able to use one and not the other.
    var keyType: Int32 { unsafe EVP_PKEY_get_base_id(SSL_CTX_get0_privatekey(holder)) }

    /// Gives it to a context to be shown.
    func use(in context: TLSContext) -> Bool { unsafe SSL_CTX_use_cert_and_key(context.pointer, certificate, key, chain, 1) == 1 }

    /// Gives it to one connection to be shown.
    func use(on session: OpaquePointer) -> Bool { unsafe SSL_use_cert_and_key(session, certificate, key, chain, 1) == 1 }

    private var certificate: OpaquePointer? { unsafe SSL_CTX_get0_certificate(holder) }
    private var key: OpaquePointer? { unsafe SSL_CTX_get0_privatekey(holder) }
    private var chain: OpaquePointer? { unsafe gateway_tls_chain(holder) }

    static func secondsUntil(_ time: UnsafePointer<ASN1_TIME>?) -> Int {
        var (days, seconds): (Int32, Int32) = (0, 0)
        guard unsafe ASN1_TIME_diff(&days, &seconds, nil, time) == 1 else { return 0 }
        return Int(days) * 86_400 + Int(seconds)
    }
}
