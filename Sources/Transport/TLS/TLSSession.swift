import CTransport
import Glibc
import Registry

/// TLS on one socket: like a descriptor a plain value, which `Loop` owns and closes. Bytes it holds itself are not announced by the event
/// queue, so a reader goes on until `isDrained`.
@safe struct TLSSession {
    private let session: OpaquePointer

    private init(_ session: OpaquePointer) { unsafe self.session = session }

    /// What a step of the handshake came to.
    enum Step {
        case done
        /// More has to come in, or to go out, first.
        case waiting
        /// The reason, for the log.
        case failed(String)
    }

    /// Our side of a client's connection; nil where memory is out.
    static func accept(_ descriptor: Int32, by context: TLSContext) -> TLSSession? {
        guard let session = unsafe open(descriptor, context) else { return nil }
        unsafe SSL_set_accept_state(session)
        return unsafe TLSSession(session)
    }

    /// Our side of a connection to a core store, which has to show a certificate for this name or numeric address.
    static func connect(_ descriptor: Int32, to name: String, by context: TLSContext) -> TLSSession? {
        guard let session = unsafe open(descriptor, context) else { return nil }
        unsafe SSL_set_connect_state(session)
        unsafe SSL_set_hostflags(session, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        var isNamed = unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), name) == 1
        if !isNamed { isNamed = unsafe SSL_set1_host(session, name) == 1 && gateway_tls_set_server_name(session, name) == 1 }
        guard isNamed else {
            unsafe SSL_free(session)
            return nil
        }
        return unsafe TLSSession(session)
    }

    private static func open(_ descriptor: Int32, _ context: TLSContext) -> OpaquePointer? {
        guard let session = unsafe SSL_new(context.pointer) else { return nil }
        guard let stream = unsafe SocketStream.open(descriptor) else {
            unsafe SSL_free(session)
            return nil
        }
        unsafe SSL_set_bio(session, stream, stream)
        return unsafe session
    }

    /// Goes on with the handshake as far as what is there reaches.
    func handshake() -> Step {
        ERR_clear_error()
        let outcome = unsafe SSL_do_handshake(session)
        if outcome == 1 {
            // A resumed session is not verified anew, so that its certificate may have ended since.
            guard !isResumed || isCertificateCurrent else { return .failed("the certificate has expired") }
            return .done
        }
        let error = unsafe SSL_get_error(session, outcome)
        if error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE { return .waiting }
        return .failed(reason)
    }

    /// Whether it goes on with an earlier session.
    var isResumed: Bool { unsafe SSL_session_reused(session) != 0 }

    /// Whether the other side has sent anything.
    var hasHeard: Bool { unsafe BIO_number_read(SSL_get_rbio(session)) > 0 }

    private var reason: String {
        let verdict = unsafe SSL_get_verify_result(session)
        let reasons = TLSFault.reasons() ?? "the connection broke in the handshake"
        guard verdict != X509_V_OK else { return reasons }
        return "\(reasons): \(unsafe String(cString: X509_verify_cert_error_string(verdict)))"
    }

    private var isCertificateCurrent: Bool {
        guard let certificate = unsafe SSL_get0_peer_certificate(session) else { return true }
        return unsafe X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0
    }

    /// SHA-256 of the other side's certificate as DER; nil where it showed none.
    var fingerprint: Digest? {
        guard let certificate = unsafe SSL_get0_peer_certificate(session) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        guard unsafe X509_digest(certificate, EVP_sha256(), &bytes, &count) == 1, count == 32 else { return nil }
        return Digest(bytes)
    }

    /// Reads what there is, as far as there is room for another record. The other side's end is 0 bytes, with or without a closure alert:
    /// whether a message is whole its framing says. One that ends only with the connection needs `hasClosed`.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        var total = 0
        repeat {
            ERR_clear_error()
            let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[total...])
            let count = unsafe SSL_read(session, room.baseAddress, Int32(clamping: room.count))
            guard count > 0 else {
                // What ended it is told the next time.
                return total > 0 ? .moved(total) : outcome(count)
            }
            total += Int(count)
        } while !isDrained && buffer.count - total >= TransportLimits.recordBytes
        return .moved(total)
    }

    /// The same for a span.
    func receive(into room: inout MutableSpan<UInt8>) -> Transfer { unsafe room.withUnsafeMutableBytes { unsafe receive(into: $0) } }

    /// Whether nothing is left to read until the event queue tells of more. An end that was read behind other bytes is left to be told: the
    /// event queue knows nothing of it as long as the other side keeps its socket open.
    var isDrained: Bool { unsafe SSL_has_pending(session) == 0 && SocketStream.isDrained(SSL_get_rbio(session)) && !hasClosed }

    /// Whether the other side has said that it sends no more; its mere silence could be another's doing (RFC 9112 §9.8).
    var hasClosed: Bool { unsafe SSL_get_shutdown(session) & SSL_RECEIVED_SHUTDOWN != 0 }

    private func outcome(_ result: Int32) -> Transfer {
        switch unsafe SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .wouldBlock
        case SSL_ERROR_ZERO_RETURN: return .moved(0)
        default:
            ERR_clear_error()
            return unsafe SocketStream.hasEnded(SSL_get_rbio(session)) ? .moved(0) : .broken
        }
    }

    /// Sends as much as goes. After less than all, what is sent next has to begin with the rest: some of it may be sealed already.
    func send(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        var total = 0
        while total < bytes.count {
            ERR_clear_error()
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[total...])
            let count = unsafe SSL_write(session, rest.baseAddress, Int32(clamping: rest.count))
            if count > 0 {
                total += Int(count)
                continue
            }
            let outcome = outcome(count)
            if case .wouldBlock = outcome, total > 0 { return .moved(total) }
            if case .moved = outcome { return .broken }
            return outcome
        }
        return .moved(total)
    }

    /// The same for a span.
    func send(_ bytes: Span<UInt8>) -> Transfer { unsafe bytes.withUnsafeBytes { unsafe send($0) } }

    /// The same for a span and what comes behind it.
    func send(_ first: Span<UInt8>, _ second: UnsafeRawBufferPointer, joinedIn record: UnsafeMutableRawBufferPointer) -> Transfer {
        unsafe first.withUnsafeBytes { unsafe send($0, second, joinedIn: record) }
    }

    /// The same for spans.
    func send(_ first: Span<UInt8>, _ second: Span<UInt8>, joinedIn record: inout MutableSpan<UInt8>) -> Transfer {
        unsafe record.withUnsafeMutableBytes { record in
            unsafe second.withUnsafeBytes { second in unsafe send(first, second, joinedIn: record) }
        }
    }

    /// Both pieces, the first one first: a small one is sealed together with the beginning of the second in one record, by way of `record`.
    func send(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, joinedIn record: UnsafeMutableRawBufferPointer) -> Transfer
    {
        guard first.count < record.count else {
            let outcome = unsafe send(first)
            guard case .moved(first.count) = outcome else { return outcome }
            return unsafe adding(first.count, to: send(second))
        }
        let joined = min(second.count, record.count - first.count)
        unsafe record.copyMemory(from: first)
        unsafe UnsafeMutableRawBufferPointer(rebasing: record[first.count...]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: second[..<joined]))
        let count = first.count + joined
        let outcome = unsafe send(UnsafeRawBufferPointer(rebasing: record[..<count]))
        guard case .moved(count) = outcome, joined < second.count else { return outcome }
        return unsafe adding(count, to: send(UnsafeRawBufferPointer(rebasing: second[joined...])))
    }

    private func adding(_ count: Int, to outcome: Transfer) -> Transfer {
        switch outcome {
        case .moved(let more): .moved(count + more)
        case .wouldBlock: .moved(count)
        case .broken: .broken
        }
    }

    /// Tells the other side that nothing more will come, without waiting for its answer.
    func finishSending() {
        guard unsafe SSL_is_init_finished(session) == 1 else { return }
        ERR_clear_error()
        _ = unsafe SSL_shutdown(session)
        ERR_clear_error()
    }

    /// Tells the other side, if it was not told and has got all there was, and lets go of everything but the socket.
    func close(isCut: Bool = false) {
        if !isCut, unsafe SSL_get_shutdown(session) & SSL_SENT_SHUTDOWN == 0 { finishSending() }
        unsafe SSL_free(session)
    }
}
