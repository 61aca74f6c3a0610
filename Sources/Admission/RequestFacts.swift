package import Registry

/// What admission needs to know of a request: read from its head, nothing judged yet.
package struct RequestFacts: Sendable {
    /// The value of `x-api-key`, read and hashed.
    package var key: PresentedKey
    /// Index into the snapshot's `policy.routes`; −1 for a page of the gateway's own, which is nobody's without a key.
    package var route: Int
    /// The client's address.
    package var address: Address
    /// What `Authorization` says of the citizen.
    package var citizen: CitizenToken
    /// SHA-256 of the client's certificate, where its connection proved one.
    package var certificate: Digest?

    /// Facts from their parts.
    package init(key: PresentedKey, route: Int, address: Address, citizen: CitizenToken, certificate: Digest? = nil) {
        self.key = key
        self.route = route
        self.address = address
        self.citizen = citizen
        self.certificate = certificate
    }
}

/// A request's key, as far as its spelling tells.
package enum PresentedKey: Sendable {
    /// No key field at all.
    case none
    /// Not of our form.
    case foreign
    /// Begins like one of ours, but its length, characters or checksum are wrong.
    case mistyped
    /// Of our form: its SHA-256, and the environment it is spelt for.
    case digest(Digest, Environment)
}

/// A request's citizen token, as far as it can be read without its signer's key; the core store verifies the signature.
package enum CitizenToken: Sendable {
    /// No `Authorization` field.
    case none
    /// A Bearer token that names no application: the core store must judge it.
    case opaque
    /// The application its unverified `client_id` claim names.
    case obtainedThrough(Identifier)
    /// `Authorization` is there but is not "Bearer …".
    case malformed
}
