import Registry

/// An application bound to certificates calls with one of them: its key alone, stolen or lent, opens nothing. Whether the certificate itself is
/// good, the handshake has judged.
func requireCertificate(_ certificate: Digest?, among bound: [Digest]) throws(Refusal) {
    if bound.isEmpty { return }
    guard let certificate else { throw .certificateRequired(isShown: false) }
    for digest in bound where digest == certificate { return }
    throw .certificateRequired(isShown: true)
}
