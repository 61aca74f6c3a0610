import CTransport
import Glibc

/// What TLS connections have in common: an SSL_CTX, built whole and never changed after. Connections keep it alive, so a new one may take its
/// place at any time.
@safe package final class TLSContext: @unchecked Sendable {
    let pointer: OpaquePointer

    private init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe SSL_CTX_free(pointer) }

    /// Forward secrecy and authenticated encryption only: Mozilla's "intermediate" list without finite-field Diffie-Hellman.
    private static let ciphers =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
        + "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
    private static let suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
    private static let groups = "X25519:P-256:P-384"

    /// An SSL_CTX with what holds for both sides: TLS 1.2 and 1.3, no compression, no renegotiation, buffers only while in use.
    static func make(_ method: OpaquePointer?) throws -> OpaquePointer {
        guard let context = unsafe SSL_CTX_new(method) else { throw TLSFault(doing: "make a TLS context") }
        unsafe gateway_tls_harden(context)
        guard unsafe SSL_CTX_set_cipher_list(context, ciphers) == 1, unsafe SSL_CTX_set_ciphersuites(context, suites) == 1,
            unsafe gateway_tls_set_groups(context, groups) == 1
        else {
            unsafe SSL_CTX_free(context)
            throw TLSFault(doing: "set the ciphers")
        }
        return unsafe context
    }

    /// A listener's side.
    package static func server(_ files: TLSFiles, tickets: TicketKeys) throws -> TLSContext {
        try server(
            files, pairs: files.pairs.map(CertificatePair.init), revocations: files.clientRevocations.map(RevocationLists.init),
            tickets: tickets)
    }

    static func server(
        _ files: TLSFiles, pairs: [CertificatePair], revocations: RevocationLists?, tickets: TicketKeys
    ) throws -> TLSContext {
        guard !pairs.isEmpty, pairs.count <= TransportLimits.certificatePairs else {
            throw TLSFault("a TLS listener has 1 to \(TransportLimits.certificatePairs) certificates, not \(pairs.count)")
        }
        let context = unsafe TLSContext(try make(TLS_server_method()))
        let material = TLSMaterial(pairs: pairs, tickets: tickets)
        for pair in unsafe material.selection(nil) where !pair.use(in: context) { throw TLSFault(doing: "use \(pair.path)") }
        material.attach(to: context)
        try ClientVerification.set(files, revocations, on: context)
        unsafe SSL_CTX_set_alpn_select_cb(context.pointer, selectProtocol, nil)
        unsafe SSL_CTX_set_tlsext_ticket_key_evp_cb(context.pointer) { session, name, vector, cipher, code, isSealing in
            guard let session = unsafe session, let name = unsafe name, let vector = unsafe vector, let cipher = unsafe cipher,
                let code = unsafe code, let material = unsafe TLSMaterial.of(session)
            else { return -1 }
            return unsafe material.tickets.prepare(name: name, vector: vector, cipher: cipher, code: code, isSealing: isSealing == 1)
        }
        // Sessions live in tickets alone: nothing is kept here for a client that may never come back, and all loops can go on with them.
        unsafe gateway_tls_set_no_cache(context.pointer)
        unsafe SSL_CTX_set_timeout(context.pointer, Int(TransportLimits.ticketSeconds))
        unsafe SSL_CTX_set_num_tickets(context.pointer, 1)
        var name = Array("gateway".utf8)
        unsafe SSL_CTX_set_session_id_context(context.pointer, &name, UInt32(name.count))
        return context
    }

    /// Our side towards a core store: verified by these authorities, or by the system's where there are none; with a certificate of ours
    /// where there is one.
    package static func client(authorities: String?, pair: TLSFiles.Pair?) throws -> TLSContext {
        try client(authorities: authorities, own: pair.map(CertificatePair.init))
    }

    static func client(authorities: String?, own pair: CertificatePair?) throws -> TLSContext {
        let context = unsafe TLSContext(try make(TLS_client_method()))
        if let authorities {
            guard unsafe SSL_CTX_load_verify_file(context.pointer, authorities) == 1 else {
                throw TLSFault(doing: "read the authorities \(authorities)")
            }
        } else {
            guard unsafe SSL_CTX_set_default_verify_paths(context.pointer) == 1 else {
                throw TLSFault(doing: "read the system's authorities")
            }
        }
        unsafe SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER, nil)
        if let pair, !pair.use(in: context) { throw TLSFault(doing: "use \(pair.path)") }
        return context
    }
}

/// HTTP/1.1 is all there is: a client that offers others only goes on without (RFC 7301 lets it decide), one that offers ours is told.
private func selectProtocol(
    _ session: OpaquePointer?, _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ count: UnsafeMutablePointer<UInt8>?,
    _ offered: UnsafePointer<UInt8>?, _ offeredBytes: UInt32, _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let chosen = unsafe chosen, let count = unsafe count, let offered = unsafe offered else { return SSL_TLSEXT_ERR_NOACK }
    let ours = Array("http/1.1".utf8)
    var start = 0
    while start < Int(offeredBytes) {
        let length = Int(unsafe offered[start])
        let name = unsafe UnsafeBufferPointer(start: offered + start + 1, count: min(length, Int(offeredBytes) - start - 1))
        if unsafe name.elementsEqual(ours) {
            unsafe chosen.pointee = name.baseAddress
            unsafe count.pointee = UInt8(length)
            return SSL_TLSEXT_ERR_OK
        }
        start += 1 + length
    }
    return SSL_TLSEXT_ERR_NOACK
}
